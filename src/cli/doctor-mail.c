/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * doctor-mail.c: nixie doctor: what the checks of all mail servers share, and aliases and .forward files, which several
 * of them read.
 *
 * A line that calls nixie must keep the bounce when nixie says 75; what each mail system needs for that, README.md has.
 * The files are read as text: what a server makes of includes and macros is not known here.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "caps.h"
#include "doctor.h"

/* ---- files ---- */

void
nx_doctor_read (NxDoctor *doctor, const char *path, char **text_out)
{
	g_autofree char *full = g_strconcat (doctor->root, path, NULL);
	g_autoptr (GError) error = NULL;
	struct stat info;

	*text_out = NULL;
	if (stat (full, &info) != 0) {
		if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
			nx_findings_add (doctor->findings, NX_LEVEL_WARNING, NULL, NULL, "%s: cannot be looked at: %s",
					 full, g_strerror (errno));
		return;
	}
	if (!S_ISREG (info.st_mode) || info.st_size > NX_CLI_DOCTOR_FILE_BYTES)
		return;
	if (!g_file_get_contents (full, text_out, NULL, &error))
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "run nixie doctor as root", NULL,
				 "%s: may not be read, so it was not looked at", full);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
	return strcmp (*(const char *const *)a, *(const char *const *)b);
}

GStrv
nx_doctor_list_files (const NxDoctor *doctor, const char *folder, const char *suffix)
{
	g_autofree char *full = g_strconcat (doctor->root, folder, NULL);
	g_autoptr (GDir) dir = g_dir_open (full, 0, NULL);
	GPtrArray *paths = g_ptr_array_new ();
	const char *name = NULL;

	while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
		if (g_str_has_suffix (name, suffix))
			g_ptr_array_add (paths, g_strdup_printf ("%s/%s", folder, name));
	}
	g_ptr_array_sort (paths, compare_names);
	g_ptr_array_add (paths, NULL);
	return (GStrv)g_ptr_array_free (paths, FALSE);
}

/* ---- calls ---- */

static gboolean
is_nixie (const char *word)
{
	const char *slash = strrchr (word, '/');
	const char *name = slash == NULL ? word : slash + 1;

	return strcmp (name, "nixie") == 0 || g_str_has_prefix (name, "nixie-");
}

char *
nx_doctor_find_program (const char *command)
{
	g_auto (GStrv) words = g_strsplit_set (command, " \t\"'|=,;{}()", -1);

	for (guint i = 0; words[i] != NULL; i++) {
		if (is_nixie (words[i]))
			return g_strdup (words[i]);
	}
	return NULL;
}

static void
check_user (NxDoctor *doctor, const char *place, const char *user)
{
	g_autoptr (GArray) groups = NULL;
	g_autofree char *obstacle = NULL;
	uid_t uid = 0;

	if (!nx_doctor_find_user (doctor->root, user, &uid, &groups)) {
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "name a user that is", NULL,
				 "%s: there is no user %s", place, user);
		return;
	}
	if (doctor->database == NULL)
		return;
	obstacle = nx_doctor_find_obstacle (doctor->database, uid, groups);
	if (obstacle != NULL)
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR,
				 "let the owner of the database run it, or give the user the right",
				 "Every bounce waits with the mail server until it gives up.",
				 "%s: runs nixie as the user %s, who %s", place, user, obstacle);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL, "%s: the user %s may write the database",
				 place, user);
}

static void
check_program (NxDoctor *doctor, const char *place, const char *program)
{
	g_autofree char *full = g_strconcat (doctor->root, program, NULL);
	struct stat info;

	if (*program != '/')
		return;
	if (stat (full, &info) != 0)
		nx_findings_add (
			doctor->findings, NX_LEVEL_ERROR, "name the program that is",
			"A program that cannot be started ends with 127: most mail servers then drop the bounce.",
			"%s: %s is not there", place, program);
	else if ((info.st_mode & S_IXOTH) == 0)
		nx_findings_add (
			doctor->findings, NX_LEVEL_ERROR, "chmod +x it",
			"A program that cannot be started ends with 126: most mail servers then drop the bounce.",
			"%s: %s may not be executed by everybody", place, program);
}

/* What a wrapper does is its own business. */
static gboolean
delivers (const char *program, const char *command)
{
	g_auto (GStrv) words = g_strsplit_set (command, " \t\"'", -1);
	const char *slash = strrchr (program, '/');

	return strcmp (slash == NULL ? program : slash + 1, "nixie") != 0 ||
	       g_strv_contains ((const char *const *)words, "deliver");
}

void
nx_doctor_check_call (NxDoctor *doctor, const char *place, const char *command, const char *user)
{
	g_autofree char *program = nx_doctor_find_program (command);

	if (program == NULL)
		return;
	doctor->calls++;
	check_program (doctor, place, program);
	if (!delivers (program, command))
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "write nixie deliver, with --list NAME before it",
				 "Only deliver ends with 0 and 75 alone; any other status loses the bounce.",
				 "%s: nixie is not told to deliver", place);
	if (user != NULL)
		check_user (doctor, place, user);
}

/* ---- aliases, .forward, .courier ---- */

static gboolean
exists (const NxDoctor *doctor, const char *path)
{
	g_autofree char *full = g_strconcat (doctor->root, path, NULL);

	/* Below another root a link may lead nowhere. */
	return g_file_test (full, G_FILE_TEST_EXISTS) || g_file_test (full, G_FILE_TEST_IS_SYMLINK);
}

/* As whom programs of the system's aliases run, by the mail server that is installed; NULL for one's own choice. */
static const char *
find_alias_user (const NxDoctor *doctor)
{
	static const struct {
		const char *path;
		const char *user;
	} servers[] = {
		{ "/etc/postfix/main.cf", "nobody" },
		{ "/etc/mail/sendmail.cf", "mail" },
		{ "/etc/smtpd.conf", "opensmtpd" },
	};

	for (guint i = 0; i < G_N_ELEMENTS (servers); i++) {
		if (exists (doctor, servers[i].path))
			return servers[i].user;
	}
	return NULL;
}

/* smrsh runs only what has a link in its folder, by the last part of its name. */
static void
check_smrsh (NxDoctor *doctor, const char *place, const char *command)
{
	g_autofree char *program = nx_doctor_find_program (command);
	g_autofree char *name = program == NULL ? NULL : g_path_get_basename (program);
	g_autofree char *debian = g_strconcat ("/etc/mail/smrsh/", name, NULL);
	g_autofree char *other = g_strconcat ("/etc/smrsh/", name, NULL);

	if (name == NULL || !exists (doctor, "/etc/mail/sendmail.cf") || exists (doctor, debian) ||
	    exists (doctor, other))
		return;
	nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "ln -s the program into it, where sendmail uses smrsh",
			 "The shell of Sendmail runs only what has a link there.",
			 "%s: %s has no link in /etc/mail/smrsh", place, name);
}

/* "name: "|program"", one a line; what goes on behind white space belongs to it, and has a place of its own. */
static void
check_pipes (NxDoctor *doctor, const char *path, const char *user, gboolean system_wide)
{
	g_autofree char *text = NULL;
	g_auto (GStrv) lines = NULL;

	nx_doctor_read (doctor, path, &text);
	lines = text == NULL ? NULL : g_strsplit (text, "\n", -1);
	for (guint i = 0; lines != NULL && lines[i] != NULL; i++) {
		const char *pipe = *lines[i] == '#' ? NULL : strchr (lines[i], '|');
		g_autofree char *place = g_strdup_printf ("%s%s:%u", doctor->root, path, i + 1);
		g_autofree char *program = pipe == NULL ? NULL : nx_doctor_find_program (pipe);

		if (program == NULL)
			continue;
		nx_doctor_check_call (doctor, place, pipe, user);
		if (system_wide)
			check_smrsh (doctor, place, pipe);
	}
}

void
nx_doctor_check_aliases (NxDoctor *doctor)
{
	static const char *const tables[] = { "/etc/aliases", "/etc/mail/aliases", "/etc/postfix/aliases" };
	static const char *const names[] = { ".forward", ".courier" };
	g_auto (GStrv) homes = nx_doctor_list_homes (doctor->root);
	g_autofree char *privs = NULL;
	const char *user = find_alias_user (doctor);

	doctor->findings->area = "aliases";
	privs = g_strcmp0 (user, "nobody") == 0 ? nx_doctor_dup_postfix_value (doctor, "default_privs") : NULL;
	for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
		check_pipes (doctor, tables[i], privs == NULL ? user : privs, TRUE);
	for (guint i = 0; homes[i] != NULL; i++) {
		const char *home = nx_doctor_split_home (homes[i]);

		for (guint j = 0; j < G_N_ELEMENTS (names); j++) {
			g_autofree char *path = g_strdup_printf ("%s/%s", home, names[j]);

			check_pipes (doctor, path, homes[i], FALSE);
		}
	}
}

void
nx_doctor_check_mail (NxDoctor *doctor)
{
	nx_doctor_check_postfix (doctor);
	nx_doctor_check_exim (doctor);
	nx_doctor_check_opensmtpd (doctor);
	nx_doctor_check_aliases (doctor);
	nx_doctor_check_procmail (doctor);
	nx_doctor_check_maildrop (doctor);
	nx_doctor_check_sieve (doctor);
	doctor->findings->area = "mail server";
	if (doctor->calls == 0)
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "see README.md, Behind a mail server",
				 "Looked at were the files of Postfix, Exim, Sendmail, OpenSMTPD, Courier, procmail, "
				 "maildrop and Dovecot.",
				 "no file of a mail server calls nixie");
	else
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL,
				 "%u line%s of mail servers' files call%s nixie", doctor->calls,
				 doctor->calls == 1 ? "" : "s", doctor->calls == 1 ? "s" : "");
}
