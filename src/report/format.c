/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * format.c: bounces in prose, read by the format stanzas of the rules. See nixie/rules.h and CONTRIBUTING.md for the
 * keys.
 *
 * A format bids on a message with the headers and the marks of it that fit; the highest bid reads. No format is asked
 * for a message that no program wrote (a null return path, a mailer's From) unless it says so itself: a letter about a
 * bounce is a letter.
 */
#include "report/report-private.h"

#include "base/glob.h"
#include "base/limits.h"
#include "base/rules-builtin.h"
#include "base/stanza.h"
#include "base/text.h"
#include "report/pattern.h"
#include "report/prose.h"

#include <string.h>

typedef struct {
	GPtrArray *globs; /* alternatives, in match form */
	guint header;     /* in NxFormats.headers */
} HeaderTest;

typedef struct _Format Format;

struct _Format {
	NxProse prose; /* how to read it, unless it reads as another one: its patterns only when is_ready */
	NxStanza *stanza;
	const char *id;
	const char *as_id; /* NULL, or that other one's */
	Format *as;
	GPtrArray *headers; /* of HeaderTest: all must fit */
	GArray *marks;      /* literal numbers: one must stand in the text, when there are any */
	GPtrArray *without;
	GPtrArray *over;
	gsize is_ready;
	gboolean any_sender; /* automatic = no */
	gboolean placed;     /* it says where recipients stand */
};

struct _NxFormats {
	GPtrArray *formats;
	GPtrArray *headers; /* names that formats ask for, each once */
	NxMatcher *matcher;
	guint literals;
	GHashTable *failures; /* literal numbers: marks of formats that do not know where recipients stand */
	GHashTable *states;   /* those of them that tell how a mailbox is */
	NxSigns *signs;
	GPtrArray *ends; /* of NxPattern: where the returned original begins, for all formats */
};

static void
header_test_free (gpointer data)
{
	HeaderTest *test = data;
	g_ptr_array_unref (test->globs);
	g_free (test);
}

static void
pattern_free_cb (gpointer data)
{
	nx_pattern_free (data);
}

static void
format_free (gpointer data)
{
	Format *format = data;
	nx_prose_clear (&format->prose);
	nx_stanza_unref (format->stanza);
	g_ptr_array_unref (format->headers);
	g_array_unref (format->marks);
	g_ptr_array_unref (format->without);
	if (format->over != NULL)
		g_ptr_array_unref (format->over);
	g_free (format);
}

void
nx_formats_free (NxFormats *formats)
{
	if (formats == NULL)
		return;
	g_ptr_array_unref (formats->formats);
	g_ptr_array_unref (formats->headers);
	nx_matcher_free (formats->matcher);
	nx_signs_free (formats->signs);
	g_hash_table_unref (formats->failures);
	g_hash_table_unref (formats->states);
	g_ptr_array_unref (formats->ends);
	g_free (formats);
}

/* ---- compiling ---- */

static guint
add_header (NxFormats *formats, const char *name)
{
	guint header = 0;
	while (header < formats->headers->len &&
	       g_ascii_strcasecmp (g_ptr_array_index (formats->headers, header), name) != 0)
		header++;
	if (header == formats->headers->len)
		g_ptr_array_add (formats->headers, g_strdup (name));
	return header;
}

static void
add_header_test (NxFormats *formats, Format *format, const NxStanzaLine *line)
{
	guint header = add_header (formats, line->key + strlen ("header."));
	for (guint i = 0; i < format->headers->len; i++) {
		HeaderTest *test = g_ptr_array_index (format->headers, i);
		if (test->header == header) {
			g_ptr_array_add (test->globs, nx_stanza_dup_match (line));
			return;
		}
	}
	HeaderTest *test = g_new0 (HeaderTest, 1);
	test->header = header;
	test->globs = g_ptr_array_new_with_free_func (g_free);
	g_ptr_array_add (test->globs, nx_stanza_dup_match (line));
	g_ptr_array_add (format->headers, test);
}

static gboolean
add_mark (NxFormats *formats, const NxStanza *stanza, const NxStanzaLine *line, GArray *marks, GError **error)
{
	g_autofree char *literal = nx_stanza_dup_match (line);
	if (strlen (literal) < NX_MATCHER_MIN_BYTES)
		return nx_stanza_fail (stanza, line->line, error, "a mark has at least %d bytes", NX_MATCHER_MIN_BYTES);
	guint number = nx_matcher_add (formats->matcher, literal);
	formats->literals = MAX (formats->literals, number + 1);
	if (strcmp (line->key, "state") == 0)
		g_hash_table_add (formats->states, GUINT_TO_POINTER (number + 1));
	g_array_append_val (marks, number);
	return TRUE;
}

static gboolean
add_pattern (const NxStanza *stanza, const NxStanzaLine *line, GPtrArray *patterns, GError **error)
{
	const char *problem = NULL;
	NxPattern *pattern = nx_pattern_new (line->value, &problem);
	if (pattern == NULL)
		return nx_stanza_fail (stanza, line->line, error, "%s", problem);
	g_ptr_array_add (patterns, pattern);
	return TRUE;
}

static gboolean
add_section (const NxStanza *stanza, const NxStanzaLine *line, NxProse *prose, GError **error)
{
	NxProseSection section = { 0 };
	const char *problem = NULL;
	if (!nx_kind_from_string (line->key + strlen ("section."), &section.kind))
		return nx_stanza_fail (stanza, line->line, error,
				       "a section is named after a kind: section.failure, section.delayed …");
	section.pattern = nx_pattern_new (line->value, &problem);
	if (section.pattern == NULL)
		return nx_stanza_fail (stanza, line->line, error, "%s", problem);
	g_array_append_val (prose->sections, section);
	return TRUE;
}

/* What a format bids by. */
static gboolean
read_line (NxFormats *formats, Format *format, const NxStanza *stanza, const NxStanzaLine *line, GError **error)
{
	NxProse *prose = &format->prose;
	if (g_str_has_prefix (line->key, "header."))
		add_header_test (formats, format, line);
	else if (strcmp (line->key, "mark") == 0 || strcmp (line->key, "state") == 0)
		return add_mark (formats, stanza, line, format->marks, error);
	else if (strcmp (line->key, "without") == 0)
		g_ptr_array_add (format->without, nx_stanza_dup_match (line));
	else if (strcmp (line->key, "automatic") == 0)
		format->any_sender = strcmp (line->value, "no") == 0;
	else if (strcmp (line->key, "evidence") == 0)
		prose->evidence = strcmp (line->value, "yes") == 0;
	else if (strcmp (line->key, "as") == 0)
		format->as_id = line->value;
	else if (strcmp (line->key, "recipient") == 0)
		format->placed = TRUE;
	else if (strcmp (line->key, "kind") == 0 && !nx_kind_from_string (line->value, &prose->kind))
		return nx_stanza_fail (stanza, line->line, error, "unknown kind \"%s\"", line->value);
	return TRUE;
}

/* What it reads by. */
static gboolean
read_pattern (NxProse *prose, const NxStanza *stanza, const NxStanzaLine *line, GError **error)
{
	if (strcmp (line->key, "start") == 0)
		return add_pattern (stanza, line, prose->starts, error);
	if (strcmp (line->key, "end") == 0)
		return add_pattern (stanza, line, prose->ends, error);
	if (strcmp (line->key, "recipient") == 0)
		return add_pattern (stanza, line, prose->recipients, error);
	if (strcmp (line->key, "diagnostic") == 0)
		return add_pattern (stanza, line, prose->diagnostics, error);
	if (strcmp (line->key, "skip") == 0)
		return add_pattern (stanza, line, prose->skips, error);
	if (strcmp (line->key, "reporting-mta") == 0)
		return add_pattern (stanza, line, prose->reporters, error);
	if (strcmp (line->key, "header-recipient") == 0)
		g_ptr_array_add (prose->header_recipients, g_strdup (line->value));
	else if (g_str_has_prefix (line->key, "section."))
		return add_section (stanza, line, prose, error);
	return TRUE;
}

static gboolean
read_patterns (Format *format, GError **error)
{
	const GArray *lines = format->stanza->lines;
	for (guint i = 0; i < lines->len; i++)
		if (!read_pattern (&format->prose, format->stanza, &g_array_index (lines, NxStanzaLine, i), error))
			return FALSE;
	return TRUE;
}

/* A mail needs the patterns of the few formats that fit it. Those that are built in have no errors: the tests read them
 * all. */
static const NxProse *
get_prose (Format *format)
{
	Format *reader = format->as != NULL ? format->as : format;
	if (g_once_init_enter (&reader->is_ready)) {
		read_patterns (reader, NULL);
		g_once_init_leave (&reader->is_ready, 1);
	}
	return &reader->prose;
}

/* The same, when no pattern is asked for. */
static const Format *
get_reader (const Format *format)
{
	return format->as != NULL ? format->as : format;
}

/* Where they stand, or that there are none. */
static gboolean
knows_recipients (const Format *format)
{
	const Format *reader = get_reader (format);
	return reader->placed || reader->prose.kind == NX_KIND_NONE;
}

/* It only knows that something failed, not where it is said of whom. */
static gboolean
is_general (const Format *format)
{
	NxKind kind = get_reader (format)->prose.kind;
	return !knows_recipients (format) && (kind == NX_KIND_FAILURE || kind == NX_KIND_DELAYED);
}

/* The marks of such a format are words of failure in any text. */
static void
add_failures (NxFormats *formats, const Format *format)
{
	if (format->as_id != NULL || !is_general (format))
		return;
	for (guint i = 0; i < format->marks->len; i++)
		g_hash_table_add (formats->failures, GUINT_TO_POINTER (g_array_index (format->marks, guint, i) + 1));
}

/* What says how to read a mail: not of a format that reads as another one. */
static gboolean
is_reading (const char *key)
{
	static const char *const keys[] = { "kind", "evidence",      "start",
					    "end",  "recipient",     "diagnostic",
					    "skip", "reporting-mta", "header-recipient" };
	for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
		if (strcmp (key, keys[i]) == 0)
			return TRUE;
	return g_str_has_prefix (key, "section.");
}

/* "[format common]" is no format: its ends hold for all of them. */
static gboolean
add_common (NxFormats *formats, const NxStanza *stanza, GError **error)
{
	for (guint i = 0; i < stanza->lines->len; i++) {
		const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, i);
		if (strcmp (line->key, "end") == 0 && !add_pattern (stanza, line, formats->ends, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
add_format (NxFormats *formats, NxStanza *stanza, GError **error)
{
	Format *format = g_new0 (Format, 1);
	format->stanza = nx_stanza_ref (stanza);
	format->id = stanza->id;
	format->headers = g_ptr_array_new_with_free_func (header_test_free);
	format->marks = g_array_new (FALSE, FALSE, sizeof (guint));
	format->without = g_ptr_array_new_with_free_func (g_free);
	format->over = nx_stanza_split (stanza, "over");
	nx_prose_init (&format->prose);
	g_ptr_array_add (formats->formats, format);
	for (guint i = 0; i < stanza->lines->len; i++)
		if (!read_line (formats, format, stanza, &g_array_index (stanza->lines, NxStanzaLine, i), error))
			return FALSE;
	if (stanza->memory != NULL) { /* it may be wrong, and who wrote it wants to know */
		if (!read_patterns (format, error))
			return FALSE;
		format->is_ready = 1;
	}
	for (guint i = 0; i < stanza->lines->len && format->as_id != NULL; i++) {
		const NxStanzaLine *line = &g_array_index (stanza->lines, NxStanzaLine, i);
		if (is_reading (line->key))
			return nx_stanza_fail (stanza, line->line, error,
					       "reads as %s does: \"%s\" would not count; take one of them away",
					       format->as_id, line->key);
	}
	if (format->headers->len == 0 && format->marks->len == 0)
		return nx_stanza_fail (stanza, 0, error, "a format needs a header.NAME or a mark to be known by");
	add_failures (formats, format);
	return TRUE;
}

static Format *
find_format (const NxFormats *formats, const char *id)
{
	for (guint i = 0; i < formats->formats->len; i++) {
		Format *format = g_ptr_array_index (formats->formats, i);
		if (strcmp (format->id, id) == 0)
			return format;
	}
	return NULL;
}

/* Once all are known: who reads as whom. */
static gboolean
resolve_as (const NxFormats *formats, Format *format, GError **error)
{
	if (format->as_id == NULL)
		return TRUE;
	format->as = find_format (formats, format->as_id);
	if (format->as == NULL || format->as->as_id != NULL)
		return nx_stanza_fail (format->stanza, 0, error,
				       "as names \"%s\", which is no format with patterns of its own", format->as_id);
	return TRUE;
}

static gboolean
add_stanza (NxFormats *formats, NxStanza *stanza, GError **error)
{
	return strcmp (stanza->id, "common") == 0 ? add_common (formats, stanza, error)
						  : add_format (formats, stanza, error);
}

NxFormats *
nx_formats_new (const NxRules *rules, GError **error)
{
	g_return_val_if_fail (rules != NULL, NULL);
	g_autoptr (NxFormats) formats = g_new0 (NxFormats, 1);
	const NxMatcherTable *marks = nx_rules_get_stored (rules) == &nx_rules_stored ? &nx_rules_marks : NULL;
	formats->formats = g_ptr_array_new_with_free_func (format_free);
	formats->headers = g_ptr_array_new_with_free_func (g_free);
	formats->matcher = nx_matcher_new (marks);
	formats->literals = marks != NULL ? (guint)marks->count : 0;
	formats->failures = g_hash_table_new (NULL, NULL);
	formats->states = g_hash_table_new (NULL, NULL);
	formats->ends = g_ptr_array_new_with_free_func (pattern_free_cb);
	formats->signs = nx_signs_new (rules, error);
	if (formats->signs == NULL)
		return NULL;
	g_autoptr (GPtrArray) stanzas = nx_rules_list_stanzas (rules, "format", FALSE);
	for (guint i = 0; i < stanzas->len; i++) {
		NxStanza *stanza = g_ptr_array_index (stanzas, i);
		if (!add_stanza (formats, stanza, error))
			return NULL;
	}
	for (guint i = 0; i < formats->formats->len; i++) {
		if (!resolve_as (formats, g_ptr_array_index (formats->formats, i), error))
			return NULL;
	}
	nx_matcher_compile (formats->matcher);
	return g_steal_pointer (&formats);
}

/* ---- bidding ---- */

/* What one pass over a text finds. */
typedef struct {
	const NxFormats *formats;
	gboolean *found;  /* by literal number */
	GArray *failures; /* of gsize */
	gsize *delivery;  /* the first of them that is no state */
} Scan;

static void
mark_cb (guint literal, gsize start, gsize end, gpointer user_data)
{
	Scan *scan = user_data;
	(void)end;
	scan->found[literal] = TRUE;
	if (!g_hash_table_contains (scan->formats->failures, GUINT_TO_POINTER (literal + 1)))
		return;
	g_array_append_val (scan->failures, start);
	if (!g_hash_table_contains (scan->formats->states, GUINT_TO_POINTER (literal + 1)))
		*scan->delivery = MIN (*scan->delivery, start);
}

static gboolean
fits_headers (const NxFormats *formats, const Format *format, const NxMessage *message)
{
	for (guint i = 0; i < format->headers->len; i++) {
		const HeaderTest *test = g_ptr_array_index (format->headers, i);
		const char *name = g_ptr_array_index (formats->headers, test->header);
		const char *value = nx_message_get_header_match (message, name);
		gboolean fits = FALSE;
		for (guint g = 0; g < test->globs->len && !fits && *value != '\0'; g++)
			fits = nx_glob_match (g_ptr_array_index (test->globs, g), value);
		if (!fits)
			return FALSE;
	}
	return TRUE;
}

/* Two for its marks, one for each header; 0 when it does not fit. */
static guint
get_own_bid (const NxFormats *formats, const Format *format, const NxMessage *message, const gboolean *found,
	     const char *match)
{
	gboolean marked = format->marks->len == 0;
	for (guint i = 0; i < format->marks->len && !marked; i++)
		marked = found[g_array_index (format->marks, guint, i)];
	if (!marked)
		return 0;
	for (guint i = 0; i < format->without->len; i++)
		if (strstr (match, g_ptr_array_index (format->without, i)) != NULL)
			return 0;
	if (!fits_headers (formats, format, message))
		return 0;
	return format->headers->len + (format->marks->len > 0 ? 2 : 0);
}

/* What a format bids: its own, that of the one it reads as, one for knowing the recipients, two for knowing that there
 * are none; 0 when it does not fit. */
static guint
get_bid (const NxFormats *formats, const Format *format, const NxMessage *message, const NxAuthor *author,
	 const gboolean *found, const char *match)
{
	gboolean automatic = author->automatic && !author->answer && !author->list;
	if (!automatic && !format->any_sender)
		return 0;
	NxKind kind = get_reader (format)->prose.kind;
	if (kind == NX_KIND_VACATION && author->mailer && !author->replied && !format->any_sender)
		return 0; /* a mailer is never on holiday, but for programs that write in nobody's name */
	guint own = get_own_bid (formats, format, message, found, match);
	guint other = own > 0 && format->as != NULL ? get_own_bid (formats, format->as, message, found, match) : 0;
	if (own == 0 || (format->as != NULL && other == 0))
		return 0;
	return own + other + (kind == NX_KIND_NONE ? 2 : knows_recipients (format) ? 1 : 0);
}

static gboolean
outranks (const Format *format, const Format *other)
{
	for (guint i = 0; format->over != NULL && i < format->over->len; i++)
		if (strcmp (g_ptr_array_index (format->over, i), other->id) == 0)
			return TRUE;
	return FALSE;
}

typedef struct {
	Format *format;
	guint bid;
} Bid;

static gint
compare_bids (gconstpointer a, gconstpointer b)
{
	const Bid *x = a;
	const Bid *y = b;
	if (outranks (x->format, y->format) != outranks (y->format, x->format))
		return outranks (x->format, y->format) ? -1 : 1;
	if (x->bid != y->bid)
		return x->bid > y->bid ? -1 : 1;
	return strcmp (x->format->id, y->format->id);
}

/* All formats that fit, best first. @match: the text in match form. @failures: takes where words of failure begin;
 * @delivery: where the first of them says that a mail did not arrive. */
static GArray *
collect_bids (const NxFormats *formats, const NxMessage *message, const NxAuthor *author, const char *match,
	      GArray *failures, gsize *delivery)
{
	g_autofree gboolean *found = g_new0 (gboolean, formats->literals + 1);
	Scan scan = { formats, found, failures, delivery };
	*delivery = G_MAXSIZE;
	nx_matcher_scan (formats->matcher, match, MIN (strlen (match), NX_LIMIT_PROSE_BYTES), mark_cb, &scan);
	GArray *bids = g_array_new (FALSE, FALSE, sizeof (Bid));
	for (guint i = 0; i < formats->formats->len; i++) {
		Bid bid = { g_ptr_array_index (formats->formats, i), 0 };
		bid.bid = get_bid (formats, bid.format, message, author, found, match);
		if (bid.bid > 0)
			g_array_append_val (bids, bid);
	}
	g_array_sort (bids, compare_bids);
	return bids;
}

static gboolean
tests_subject (const NxFormats *formats, const Format *format)
{
	for (guint i = 0; i < format->headers->len; i++) {
		const HeaderTest *test = g_ptr_array_index (format->headers, i);
		if (g_ascii_strcasecmp (g_ptr_array_index (formats->headers, test->header), "Subject") == 0)
			return TRUE;
	}
	return FALSE;
}

/* One of them knows by the subject alone that something failed. */
static gboolean
has_subject (const NxFormats *formats, const GArray *bids)
{
	for (guint i = 0; i < bids->len; i++) {
		const Format *format = g_array_index (bids, Bid, i).format;
		if (format->marks->len == 0 && tests_subject (formats, format) && is_general (format))
			return TRUE;
	}
	return FALSE;
}

/* The first of the bidders that finds what a report must have. */
static const Format *
read_best (const GArray *bids, const NxProseSource *source, NxReport *report)
{
	for (guint i = 0; i < bids->len; i++) {
		Format *format = g_array_index (bids, Bid, i).format;
		if (nx_prose_read (get_prose (format), source, !knows_recipients (format), report))
			return format;
	}
	return NULL;
}

/* A report that was cut before its returned original: the text alone would name the targets of aliases. */
static gboolean
is_cut_report (const NxMessage *message, const NxReport *report)
{
	return nx_message_is_open (message) && nx_message_find_part (message, "multipart/report") != NX_PART_NONE &&
	       *report->original.from == '\0' && *report->original.message_id == '\0';
}

/*
 * A bounce that names nobody is a bounce all the same: its return path may tell whose it is. Only a mail system's own,
 * with a null return path, is kept so: of anything else it would be a guess.
 */
static const Format *
keep_nameless (const GArray *bids, const NxProseSource *source, NxReport *report)
{
	if (bids->len == 0)
		return NULL;
	Format *format = g_array_index (bids, Bid, 0).format;
	const NxProse *known = &get_reader (format)->prose; /* but for its patterns */
	if (known->evidence || (known->kind != NX_KIND_FAILURE && known->kind != NX_KIND_DELAYED) ||
	    !nx_prose_is_nameless (get_prose (format), source, report))
		return NULL;
	report->kind = known->kind;
	nx_report_add_defect (report, "no-recipient");
	return format;
}

NxAuthor
nx_formats_find_author (const NxFormats *formats, const NxMessage *message)
{
	return nx_author_find (formats->signs, message);
}

gboolean
nx_formats_read (const NxFormats *formats, const NxMessage *message, const NxAuthor *author, NxReport *report)
{
	if (is_cut_report (message, report))
		return FALSE;
	g_autofree char *text = nx_prose_dup_text (message);
	g_autofree char *match = nx_text_make_match (text);
	g_autoptr (GArray) failures = g_array_new (FALSE, FALSE, sizeof (gsize));
	gsize delivery = 0;
	g_autoptr (GArray) bids = collect_bids (formats, message, author, match, failures, &delivery);
	NxProseSource source = { .message = message,
				 .author = author,
				 .ends = formats->ends,
				 .text = text,
				 .match = match,
				 .failures = failures,
				 .delivery = delivery,
				 .subject = has_subject (formats, bids) };
	const Format *format = read_best (bids, &source, report);
	if (format == NULL)
		format = keep_nameless (bids, &source, report);
	if (format == NULL)
		return FALSE;
	nx_text_set (&report->format, format->id);
	return TRUE;
}

static void
bid_free_cb (gpointer data)
{
	nx_format_bid_free (data);
}

void
nx_format_bid_free (NxFormatBid *bid)
{
	if (bid == NULL)
		return;
	g_free (bid->id);
	g_free (bid);
}

GPtrArray *
nx_formats_list_bids (const NxFormats *formats, const NxMessage *message)
{
	g_return_val_if_fail (formats != NULL && message != NULL, NULL);
	g_autofree char *text = nx_prose_dup_text (message);
	g_autofree char *match = nx_text_make_match (text);
	NxAuthor author = nx_formats_find_author (formats, message);
	g_autoptr (GArray) failures = g_array_new (FALSE, FALSE, sizeof (gsize));
	gsize delivery = 0;
	g_autoptr (GArray) bids = collect_bids (formats, message, &author, match, failures, &delivery);
	g_autoptr (NxReport) report = nx_report_new (message, formats);
	GPtrArray *list = g_ptr_array_new_with_free_func (bid_free_cb);
	for (guint i = 0; i < bids->len; i++) {
		const Bid *bid = &g_array_index (bids, Bid, i);
		NxFormatBid *one = g_new0 (NxFormatBid, 1);
		one->id = g_strdup (bid->format->id);
		one->bid = bid->bid;
		one->chosen = strcmp (report->format, bid->format->id) == 0;
		g_ptr_array_add (list, one);
	}
	return list;
}
