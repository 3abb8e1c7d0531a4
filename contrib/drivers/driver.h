/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * driver.h: what the drivers of list managers share: the call of a hook, and what a driver is made of.
 *
 * nixie-driver is the program that [list NAME] hook names (nixie(1), run). A driver reads what the list manager has
 * before it changes anything, so that a call made twice does what it does once, and one that was killed in between is
 * finished by the next. It never unsubscribes, subscribes or enables anybody whom the list manager has changed
 * otherwise meanwhile: who has left is not brought back by "restore".
 *
 * Errors are NX_ERROR's: NX_ERROR_CONFIG and NX_ERROR_USAGE end with 78, all others with 75.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

/* A call on stdin. A list of text, a file of a list manager. The first line of a password file. */
#define NX_DRIVER_CALL_BYTES 65536
#define NX_DRIVER_FILE_BYTES (256u << 20)
#define NX_DRIVER_SECRET_BYTES 4096

typedef enum {
	NX_DRIVER_SUSPEND,
	NX_DRIVER_RESTORE,
	NX_DRIVER_REMOVE,
	NX_DRIVER_MOVE,
	NX_DRIVER_ADD,
	NX_DRIVER_ACTIONS,
} NxDriverAction;

/**
 * NxDriverCall: what nixie run writes to a hook. Texts are never NULL.
 * @id: of this call alone. @date: seconds since 1970, or 0. @text: the JSON object as it came.
 * @old_address: with NX_DRIVER_MOVE, else "". Both addresses have been checked: no control characters, local@domain.
 */
typedef struct {
	char *list;
	char *list_address;
	char *address;
	char *old_address;
	char *cause;
	char *text;
	gint64 id;
	gint64 date;
	double score;
	NxDriverAction action;
} NxDriverCall;

/**
 * nx_driver_call_parse: @text: of a file descriptor or a test. Returns: (transfer full) (nullable)
 */
NxDriverCall *nx_driver_call_parse (const char *text, GError **error);

/**
 * nx_driver_call_read: all of stdin, up to NX_DRIVER_CALL_BYTES.
 */
NxDriverCall *nx_driver_call_read (GError **error);
void nx_driver_call_free (NxDriverCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxDriverCall, nx_driver_call_free)

/**
 * nx_driver_is_same: nx_address_equal(), fast for the many that are different: a list is looked through.
 */
gboolean nx_driver_is_same (const char *a, const char *b);

const char *nx_driver_action_get_name (NxDriverAction action);

/**
 * NxDriverMember: a line of "import". @delivery: "enabled", "by_bounces", "by_user", "by_moderator" or "unknown", which
 * are Mailman's words; "" when the list manager does not know.
 */
typedef struct {
	const char *address;
	const char *name;
	const char *delivery;
} NxDriverMember;

/**
 * nx_driver_print_header, nx_driver_print_member: CSV for nixie subscriber import.
 */
void nx_driver_print_header (void);
void nx_driver_print_member (const NxDriverMember *member);

/**
 * nx_driver_begin: to be asked before each change. @format: what it does, as "set the delivery of %s to %s".
 * Returns: FALSE with --dry-run: it has been printed, and is not to be done.
 */
gboolean nx_driver_begin (const char *format, ...) G_GNUC_PRINTF (1, 2);

/**
 * nx_driver_note: why there is nothing to do, for who tries a driver by hand; nixie throws it away.
 */
void nx_driver_note (const char *format, ...) G_GNUC_PRINTF (1, 2);

/**
 * nx_driver_require: FALSE with NX_ERROR_CONFIG, naming the option, when @value is NULL or "".
 */
gboolean nx_driver_require (const char *option, const char *value, GError **error);

/**
 * nx_driver_read_secret: the first line of @path. Returns: (transfer full) (nullable)
 */
char *nx_driver_read_secret (const char *path, GError **error);

/**
 * NxDriver: one list manager. @about and @example: for --help.
 * @import: prints the members. @apply: does what the call says.
 */
typedef struct {
	const char *name;
	const char *summary;
	const char *about;
	const char *example;
	const GOptionEntry *options;
	gboolean (*import) (GError **error);
	gboolean (*apply) (const NxDriverCall *call, GError **error);
} NxDriver;

extern const NxDriver nx_driver_exec;
extern const NxDriver nx_driver_ezmlm;
extern const NxDriver nx_driver_listmonk;
extern const NxDriver nx_driver_mailman3;
extern const NxDriver nx_driver_majordomo;
extern const NxDriver nx_driver_mlmmj;
extern const NxDriver nx_driver_sympa;

G_END_DECLS
