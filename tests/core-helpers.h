/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * core-helpers.h: what the tests of base, mime, report, verdict and identity share: exact copies of inputs, messages
 * made of them, rules made of a text.
 */
#pragma once

#include "base/rules-data.h"

#include <nixie/event.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A copy without a spare byte behind it: a sanitizer sees every look too far. */
static inline char *
copy_exact (const char *bytes, gsize length)
{
	char *copy = g_malloc (length > 0 ? length : 1);
	if (length > 0)
		memcpy (copy, bytes, length);
	return copy;
}

static inline NxMessage *
make_message (const char *text)
{
	g_autofree char *copy = copy_exact (text, strlen (text));
	return nx_message_new (copy, strlen (text));
}

static inline void
append_repeated (GString *out, const char *text, gsize count)
{
	for (gsize i = 0; i < count; i++)
		g_string_append (out, text);
}

static inline NxRules *
make_rules (const char *text)
{
	g_autoptr (GError) error = NULL;
	NxRules *rules = nx_rules_new_empty ();
	if (!nx_rules_add_text (rules, "test.rules", text, &error))
		fail_msg ("%s", error->message);
	return rules;
}

/* The built-in signs, then the stanzas of a test. */
static inline NxFormats *
make_formats (const char *text)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxRules) rules = nx_rules_new_empty ();
	for (gsize i = 0; nx_rules_data[i].name != NULL; i++)
		if (strcmp (nx_rules_data[i].name, "signs.rules") == 0 ||
		    strcmp (nx_rules_data[i].name, "labels.rules") == 0)
			assert_true (nx_rules_add_text (rules, nx_rules_data[i].name, nx_rules_data[i].text, NULL));
	if (!nx_rules_add_text (rules, "test.rules", text, &error))
		fail_msg ("%s", error->message);
	NxFormats *formats = nx_formats_new (rules, &error);
	if (formats == NULL)
		fail_msg ("%s", error->message);
	return formats;
}

static inline NxPhrases *
make_phrases (const char *text)
{
	g_autoptr (GError) error = NULL;
	g_autoptr (NxRules) rules = make_rules (text);
	NxPhrases *phrases = nx_phrases_new (rules, &error);
	if (phrases == NULL)
		fail_msg ("%s", error->message);
	return phrases;
}

static inline NxReport *
make_report (const char *text, const char *format_stanzas)
{
	g_autoptr (NxMessage) message = make_message (text);
	g_autoptr (NxFormats) formats = make_formats (format_stanzas);
	return nx_report_new (message, formats);
}

static inline void
assert_lacks (const char *text, const char *part)
{
	if (strstr (text, part) != NULL)
		fail_msg ("\"%s\" is in \"%.200s\"", part, text);
}

static inline void
assert_has (const char *text, const char *part)
{
	if (strstr (text, part) == NULL)
		fail_msg ("\"%s\" is not in \"%.200s\"", part, text);
}

/* What time a test may take: far above what linear work needs, far below what quadratic work does. The sanitizers make
 * everything slow. */
#ifdef __SANITIZE_ADDRESS__
#define QUICK_MSEC 60000
#else
#define QUICK_MSEC 8000
#endif

static inline void
assert_quick (gint64 since)
{
	gint64 msec = (g_get_monotonic_time () - since) / 1000;
	if (msec > QUICK_MSEC)
		fail_msg ("took %" G_GINT64_FORMAT " ms", msec);
}
