/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * transcript.c: what the human-readable part (RFC 6522 3) says about each recipient.
 *
 * Some servers put the reply only there (OpenSMTPD), or the whole of a multi-line reply (sendmail's "<<<" lines). This
 * file looks for the recipients that the machine part has named and takes the words beside them, and the aliases that
 * led to them; it finds no recipients of its own.
 */
#include "report/report-private.h"

#include "base/limits.h"
#include "base/text.h"

#include <nixie/address.h>
#include <nixie/reply.h>

#include <string.h>

/* The address that a line begins with, behind what is in @skip and brackets; NULL when it begins otherwise. @rest_out:
 * what follows it. */
static char *
find_leading_address (const char *line, const char *skip, const char **rest_out)
{
	const char *at = line + strspn (line, skip);
	const char *start = NULL;
	if (g_ascii_strncasecmp (at, "mailto:", 7) == 0)
		at += 7;
	gsize length = strcspn (at, " \t");
	if (memchr (at, '@', strlen (at)) == NULL || (*at != '<' && memchr (at, '@', length) == NULL))
		return NULL;
	char *address = nx_address_find (at, &start, rest_out);
	if (address != NULL && start != at)
		g_clear_pointer (&address, g_free);
	return address;
}

/* The recipients by the keys of all their addresses: a report may have thousands, and so may its text. */
static GHashTable *
index_recipients (const NxReport *report)
{
	GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = report->recipients->len; i-- > 0;) {
		NxRecipient *recipient = g_ptr_array_index (report->recipients, i);
		const char *names[] = { recipient->actual_recipient, recipient->original_recipient,
					recipient->final_recipient };
		for (guint n = 0; n < G_N_ELEMENTS (names); n++)
			if (*names[n] != '\0')
				g_hash_table_replace (table, nx_address_make_key (names[n]), recipient);
	}
	return table;
}

static NxRecipient *
find_recipient (GHashTable *table, const char *address)
{
	g_autofree char *key = nx_address_make_key (address);
	return g_hash_table_lookup (table, key);
}

/* How servers say, behind an address or on the line below it, which alias mail for it was sent to: "(expanded from:
 * a@b)". */
static char *
find_alias (const NxSigns *signs, const char *text)
{
	text += strspn (text, " \t");
	gsize length = *text == '(' ? nx_signs_get_prefix (signs, NX_SIGN_ALIAS_SOURCE, text + 1) : 0;
	if (length == 0)
		return NULL;
	const char *start = NULL;
	const char *rest = text + 1 + length;
	rest += strspn (rest, ": ");
	g_autofree char *alias = nx_address_find (rest, &start, NULL);
	return alias != NULL && start == rest ? g_steal_pointer (&alias) : NULL;
}

/* Some servers name the alias as the final recipient, some its target (RFC 3464 2.3.2 lets both); the other one of them
 * stands only in the text. */
static void
read_alias (const NxSigns *signs, GHashTable *table, const char *address, const char *rest, const char *next_line)
{
	g_autofree char *beside = find_alias (signs, rest);
	g_autofree char *below = beside == NULL && next_line != NULL ? find_alias (signs, next_line) : NULL;
	const char *alias = beside != NULL ? beside : below;
	if (alias == NULL)
		return;
	NxRecipient *target = find_recipient (table, address);
	NxRecipient *source = find_recipient (table, alias);
	if (target != NULL && source == NULL && *target->original_recipient == '\0')
		nx_text_set (&target->original_recipient, alias);
	else if (target == NULL && source != NULL && *source->actual_recipient == '\0')
		nx_text_set (&source->actual_recipient, address);
}

/* The recipient that a line begins with. Bullets and quotation marks before it are skipped, but a local part may begin
 * with one of them. */
static NxRecipient *
find_leading_recipient (GHashTable *table, const char *line, const char **rest_out)
{
	static const char *const skips[] = { " \t", " \t*-\"'" };
	NxRecipient *recipient = NULL;
	for (guint i = 0; i < G_N_ELEMENTS (skips) && recipient == NULL; i++) {
		g_autofree char *address = find_leading_address (line, skips[i], rest_out);
		recipient = address != NULL ? find_recipient (table, address) : NULL;
	}
	return recipient;
}

static void
append_words (NxRecipient *recipient, const char *words)
{
	words += strspn (words, " \t:,;>");
	if (strcmp (words, "(reason: )") == 0)
		return; /* sendmail got no reply; what happened stands further below */
	nx_text_append_words (&recipient->transcript, words, NX_LIMIT_DIAGNOSTIC_BYTES);
}

/* "550 5.1.1 <a@b>... User unknown": the local verdict of sendmail, about an address inside the line. It says the same
 * of every 550, so the reply that stands right above it, when there is one, is what counts. @reply: (nullable): that.
 */
static void
read_inner_address (GHashTable *table, const char *line, const char *reply)
{
	if (!g_ascii_isdigit (line[0]) || !g_ascii_isdigit (line[1]) || !g_ascii_isdigit (line[2]))
		return;
	g_autofree char *address = nx_address_find (line, NULL, NULL);
	NxRecipient *recipient = address != NULL ? find_recipient (table, address) : NULL;
	if (recipient != NULL && nx_text_is_empty (recipient->transcript))
		append_words (recipient, reply != NULL ? reply : line);
}

/* "554 5.3.0 unknown mailer error 255": the last line of a session about one recipient, whom it does not name. */
static gboolean
is_bare_reply (const char *line)
{
	return (line[0] == '4' || line[0] == '5') && g_ascii_isdigit (line[1]) && g_ascii_isdigit (line[2]) &&
	       line[3] == ' ' && strchr (line, '@') == NULL;
}

/* @reply: as for read_inner_address(): "554 5.0.0 Service unavailable" follows whatever the server said. */
static void
read_bare_reply (const NxReport *report, const char *line, const char *reply)
{
	if (report->recipients->len != 1 || !is_bare_reply (line))
		return;
	NxRecipient *recipient = g_ptr_array_index (report->recipients, 0);
	g_autoptr (NxReply) diagnostic = nx_reply_parse (recipient->diagnostic_code);
	g_autoptr (NxReply) transcript = nx_reply_parse (recipient->transcript);
	if (diagnostic->code == 0 && transcript->code == 0)
		nx_text_set (&recipient->transcript, reply != NULL ? reply : line);
}

/* "<<< 551 5.1.6 text": gathers the lines of one reply and completes the diagnostics that hold only its first line.
 * @diagnostics: these, to the recipients that have them: a session may have as many replies as a report has recipients.
 */
typedef struct {
	GString *reply;
	char *first;
	char *refusal; /* the reply that ended on the line above, when it refused something */
	GHashTable *diagnostics;
} Session;

/* The Diagnostic-Code has a blank where the session has the "-" of a continued reply. NULL: no reply. */
static char *
make_reply_key (const char *reply)
{
	char *line = nx_text_make_line (reply, NX_LIMIT_DIAGNOSTIC_BYTES);
	if (strlen (line) <= 4)
		g_clear_pointer (&line, g_free);
	else
		line[3] = ' ';
	return line;
}

static void
recipients_free (gpointer data)
{
	g_ptr_array_unref (data);
}

static GHashTable *
index_diagnostics (const NxReport *report)
{
	GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, recipients_free);
	for (guint i = 0; i < report->recipients->len; i++) {
		NxRecipient *recipient = g_ptr_array_index (report->recipients, i);
		g_autofree char *key = make_reply_key (recipient->diagnostic_code);
		if (key == NULL)
			continue;
		GPtrArray *same = g_hash_table_lookup (table, key);
		if (same == NULL) {
			same = g_ptr_array_new ();
			g_hash_table_insert (table, g_steal_pointer (&key), same);
		}
		g_ptr_array_add (same, recipient);
	}
	return table;
}

static void
complete_diagnostics (Session *session)
{
	if (session->first == NULL)
		return;
	g_autofree char *key = make_reply_key (session->first);
	const GPtrArray *same = key != NULL ? g_hash_table_lookup (session->diagnostics, key) : NULL;
	g_autofree char *reply = nx_text_make_line (session->reply->str, NX_LIMIT_DIAGNOSTIC_BYTES);
	for (guint i = 0; same != NULL && i < same->len; i++)
		nx_text_set (&((NxRecipient *)g_ptr_array_index (same, i))->diagnostic_code, reply);
	if (same != NULL)
		g_hash_table_remove (session->diagnostics, key); /* they are complete */
	if (*reply == '4' || *reply == '5')
		nx_text_take (&session->refusal, g_steal_pointer (&reply));
	g_clear_pointer (&session->first, g_free);
	g_string_truncate (session->reply, 0);
}

static void
read_session_line (Session *session, const char *text)
{
	gboolean code = g_ascii_isdigit (text[0]) && g_ascii_isdigit (text[1]) && g_ascii_isdigit (text[2]);
	if (session->first == NULL)
		session->first = g_strdup (text);
	if (session->reply->len > 0)
		g_string_append_c (session->reply, '\n');
	if (session->reply->len < NX_LIMIT_DIAGNOSTIC_BYTES)
		g_string_append (session->reply, text);
	if (code && text[3] != '-')
		complete_diagnostics (session);
}

void
nx_transcript_read (const NxSigns *signs, const char *text, NxReport *report)
{
	if (report->recipients->len == 0)
		return;
	g_autoptr (GHashTable) table = index_recipients (report);
	Session session = { .reply = g_string_new (NULL), .diagnostics = index_diagnostics (report) };
	NxRecipient *current = NULL; /* whose words these lines are */
	g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		char *line = g_strchomp (lines[i]);
		const char *bare = line + strspn (line, " \t");
		if (g_str_has_prefix (bare, "<<< ")) {
			read_session_line (&session, bare + 4);
			if (current != NULL && bare != line)
				append_words (current, bare + 4); /* Courier: under the address, indented */
			continue;
		}
		complete_diagnostics (&session);
		g_autofree char *refusal = g_steal_pointer (&session.refusal);
		const char *rest = NULL;
		const char *beside = NULL;
		NxRecipient *named = find_leading_recipient (table, line, &rest);
		g_autofree char *address = find_leading_address (line, " \t*-\"'", &beside);
		if (address != NULL)
			read_alias (signs, table, address, beside, lines[i + 1]);
		if (named != NULL) {
			/* A second mention (a session log below the list of addresses) adds nothing to a first that
			 * said something. */
			current = nx_text_is_empty (named->transcript) ? named : NULL;
			if (current != NULL)
				append_words (current, rest);
		} else if (*bare == '\0' || g_str_has_prefix (bare, "---"))
			current = NULL;
		else if (current != NULL)
			append_words (current, bare);
		else {
			read_inner_address (table, line, refusal);
			read_bare_reply (report, line, refusal);
		}
	}
	complete_diagnostics (&session);
	g_string_free (session.reply, TRUE);
	g_free (session.first);
	g_free (session.refusal);
	g_hash_table_unref (session.diagnostics);
}
