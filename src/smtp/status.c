/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * status.c: enhanced status codes (RFC 3463 section 2, RFC 5248): reading, finding, looking up.
 *
 * Finding one in free text is a matter of place: "5.1.1" may also be the version of a program, a date, the section of
 * an RFC or a piece of an IP address. What it will not do: correct a code, or judge by it.
 */
#include "smtp/status-find.h"
#include "smtp/tables.h"

#include <stdlib.h>
#include <string.h>

/* The registry's highest subject (RFC 3463 2); a lone number with a higher one is something else. */
#define HIGHEST_SUBJECT 7

#define WORD_BYTES 16

/* Words before a number that is no status code: programs and their versions, sections of documents, dates. */
static const char *const number_words[] = {
	"am",       "build",   "chapter",   "courier",     "cyrus",   "date",     "dovecot",   "domino",
	"exchange", "exim",    "groupwise", "hmailserver", "imail",   "kerio",    "kernel",    "le",
	"linux",    "mailman", "mdaemon",   "notes",       "on",      "openssl",  "opensmtpd", "postfix",
	"qmail",    "rel",     "release",   "sec",         "section", "sendmail", "since",     "spamassassin",
	"sympa",    "v",       "ver",       "version",     "vom",     "zimbra",
};

gboolean
nx_status_is_set (NxStatus status)
{
	return status.class_ != 0;
}

gboolean
nx_status_is_generic (NxStatus status)
{
	return nx_status_is_set (status) && status.subject == 0 && status.detail == 0;
}

gboolean
nx_status_equal (NxStatus a, NxStatus b)
{
	return a.class_ == b.class_ && a.subject == b.subject && a.detail == b.detail;
}

static gboolean
is_class (char c)
{
	return c == '2' || c == '4' || c == '5';
}

static gboolean
is_space (char c)
{
	return g_ascii_isspace (c) || c == '\v';
}

/* strchr() finds the NUL as well. */
static gboolean
is_one_of (char c, const char *set)
{
	return c != '\0' && strchr (set, c) != NULL;
}

/* One to three digits. NULL when there are none or more. */
static const char *
read_number (const char *p, guint16 *number_out)
{
	guint number = 0;
	const char *digits = p;
	while (g_ascii_isdigit (*p) && p - digits < 4)
		number = number * 10 + (guint)(*p++ - '0');
	if (p == digits || p - digits > 3)
		return NULL;
	*number_out = (guint16)number;
	return p;
}

gboolean
nx_status_parse (const char *text, NxStatus *status_out, const char **end_out)
{
	NxStatus status = { 0 };
	if (!is_class (text[0]) || text[1] != '.')
		return FALSE;
	status.class_ = (guint16)(text[0] - '0');
	const char *p = read_number (text + 2, &status.subject);
	if (p == NULL || *p != '.')
		return FALSE;
	p = read_number (p + 1, &status.detail);
	if (p == NULL || (*p == '.' && g_ascii_isdigit (p[1])))
		return FALSE;
	*status_out = status;
	if (end_out != NULL)
		*end_out = p;
	return TRUE;
}

gboolean
nx_status_is_reply_code (const char *p)
{
	/* RFC 5321 4.2.1 ends at 5; 57x is a refusal by policy in the wild, and 46x to 49x are temporary whatever they
	 * mean. */
	if (!is_class (p[0]) || !g_ascii_isdigit (p[1]))
		return FALSE;
	gboolean second = p[1] <= '5' || (p[0] == '5' && p[1] == '7') || p[0] == '4';
	return second && g_ascii_isdigit (p[2]) && !g_ascii_isdigit (p[3]);
}

/* "550 5.1.1", "550-#5.1.1", "550 (5.1.1)", "550-'5.1.1", "(550, b'5.1.1" */
static gboolean
is_behind_reply (const char *text, const char *p)
{
	while (p > text && is_one_of (p[-1], "([<#'\""))
		p--;
	if (p - 1 > text && p[-1] == 'b' && is_space (p[-2]))
		p--;
	const char *gap_end = p;
	while (p > text && (is_space (p[-1]) || is_one_of (p[-1], "-_:,=")))
		p--;
	if (p - text < 3 || p == gap_end || !nx_status_is_reply_code (p - 3))
		return FALSE;
	return p - text == 3 || !(g_ascii_isalnum (p[-4]) || p[-4] == '.');
}

/* Copies the word that ends at @p, in lower case; "" when it is too long to be of interest. Returns: its begin. */
static const char *
read_word_before (const char *text, const char *p, char word[WORD_BYTES])
{
	const char *end = p;
	while (p > text && end - p < WORD_BYTES && g_ascii_isalnum (p[-1]))
		p--;
	gsize length = (gsize)(end - p);
	if (length >= WORD_BYTES)
		length = 0;
	for (gsize i = 0; i < length; i++)
		word[i] = g_ascii_tolower (p[i]);
	word[length] = '\0';
	return p;
}

static const char *
skip_gap_back (const char *text, const char *p)
{
	while (p > text && (is_space (p[-1]) || is_one_of (p[-1], "([#:'\"=")))
		p--;
	return p;
}

/* "Exim 4.2.1", "section 4.2.2", "RFC 5321 4.2.2": the word before says that the number is none of ours. */
static gboolean
is_named_number (const char *text, const char *p)
{
	char word[WORD_BYTES];
	const char *begin = read_word_before (text, skip_gap_back (text, p), word);
	if (g_str_has_prefix (word, "rfc"))
		return TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS (number_words); i++)
		if (strcmp (word, number_words[i]) == 0)
			return TRUE;
	if (!g_ascii_isdigit (word[0]))
		return FALSE;
	read_word_before (text, skip_gap_back (text, begin), word);
	return strcmp (word, "rfc") == 0;
}

static gboolean
is_standalone_begin (const char *text, const char *p)
{
	if (p == text || is_space (p[-1]))
		return TRUE;
	if (p[-1] == '-')
		return p - 1 == text || is_space (p[-2]) || p[-2] == '-';
	if (p[-1] == '=') {
		char word[WORD_BYTES];
		read_word_before (text, p - 1, word);
		return strcmp (word, "dsn") == 0 || strcmp (word, "status") == 0 || strcmp (word, "code") == 0;
	}
	return is_one_of (p[-1], "([<#:'\"");
}

static gboolean
is_end (const char *p)
{
	if (*p == '.' || *p == '=')
		return p[1] == '\0' || is_space (p[1]);
	return *p == '\0' || is_space (*p) || is_one_of (*p, ")]>:;,_'\"");
}

/* RFC 3463 2: no leading zeros; dates have them. */
static gboolean
has_leading_zero (const char *p)
{
	const char *detail = strchr (p + 2, '.') + 1;
	return (p[2] == '0' && g_ascii_isdigit (p[3])) || (detail[0] == '0' && g_ascii_isdigit (detail[1]));
}

gboolean
nx_status_find_place (const char *text, NxStatus *status_out, gboolean *behind_reply_out)
{
	NxStatus first = { 0 };
	for (const char *p = text; (p = strpbrk (p, "245")) != NULL;) {
		NxStatus status;
		const char *end;
		gboolean joined = p > text && (g_ascii_isalnum (p[-1]) || p[-1] == '.');
		if (joined || !nx_status_parse (p, &status, &end) || has_leading_zero (p) || !is_end (end)) {
			p++;
			continue;
		}
		if (is_behind_reply (text, p)) {
			*status_out = status;
			*behind_reply_out = TRUE;
			return TRUE;
		}
		if (!nx_status_is_set (first) && status.subject <= HIGHEST_SUBJECT && is_standalone_begin (text, p) &&
		    !is_named_number (text, p))
			first = status;
		p = end;
	}
	if (!nx_status_is_set (first))
		return FALSE;
	*status_out = first;
	*behind_reply_out = FALSE;
	return TRUE;
}

gboolean
nx_status_find (const char *text, NxStatus *status_out)
{
	gboolean behind_reply;
	return nx_status_find_place (text, status_out, &behind_reply);
}

const char *
nx_status_format (NxStatus status, char *buffer)
{
	buffer[0] = '\0';
	if (nx_status_is_set (status))
		g_snprintf (buffer, NX_STATUS_STRLEN, "%u.%u.%u", status.class_ % 10u, status.subject % 1000u,
			    status.detail % 1000u);
	return buffer;
}

static int
compare_info (const void *key, const void *row)
{
	const NxStatus *status = key;
	const NxStatusInfo *info = row;
	if (status->subject != info->subject)
		return status->subject < info->subject ? -1 : 1;
	return (status->detail > info->detail) - (status->detail < info->detail);
}

const NxStatusInfo *
nx_status_get_info (NxStatus status)
{
	if (!nx_status_is_set (status))
		return NULL;
	return bsearch (&status, nx_status_infos, nx_status_infos_count, sizeof nx_status_infos[0], compare_info);
}

const char *
nx_status_get_subject_name (guint subject)
{
	static const char *const names[HIGHEST_SUBJECT + 1] = {
		"other or undefined status",
		"addressing status",
		"mailbox status",
		"mail system status",
		"network and routing status",
		"mail delivery protocol status",
		"message content or media status",
		"security or policy status",
	};
	return subject < G_N_ELEMENTS (names) ? names[subject] : NULL;
}

const char *
nx_status_get_class_name (guint class_)
{
	switch (class_) {
	case 2:
		return "success";
	case 4:
		return "persistent transient failure";
	case 5:
		return "permanent failure";
	default:
		return NULL;
	}
}

const NxStatusInfo *
nx_status_list_infos (guint *count_out)
{
	*count_out = nx_status_infos_count;
	return nx_status_infos;
}
