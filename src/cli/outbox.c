/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * outbox.c: nixie outbox: what waits to be told, and why; and the words for a row of it (waiting.h).
 */
#include <string.h>

#include "cli.h"
#include "options.h"
#include "screen.h"
#include "setup.h"
#include "waiting.h"

enum {
	VERB_LIST,
	VERB_RETRY,
	VERB_DROP
};

static const char *const verbs[] = { "list", "retry", "drop", NULL };

/* ---- words ---- */

static const char *
get_value (const NxOutboxItem *item, const char *name)
{
	const char *value = g_hash_table_lookup (item->values, name);

	return value == NULL ? "" : value;
}

static char *
describe (const NxOutboxItem *item)
{
	switch (item->kind) {
	case NX_OUTBOX_HOOK:
		return g_strdup_printf (
			"tell the hook: %s %s%s%s", get_value (item, "action"), get_value (item, "old_address"),
			*get_value (item, "old_address") == '\0' ? "" : " -> ", get_value (item, "address"));
	case NX_OUTBOX_WARNING:
		return g_strdup_printf ("warn %s", item->subscriber);
	case NX_OUTBOX_PROBE:
		return g_strdup_printf ("probe %s", item->subscriber);
	case NX_OUTBOX_REMOVED:
		return g_strdup_printf ("tell %s of its removal", item->subscriber);
	case NX_OUTBOX_ASK:
		return g_strdup_printf ("ask %s whether it is %s", get_value (item, "new-address"),
					get_value (item, "old-address"));
	case NX_OUTBOX_INCIDENT:
		return g_strdup_printf ("tell the owner of the incident at %s", get_value (item, "name"));
	case NX_OUTBOX_DIGEST:
		return g_strdup_printf ("tell the owner what happened from %s to %s", get_value (item, "from"),
					get_value (item, "until"));
	case NX_OUTBOX_NONE:
	default:
		return g_strdup ("do something that this nixie does not know");
	}
}

char *
nx_waiting_describe (const NxOutboxItem *item)
{
	g_autofree char *what = describe (item);
	g_autofree char *line = g_strdup_printf ("%s (%s)", what, item->list);

	return nx_output_escape_terminal (line);
}

/* ---- list ---- */

static char *
format_time (gint64 time)
{
	g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time);

	return date == NULL ? g_strdup ("-") : g_date_time_format (date, "%Y-%m-%d %H:%M");
}

static void
print_item (const NxOutboxItem *item)
{
	g_autofree char *what = nx_waiting_describe (item);
	g_autofree char *created = format_time (item->created);
	g_autofree char *next = format_time (item->failed != 0 ? item->failed : item->next);
	g_autofree char *error = nx_output_escape_terminal (item->error);

	nx_screen_print ("%" G_GINT64_FORMAT "  %s\n", item->id, what);
	nx_screen_print ("      since %s, tried %u %s, %s %s\n", created, item->attempts,
			 item->attempts == 1 ? "time" : "times", item->failed != 0 ? "given up" : "next", next);
	if (*error != '\0')
		nx_screen_print ("      %s\n", error);
}

static gboolean
list_items (NxCli *cli, GError **error)
{
	g_autoptr (NxStore) store = nx_setup_open_store (cli, NX_STORE_READ_ONLY, error);
	g_autoptr (GPtrArray) items = NULL;

	if (store == NULL || !nx_setup_check_list (store, cli->list, error))
		return FALSE;
	items = nx_store_list_items (store, cli->list, 0, error);
	if (items == NULL)
		return FALSE;
	for (guint i = 0; i < items->len; i++)
		print_item (g_ptr_array_index (items, i));
	if (items->len == 0)
		nx_main_say (cli, "nothing waits to be told");
	return nx_screen_flush (error);
}

/* ---- retry, drop ---- */

static gboolean
change_item (NxStore *store, int verb, const char *word, gint64 now, GError **error)
{
	guint64 id = 0;

	if (!g_ascii_string_to_unsigned (word, 10, 1, G_MAXINT64, &id, NULL)) {
		g_set_error (error, NX_ERROR, NX_ERROR_USAGE, "\"%s\" is no number; nixie outbox shows them", word);
		return FALSE;
	}
	return verb == VERB_RETRY ? nx_store_retry_item (store, (gint64)id, now, error)
				  : nx_store_drop_item (store, (gint64)id, now, error);
}

/* All of them or none. */
static gboolean
change_items (NxCli *cli, int verb, char **words, GError **error)
{
	gint64 now = g_get_real_time () / G_USEC_PER_SEC;
	g_autoptr (NxStore) store = nx_setup_open_store (cli, NX_STORE_NONE, error);

	if (store == NULL || !nx_store_begin (store, error))
		return FALSE;
	for (; *words != NULL; words++) {
		if (change_item (store, verb, *words, now, error))
			continue;
		nx_store_rollback (store);
		return FALSE;
	}
	return nx_store_commit (store, error);
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	int verb = nx_options_find_verb (verbs, "outbox", argc == 0 ? NULL : argv[0], error);

	if (verb < 0)
		return FALSE;
	argv += MIN (argc, 1);
	argc = MAX (argc - 1, 0);
	if (!nx_options_check_count (argc, argv, verb == VERB_LIST ? 0 : 1, verb == VERB_LIST ? 0 : G_MAXINT,
				     "the number of what waits", error))
		return FALSE;
	return verb == VERB_LIST ? list_items (cli, error) : change_items (cli, verb, argv, error);
}

const NxCommand nx_command_outbox = {
	.name = "outbox",
	.summary = "what waits to be told to hooks, readers and owners",
	.usage = "outbox [list]\n"
		 "outbox retry NUMBER...\n"
		 "outbox drop NUMBER...",
	.about = "list prints the calls of hooks and the mails that nixie run has still to make, since when they wait, "
		 "and why the last attempt failed.\n"
		 "\n"
		 "retry lets the next nixie run try at once, also what was given up. drop takes a row out: the mail is "
		 "not sent; of a hook's call, nixie takes it that the list manager knows already.\n",
	.examples = "nixie outbox --list news\n"
		    "nixie outbox retry 12",
	.statuses = " 0  done\n"
		    "66  there is no such database, list or number\n"
		    "73  the database cannot be opened, read or written\n"
		    "75  the database was locked for too long",
	.run = run,
};
