/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privacy.c: nixie purge and nixie forget: what is too old, and one address.
 *
 * With --dry-run they do the same, say how much it was, and roll it back.
 */
#include <errno.h>
#include <sys/random.h>

#include "cli.h"
#include "options.h"
#include "screen.h"
#include "setup.h"
#include "tally.h"

static gboolean dry_run;

static const GOptionEntry options[] = {
	{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run, "say how much it would be, change nothing", NULL },
	G_OPTION_ENTRY_NULL,
};

static gboolean
draw_salt (guint8 *salt, GError **error)
{
	if (getrandom (salt, NX_PRIVACY_SALT_BYTES, 0) == NX_PRIVACY_SALT_BYTES)
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "no random numbers are to be had: %s", g_strerror (errno));
	return FALSE;
}

static gboolean
finish (NxStore *store, gboolean done, GError **error)
{
	if (done && !dry_run)
		return nx_store_commit (store, error);
	nx_store_rollback (store);
	return done;
}

static void
report (NxCli *cli, const NxPurged *purged)
{
	g_autofree char *diagnostics = nx_tally_format_number (purged->diagnostics, "diagnostic text");
	g_autofree char *addresses = nx_tally_format_number (purged->addresses, "report");
	g_autofree char *subscribers = nx_tally_format_number (purged->subscribers, "subscription");
	g_autofree char *proposals = nx_tally_format_number (purged->proposals, "offer");

	nx_main_say (cli, "%s: %s, addresses in %s, %s, %s", dry_run ? "would be forgotten" : "forgotten", diagnostics,
		     addresses, subscribers, proposals);
}

static gboolean
run_purge (NxCli *cli, int argc, char **argv, GError **error)
{
	g_autoptr (NxStore) store = NULL;
	guint8 salt[NX_PRIVACY_SALT_BYTES];
	NxPurgeTerms terms = { .now = g_get_real_time () / G_USEC_PER_SEC, .salt = salt };
	NxPurged purged;

	if (!nx_options_check_count (argc, argv, 0, 0, "", error))
		return FALSE;
	store = nx_setup_open_store (cli, NX_STORE_NONE, error);
	if (store == NULL)
		return FALSE;
	terms.diagnostic_days = cli->settings->diagnostic_days;
	terms.address_days = cli->settings->address_days;
	if (terms.diagnostic_days == 0 && terms.address_days == 0) {
		nx_main_say (cli, "nothing is to be purged: the configuration has no [privacy] diagnostics-days or "
				  "addresses-days");
		return TRUE;
	}
	if (!draw_salt (salt, error) || !nx_store_begin (store, error) ||
	    !finish (store, nx_store_purge (store, &terms, &purged, error), error))
		return FALSE;
	report (cli, &purged);
	return TRUE;
}

static gboolean
run_forget (NxCli *cli, int argc, char **argv, GError **error)
{
	g_autoptr (NxStore) store = NULL;
	guint8 salt[NX_PRIVACY_SALT_BYTES];
	const NxPurgeTerms terms = { .now = g_get_real_time () / G_USEC_PER_SEC, .salt = salt };
	NxPurged purged;

	if (!nx_options_check_count (argc, argv, 1, 1, "the ADDRESS", error))
		return FALSE;
	store = nx_setup_open_store (cli, NX_STORE_NONE, error);
	if (store == NULL || !draw_salt (salt, error) || !nx_store_begin (store, error) ||
	    !finish (store, nx_store_forget (store, argv[0], &terms, &purged, error), error))
		return FALSE;
	report (cli, &purged);
	nx_main_say (cli, "what the list manager, mail archives and backups hold is not nixie's to forget");
	return TRUE;
}

const NxCommand nx_command_purge = {
	.name = "purge",
	.summary = "forgets what is older than the configuration allows",
	.usage = "purge [--dry-run]",
	.about = "Takes out of the database what is older than [privacy] of the configuration allows:\n"
		 "the words of servers after diagnostics-days; after addresses-days the addresses in\n"
		 "reports, subscriptions that have ended, and offers of new addresses for nobody's\n"
		 "subscription. A key that is not there means for ever.\n"
		 "\n"
		 "An address becomes a keyed hash, so it can still be counted. The scores and states of\n"
		 "subscribers stay as they are, and a report that is read once more is still known. This\n"
		 "cannot be undone.\n",
	.examples = "nixie purge --dry-run",
	.statuses = " 0  done\n"
		    "66  there is no such database\n"
		    "73  the database cannot be opened, read or written\n"
		    "75  the database was locked for too long\n"
		    "78  the configuration is wrong",
	.options = options,
	.run = run_purge,
};

const NxCommand nx_command_forget = {
	.name = "forget",
	.summary = "forgets everything on one address",
	.usage = "forget ADDRESS [--dry-run]",
	.about = "Deletes the subscriptions of ADDRESS on all lists with their history, and makes the\n"
		 "address unreadable in every report, offer and step. The reports are kept as numbers:\n"
		 "an archive that is read once more brings nothing of it back, and a later subscription\n"
		 "begins anew. This cannot be undone.\n"
		 "\n"
		 "\"nixie subscriber export ADDRESS\" shows before what is held.\n",
	.examples = "nixie subscriber export reader@example.com >all.json\n"
		    "nixie forget reader@example.com",
	.statuses = " 0  done\n"
		    "66  there is no such database, or nothing is held of ADDRESS\n"
		    "73  the database cannot be opened, read or written\n"
		    "75  the database was locked for too long",
	.options = options,
	.run = run_forget,
};
