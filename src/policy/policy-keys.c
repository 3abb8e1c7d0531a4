/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * policy-keys.c: a policy as text: one table row a key, which says in which presets it has a meaning, what it can be
 * and where in NxPolicy it stands. What it will not do: read a file, or judge whether numbers are wise. See
 * nixie/policy.h.
 */
#include "policy/policy-private.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

typedef enum {
	TYPE_NUMBER,
	TYPE_COUNT,
	TYPE_SECONDS,
	TYPE_FLAG,
	TYPE_WORD,
	TYPE_WEIGHT, /* a number, or "verdict" */
} KeyType;

/* @key: its @allowed is what the error messages say. @words: of a WORD. */
typedef struct {
	NxPolicyKey key;
	guint presets;
	KeyType type;
	gsize offset;
	const NxPolicyWord *words;
} KeyRow;

#define IN(preset) (1U << NX_PRESET_##preset)
#define EVERYWHERE (IN (RECORD_ONLY) | IN (LISTMONK) | IN (LISTSERV) | REMOVING)
#define MAILMAN (IN (MAILMAN3) | IN (MAILMAN2))
#define REMOVING (IN (NIXIE) | MAILMAN | IN (SYMPA) | IN (MLMMJ) | IN (EZMLM))
#define AT(member) offsetof (NxPolicy, member)

#define NUMBER "a number from 0 to 1000000"
#define COUNT "a whole number from 0 to 1000000"
#define SECONDS "a whole number from 0 to 1000000000"
#define FLAG "yes or no"
#define WEIGHT "a number from 0 to 1000000, or verdict"
#define MOST 1000000.0
#define MOST_SECONDS 1000000000

#define REASON_ROW(reason, name)                                                                                  \
	{                                                                                                         \
		{ "weight-" name, "what a failure with the reason " name " adds; verdict: what its verdict adds", \
		  WEIGHT },                                                                                       \
			IN (NIXIE), TYPE_WEIGHT, AT (weight_reason[NX_REASON_##reason]), NULL                     \
	}

static const NxPolicyWord proof_words[] = {
	{ "none", NX_PROOF_NONE },         { "claim", NX_PROOF_CLAIM },   { "verp", NX_PROOF_VERP },
	{ "original", NX_PROOF_ORIGINAL }, { "signed", NX_PROOF_SIGNED }, { NULL, 0 },
};

static const NxPolicyWord complaint_words[] = {
	{ "record", NX_COMPLAINT_RECORD },
	{ "suspend", NX_COMPLAINT_SUSPEND },
	{ "unsubscribe", NX_COMPLAINT_UNSUBSCRIBE },
	{ NULL, 0 },
};

static const NxPolicyWord moved_words[] = {
	{ "count", NX_MOVED_COUNT },
	{ "ask", NX_MOVED_ASK },
	{ "record", NX_MOVED_RECORD },
	{ NULL, 0 },
};

/* As Sympa's bouncers_level1 and bouncers_level2 write them. */
static const NxPolicyWord level_words[] = {
	{ "none", NX_MEASURE_NONE },
	{ "notify_bouncers", NX_MEASURE_NOTIFY },
	{ "remove_bouncers", NX_MEASURE_DELETE },
	{ NULL, 0 },
};

/* As listmonk's bounce.actions write them. */
static const NxPolicyWord measure_words[] = {
	{ "none", NX_MEASURE_NONE },
	{ "unsubscribe", NX_MEASURE_UNSUBSCRIBE },
	{ "blocklist", NX_MEASURE_BLOCKLIST },
	{ "delete", NX_MEASURE_DELETE },
	{ NULL, 0 },
};

static const KeyRow rows[] = {
	{ { "preset", "whose arithmetic: it sets all other keys, which then stand above it",
	    "nixie, mailman3, mailman2, sympa, mlmmj, ezmlm, listmonk, listserv or record-only" },
	  EVERYWHERE,
	  TYPE_WORD,
	  AT (preset),
	  nx_policy_preset_words },
	{ { "weight-permanent", "what a permanent failure adds to the score", NUMBER },
	  IN (NIXIE),
	  TYPE_NUMBER,
	  AT (weight_permanent),
	  NULL },
	{ { "weight-transient", "what a transient failure adds", NUMBER },
	  IN (NIXIE),
	  TYPE_NUMBER,
	  AT (weight_transient),
	  NULL },
	{ { "weight-blocked", "what a refusal of the message or its sender adds; it says nothing on the address",
	    NUMBER },
	  IN (NIXIE),
	  TYPE_NUMBER,
	  AT (weight_blocked),
	  NULL },
	REASON_ROW (USER_UNKNOWN, "user-unknown"),
	REASON_ROW (DOMAIN_UNKNOWN, "domain-unknown"),
	REASON_ROW (MOVED, "moved"),
	REASON_ROW (DISABLED, "disabled"),
	REASON_ROW (MAILBOX_FULL, "mailbox-full"),
	REASON_ROW (TOO_BIG, "too-big"),
	REASON_ROW (GREYLISTED, "greylisted"),
	REASON_ROW (RATE_LIMITED, "rate-limited"),
	REASON_ROW (TIMEOUT, "timeout"),
	REASON_ROW (EXPIRED, "expired"),
	REASON_ROW (NETWORK, "network"),
	REASON_ROW (SYSTEM, "system"),
	REASON_ROW (SPAM, "spam"),
	REASON_ROW (VIRUS, "virus"),
	REASON_ROW (REPUTATION, "reputation"),
	REASON_ROW (AUTH, "auth"),
	REASON_ROW (POLICY, "policy"),
	REASON_ROW (RELAY_DENIED, "relay-denied"),
	REASON_ROW (PROTOCOL, "protocol"),
	REASON_ROW (SYNTAX, "syntax"),
	REASON_ROW (CONTENT, "content"),
	REASON_ROW (ACCEPTED, "accepted"),
	REASON_ROW (OTHER, "other"),
	{ { "factor-claim", "times the weight, of a report that is proven by nothing but what it says", NUMBER },
	  IN (NIXIE),
	  TYPE_NUMBER,
	  AT (factor[NX_PROOF_CLAIM]),
	  NULL },
	{ { "factor-verp", "times the weight, of one that came to the reader's own return path", NUMBER },
	  IN (NIXIE),
	  TYPE_NUMBER,
	  AT (factor[NX_PROOF_VERP]),
	  NULL },
	{ { "factor-original", "times the weight, of one that returned something of ours", NUMBER },
	  IN (NIXIE),
	  TYPE_NUMBER,
	  AT (factor[NX_PROOF_ORIGINAL]),
	  NULL },
	{ { "factor-signed", "times the weight, of one that came to a signed return path", NUMBER },
	  IN (NIXIE),
	  TYPE_NUMBER,
	  AT (factor[NX_PROOF_SIGNED]),
	  NULL },
	{ { "half-life-days", "in so many days half of the score fades; 0: none ever", NUMBER },
	  IN (NIXIE),
	  TYPE_NUMBER,
	  AT (half_life_days),
	  NULL },
	{ { "threshold", "the score that suspends; 0: none does", NUMBER },
	  IN (NIXIE),
	  TYPE_NUMBER,
	  AT (threshold),
	  NULL },
	{ { "min-events", "no suspension before so many reports counted", COUNT },
	  IN (NIXIE),
	  TYPE_COUNT,
	  AT (min_events),
	  NULL },
	{ { "min-days", "no suspension before reports counted on so many days (UTC)", COUNT },
	  IN (NIXIE),
	  TYPE_COUNT,
	  AT (min_days),
	  NULL },
	{ { "quiet-posts", "the score begins anew when so many posts came through between two failures; 0: never",
	    COUNT },
	  IN (NIXIE),
	  TYPE_COUNT,
	  AT (quiet_posts),
	  NULL },
	{ { "quiet-days", "and so many days lie between them", NUMBER },
	  IN (NIXIE),
	  TYPE_NUMBER,
	  AT (quiet_days),
	  NULL },
	{ { "heal", "a report that mail was delivered sets the score to 0 and ends a suspension", FLAG },
	  IN (NIXIE),
	  TYPE_FLAG,
	  AT (heal),
	  NULL },
	{ { "warnings", "how many warnings a suspended subscriber gets", COUNT },
	  IN (NIXIE),
	  TYPE_COUNT,
	  AT (warnings),
	  NULL },
	{ { "warn-interval-days", "the days between two warnings; the first goes out at once", NUMBER },
	  IN (NIXIE),
	  TYPE_NUMBER,
	  AT (warn_interval_days),
	  NULL },
	{ { "remove", "subscribers are removed, not only suspended and warned", FLAG },
	  REMOVING,
	  TYPE_FLAG,
	  AT (remove),
	  NULL },
	{ { "remove-after-days",
	    "removed so many days after the last warning; after the suspension when there are none", NUMBER },
	  IN (NIXIE),
	  TYPE_NUMBER,
	  AT (remove_after_days),
	  NULL },
	{ { "bounce-score-threshold", "the score that disables delivery", NUMBER },
	  MAILMAN,
	  TYPE_NUMBER,
	  AT (threshold),
	  NULL },
	{ { "bounce-info-stale-after-days", "a score this old begins anew at the next bounce", NUMBER },
	  MAILMAN,
	  TYPE_NUMBER,
	  AT (stale_after_days),
	  NULL },
	{ { "bounce-you-are-disabled-warnings", "how many warnings a disabled member gets", COUNT },
	  MAILMAN,
	  TYPE_COUNT,
	  AT (warnings),
	  NULL },
	{ { "bounce-you-are-disabled-warnings-interval-days", "the days between two warnings", NUMBER },
	  MAILMAN,
	  TYPE_NUMBER,
	  AT (warn_interval_days),
	  NULL },
	{ { "verp-probes", "at the threshold a probe is sent, and only its bounce disables", FLAG },
	  MAILMAN,
	  TYPE_FLAG,
	  AT (probes),
	  NULL },
	{ { "minimum-bouncing-count", "no score before so many bounces", COUNT },
	  IN (SYMPA),
	  TYPE_COUNT,
	  AT (min_events),
	  NULL },
	{ { "minimum-bouncing-period", "no score before so many days lie between the first and the last bounce",
	    NUMBER },
	  IN (SYMPA),
	  TYPE_NUMBER,
	  AT (period_days),
	  NULL },
	{ { "bounce-delay", "how many days a bounce comes behind its post", NUMBER },
	  IN (SYMPA),
	  TYPE_NUMBER,
	  AT (delay_days),
	  NULL },
	{ { "bouncers-level1-rate", "the score of level 1", NUMBER },
	  IN (SYMPA),
	  TYPE_NUMBER,
	  AT (level_rate[0]),
	  NULL },
	{ { "bouncers-level1-action", "what is done weekly with members of level 1",
	    "none, notify_bouncers or remove_bouncers" },
	  IN (SYMPA),
	  TYPE_WORD,
	  AT (level_measure[0]),
	  level_words },
	{ { "bouncers-level2-rate", "the score of level 2", NUMBER },
	  IN (SYMPA),
	  TYPE_NUMBER,
	  AT (level_rate[1]),
	  NULL },
	{ { "bouncers-level2-action", "what is done weekly with members of level 2",
	    "none, notify_bouncers or remove_bouncers" },
	  IN (SYMPA),
	  TYPE_WORD,
	  AT (level_measure[1]),
	  level_words },
	{ { "expire-bounce", "bounces are forgotten when the last is so many days older than the latest post", NUMBER },
	  IN (SYMPA),
	  TYPE_NUMBER,
	  AT (stale_after_days),
	  NULL },
	{ { "bouncelife-seconds", "how long an address may bounce", SECONDS },
	  IN (MLMMJ),
	  TYPE_SECONDS,
	  AT (life_seconds),
	  NULL },
	{ { "waitprobe-seconds", "a probe that did not come back in this time came through", SECONDS },
	  IN (MLMMJ),
	  TYPE_SECONDS,
	  AT (wait_seconds),
	  NULL },
	{ { "timeout-seconds", "how old a bounce is before a warning is sent, and a warning's bounce before a probe",
	    SECONDS },
	  IN (EZMLM),
	  TYPE_SECONDS,
	  AT (life_seconds),
	  NULL },
	{ { "cookie-seconds", "how long a probe's bounce may take to unsubscribe", SECONDS },
	  IN (EZMLM),
	  TYPE_SECONDS,
	  AT (cookie_seconds),
	  NULL },
	{ { "soft-count", "so many soft bounces lead to soft-action", COUNT },
	  IN (LISTMONK),
	  TYPE_COUNT,
	  AT (count[NX_LISTMONK_SOFT]),
	  NULL },
	{ { "soft-action", "what then is done", "none, unsubscribe, blocklist or delete" },
	  IN (LISTMONK),
	  TYPE_WORD,
	  AT (measure[NX_LISTMONK_SOFT]),
	  measure_words },
	{ { "hard-count", "so many hard bounces lead to hard-action", COUNT },
	  IN (LISTMONK),
	  TYPE_COUNT,
	  AT (count[NX_LISTMONK_HARD]),
	  NULL },
	{ { "hard-action", "what then is done", "none, unsubscribe, blocklist or delete" },
	  IN (LISTMONK),
	  TYPE_WORD,
	  AT (measure[NX_LISTMONK_HARD]),
	  measure_words },
	{ { "complaint-count", "so many complaints lead to complaint-action", COUNT },
	  IN (LISTMONK),
	  TYPE_COUNT,
	  AT (count[NX_LISTMONK_COMPLAINT]),
	  NULL },
	{ { "complaint-action", "what then is done", "none, unsubscribe, blocklist or delete" },
	  IN (LISTMONK),
	  TYPE_WORD,
	  AT (measure[NX_LISTMONK_COMPLAINT]),
	  measure_words },
	{ { "auto-delete", "subscribers are deleted by their errors", FLAG },
	  IN (LISTSERV),
	  TYPE_FLAG,
	  AT (remove),
	  NULL },
	{ { "delay-days", "an address may fail for so many days", NUMBER },
	  IN (LISTSERV),
	  TYPE_NUMBER,
	  AT (delay_days),
	  NULL },
	{ { "max-errors", "or so many times", COUNT }, IN (LISTSERV), TYPE_COUNT, AT (min_events), NULL },
	{ { "complaint", "what a reader's complaint does", "record, suspend or unsubscribe" },
	  EVERYWHERE & ~IN (LISTMONK),
	  TYPE_WORD,
	  AT (complaint),
	  complaint_words },
	{ { "moved", "a failure of an address that has moved counts; counts, and the new one is asked; does not count",
	    "count, ask or record" },
	  EVERYWHERE,
	  TYPE_WORD,
	  AT (moved),
	  moved_words },
	{ { "least-proof", "what is proven less changes no state", "none, claim, verp, original or signed" },
	  EVERYWHERE,
	  TYPE_WORD,
	  AT (least_proof),
	  proof_words },
	{ { "guard", "what an incident holds does not count", FLAG }, EVERYWHERE, TYPE_FLAG, AT (guard), NULL },
};

/* ---- members by their rows ---- */

static double
get_number (const NxPolicy *policy, const KeyRow *row)
{
	double number;
	memcpy (&number, (const char *)policy + row->offset, sizeof number);
	return number;
}

static guint
get_count (const NxPolicy *policy, const KeyRow *row)
{
	guint count;
	memcpy (&count, (const char *)policy + row->offset, sizeof count);
	return count;
}

static gint64
get_seconds (const NxPolicy *policy, const KeyRow *row)
{
	gint64 seconds;
	memcpy (&seconds, (const char *)policy + row->offset, sizeof seconds);
	return seconds;
}

static void
set_member (NxPolicy *policy, const KeyRow *row, gconstpointer value, gsize size)
{
	memcpy ((char *)policy + row->offset, value, size);
}

/* Enumerations and gboolean are set like a guint. */
G_STATIC_ASSERT (sizeof (NxPreset) == sizeof (guint) && sizeof (gboolean) == sizeof (guint));

static const KeyRow *
find_row (const char *key)
{
	for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
		if (g_strcmp0 (rows[i].key.name, key) == 0)
			return &rows[i];
	return NULL;
}

static gboolean
is_known (const NxPolicy *policy, const KeyRow *row)
{
	return (row->presets & (1U << policy->preset)) != 0;
}

const NxPolicyKey *
nx_policy_get_key (guint index)
{
	return index < G_N_ELEMENTS (rows) ? &rows[index].key : NULL;
}

gboolean
nx_policy_has_key (const NxPolicy *policy, const char *key)
{
	const KeyRow *row = find_row (key);
	return row != NULL && is_known (policy, row);
}

/* ---- to text ---- */

/* The shortest digits that read back as the same number. */
static char *
format_number (double number)
{
	char buffer[G_ASCII_DTOSTR_BUF_SIZE];
	if (floor (number) >= number)
		return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.0f", number));
	for (guint digits = 6; digits < 17; digits++) {
		char format[8];
		g_snprintf (format, sizeof format, "%%.%ug", digits);
		g_ascii_formatd (buffer, sizeof buffer, format, number);
		double back = g_ascii_strtod (buffer, NULL);
		if (back <= number && back >= number)
			return g_strdup (buffer);
	}
	return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.17g", number));
}

static char *
get_value (const NxPolicy *policy, const KeyRow *row)
{
	switch (row->type) {
	case TYPE_WEIGHT:
		if (get_number (policy, row) < 0)
			return g_strdup ("verdict");
		return format_number (get_number (policy, row));
	case TYPE_NUMBER:
		return format_number (get_number (policy, row));
	case TYPE_COUNT:
		return g_strdup_printf ("%u", get_count (policy, row));
	case TYPE_SECONDS:
		return g_strdup_printf ("%" G_GINT64_FORMAT, get_seconds (policy, row));
	case TYPE_FLAG:
		return g_strdup (get_count (policy, row) != 0 ? "yes" : "no");
	case TYPE_WORD:
	default:
		return g_strdup (nx_policy_word_to_string (row->words, get_count (policy, row)));
	}
}

char *
nx_policy_get (const NxPolicy *policy, const char *key)
{
	const KeyRow *row = find_row (key);
	return row != NULL && is_known (policy, row) ? get_value (policy, row) : NULL;
}

char *
nx_policy_to_text (const NxPolicy *policy)
{
	NxPolicy plain;
	g_autoptr (GString) text = g_string_new (NULL);
	nx_policy_init_preset (&plain, policy->preset);
	for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
		if (!is_known (policy, &rows[i]))
			continue;
		g_autofree char *value = get_value (policy, &rows[i]);
		g_autofree char *usual = get_value (&plain, &rows[i]);
		gboolean differs = i == 0 ? policy->preset != NX_PRESET_NIXIE : strcmp (value, usual) != 0;
		if (differs)
			g_string_append_printf (text, "%s = %s\n", rows[i].key.name, value);
	}
	return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
nx_policy_equal (const NxPolicy *a, const NxPolicy *b)
{
	if (a->preset != b->preset || a->proof_since != b->proof_since)
		return FALSE;
	g_autofree char *left = nx_policy_to_text (a);
	g_autofree char *right = nx_policy_to_text (b);
	return strcmp (left, right) == 0;
}

/* ---- from text ---- */

static gboolean
read_number (const char *text, double *number_out)
{
	char *end = NULL;
	if (*text == '\0' || strspn (text, "0123456789.eE+-") != strlen (text))
		return FALSE;
	double number = g_ascii_strtod (text, &end);
	if (*end != '\0' || !isfinite (number) || number < 0 || number > MOST)
		return FALSE;
	*number_out = fabs (number); /* not -0 */
	return TRUE;
}

static gboolean
set_value (NxPolicy *policy, const KeyRow *row, const char *text)
{
	double number = -1;
	guint64 whole = 0;
	guint word = 0;
	switch (row->type) {
	case TYPE_WEIGHT:
	case TYPE_NUMBER:
		if (!(row->type == TYPE_WEIGHT && strcmp (text, "verdict") == 0) && !read_number (text, &number))
			return FALSE;
		set_member (policy, row, &number, sizeof number);
		return TRUE;
	case TYPE_COUNT:
	case TYPE_SECONDS:
		if (!g_ascii_string_to_unsigned (text, 10, 0, row->type == TYPE_SECONDS ? MOST_SECONDS : (guint64)MOST,
						 &whole, NULL))
			return FALSE;
		word = (guint)whole;
		if (row->type == TYPE_COUNT)
			set_member (policy, row, &word, sizeof word);
		else
			set_member (policy, row, &(gint64){ (gint64)whole }, sizeof (gint64));
		return TRUE;
	case TYPE_FLAG:
		word = strcmp (text, "yes") == 0;
		if (word == 0 && strcmp (text, "no") != 0)
			return FALSE;
		set_member (policy, row, &word, sizeof word);
		return TRUE;
	case TYPE_WORD:
	default:
		if (!nx_policy_word_from_string (row->words, text, &word))
			return FALSE;
		if (row->offset == AT (preset))
			nx_policy_init_preset (policy, (NxPreset)word);
		else
			set_member (policy, row, &word, sizeof word);
		return TRUE;
	}
}

static void
say_known_keys (const NxPolicy *policy, const char *key, gboolean elsewhere, GError **error)
{
	g_autoptr (GString) names = g_string_new (NULL);
	for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
		if (is_known (policy, &rows[i]) && rows[i].type != TYPE_WEIGHT)
			g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", rows[i].key.name);
	g_autofree char *shown = nx_text_make_line (key, NX_POLICY_SHOWN);
	g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s \"%s\"; the preset %s has: %s%s",
		     elsewhere ? "this preset has no key" : "unknown key", shown, nx_preset_to_string (policy->preset),
		     names->str, policy->preset == NX_PRESET_NIXIE ? ", and weight-REASON" : "");
}

gboolean
nx_policy_set (NxPolicy *policy, const char *key, const char *value, GError **error)
{
	const KeyRow *row = find_row (key);
	if (row == NULL || !is_known (policy, row)) {
		say_known_keys (policy, key, row != NULL, error);
		return FALSE;
	}
	if (set_value (policy, row, value))
		return TRUE;
	g_autofree char *shown = nx_text_make_line (value, NX_POLICY_SHOWN);
	g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "%s cannot be \"%s\"; it is %s", key, shown, row->key.allowed);
	return FALSE;
}

/* One line, split; FALSE when it is empty or a comment, or, with @error, when it is neither of that nor a setting. */
static gboolean
split_line (const char *line, char **key_out, char **value_out, GError **error)
{
	g_autofree char *text = g_strstrip (g_strdup (line));
	if (*text == '\0' || *text == '#')
		return FALSE;
	char *sign = strchr (text, '=');
	if (sign == NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "a line is \"key = value\"");
		return FALSE;
	}
	*sign = '\0';
	*key_out = g_strstrip (g_strdup (text));
	*value_out = g_strstrip (g_strdup (sign + 1));
	return TRUE;
}

/* @presets: only lines that name the preset, else only the others. */
static gboolean
read_line (const char *line, gboolean presets, NxPolicy *policy, GHashTable *seen, GError **error)
{
	g_autofree char *key = NULL;
	g_autofree char *value = NULL;
	GError *problem = NULL;
	if (!split_line (line, &key, &value, &problem)) {
		if (problem == NULL)
			return TRUE;
		g_propagate_error (error, problem);
		return FALSE;
	}
	if ((strcmp (key, rows[0].key.name) == 0) != presets)
		return TRUE;
	if (!nx_policy_set (policy, key, value, error))
		return FALSE;
	if (g_hash_table_add (seen, g_steal_pointer (&key)))
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "this key stands above already");
	return FALSE;
}

gboolean
nx_policy_from_text (const char *text, NxPolicy *policy_out, GError **error)
{
	NxPolicy policy;
	g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
	nx_policy_init_default (&policy);
	for (guint pass = 0; pass < 2; pass++) {
		for (guint i = 0; lines[i] != NULL; i++) {
			if (read_line (lines[i], pass == 0, &policy, seen, error))
				continue;
			g_prefix_error (error, "line %u: ", i + 1);
			return FALSE;
		}
	}
	*policy_out = policy;
	return TRUE;
}
