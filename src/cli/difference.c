/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * difference.c: how two codes differ. The pairs that people mix up have a row; for all others the digits are compared.
 */
#include "difference.h"

#include <string.h>

static const struct {
	const char *a;
	const char *b;
	const char *text;
} pairs[] = {
	{ "250", "251",
	  "Both took the mail. 250 delivers it here; 251 passes it on, and names the address that it goes to." },
	{ "250", "252",
	  "Both took the mail. 250 knows the mailbox; 252 could not, or would not, say whether there is one." },
	{ "251", "252",
	  "Both took the mail, neither is a failure. 251 knows where the reader went and names the new address; 252 "
	  "knows nothing and names none." },
	{ "251", "551",
	  "Both name the reader's new address between angle brackets. 251 took the mail and sends it there itself: "
	  "the old address still works. 551 refused it: who wants to reach the reader must write to the new address. "
	  "Either way the new address is a proposal, to be confirmed." },
	{ "252", "551",
	  "252 took the mail without vouching for the user: nothing failed, and nothing is known. 551 refused it: the "
	  "old address gets no mail there any more, and the text should name the new one. 252 never counts against a "
	  "subscriber; 551 does where it means a move, and does not where a provider uses it for spam or relaying." },
	{ "450", "550",
	  "The same trouble with the mailbox, for now and for good. After 450 the queue tries again; after 550 it "
	  "gives up and writes a bounce." },
	{ "451", "554",
	  "451 asks to come back later; 554 is a refusal, most often of the message and not of the reader." },
	{ "452", "552",
	  "Both lack room. After 452 the queue tries again; after 552 it gives up on this message. Neither says that "
	  "the reader is gone." },
	{ "550", "551",
	  "Both refused the mail. 550 does not say where the reader is; 551 names the new address, where it is used "
	  "as the standard has it." },
	{ "550", "553",
	  "Both refuse an address. 550 speaks of the mailbox behind it; 553 of the address as it is written, and "
	  "often of the sender's." },
	{ "550", "554",
	  "550 speaks of the mailbox, by its name at least; 554 of the whole transaction, most often of spam." },
	{ "550", "556", "550 is the answer of a server to one address; 556 says that its whole domain takes no mail." },
	{ "4.2.2", "5.2.2",
	  "The same full mailbox. With 4 the queue tries again, with 5 it gives up on this message." },
	{ "4.4.7", "5.4.7", "The same end of the same waiting: the queue tried for days and gave up." },
	{ "5.1.1", "5.1.2", "5.1.1 misses the mailbox at a domain that answers; 5.1.2 misses the domain itself." },
	{ "5.1.1", "5.1.6",
	  "5.1.1 says that there is no such mailbox, 5.1.6 that there was one, and that its owner has moved. Only "
	  "behind 5.1.6 is it worth looking for a new address." },
	{ "5.1.1", "5.1.10",
	  "5.1.1 misses one mailbox; 5.1.10 says that the domain takes no mail at all, unless it comes from Exchange "
	  "Online, where both mean an unknown user." },
	{ "5.1.1", "5.2.1",
	  "5.1.1 says that there is no such mailbox, 5.2.1 that there is one which is switched off; it may be "
	  "switched on again." },
	{ "5.1.1", "5.7.1",
	  "5.1.1 is about the reader's address, 5.7.1 about who sends or what is sent: it says nothing on the "
	  "address." },
};

static const char *const outcomes[] = {
	[2] = "says that it worked",
	[3] = "only waits for more",
	[4] = "says not now, and the queue tries again",
	[5] = "refuses, and the queue gives up",
};

static const char *
find_pair (const char *a, const char *b)
{
	for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
		if ((strcmp (pairs[i].a, a) == 0 && strcmp (pairs[i].b, b) == 0) ||
		    (strcmp (pairs[i].a, b) == 0 && strcmp (pairs[i].b, a) == 0))
			return pairs[i].text;
	}
	return NULL;
}

static guint
get_class (const NxCode *code)
{
	return code->reply != 0 ? code->reply / 100 : code->status.class_;
}

static void
append_subjects (GString *out, const NxCode *a, const NxCode *b)
{
	const char *first = nx_status_get_subject_name (a->status.subject);
	const char *second = nx_status_get_subject_name (b->status.subject);

	if (!nx_status_is_set (a->status) || !nx_status_is_set (b->status) || first == NULL || second == NULL)
		return;
	if (a->status.subject == b->status.subject)
		g_string_append_printf (out, " Both are about %s.", first);
	else
		g_string_append_printf (out, " %s is about %s, %s about %s.", a->text, first, b->text, second);
}

/* The reply code is compared with the reply code where both have one. */
static char *
compare_digits (const NxCode *a, const NxCode *b)
{
	GString *out = g_string_new (NULL);
	guint first = get_class (a);
	guint second = get_class (b);

	if (first == second)
		g_string_append_printf (out, "Each %s.", outcomes[first]);
	else
		g_string_append_printf (out, "%s %s; %s %s.", a->text, outcomes[first], b->text, outcomes[second]);
	append_subjects (out, a, b);
	return g_string_free (out, FALSE);
}

char *
nx_difference_explain (const NxCode *a, const NxCode *b)
{
	char words[2][NX_STATUS_STRLEN];
	const char *text = find_pair (a->text, b->text);

	if (strcmp (a->text, b->text) == 0)
		return g_strdup ("They are the same.");
	if (text == NULL && nx_status_is_set (a->status) && nx_status_is_set (b->status))
		text = find_pair (nx_status_format (a->status, words[0]), nx_status_format (b->status, words[1]));
	return text != NULL ? g_strdup (text) : compare_digits (a, b);
}
