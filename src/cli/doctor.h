/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * doctor.h: the parts of nixie doctor. Each looks at one thing and adds what it finds; none changes anything.
 */
#pragma once

#include "findings.h"

G_BEGIN_DECLS

/**
 * NxDoctor: @settings: NULL when they cannot be read. @database: a path, NULL when it is not known. @root: what stands
 * before the paths of other programs' files, "" for none. @user: whose file is being looked at, NULL for nobody's.
 * @now: Unix time. @calls: lines found that call nixie.
 */
typedef struct {
	NxCli *cli;
	NxFindings *findings;
	const NxSettings *settings;
	const char *database;
	const char *root;
	const char *user;
	gint64 now;
	guint calls;
} NxDoctor;

/**
 * nx_doctor_check_settings: rules, keys, templates, programs, lists' groups.
 * nx_doctor_check_lists: their addresses, owners and return paths, and the policy in force.
 * nx_doctor_check_database: the file, its folder, its health, what waits in it. Returns: (transfer full) (nullable).
 * nx_doctor_check_mail: all that calls nixie.
 */
void nx_doctor_check_settings (NxDoctor *doctor);
void nx_doctor_check_lists (NxDoctor *doctor, NxStore *store);
NxStore *nx_doctor_check_database (NxDoctor *doctor);
void nx_doctor_check_mail (NxDoctor *doctor);

/* ---- doctor-access.c: who may do what ---- */

/**
 * nx_doctor_find_user: in the passwd file below @root. Returns: FALSE when there is none of this name.
 */
gboolean nx_doctor_find_user (const char *root, const char *name, uid_t *uid_out, GArray **groups_out);

/**
 * nx_doctor_find_obstacle: what keeps somebody from writing the database: its folder, the file, what SQLite keeps
 * beside it. @groups: (element-type gid_t). Returns: (transfer full) (nullable): NULL when nothing does.
 */
char *nx_doctor_find_obstacle (const char *database, uid_t uid, const GArray *groups);

/**
 * nx_doctor_list_homes: "USER:FOLDER" of those in the passwd file, each folder once and without @root. Returns:
 * (transfer full). nx_doctor_split_home: cuts such a text to the user. Returns: the folder, borrowed.
 */
GStrv nx_doctor_list_homes (const char *root);
const char *nx_doctor_split_home (char *entry);

/* ---- doctor-mail.c: what the checks of all mail servers share ---- */

/**
 * nx_doctor_read: a file below the root. @text_out: (transfer full): NULL when it is not there; one that is there and
 * may not be read is a finding. nx_doctor_list_files: those in a folder whose names end in @suffix, sorted, as
 * nx_doctor_read() takes them.
 */
void nx_doctor_read (NxDoctor *doctor, const char *path, char **text_out);
GStrv nx_doctor_list_files (const NxDoctor *doctor, const char *folder, const char *suffix);

/**
 * nx_doctor_find_program: the word of a command that is nixie, or a program whose name begins with "nixie-". Returns:
 * (transfer full) (nullable).
 */
char *nx_doctor_find_program (const char *command);

/**
 * nx_doctor_check_call: a line that calls nixie: the program is there, and it is told to deliver. @user: (nullable):
 * as whom it runs: may he write the database? @place: "FILE:LINE".
 */
void nx_doctor_check_call (NxDoctor *doctor, const char *place, const char *command, const char *user);

/**
 * nx_doctor_dup_postfix_value: of a key in main.cf. Returns: (transfer full) (nullable).
 */
char *nx_doctor_dup_postfix_value (NxDoctor *doctor, const char *key);

/* ---- one function for each mail system's files ---- */

void nx_doctor_check_postfix (NxDoctor *doctor);
void nx_doctor_check_exim (NxDoctor *doctor);
void nx_doctor_check_opensmtpd (NxDoctor *doctor);
void nx_doctor_check_aliases (NxDoctor *doctor);
void nx_doctor_check_procmail (NxDoctor *doctor);
void nx_doctor_check_maildrop (NxDoctor *doctor);
void nx_doctor_check_sieve (NxDoctor *doctor);

G_END_DECLS
