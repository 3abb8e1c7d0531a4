/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * gmime-walk.c: what reading an mbox with GMime costs at the least: every message is parsed, every part visited,
 * nothing decoded and nothing judged. What nixie does is measured against that.
 *
 * gmime-walk MBOX: prints the number of messages and of parts.
 */
#include <gmime/gmime.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	guint64 messages;
	guint64 parts;
} Counts;

/* g_mime_message_foreach() does not go into messages that lie in a message. */
static void
count_cb (GMimeObject *parent, GMimeObject *part, gpointer user_data)
{
	Counts *counts = user_data;
	(void)parent;
	counts->parts++;
	if (!GMIME_IS_MESSAGE_PART (part))
		return;
	GMimeMessage *inner = g_mime_message_part_get_message (GMIME_MESSAGE_PART (part));
	if (inner != NULL)
		g_mime_message_foreach (inner, count_cb, counts);
}

int
main (int argc, char **argv)
{
	Counts counts = { 0 };
	int fd = argc == 2 ? open (argv[1], O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0) {
		fprintf (stderr, "gmime-walk: %s\n", argc == 2 ? strerror (errno) : "usage: gmime-walk MBOX");
		return EXIT_FAILURE;
	}
	g_mime_init ();
	GMimeStream *stream = g_mime_stream_fs_new (fd);
	GMimeParser *parser = g_mime_parser_new_with_stream (stream);
	g_mime_parser_set_format (parser, GMIME_FORMAT_MBOX);
	while (!g_mime_parser_eos (parser)) {
		GMimeMessage *message = g_mime_parser_construct_message (parser, NULL);
		if (message == NULL)
			break;
		counts.messages++;
		g_mime_message_foreach (message, count_cb, &counts);
		g_object_unref (message);
	}
	g_object_unref (parser);
	g_object_unref (stream);
	g_mime_shutdown ();
	printf ("%" G_GUINT64_FORMAT " messages, %" G_GUINT64_FORMAT " parts\n", counts.messages, counts.parts);
	return EXIT_SUCCESS;
}
