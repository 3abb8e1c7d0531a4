/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sympa.c: the driver for Sympa, by the tables of its database: subscriber_table, user_table, exclusion_table.
 *
 * Suspending is Sympa's own suspension (suspend_subscriber), which readers use too. It is known by its end, the last
 * second that the column can hold, so that what a reader has suspended himself stays his. A member who comes from
 * another source (inclusion_subscriber) and is removed is put into exclusion_table, or the next synchronisation would
 * bring him back. Sympa's scores and bounces are left to Sympa, and forgotten when a reader is restored or gets another
 * address.
 */
#include "driver.h"

#include <string.h>

#include "sql.h"

/* 2038-01-19T03:14:06Z: the mark of a suspension that is nixie's. */
#define MARK "2147483646"

static char *database;
static char *list_name;
static char *robot;

static const GOptionEntry options[] = {
	{ "database", 0, 0, G_OPTION_ARG_STRING, &database,
	  "sqlite:PATH, or postgresql://… or \"host=… dbname=… passfile=…\" as libpq takes it", "DATABASE" },
	{ "list", 0, 0, G_OPTION_ARG_STRING, &list_name, "the list's name: news", "NAME" },
	{ "robot", 0, 0, G_OPTION_ARG_STRING, &robot, "its domain: lists.example.org", "DOMAIN" },
	G_OPTION_ENTRY_NULL,
};

/* @included: he comes from another source. @suspended: by whomever; @ours: by nixie. */
typedef struct {
	gboolean found;
	gboolean included;
	gboolean suspended;
	gboolean ours;
} Member;

static NxSql *
open_sympa (GError **error)
{
	if (!nx_driver_require ("--database", database, error) || !nx_driver_require ("--list", list_name, error) ||
	    !nx_driver_require ("--robot", robot, error))
		return NULL;
	return nx_sql_open (database, error);
}

static gboolean
run (NxSql *sql, const char *statement, const char *address, const char *more, GError **error)
{
	const char *const values[] = { list_name, robot, address, more, NULL };

	return nx_sql_run (sql, statement, values, NULL, NULL, NULL, error);
}

static gboolean
take_member (const char *const *fields, gpointer user_data)
{
	Member *member = user_data;

	member->found = TRUE;
	member->included = fields[0] != NULL;
	member->suspended = g_strcmp0 (fields[1], "1") == 0;
	member->ours = member->suspended && g_strcmp0 (fields[2], MARK) == 0;
	return FALSE;
}

static gboolean
find_member (NxSql *sql, const char *address, Member *member_out, GError **error)
{
	const char *const values[] = { list_name, robot, address, NULL };

	*member_out = (Member){ FALSE, FALSE, FALSE, FALSE };
	return nx_sql_run (sql,
			   "SELECT inclusion_subscriber, suspend_subscriber, suspend_end_date_subscriber"
			   " FROM subscriber_table"
			   " WHERE list_subscriber = $1 AND robot_subscriber = $2 AND user_subscriber = $3",
			   values, take_member, member_out, NULL, error);
}

static gboolean
note_absence (const char *address)
{
	nx_driver_note ("%s is no member of %s@%s: nothing to do", address, list_name, robot);
	return TRUE;
}

static gboolean
suspend_member (NxSql *sql, const NxDriverCall *call, const char *address, GError **error)
{
	g_autofree char *date = g_strdup_printf ("%" G_GINT64_FORMAT, CLAMP (call->date, 0, G_MAXINT32 - 2));
	Member member;

	if (!find_member (sql, address, &member, error))
		return FALSE;
	if (!member.found)
		return note_absence (address);
	if (member.suspended) {
		nx_driver_note ("%s is suspended on %s@%s: nothing to do", address, list_name, robot);
		return TRUE;
	}
	return !nx_driver_begin ("suspend %s on %s@%s", address, list_name, robot) ||
	       run (sql,
		    "UPDATE subscriber_table SET suspend_subscriber = 1, suspend_start_date_subscriber = $4,"
		    " suspend_end_date_subscriber = " MARK
		    " WHERE list_subscriber = $1 AND robot_subscriber = $2 AND user_subscriber = $3",
		    address, date, error);
}

static gboolean
restore_member (NxSql *sql, const char *address, GError **error)
{
	Member member;

	if (!find_member (sql, address, &member, error))
		return FALSE;
	if (!member.found)
		return note_absence (address);
	if (!member.ours) {
		nx_driver_note ("%s is %s on %s@%s: nothing to do", address,
				member.suspended ? "suspended by himself" : "active", list_name, robot);
		return TRUE;
	}
	return !nx_driver_begin ("restore %s on %s@%s", address, list_name, robot) ||
	       run (sql,
		    "UPDATE subscriber_table SET suspend_subscriber = 0, suspend_start_date_subscriber = NULL,"
		    " suspend_end_date_subscriber = NULL, bounce_subscriber = NULL, bounce_score_subscriber = 0,"
		    " bounce_address_subscriber = NULL"
		    " WHERE list_subscriber = $1 AND robot_subscriber = $2 AND user_subscriber = $3",
		    address, NULL, error);
}

static char *
get_now (void)
{
	return g_strdup_printf ("%" G_GINT64_FORMAT, g_get_real_time () / G_USEC_PER_SEC);
}

static gboolean
exclude (NxSql *sql, const char *address, const Member *member, GError **error)
{
	g_autofree char *now = get_now ();

	return !member->included ||
	       run (sql,
		    "INSERT INTO exclusion_table"
		    " (list_exclusion, robot_exclusion, user_exclusion, family_exclusion, date_exclusion)"
		    " SELECT CAST($1 AS varchar(50)), CAST($2 AS varchar(80)), CAST($3 AS varchar(100)), '',"
		    " CAST($4 AS integer) WHERE NOT EXISTS (SELECT 1 FROM exclusion_table"
		    " WHERE list_exclusion = $1 AND robot_exclusion = $2 AND user_exclusion = $3)",
		    address, now, error);
}

static gboolean
delete_member (NxSql *sql, const char *address, const Member *member, GError **error)
{
	return exclude (sql, address, member, error) &&
	       run (sql,
		    "DELETE FROM subscriber_table"
		    " WHERE list_subscriber = $1 AND robot_subscriber = $2 AND user_subscriber = $3",
		    address, NULL, error);
}

static gboolean
remove_member (NxSql *sql, const char *address, GError **error)
{
	Member member;

	if (!find_member (sql, address, &member, error))
		return FALSE;
	if (!member.found)
		return note_absence (address);
	return !nx_driver_begin ("remove %s from %s@%s%s", address, list_name, robot,
				 member.included ? ", and exclude it from what its sources include" : "") ||
	       delete_member (sql, address, &member, error);
}

static gboolean
add_user (NxSql *sql, const char *address, GError **error)
{
	const char *const values[] = { address, NULL };

	return nx_sql_run (sql,
			   "INSERT INTO user_table (email_user) SELECT CAST($1 AS varchar(100))"
			   " WHERE NOT EXISTS (SELECT 1 FROM user_table WHERE email_user = $1)",
			   values, NULL, NULL, NULL, error);
}

static gboolean
add_member (NxSql *sql, const char *address, GError **error)
{
	g_autofree char *now = get_now ();
	Member member;

	if (!find_member (sql, address, &member, error))
		return FALSE;
	if (member.found)
		return restore_member (sql, address, error);
	return !nx_driver_begin ("subscribe %s to %s@%s", address, list_name, robot) ||
	       (run (sql,
		     "DELETE FROM exclusion_table"
		     " WHERE list_exclusion = $1 AND robot_exclusion = $2 AND user_exclusion = $3",
		     address, NULL, error) &&
		add_user (sql, address, error) &&
		run (sql,
		     "INSERT INTO subscriber_table (list_subscriber, robot_subscriber, user_subscriber,"
		     " reception_subscriber, visibility_subscriber, date_epoch_subscriber, update_epoch_subscriber,"
		     " number_messages_subscriber, subscribed_subscriber)"
		     " VALUES ($1, $2, $3, 'mail', 'noconceal', CAST($4 AS integer), CAST($4 AS integer), 0, 1)",
		     address, now, error));
}

static gboolean
rename_member (NxSql *sql, const char *from, const char *to, const Member *old, GError **error)
{
	return exclude (sql, from, old, error) && add_user (sql, to, error) &&
	       run (sql,
		    "UPDATE subscriber_table SET user_subscriber = $4, subscribed_subscriber = 1,"
		    " inclusion_subscriber = NULL, inclusion_ext_subscriber = NULL, inclusion_label_subscriber = NULL,"
		    " bounce_subscriber = NULL, bounce_score_subscriber = 0, bounce_address_subscriber = NULL"
		    " WHERE list_subscriber = $1 AND robot_subscriber = $2 AND user_subscriber = $3",
		    from, to, error);
}

static gboolean
move_member (NxSql *sql, const char *from, const char *to, GError **error)
{
	Member old;
	Member new;

	if (!find_member (sql, from, &old, error) || !find_member (sql, to, &new, error))
		return FALSE;
	if (!old.found || strcmp (from, to) == 0)
		return note_absence (from);
	if (new.found)
		return remove_member (sql, from, error);
	return !nx_driver_begin ("change the address of %s on %s@%s to %s", from, list_name, robot, to) ||
	       rename_member (sql, from, to, &old, error);
}

static gboolean
perform (NxSql *sql, const NxDriverCall *call, GError **error)
{
	/* Sympa keeps all addresses in lower case. */
	g_autofree char *address = g_utf8_strdown (call->address, -1);
	g_autofree char *old_address = g_utf8_strdown (call->old_address, -1);

	switch (call->action) {
	case NX_DRIVER_SUSPEND:
		return suspend_member (sql, call, address, error);
	case NX_DRIVER_RESTORE:
		return restore_member (sql, address, error);
	case NX_DRIVER_REMOVE:
		return remove_member (sql, address, error);
	case NX_DRIVER_MOVE:
		return move_member (sql, old_address, address, error);
	case NX_DRIVER_ADD:
	default:
		return add_member (sql, address, error);
	}
}

static gboolean
apply (const NxDriverCall *call, GError **error)
{
	g_autoptr (NxSql) sql = open_sympa (error);

	return sql != NULL && nx_sql_begin (sql, error) && perform (sql, call, error) && nx_sql_commit (sql, error);
}

static gboolean
print_member (const char *const *fields, gpointer user_data)
{
	const char *delivery = "enabled";

	(void)user_data;
	if (g_strcmp0 (fields[2], "1") == 0)
		delivery = g_strcmp0 (fields[3], MARK) == 0 ? "by_bounces" : "by_user";
	else if (g_strcmp0 (fields[4], "nomail") == 0)
		delivery = "by_user";
	nx_driver_print_member (&(NxDriverMember){ fields[0], fields[1] == NULL ? "" : fields[1], delivery });
	return TRUE;
}

static gboolean
import (GError **error)
{
	g_autoptr (NxSql) sql = open_sympa (error);
	const char *const values[] = { list_name, robot, NULL };

	if (sql == NULL)
		return FALSE;
	nx_driver_print_header ();
	return nx_sql_run (sql,
			   "SELECT user_subscriber, comment_subscriber, suspend_subscriber,"
			   " suspend_end_date_subscriber, reception_subscriber FROM subscriber_table"
			   " WHERE list_subscriber = $1 AND robot_subscriber = $2 ORDER BY user_subscriber",
			   values, print_member, NULL, NULL, error);
}

const NxDriver nx_driver_sympa = {
	.name = "sympa",
	.summary = "Sympa, by its database (SQLite or PostgreSQL)",
	.about = "suspend   suspends the subscription until 2038-01-19; that date tells it from what readers suspend\n"
		 "restore   takes that back, and forgets the bounces that Sympa counted\n"
		 "remove    deletes the member; one who was included from another source is put into exclusion_table\n"
		 "move      gives the member the new address\n"
		 "add       subscribes, and takes the address out of exclusion_table\n"
		 "import    prints all members; suspended ones are by_bounces or by_user, \"nomail\" is by_user\n"
		 "\n"
		 "Where nixie reads the bounces, switch Sympa's bounced off.\n",
	.example = "  hook = /usr/lib/nixie/nixie-driver sympa --database \"host=localhost dbname=sympa user=nixie "
		   "passfile=/etc/nixie/pgpass\" --list news --robot lists.example.org\n",
	.options = options,
	.import = import,
	.apply = apply,
};
