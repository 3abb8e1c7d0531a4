/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * findings.c: see findings.h.
 */
#include "findings.h"

#include <string.h>

#include "screen.h"

#define LEVEL_WIDTH 7
#define AREA_WIDTH 13
#define WHY_INDENT 24

typedef struct {
	const char *area;
	char *what;
	char *cure;
	char *why;
	NxLevel level;
} Finding;

static const struct {
	const char *name;
	NxStyle style;
} levels[] = {
	[NX_LEVEL_OK] = { "ok", NX_STYLE_GREEN },
	[NX_LEVEL_WARNING] = { "warning", NX_STYLE_YELLOW },
	[NX_LEVEL_ERROR] = { "error", NX_STYLE_RED },
};

static void
free_finding (gpointer data)
{
	Finding *finding = data;

	g_free (finding->what);
	g_free (finding->cure);
	g_free (finding->why);
	g_free (finding);
}

NxFindings *
nx_findings_new (void)
{
	NxFindings *findings = g_new0 (NxFindings, 1);

	findings->rows = g_ptr_array_new_with_free_func (free_finding);
	findings->area = "";
	return findings;
}

void
nx_findings_free (NxFindings *findings)
{
	if (findings == NULL)
		return;
	g_ptr_array_unref (findings->rows);
	g_free (findings);
}

void
nx_findings_add (NxFindings *findings, NxLevel level, const char *cure, const char *why, const char *format, ...)
{
	Finding *finding = g_new0 (Finding, 1);
	va_list arguments;

	va_start (arguments, format);
	finding->what = g_strdup_vprintf (format, arguments);
	va_end (arguments);
	finding->level = level;
	finding->area = findings->area;
	finding->cure = g_strdup (cure == NULL ? "" : cure);
	finding->why = g_strdup (why == NULL ? "" : why);
	findings->counts[level]++;
	g_ptr_array_add (findings->rows, finding);
}

void
nx_findings_add_error (NxFindings *findings, NxLevel level, const GError *error)
{
	nx_findings_add (findings, level, NULL, NULL, "%s", error->message);
}

static void
print_why (const char *why)
{
	guint width = nx_screen_get_width ();
	g_autoptr (GPtrArray) lines = nx_screen_wrap (why, width > 2 * WHY_INDENT ? width - WHY_INDENT : WHY_INDENT);

	for (guint i = 0; i < lines->len; i++)
		nx_screen_print ("%*s%s\n", WHY_INDENT, "", (const char *)g_ptr_array_index (lines, i));
}

static void
print_finding (const Finding *finding, gboolean verbose)
{
	g_autofree char *whole = g_strconcat (finding->what, *finding->cure == '\0' ? "" : "; ", finding->cure, NULL);
	g_autofree char *safe = nx_output_escape_terminal (whole);
	g_autofree char *level = nx_screen_pad (levels[finding->level].name, LEVEL_WIDTH);
	g_autofree char *painted = nx_screen_paint (levels[finding->level].style, level);

	nx_screen_print ("%s  %-*s  %s\n", painted, AREA_WIDTH, finding->area, safe);
	if (verbose && *finding->why != '\0')
		print_why (finding->why);
}

static void
print_json (const Finding *finding)
{
	const NxOutputMember members[] = {
		{ .key = "level", .text = levels[finding->level].name },
		{ .key = "area", .text = finding->area },
		{ .key = "what", .text = finding->what },
		{ .key = "cure", .text = finding->cure },
		{ .key = "why", .text = finding->why },
	};
	g_autofree char *line = nx_output_format_members (members, G_N_ELEMENTS (members));

	nx_screen_print ("%s\n", line);
}

gboolean
nx_findings_print (const NxFindings *findings, const NxCli *cli, gboolean json, GError **error)
{
	guint errors = findings->counts[NX_LEVEL_ERROR];
	guint warnings = findings->counts[NX_LEVEL_WARNING];

	for (guint i = 0; i < findings->rows->len; i++) {
		const Finding *finding = g_ptr_array_index (findings->rows, i);

		if (cli->quiet && finding->level == NX_LEVEL_OK)
			continue;
		if (json)
			print_json (finding);
		else
			print_finding (finding, cli->verbose);
	}
	if (!json && !cli->quiet)
		nx_screen_print ("\n%u error%s, %u warning%s\n", errors, errors == 1 ? "" : "s", warnings,
				 warnings == 1 ? "" : "s");
	return nx_screen_flush (error);
}
