/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * post.c: nixie post: tells the database what a list sent.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "cli.h"
#include "options.h"
#include "screen.h"
#include "setup.h"

#define DAY_SECONDS 86400
#define SHOWN_DAYS 30

enum {
	VERB_ADD,
	VERB_SHOW
};

static const char *const verbs[] = { "add", "show", NULL };

static char *id_text;
static char *date_text;

static const GOptionEntry options[] = {
	{ "message-id", 0, 0, G_OPTION_ARG_FILENAME, &id_text, "the post's Message-ID; then no mail is read", "ID" },
	{ "date", 0, 0, G_OPTION_ARG_FILENAME, &date_text, "when it was sent (ISO 8601); otherwise its Date, or now",
	  "DATE" },
	G_OPTION_ENTRY_NULL,
};

/* What is told of one post. */
typedef struct {
	char *list;
	char *message_id;
	gint64 date;
} Post;

static void
post_clear (Post *post)
{
	g_free (post->list);
	g_free (post->message_id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Post, post_clear)

static gboolean
parse_date (gint64 *date_out, GError **error)
{
	g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
	g_autofree char *whole =
		strchr (date_text, 'T') != NULL ? g_strdup (date_text) : g_strconcat (date_text, "T00:00:00Z", NULL);
	g_autoptr (GDateTime) date = g_date_time_new_from_iso8601 (whole, utc);

	if (date == NULL || g_date_time_to_unix (date) <= 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE,
			     "\"%s\" is no date; write YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ", date_text);
		return FALSE;
	}
	*date_out = g_date_time_to_unix (date);
	return TRUE;
}

/* ---- which list ---- */

/* "The readers <news.lists.example.org>", "<mailto:news@lists.example.org>", or without anything around it. */
static char *
get_bracketed (const char *value)
{
	const char *open = strrchr (value, '<');
	const char *start = open == NULL ? value : open + 1;
	char *inner = NULL;

	if (g_ascii_strncasecmp (start, "mailto:", strlen ("mailto:")) == 0)
		start += strlen ("mailto:");
	inner = g_strndup (start, strcspn (start, ">?"));
	return g_strstrip (inner);
}

/* What lists say of themselves (RFC 2919, RFC 2369); a mail that says neither has come to the address of one. */
static char *
find_list_in_mail (NxStore *store, const NxMessage *message)
{
	static const char *const names[] = { "List-Id", "List-Post", "To" };

	for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
		g_autofree char *hint = get_bracketed (nx_message_get_header (message, names[i]));
		char *list = *hint == '\0' ? NULL : nx_store_find_list (store, hint, NULL);

		if (list != NULL)
			return list;
	}
	return NULL;
}

static char *
find_list (NxCli *cli, NxStore *store, const NxMessage *message, GError **error)
{
	char *found = cli->list == NULL && message != NULL ? find_list_in_mail (store, message) : NULL;

	return found == NULL ? nx_setup_choose_list (cli, store, error) : found;
}

/* ---- add ---- */

static NxMessage *
read_message (GError **error)
{
	g_autoptr (NxSource) source = nx_source_open_fd (STDIN_FILENO, "-", error);
	const NxRawMessage *raw = NULL;

	if (source == NULL)
		return NULL;
	nx_source_set_single (source);
	if (!nx_source_next (source, &raw, error))
		return NULL;
	if (raw != NULL)
		return nx_message_new (raw->data, raw->length);
	g_set_error (error, NX_ERROR, NX_ERROR_DATA, "there is no mail on stdin; or give --message-id and --date");
	return NULL;
}

/* What the sender's clock says is good enough, unless it is ahead of ours. */
static gint64
get_date (const NxMessage *message, gint64 now)
{
	gint64 date = message == NULL ? 0 : nx_message_get_date (message);

	return date <= 0 || date > now + NX_CLI_CLOCK_SECONDS ? now : date;
}

static gboolean
fill_post (NxCli *cli, NxStore *store, Post *post, GError **error)
{
	g_autoptr (NxMessage) message = NULL;
	gint64 now = g_get_real_time () / G_USEC_PER_SEC;

	if (id_text == NULL) {
		message = read_message (error);
		if (message == NULL)
			return FALSE;
	}
	post->list = find_list (cli, store, message, error);
	if (post->list == NULL)
		return FALSE;
	post->message_id = g_strdup (message == NULL ? id_text : nx_message_get_header (message, "Message-ID"));
	if (*post->message_id == '\0') {
		g_set_error (error, NX_ERROR, NX_ERROR_DATA,
			     "the mail has no Message-ID, so that nothing that comes back can be told to be of it");
		return FALSE;
	}
	post->date = get_date (message, now);
	return date_text == NULL || parse_date (&post->date, error);
}

static gboolean
add_post (NxCli *cli, int argc, char **argv, GError **error)
{
	g_autoptr (NxStore) store = NULL;
	g_auto (Post) post = { 0 };
	gboolean added = FALSE;

	if (!nx_options_check_count (argc, argv, 0, 0, "", error))
		return FALSE;
	store = nx_setup_open_store (cli, NX_STORE_NONE, error);
	if (store == NULL || !fill_post (cli, store, &post, error) ||
	    !nx_store_add_post (store, post.list, post.message_id, post.date, &added, error))
		return FALSE;
	nx_main_note (cli, added ? "%s: a post of %s" : "%s: was known as a post of %s", post.message_id, post.list);
	return TRUE;
}

/* ---- show ---- */

static gboolean
show_posts (NxCli *cli, int argc, char **argv, GError **error)
{
	g_autoptr (NxStore) store = NULL;
	g_autoptr (GPtrArray) posts = NULL;
	gint64 since = g_get_real_time () / G_USEC_PER_SEC - SHOWN_DAYS * (gint64)DAY_SECONDS;

	if (!nx_options_check_count (argc, argv, 0, 0, "", error) || (date_text != NULL && !parse_date (&since, error)))
		return FALSE;
	store = nx_setup_open_store (cli, NX_STORE_READ_ONLY, error);
	if (store == NULL || !nx_setup_check_list (store, cli->list, error))
		return FALSE;
	posts = nx_store_list_posts (store, cli->list, since, error);
	if (posts == NULL)
		return FALSE;
	for (guint i = 0; i < posts->len; i++) {
		const NxPost *post = g_ptr_array_index (posts, i);
		g_autofree char *day = nx_screen_format_day (post->date);
		g_autofree char *list = nx_output_escape_terminal (post->list);
		g_autofree char *id = nx_output_escape_terminal (post->message_id);

		nx_screen_print ("%s  %s  %s\n", day, list, id);
	}
	if (posts->len == 0)
		nx_main_say (cli, "no post is known");
	return nx_screen_flush (error);
}

static gboolean
run_verb (NxCli *cli, int verb, int argc, char **argv, GError **error)
{
	if (verb == VERB_ADD)
		return add_post (cli, argc, argv, error);
	if (id_text == NULL)
		return show_posts (cli, argc, argv, error);
	g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "--message-id goes with add only");
	return FALSE;
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	int verb = nx_options_find_verb (verbs, "post", argc == 0 ? NULL : argv[0], error);
	gboolean done = verb >= 0 && run_verb (cli, verb, MAX (argc - 1, 0), argv + MIN (argc, 1), error);

	g_clear_pointer (&id_text, g_free);
	g_clear_pointer (&date_text, g_free);
	return done;
}

const NxCommand nx_command_post = {
	.name = "post",
	.summary = "tells what a list sent: what did not come back came through",
	.usage = "post [add] < MESSAGE\n"
		 "post [add] --message-id ID [--date DATE] [--list NAME]\n"
		 "post show [--date DATE] [--list NAME]",
	.about = "add, which need not be said, reads a mail that a list sends, or one that it has sent,\n"
		 "and notes its Message-ID and Date. The list is that of --list, else what the mail's\n"
		 "List-Id, List-Post or To says, else the configuration's, else the only one. An alias\n"
		 "or a subscriber of the list that pipes into nixie post is all that is needed. A post\n"
		 "that is known already changes nothing.\n"
		 "\n"
		 "Who fails, then gets several posts of which none comes back, and fails again has read\n"
		 "mail in between: with the posts known, his score begins anew (the keys quiet-posts and\n"
		 "quiet-days of the policy). Posts are learned from bounces too, when these return the\n"
		 "mail and prove that it was ours; nixie post knows those that nobody bounced.\n"
		 "\n"
		 "show prints the posts of the last 30 days, or those since DATE.\n",
	.examples = "nixie post --list news < post.eml\n"
		    "nixie post --list news --message-id '<1@lists.example.org>' --date 2026-11-23\n"
		    "nixie post show --list news",
	.statuses = " 0  done\n"
		    "65  there is no mail, or it has no Message-ID\n"
		    "66  there is no such database or list\n"
		    "73  the database cannot be opened, read or written\n"
		    "75  the database was locked for too long",
	.options = options,
	.run = run,
};
