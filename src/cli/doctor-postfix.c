/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * doctor-postfix.c: nixie doctor: transports that run nixie, in the files of Postfix, Exim and OpenSMTPD.
 */
#include <string.h>

#include "doctor.h"

/* A logical line: what begins with white space goes on with the one before it. */
typedef struct {
	char *text;
	guint number;
} Line;

static void
free_line (gpointer data)
{
	g_free (((Line *)data)->text);
	g_free (data);
}

static GPtrArray *
split_logical (const char *text)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func (free_line);
	g_auto (GStrv) raw = g_strsplit (text == NULL ? "" : text, "\n", -1);

	for (guint i = 0; raw[i] != NULL; i++) {
		Line *last = lines->len == 0 ? NULL : g_ptr_array_index (lines, lines->len - 1);
		const char *start = raw[i] + strspn (raw[i], " \t");

		if (*start == '\0' || *start == '#')
			continue;
		if (start != raw[i] && last != NULL) {
			g_autofree char *before = last->text;

			last->text = g_strconcat (before, " ", start, NULL);
			continue;
		}
		last = g_new0 (Line, 1);
		last->text = g_strdup (start);
		last->number = i + 1;
		g_ptr_array_add (lines, last);
	}
	return lines;
}

/* ---- Postfix ---- */

char *
nx_doctor_dup_postfix_value (NxDoctor *doctor, const char *key)
{
	g_autofree char *text = NULL;
	g_autoptr (GPtrArray) lines = NULL;
	char *value = NULL;

	nx_doctor_read (doctor, "/etc/postfix/main.cf", &text);
	lines = split_logical (text);
	for (guint i = 0; i < lines->len; i++) {
		const char *line = ((const Line *)g_ptr_array_index (lines, i))->text;
		const char *equals = strchr (line, '=');
		g_autofree char *name = equals == NULL ? NULL : g_strstrip (g_strndup (line, (gsize)(equals - line)));

		if (name == NULL || strcmp (name, key) != 0)
			continue;
		/* The last one holds. */
		g_free (value);
		value = g_strstrip (g_strdup (equals + 1));
	}
	return value;
}

/* "user=bounce" of "user=bounce:group". */
static char *
dup_attribute (const char *const *words, const char *name)
{
	for (; *words != NULL; words++) {
		gsize length = strlen (name);

		if (g_str_has_prefix (*words, name) && (*words)[length] == '=')
			return g_strdup (*words + length + 1);
	}
	return NULL;
}

static void
check_postfix_limit (NxDoctor *doctor, const char *place, const char *service)
{
	g_autofree char *key = g_strconcat (service, "_destination_recipient_limit", NULL);
	g_autofree char *cure = g_strconcat ("add to main.cf: ", key, " = 1", NULL);
	g_autofree char *value = nx_doctor_dup_postfix_value (doctor, key);

	if (value == NULL)
		value = nx_doctor_dup_postfix_value (doctor, "default_destination_recipient_limit");
	if (g_strcmp0 (value, "1") == 0)
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL, "%s: %s = 1", place, key);
	else
		nx_findings_add (
			doctor->findings, NX_LEVEL_ERROR, cure,
			"Otherwise one call of nixie stands for several recipients, and all but the first return "
			"path are lost.",
			"%s: %s is not 1", place, key);
}

static void
check_postfix_envelope (NxDoctor *doctor, const char *place, const char *line, const char *flags)
{
	if ((flags != NULL && strpbrk (flags, "DO") != NULL) || strstr (line, "${recipient}") != NULL ||
	    strstr (line, "${original_recipient}") != NULL)
		return;
	nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "add flags=DRhu, or --envelope-to ${recipient}",
			 "The return path says best whose subscription a report is about.",
			 "%s: nixie is not told which address the bounce came to", place);
}

static void
check_postfix_service (NxDoctor *doctor, const Line *line)
{
	g_autofree char *place = g_strdup_printf ("%s/etc/postfix/master.cf:%u", doctor->root, line->number);
	const char *argv = strstr (line->text, "argv=");
	g_autofree char *program = argv == NULL ? NULL : nx_doctor_find_program (argv + strlen ("argv="));
	g_autofree char *plain = g_strndup (line->text, argv == NULL ? 0 : (gsize)(argv - line->text));
	g_auto (GStrv) words = g_strsplit_set (plain, " \t", -1);
	g_autofree char *user = dup_attribute ((const char *const *)words, "user");
	g_autofree char *flags = dup_attribute ((const char *const *)words, "flags");

	if (program == NULL)
		return;
	if (user != NULL)
		user[strcspn (user, ":")] = '\0';
	else
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "add user=NAME, the owner of the database",
				 "pipe(8) of Postfix does not start without it.", "%s: has no user=", place);
	nx_doctor_check_call (doctor, place, argv + strlen ("argv="), user);
	check_postfix_limit (doctor, place, words[0]);
	check_postfix_envelope (doctor, place, line->text, flags);
}

/* "lmtp:unix:private/nixie": below the queue's folder, also where the client is in no chroot. */
static void
check_socket (NxDoctor *doctor, const char *place, const char *name)
{
	g_autofree char *path = g_strconcat (doctor->root, *name == '/' ? "" : "/var/spool/postfix/", name, NULL);

	doctor->calls++;
	if (g_file_test (path, G_FILE_TEST_EXISTS))
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL, "%s: the socket %s is there", place, path);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "start nixie serve there, or mend the path",
				 "contrib/systemd has a socket unit, and postfix-socket.conf for Postfix.",
				 "%s: the socket %s is not there, so every bounce waits", place, path);
}

static void
check_lmtp (NxDoctor *doctor, const char *path)
{
	static const char scheme[] = "lmtp:unix:";
	g_autofree char *text = NULL;
	g_autoptr (GPtrArray) lines = NULL;

	nx_doctor_read (doctor, path, &text);
	lines = split_logical (text);
	for (guint i = 0; i < lines->len; i++) {
		const Line *line = g_ptr_array_index (lines, i);
		const char *start = strstr (line->text, scheme);
		g_autofree char *place = g_strdup_printf ("%s%s:%u", doctor->root, path, line->number);
		g_autofree char *name = start == NULL ? NULL : g_strdup (start + strlen (scheme));

		if (name == NULL)
			continue;
		name[strcspn (name, " \t,")] = '\0';
		if (strstr (name, "nixie") != NULL)
			check_socket (doctor, place, name);
	}
}

void
nx_doctor_check_postfix (NxDoctor *doctor)
{
	static const char *const tables[] = { "/etc/postfix/main.cf", "/etc/postfix/transport",
					      "/etc/postfix/transport.regexp", "/etc/postfix/transport.pcre" };
	g_autofree char *text = NULL;
	g_autofree char *delimiter = NULL;
	g_autoptr (GPtrArray) lines = NULL;

	doctor->findings->area = "postfix";
	nx_doctor_read (doctor, "/etc/postfix/master.cf", &text);
	if (text == NULL)
		return;
	lines = split_logical (text);
	for (guint i = 0; i < lines->len; i++)
		check_postfix_service (doctor, g_ptr_array_index (lines, i));
	for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
		check_lmtp (doctor, tables[i]);
	delimiter = nx_doctor_dup_postfix_value (doctor, "recipient_delimiter");
	if (delimiter != NULL && strchr (delimiter, '+') != NULL)
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL, "recipient_delimiter has +");
	else
		nx_findings_add (
			doctor->findings, NX_LEVEL_WARNING, "add to main.cf: recipient_delimiter = +",
			"Without it mail to news-bounces+reader=example.org@ is to an unknown user, unless a table "
			"of yours takes it.",
			"%s/etc/postfix/main.cf: recipient_delimiter has no +", doctor->root);
}

/* ---- Exim ---- */

/* A transport's options, by name. */
typedef struct {
	const char *path;
	GHashTable *options;
	guint line;
} Transport;

static void
check_exim_patience (NxDoctor *doctor, const char *place, const Transport *transport)
{
	const char *errors = g_hash_table_lookup (transport->options, "temp_errors");
	g_auto (GStrv) codes = g_strsplit_set (errors == NULL ? "" : errors, ": \t", -1);

	if (g_hash_table_contains (transport->options, "ignore_status"))
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "take ignore_status out", NULL,
				 "%s: ignore_status: a bounce that nixie could not take is lost", place);
	else if (errors == NULL)
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "add temp_errors = *",
				 "Exim knows 75 by itself; a program that cannot be started, or crashes, freezes the "
				 "bounce, and frozen ones are dropped in the end.",
				 "%s: temp_errors is not set", place);
	else if (strcmp (errors, "*") != 0 && !g_strv_contains ((const char *const *)codes, "75"))
		nx_findings_add (doctor->findings, NX_LEVEL_ERROR, "write temp_errors = *", NULL,
				 "%s: temp_errors without 75: a bounce that nixie could not take is lost", place);
	else
		nx_findings_add (doctor->findings, NX_LEVEL_OK, NULL, NULL, "%s: temp_errors = %s", place, errors);
}

static void
finish_transport (NxDoctor *doctor, const Transport *transport)
{
	const char *command = g_hash_table_lookup (transport->options, "command");
	const char *user = g_hash_table_lookup (transport->options, "user");
	g_autofree char *program = command == NULL ? NULL : nx_doctor_find_program (command);
	g_autofree char *place = g_strdup_printf ("%s%s:%u", doctor->root, transport->path, transport->line);

	if (program == NULL || g_strcmp0 (g_hash_table_lookup (transport->options, "driver"), "pipe") != 0)
		return;
	if (user == NULL)
		nx_findings_add (doctor->findings, NX_LEVEL_WARNING, "add user = NAME, the owner of the database",
				 "A router may set it; nixie doctor does not look at routers.", "%s: has no user",
				 place);
	/* What begins with $ is expanded by Exim. */
	nx_doctor_check_call (doctor, place, command, user == NULL || *user == '$' ? NULL : user);
	check_exim_patience (doctor, place, transport);
}

static void
add_exim_option (Transport *transport, const char *line)
{
	const char *equals = strchr (line, '=');
	g_autofree char *name = g_strndup (line, equals == NULL ? strlen (line) : (gsize)(equals - line));

	g_strstrip (name);
	g_hash_table_replace (transport->options, g_strdup (name),
			      g_strstrip (g_strdup (equals == NULL ? "" : equals + 1)));
}

/* A name with ":" behind it begins a transport (or a router, whose driver is another). */
static void
check_exim_file (NxDoctor *doctor, const char *path)
{
	g_autofree char *text = NULL;
	g_auto (GStrv) lines = NULL;
	Transport transport = { .path = path };

	nx_doctor_read (doctor, path, &text);
	if (text == NULL)
		return;
	transport.options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
	lines = g_strsplit (text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		char *line = g_strstrip (lines[i]);
		gsize length = strlen (line);

		if (length == 0 || *line == '#')
			continue;
		if (line[length - 1] == ':' || g_str_has_prefix (line, "begin ")) {
			finish_transport (doctor, &transport);
			g_hash_table_remove_all (transport.options);
			transport.line = i + 1;
		} else {
			add_exim_option (&transport, line);
		}
	}
	finish_transport (doctor, &transport);
	g_hash_table_unref (transport.options);
}

void
nx_doctor_check_exim (NxDoctor *doctor)
{
	static const char *const paths[] = { "/etc/exim4/exim4.conf", "/etc/exim4/exim4.conf.template",
					     "/etc/exim/exim.conf", "/etc/exim.conf" };
	g_auto (GStrv) parts = nx_doctor_list_files (doctor, "/etc/exim4/conf.d/transport", "");

	doctor->findings->area = "exim";
	for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
		check_exim_file (doctor, paths[i]);
	for (guint i = 0; parts[i] != NULL; i++)
		check_exim_file (doctor, parts[i]);
}

/* ---- OpenSMTPD ---- */

void
nx_doctor_check_opensmtpd (NxDoctor *doctor)
{
	g_autofree char *text = NULL;
	g_autoptr (GPtrArray) lines = NULL;

	doctor->findings->area = "opensmtpd";
	nx_doctor_read (doctor, "/etc/smtpd.conf", &text);
	lines = split_logical (text);
	for (guint i = 0; i < lines->len; i++) {
		const Line *line = g_ptr_array_index (lines, i);
		const char *mda = strstr (line->text, " mda ");
		g_autofree char *place = g_strdup_printf ("%s/etc/smtpd.conf:%u", doctor->root, line->number);

		if (mda != NULL)
			nx_doctor_check_call (doctor, place, mda + strlen (" mda "), NULL);
	}
}
