/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mailer.c: see mailer.h.
 *
 * No word of the command line comes out of a mail: the return path is made of our list's address, and the recipient
 * stands in the message.
 */
#include "mailer.h"

#include "caps.h"
#include "program.h"

gboolean
nx_mailer_send (const char *const *command, const char *return_path, const char *message, GError **error)
{
	g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
	g_autoptr (GError) local = NULL;

	for (guint i = 0; command[i] != NULL; i++)
		g_ptr_array_add (arguments, (gpointer)(guintptr)command[i]);
	g_ptr_array_add (arguments, (gpointer)(guintptr) "-f");
	g_ptr_array_add (arguments, (gpointer)(guintptr)return_path);
	g_ptr_array_add (arguments, NULL);
	if (nx_program_run ((const char *const *)(void *)arguments->pdata, message, NULL, NX_CLI_MAILER_SECONDS,
			    &local))
		return TRUE;
	g_set_error (error, NX_ERROR, NX_ERROR_OUTPUT,
		     "%s; the mail was not sent. See sendmail in the group [notices] of the configuration",
		     local->message);
	return FALSE;
}
