/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * code.c: prints what the library's tables know of a code. See code.h.
 *
 * The tables hold the registered codes; for others the digits still tell something: RFC 5321 4.2.1 and RFC 3463 2 give
 * the first and the second a meaning of their own.
 */
#include "code.h"

#include <string.h>

#include "difference.h"
#include "screen.h"

#define LABEL_WIDTH 10
#define LABEL_INDENT 4
#define GAP 2
#define MIN_COLUMN 20

enum {
	ROW_NAME,
	ROW_MEANING,
	ROW_SEEN,
	ROW_CURE,
	ROW_VERDICT,
	ROW_SECTION,
	N_ROWS
};

static const char *const labels[N_ROWS] = { "Name", "Meaning", "Seen", "What to do", "nixie says", "Section" };

/* RFC 5321 4.2.1: what the first digit says of any code. */
static const char *const first_digits[] = {
	[2] = "The server took it.",
	[3] = "The server waits for more; this is never the last word on a message.",
	[4] = "Not now: the sending server tries again.",
	[5] = "Refused: the sending server gives up.",
};

/* The second one. */
static const char *const second_digits[] = {
	[0] = " It is about the syntax of a command.",
	[1] = " It is information on the service.",
	[2] = " It is about the connection.",
	[5] = " It is about the mail system of the receiver.",
};

gboolean
nx_code_parse (const char *word, NxCode *code_out)
{
	NxCode code = { 0 };
	const char *end = word;
	char buffer[NX_STATUS_STRLEN];

	if (g_ascii_isdigit (end[0]) && g_ascii_isdigit (end[1]) && g_ascii_isdigit (end[2])) {
		code.reply = (guint)((end[0] - '0') * 100 + (end[1] - '0') * 10 + (end[2] - '0'));
		end += 3;
		if (code.reply < 200 || code.reply > 599)
			return FALSE;
		if ((*end == '-' || *end == ' ') && end[1] != '\0')
			end++;
	}
	if (*end != '\0' && (!nx_status_parse (end, &code.status, &end) || *end != '\0'))
		return FALSE;
	if (end == word)
		return FALSE;
	nx_status_format (code.status, buffer);
	if (code.reply == 0)
		g_strlcpy (code.text, buffer, sizeof code.text);
	else
		g_snprintf (code.text, sizeof code.text, "%u%s%s", code.reply, *buffer == '\0' ? "" : " ", buffer);
	*code_out = code;
	return TRUE;
}

const char *
nx_code_get_verdict_meaning (NxVerdict verdict)
{
	static const char *const meanings[] = {
		[NX_VERDICT_NONE] = "nothing can be said",
		[NX_VERDICT_PERMANENT] = "the address is dead or has moved; counts fully",
		[NX_VERDICT_TRANSIENT] = "it may work later; counts a little, and fades",
		[NX_VERDICT_BLOCKED] = "this message or its sender was refused; never counts against the address",
		[NX_VERDICT_BENIGN] = "nothing failed; never counts",
	};

	return verdict < G_N_ELEMENTS (meanings) ? meanings[verdict] : meanings[0];
}

static char *
describe_reply (guint reply, int row)
{
	const NxReplyInfo *info = nx_reply_get_info (reply);
	guint second = reply / 10 % 10;
	const char *more = second < G_N_ELEMENTS (second_digits) ? second_digits[second] : NULL;

	if (info == NULL) {
		if (row == ROW_NAME)
			return g_strdup ("In no standard");
		if (row == ROW_MEANING)
			return g_strconcat (first_digits[reply / 100], more == NULL ? "" : more, NULL);
		return g_strdup (row == ROW_SECTION ? "RFC 5321 4.2.1" : "");
	}
	const char *const texts[N_ROWS] = { [ROW_NAME] = info->name,
					    [ROW_MEANING] = info->meaning,
					    [ROW_SEEN] = info->seen,
					    [ROW_CURE] = info->cure,
					    [ROW_SECTION] = info->section };
	return g_strdup (texts[row]);
}

static char *
describe_status (NxStatus status, int row)
{
	const NxStatusInfo *info = nx_status_get_info (status);
	const char *subject = nx_status_get_subject_name (status.subject);

	if (info == NULL) {
		if (row == ROW_NAME)
			return g_strdup ("Not registered");
		if (row == ROW_MEANING && subject != NULL)
			return g_strdup_printf ("A %s; it is about %s.", nx_status_get_class_name (status.class_),
						subject);
		if (row == ROW_MEANING)
			return g_strdup_printf ("A %s; no more is known.", nx_status_get_class_name (status.class_));
		return g_strdup (row == ROW_SECTION ? "RFC 3463 2" : "");
	}
	const char *const texts[N_ROWS] = { [ROW_NAME] = info->name,
					    [ROW_MEANING] = info->meaning,
					    [ROW_SEEN] = info->seen,
					    [ROW_CURE] = info->cure,
					    [ROW_SECTION] = info->section };
	if (row == ROW_NAME)
		return g_strdup_printf ("%s (%s)", info->name, nx_status_get_class_name (status.class_));
	return g_strdup (texts[row]);
}

static char *
describe_verdict (const NxPipeline *pipeline, const NxCode *code)
{
	g_autoptr (NxDecision) decision = nx_pipeline_explain (pipeline, code->text);

	return g_strdup_printf ("%s, %s (%s): %s.", nx_verdict_to_string (decision->verdict),
				nx_reason_to_string (decision->reason), decision->rule,
				nx_code_get_verdict_meaning (decision->verdict));
}

static char *
describe (const NxPipeline *pipeline, const NxCode *code, int row)
{
	g_autofree char *reply = NULL;
	g_autofree char *status = NULL;

	if (row == ROW_VERDICT)
		return describe_verdict (pipeline, code);
	if (code->reply == 0)
		return describe_status (code->status, row);
	if (!nx_status_is_set (code->status))
		return describe_reply (code->reply, row);
	/* With both, the enhanced code says more; the names and sections of both are of use. */
	status = describe_status (code->status, row);
	if (row != ROW_NAME && row != ROW_SECTION)
		return g_steal_pointer (&status);
	reply = describe_reply (code->reply, row);
	return g_strdup_printf ("%s; %s", reply, status);
}

void
nx_code_print (const NxPipeline *pipeline, const NxCode *code)
{
	g_autofree char *name = describe (pipeline, code, ROW_NAME);
	g_autofree char *painted = nx_screen_paint (NX_STYLE_BOLD, code->text);

	nx_screen_print ("%s  %s\n\n", painted, name);
	for (int row = ROW_MEANING; row < N_ROWS; row++) {
		g_autofree char *text = describe (pipeline, code, row);

		if (*text != '\0')
			nx_screen_print_labelled (labels[row], LABEL_WIDTH, text);
	}
}

/* One row of the table: each column wrapped, as many lines as the longest needs. */
static void
print_row (const char *label, GPtrArray *const *columns, guint count, guint width)
{
	guint lines = 0;

	for (guint i = 0; i < count; i++)
		lines = MAX (lines, columns[i]->len);
	for (guint line = 0; line < lines; line++) {
		g_autofree char *cell = nx_screen_pad (line == 0 ? label : "", LABEL_WIDTH);
		g_autofree char *painted = nx_screen_paint (NX_STYLE_BOLD, cell);
		g_autoptr (GString) rest = g_string_new (NULL);

		for (guint i = 0; i < count; i++) {
			const char *text = line < columns[i]->len ? g_ptr_array_index (columns[i], line) : "";
			g_autofree char *padded = nx_screen_pad (text, width);

			g_string_append_printf (rest, "%*s%s", GAP, "", padded);
		}
		nx_screen_print ("  %s%s\n", painted, g_strchomp (rest->str));
	}
}

static void
print_columns (const NxPipeline *pipeline, const NxCode *codes, guint count, guint width)
{
	g_autofree GPtrArray **columns = g_new0 (GPtrArray *, count);

	for (int row = -1; row < N_ROWS; row++) {
		for (guint i = 0; i < count; i++) {
			g_autofree char *text =
				row < 0 ? g_strdup (codes[i].text) : describe (pipeline, &codes[i], row);

			columns[i] = nx_screen_wrap (*text == '\0' ? "-" : text, width);
		}
		print_row (row < 0 ? "" : labels[row], columns, count, width);
		nx_screen_print ("\n");
		for (guint i = 0; i < count; i++)
			g_ptr_array_unref (columns[i]);
	}
}

void
nx_code_print_beside (const NxPipeline *pipeline, const NxCode *codes, guint count)
{
	guint used = LABEL_WIDTH + LABEL_INDENT - GAP;
	guint width = nx_screen_get_width ();
	guint room = width > used + MIN_COLUMN + GAP ? width - used : MIN_COLUMN + GAP;
	guint most = MAX (1, room / (MIN_COLUMN + GAP));
	guint groups = (count + most - 1) / most;
	guint in_group = (count + groups - 1) / groups;

	for (guint i = 0; i < count; i += in_group) {
		guint n = MIN (in_group, count - i);

		print_columns (pipeline, codes + i, n, room / in_group - GAP);
	}
	for (guint i = 0; i + 1 < count; i++) {
		g_autofree char *label = g_strdup_printf ("%s and %s:", codes[i].text, codes[i + 1].text);
		g_autofree char *difference = nx_difference_explain (&codes[i], &codes[i + 1]);
		g_autofree char *text = g_strdup_printf ("%s %s", label, difference);

		nx_screen_print_labelled (i == 0 ? "Difference" : "", LABEL_WIDTH, text);
	}
}
