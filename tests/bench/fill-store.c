/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fill-store.c: fills a database through the library's public functions and tells what an event costs as it grows.
 *
 * fill-store DATABASE SUBSCRIBERS EVENTS SLICE [BATCH [FIRST]]
 *
 * Subscribers are added when the list is not there yet; then EVENTS events are recorded, as "nixie scan" does it: in
 * transactions of BATCH, incidents settled once at the end. After each SLICE events a line goes to stdout: events so
 * far, CPU and wall microseconds an event since the line before, bytes on disk; fields are parted by tabs. Lines that
 * begin with a word tell of the rest: subscribers, settle, open.
 *
 * The same arguments write the same rows. Subscribers are hit at random, all alike, which is the worst that can happen
 * to a page cache: real bounces come again and again from the same few. FIRST numbers the first event, to go on with a
 * database that was filled before.
 */
#include <nixie/nixie.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#define LIST "news"
#define DOMAINS 20000u
#define PROVIDERS 300u
#define POSTS 156u
#define WEEK 604800
/* 2023-06-05 10:00 UTC, a Monday. */
#define FIRST_POST 1685959200

typedef struct {
	gint64 cpu;
	gint64 wall;
} Clock;

static void
stop (GError *error)
{
	fprintf (stderr, "fill-store: %s\n", error != NULL ? error->message : "failed");
	exit (EXIT_FAILURE);
}

static gint64
read_clock (clockid_t which)
{
	struct timespec now;
	clock_gettime (which, &now);
	return (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static Clock
read_clocks (void)
{
	return (Clock){ read_clock (CLOCK_PROCESS_CPUTIME_ID), read_clock (CLOCK_MONOTONIC) };
}

/* The finalizer of splitmix64: numbers in a row become numbers all over. */
static guint64
mix (guint64 number)
{
	number += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
	number = (number ^ number >> 30) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
	number = (number ^ number >> 27) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
	return number ^ number >> 31;
}

static char *
make_address (guint64 number)
{
	guint64 mixed = mix (number);
	/* A third lives with five large providers. */
	guint64 domain = mixed % 3 == 0 ? mixed / 3 % 5 : mixed / 3 % DOMAINS;
	return g_strdup_printf ("r%08x.%" G_GUINT64_FORMAT "@d%" G_GUINT64_FORMAT ".example", (guint)(mixed >> 32),
				number, domain);
}

static gint64
get_size (const char *path)
{
	static const char *const ends[] = { "", "-wal" };
	gint64 size = 0;
	for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
		g_autofree char *name = g_strconcat (path, ends[i], NULL);
		struct stat info;
		size += stat (name, &info) == 0 ? info.st_size : 0;
	}
	return size;
}

static void
print_line (const char *what, Clock since, gint64 count, const char *path)
{
	Clock now = read_clocks ();
	double per = count > 0 ? (double)count : 1;
	printf ("%s\t%.2f\t%.2f\t%" G_GINT64_FORMAT "\n", what, (double)(now.cpu - since.cpu) / per,
		(double)(now.wall - since.wall) / per, get_size (path));
	fflush (stdout);
}

static void
begin (NxStore *store)
{
	GError *error = NULL;
	if (!nx_store_begin (store, &error))
		stop (error);
}

static void
commit (NxStore *store)
{
	GError *error = NULL;
	if (!nx_store_commit (store, &error))
		stop (error);
}

static void
add_subscribers (NxStore *store, guint64 count)
{
	GError *error = NULL;
	begin (store);
	if (!nx_store_add_list (store, LIST, "news@lists.example.org", &error))
		stop (error);
	for (guint64 i = 0; i < count; i++) {
		g_autofree char *address = make_address (i);
		if (!nx_store_add_subscriber (store, LIST, address, "", NULL, &error))
			stop (error);
		if (i % 10000 == 9999) {
			commit (store);
			begin (store);
		}
	}
	commit (store);
}

static void
set_text (char **place, char *text)
{
	g_free (*place);
	*place = text;
}

static NxEvent *
make_event (guint64 number, guint64 events, guint64 subscribers)
{
	static const struct {
		NxVerdict verdict;
		NxReason reason;
		const char *status;
		const char *text;
	} kinds[] = {
		{ NX_VERDICT_PERMANENT, NX_REASON_USER_UNKNOWN, "5.1.1",
		  "550 5.1.1 The email account that you tried to reach does not exist" },
		{ NX_VERDICT_TRANSIENT, NX_REASON_MAILBOX_FULL, "4.2.2",
		  "452 4.2.2 The email account that you tried to reach is over quota" },
		{ NX_VERDICT_BLOCKED, NX_REASON_REPUTATION, "5.7.1",
		  "554 5.7.1 Service unavailable; client host is listed by a block list" },
		{ NX_VERDICT_PERMANENT, NX_REASON_DOMAIN_UNKNOWN, "5.1.2", "550 5.1.2 Host or domain name not found" },
	};
	guint64 mixed = mix (number ^ G_GUINT64_CONSTANT (0xb0b0));
	guint64 kind = mixed % G_N_ELEMENTS (kinds);
	gint64 post = (gint64)(number * POSTS / events);
	gint64 sent = FIRST_POST + post * WEEK;
	NxEvent *event = nx_event_new ();
	event->kind = NX_KIND_FAILURE;
	event->verdict = kinds[kind].verdict;
	event->reason = kinds[kind].reason;
	nx_status_parse (kinds[kind].status, &event->status, NULL);
	event->reply = 550;
	event->proof = NX_PROOF_ORIGINAL;
	event->original_date = sent;
	event->date = sent + (gint64)(mixed / 7 % 40000);
	event->arrival = event->date + 2;
	set_text (&event->recipient, make_address (mixed / 5 % subscribers));
	set_text (&event->list, g_strdup ("news@lists.example.org"));
	set_text (&event->diagnostic, g_strdup (kinds[kind].text));
	set_text (&event->rule, g_strdup ("bench"));
	set_text (&event->message_id, g_strdup_printf ("<b%" G_GUINT64_FORMAT "@mx.example.net>", number));
	set_text (&event->original_message_id, g_strdup_printf ("<post%d@lists.example.org>", (int)post));
	set_text (&event->reporting_mta, g_strdup ("mail.lists.example.org"));
	set_text (&event->remote_mta,
		  g_strdup_printf ("mx%u.p%u.example", (guint)(mixed % 4), (guint)(mixed / 11 % PROVIDERS)));
	set_text (&event->fingerprint,
		  g_strdup_printf ("%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x", mix (number), mix (mixed)));
	return event;
}

static void
record (NxStore *store, guint64 number, guint64 events, guint64 subscribers)
{
	GError *error = NULL;
	g_autoptr (GPtrArray) report = g_ptr_array_new_with_free_func ((GDestroyNotify)nx_event_free);
	g_ptr_array_add (report, make_event (number, events, subscribers));
	if (!nx_store_record (store, report, NULL, 0, NULL, &error))
		stop (error);
}

static void
fill (NxStore *store, const char *path, guint64 const numbers[5])
{
	guint64 subscribers = numbers[0], events = numbers[1], slice = numbers[2], batch = numbers[3];
	guint64 first = numbers[4], end = first + events;
	Clock since = read_clocks ();
	begin (store);
	for (guint64 i = first; i < end; i++) {
		record (store, i, end, subscribers);
		if ((i + 1 - first) % batch == 0 && i + 1 < end) {
			commit (store);
			begin (store);
		}
		if ((i + 1 - first) % slice == 0 && i + 1 < end) {
			g_autofree char *what = g_strdup_printf ("%" G_GUINT64_FORMAT, i + 1);
			print_line (what, since, (gint64)slice, path);
			since = read_clocks ();
		}
	}
	commit (store);
	g_autofree char *what = g_strdup_printf ("%" G_GUINT64_FORMAT, end);
	print_line (what, since, (gint64)slice, path);
	since = read_clocks ();
	nx_store_set_settling (store, TRUE);
	begin (store);
	commit (store);
	print_line ("settle", since, 1, path);
}

int
main (int argc, char **argv)
{
	guint64 numbers[5] = { 0, 0, 0, 1000, 0 };
	GError *error = NULL;
	if (argc < 5 || argc > 7) {
		fprintf (stderr, "usage: fill-store DATABASE SUBSCRIBERS EVENTS SLICE [BATCH [FIRST]]\n");
		return EXIT_FAILURE;
	}
	for (int i = 2; i < argc; i++)
		numbers[i - 2] = g_ascii_strtoull (argv[i], NULL, 10);
	Clock since = read_clocks ();
	g_autoptr (NxStore) store = nx_store_open (argv[1], NX_STORE_CREATE, &error);
	g_autoptr (GPtrArray) lists = store != NULL ? nx_store_list_lists (store, &error) : NULL;
	if (lists == NULL || numbers[0] == 0 || numbers[2] == 0 || numbers[3] == 0)
		stop (error);
	print_line ("open", since, 1, argv[1]);
	nx_store_set_settling (store, FALSE);
	since = read_clocks ();
	if (lists->len == 0) {
		add_subscribers (store, numbers[0]);
		print_line ("subscribers", since, (gint64)numbers[0], argv[1]);
	}
	if (numbers[1] > 0)
		fill (store, argv[1], numbers);
	return EXIT_SUCCESS;
}
