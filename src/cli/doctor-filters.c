/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * doctor-filters.c: nixie doctor: recipes that pipe a mail into nixie: procmail, maildrop, Sieve. These lose it, or put
 * it into an inbox, unless they are told what to do when nixie says 75.
 */
#include <string.h>

#include "doctor.h"

static char *
make_place (const NxDoctor *doctor, const char *path, guint line)
{
	return g_strdup_printf ("%s%s:%u", doctor->root, path, line);
}

/* Calls @func with the lines of each file: those that are system-wide, and those in the homes. */
typedef void (*FileFunc) (NxDoctor *doctor, const char *path, char *const *lines);

static void
read_lines (NxDoctor *doctor, const char *path, FileFunc func)
{
	g_autofree char *text = NULL;
	g_auto (GStrv) lines = NULL;

	nx_doctor_read (doctor, path, &text);
	if (text == NULL)
		return;
	lines = g_strsplit (text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++)
		g_strstrip (lines[i]);
	func (doctor, path, lines);
}

static void
read_homes (NxDoctor *doctor, const char *name, FileFunc func)
{
	g_auto (GStrv) homes = nx_doctor_list_homes (doctor->root);

	for (guint i = 0; homes[i] != NULL; i++) {
		g_autofree char *path = g_strdup_printf ("%s/%s", nx_doctor_split_home (homes[i]), name);

		doctor->user = homes[i];
		read_lines (doctor, path, func);
		doctor->user = NULL;
	}
}

/* "KEY=VALUE", with or without blanks and quotes, before a line that begins with @stop (or the end). */
static gboolean
has_setting (char *const *lines, guint from, const char *key, const char *value, const char *stop)
{
	for (guint i = from; lines[i] != NULL && !g_str_has_prefix (lines[i], stop); i++) {
		g_auto (GStrv) parts = g_strsplit (lines[i], "=", 2);

		if (g_strv_length (parts) != 2 || strcmp (g_strstrip (parts[0]), key) != 0)
			continue;
		parts[1][strcspn (parts[1], "#")] = '\0';
		g_strdelimit (parts[1], "\"'", ' ');
		if (strcmp (g_strstrip (parts[1]), value) == 0)
			return TRUE;
	}
	return FALSE;
}

/* ---- procmail ---- */

static void
judge_recipe (NxDoctor *doctor, const char *place, const char *flags, char *const *lines, guint behind)
{
	if (strpbrk (flags, "wW") == NULL)
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "begin the recipe with \":0 w\"",
				 "procmail does not wait for the program, and takes the mail for delivered.",
				 "%s: the recipe has no w: a bounce that nixie cannot take is lost", place);
	else if (!has_setting (lines, behind, "EXITCODE", "75", ":0"))
		nx_findings_add (
			doctor->findings, NX_LEVEL_ERROR, "write EXITCODE=75 and HOST= behind the recipe",
			"EXITCODE=$? would not do: a crash loses the mail.",
			"%s: no EXITCODE=75 behind the recipe: what nixie cannot take ends in the inbox, or is lost",
			place);
	else if (!has_setting (lines, behind, "HOST", "", ":0"))
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "write HOST= behind EXITCODE=75",
				 "HOST= ends procmail there, with the status that was set.",
				 "%s: no HOST= behind EXITCODE=75: what nixie cannot take ends in the inbox", place);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL,
				 "%s: the recipe keeps what nixie cannot take", place);
}

static void
check_procmail_file (NxDoctor *doctor, const char *path, char *const *lines)
{
	const char *flags = NULL;

	for (guint i = 0; lines[i] != NULL; i++) {
		g_autofree char *place = make_place (doctor, path, i + 1);
		g_autofree char *program = *lines[i] == '|' ? nx_doctor_find_program (lines[i]) : NULL;

		if (g_str_has_prefix (lines[i], ":0"))
			flags = lines[i] + 2;
		if (program == NULL || flags == NULL)
			continue;
		nx_doctor_check_call (doctor, place, lines[i], doctor->user);
		judge_recipe (doctor, place, flags, lines, i + 1);
	}
}

void
nx_doctor_check_procmail (NxDoctor *doctor)
{
	g_auto (GStrv) folder = nx_doctor_list_files (doctor, "/etc/procmailrcs", "");

	doctor->findings->area = "procmail";
	read_lines (doctor, "/etc/procmailrc", check_procmail_file);
	for (guint i = 0; folder[i] != NULL; i++)
		read_lines (doctor, folder[i], check_procmail_file);
	read_homes (doctor, ".procmailrc", check_procmail_file);
}

/* ---- maildrop ---- */

static gboolean
is_exit (char *const *lines, guint from)
{
	for (guint i = from; lines[i] != NULL; i++) {
		if (strcmp (lines[i], "exit") == 0)
			return TRUE;
	}
	return FALSE;
}

static void
judge_maildrop (NxDoctor *doctor, const char *place, const char *line, gboolean guarded, char *const *lines,
		guint behind)
{
	if (g_str_has_prefix (line, "cc"))
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "write to, in exception { }",
				 "cc goes on whatever the program says, and $RETURNCODE is not set by it.",
				 "%s: cc: a bounce that nixie cannot take is lost", place);
	else if (!guarded)
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR,
				 "write it in exception { }, EXITCODE=75 and exit behind",
				 "maildrop keeps the mail on 75 alone; a program that cannot be started loses it.",
				 "%s: to without exception { }", place);
	else if (!has_setting (lines, behind, "EXITCODE", "75", "to ") || !is_exit (lines, behind))
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "write EXITCODE=75 and exit behind it",
				 "Without them the mail is kept and put into the inbox too.",
				 "%s: no EXITCODE=75 and exit behind exception { }", place);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL, "%s: keeps what nixie cannot take", place);
}

static void
check_maildrop_file (NxDoctor *doctor, const char *path, char *const *lines)
{
	gboolean guarded = FALSE;

	for (guint i = 0; lines[i] != NULL; i++) {
		gboolean calls = strchr (lines[i], '|') != NULL &&
				 (strstr (lines[i], "to ") != NULL || g_str_has_prefix (lines[i], "cc "));
		g_autofree char *place = make_place (doctor, path, i + 1);
		g_autofree char *program = calls && *lines[i] != '#' ? nx_doctor_find_program (lines[i]) : NULL;

		if (g_str_has_prefix (lines[i], "exception"))
			guarded = TRUE;
		if (program != NULL) {
			nx_doctor_check_call (doctor, place, lines[i], doctor->user);
			judge_maildrop (doctor, place, lines[i], guarded, lines, i + 1);
		}
		if (strchr (lines[i], '}') != NULL)
			guarded = FALSE;
	}
}

void
nx_doctor_check_maildrop (NxDoctor *doctor)
{
	doctor->findings->area = "maildrop";
	read_lines (doctor, "/etc/maildroprc", check_maildrop_file);
	read_lines (doctor, "/etc/courier/maildroprc", check_maildrop_file);
	read_homes (doctor, ".mailfilter", check_maildrop_file);
}

/* ---- Sieve ---- */

static void
judge_sieve (NxDoctor *doctor, const char *place, const char *line)
{
	gboolean asked = strstr (line, "if ") != NULL && strstr (line, "execute") != NULL;
	gboolean loses = strstr (line, "execute") != NULL || strstr (line, ":try") != NULL;

	if (asked)
		nx_findings_add (
			doctor->findings, NX_LEVEL_OK, NULL,
			"Sieve cannot ask the mail server to try again: what failed must go to a folder, which "
			"nixie scan reads later.",
			"%s: asks whether nixie took the bounce", place);
	else if (loses)
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR,
				 "if execute :pipe \"nixie-deliver\" { discard; } else { fileinto \"Retry\"; }",
				 "Nobody looks at what the program says.",
				 "%s: a bounce that nixie cannot take is lost", place);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING,
				 "if execute :pipe \"nixie-deliver\" { discard; } else { fileinto \"Retry\"; }",
				 "It is not tried again; nixie scan of the inbox would find it.",
				 "%s: a bounce that nixie cannot take ends in the inbox", place);
}

static void
check_sieve_file (NxDoctor *doctor, const char *path, char *const *lines)
{
	for (guint i = 0; lines[i] != NULL; i++) {
		gboolean calls = strstr (lines[i], "pipe") != NULL || strstr (lines[i], "execute") != NULL;
		g_autofree char *place = make_place (doctor, path, i + 1);
		g_autofree char *program = NULL;

		if (!calls || *lines[i] == '#' || g_str_has_prefix (lines[i], "require"))
			continue;
		program = nx_doctor_find_program (lines[i]);
		if (program == NULL)
			continue;
		doctor->calls++;
		judge_sieve (doctor, place, lines[i]);
	}
}

static void
read_folder (NxDoctor *doctor, const char *folder)
{
	g_auto (GStrv) paths = nx_doctor_list_files (doctor, folder, ".sieve");

	for (guint i = 0; paths[i] != NULL; i++)
		read_lines (doctor, paths[i], check_sieve_file);
}

void
nx_doctor_check_sieve (NxDoctor *doctor)
{
	static const char *const folders[] = { "/etc/dovecot/sieve", "/etc/dovecot", "/var/lib/dovecot/sieve" };
	g_auto (GStrv) homes = nx_doctor_list_homes (doctor->root);

	doctor->findings->area = "sieve";
	for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
		read_folder (doctor, folders[i]);
	for (guint i = 0; homes[i] != NULL; i++) {
		g_autofree char *folder = g_strconcat (nx_doctor_split_home (homes[i]), "/sieve", NULL);

		read_folder (doctor, folder);
	}
	read_homes (doctor, ".dovecot.sieve", check_sieve_file);
}
