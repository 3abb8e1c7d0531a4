/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * doctor.c: nixie doctor: is all of it set up so that no bounce is lost? It looks, and changes nothing.
 */
#include "doctor.h"

#include <string.h>
#include <sysexits.h>

#include "options.h"
#include "setup.h"

#define SQLITE_SCHEME "sqlite:"

static gboolean json;
static char *root;

static const GOptionEntry options[] = {
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json, "one JSON object a line", NULL },
	{ "root", 0, 0, G_OPTION_ARG_FILENAME, &root, "look for the files of mail servers below DIR", "DIR" },
	G_OPTION_ENTRY_NULL,
};

static void
check_all (NxDoctor *doctor)
{
	g_autoptr (GError) error = NULL;
	g_autofree char *uri = NULL;
	g_autoptr (NxStore) store = NULL;

	if (nx_setup_load (doctor->cli, &error)) {
		doctor->settings = doctor->cli->settings;
		uri = nx_setup_get_database (doctor->cli);
		doctor->database = g_str_has_prefix (uri, SQLITE_SCHEME) ? uri + strlen (SQLITE_SCHEME) : uri;
		nx_doctor_check_settings (doctor);
		store = nx_doctor_check_database (doctor);
	} else {
		doctor->findings->area = "configuration";
		nx_findings_add_error (doctor->findings, NX_LEVEL_ERROR, error);
	}
	if (store != NULL)
		nx_doctor_check_lists (doctor, store);
	nx_doctor_check_mail (doctor);
}

static gboolean
run (NxCli *cli, int argc, char **argv, GError **error)
{
	g_autoptr (NxFindings) findings = nx_findings_new ();
	NxDoctor doctor = { .cli = cli, .findings = findings, .now = g_get_real_time () / G_USEC_PER_SEC };
	gboolean done = FALSE;

	if (!nx_options_check_count (argc, argv, 0, 0, "", error))
		return FALSE;
	if (root != NULL && !g_file_test (root, G_FILE_TEST_IS_DIR)) {
		g_set_error (error, NX_ERROR, NX_ERROR_NOT_FOUND, "%s: there is no such folder; name one with --root",
			     root);
		return FALSE;
	}
	/* "/" in front of a path that begins with one. */
	doctor.root = root == NULL || strcmp (root, "/") == 0 ? "" : root;
	check_all (&doctor);
	done = nx_findings_print (findings, cli, json, error);
	if (findings->counts[NX_LEVEL_ERROR] > 0)
		cli->status = EX_CONFIG;
	g_clear_pointer (&root, g_free);
	return done;
}

const NxCommand nx_command_doctor = {
	.name = "doctor",
	.summary = "whether all is set up so that no bounce is lost",
	.usage = "doctor [--json] [--root DIR]",
	.about =
		"Looks at the configuration and what it names (rules, keys, templates, hooks, sendmail), at the "
		"database (is it whole, who may write it, is there room, what waits, has nixie run been run), at the "
		"lists (addresses, return paths, owner, the policy in force), and at the files of mail servers on this "
		"machine: the lines of Postfix, Exim, Sendmail, OpenSMTPD, Courier, procmail, maildrop and Sieve that "
		"call nixie must keep a bounce when nixie cannot take it now, and the user they run it as must be able "
		"to write the database.\n"
		"\n"
		"Each finding is a line: ok, warning or error, and what to do; --verbose says why. Nothing is changed, "
		"no program is run, no other machine asked. Run it as root, who may read all of these files. With "
		"--root mail servers are looked for below DIR, and their users in its etc/passwd.\n",
	.examples = "nixie doctor\n"
		    "nixie doctor --verbose\n"
		    "nixie doctor --quiet || echo something is to be done",
	.statuses = " 0  no error, perhaps warnings\n"
		    "64  wrong usage\n"
		    "66  DIR is not there\n"
		    "74  the output cannot be written\n"
		    "78  there is an error",
	.options = options,
	.run = run,
};
