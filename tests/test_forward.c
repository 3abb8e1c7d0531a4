/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_forward.c: the new address that a reply or a letter offers (RFC 5321 3.4), and the many that it only names.
 */
#include "core-helpers.h"
#include "verdict/forward.h"
#include "verdict/phrase.h"

#include <nixie/address.h>

static NxPhrases *builtin;

static int
setup (void **state)
{
	(void)state;
	g_autoptr (NxRules) rules = nx_rules_new_builtin ();
	builtin = nx_phrases_new (rules, NULL);
	return builtin != NULL ? 0 : -1;
}

static int
teardown (void **state)
{
	(void)state;
	nx_phrases_free (builtin);
	return 0;
}

static char *
find (const char *text, const char *const *known, const char *const *lists)
{
	g_autoptr (GPtrArray) a = g_ptr_array_new ();
	g_autoptr (GPtrArray) b = g_ptr_array_new ();
	g_autofree char *exact = copy_exact (text, strlen (text) + 1);
	for (; *known != NULL; known++)
		g_ptr_array_add (a, (gpointer)(guintptr)*known);
	for (; *lists != NULL; lists++)
		g_ptr_array_add (b, (gpointer)(guintptr)*lists);
	return nx_forward_find (nx_phrases_get_bystanders (builtin), exact, a, b);
}

/* ---- offers: replies as a server says them, "%s" is the address ---- */

static const char *const offers[] = {
	/* English */
	"251 User not local; will forward to %s",
	"251 2.1.5 will forward to %s",
	"251 2.1.9 User not local, but we will forward to %s",
	"551 User not local; please try %s",
	"551 5.1.6 User not local; please try %s",
	"551 not our user any more, please try %s",
	"551 User has moved; please try %s",
	"551 5.1.6 Mailbox has moved. The new address is %s",
	"551-5.1.6 The mailbox has moved. 551 5.1.6 New address: %s",
	"551 User moved to %s",
	"551 5.1.6 Recipient has moved to %s, update your records",
	"550 5.1.6 joan has a new address: %s",
	"550 5.1.6 Address changed to %s",
	"550 5.1.6 The address has been changed to %s",
	"550 5.1.6 This address has been replaced by %s",
	"550 5.1.6 mailbox has moved => %s",
	"550 This mailbox has moved to %s.",
	"550 joan has moved to %s",
	"550 5.1.6 Please update your address book, new email address: %s",
	"550 5.1.6 Address has changed: use %s from now on",
	"551 Forwarding address for this user: %s",
	"551 Try %s instead",
	"551 User not local; from now on write to %s",
	"551 User not local; in future write to %s",
	"551 User has moved. In the future write to %s",
	"551 user can now be reached at %s",
	"551 please resend your message to %s",
	"550 5.1.6 user has moved, forwarding is not supported, please try %s",
	"551 Joan has moved (new address: %s)",
	"551 please contact her at her new address %s",
	/* German */
	"551 Benutzer nicht lokal; bitte versuchen Sie %s",
	"551 5.1.6 Empf\303\244nger umgezogen; die neue Adresse ist %s",
	"551 Bitte verwenden Sie die neue Adresse %s",
	"550 Die Adresse hat sich ge\303\244ndert, neue Adresse: %s",
	/* French */
	"551 utilisateur non local; veuillez essayer %s",
	"551 5.1.6 L'adresse a chang\303\251, nouvelle adresse : %s",
	"551 Le destinataire a d\303\251m\303\251nag\303\251, \303\251crivez d\303\251sormais \303\240 %s",
	/* Spanish */
	"551 usuario no local; pruebe %s",
	"551 5.1.6 El usuario se ha mudado; la nueva direcci\303\263n es %s",
	"551 La cuenta cambi\303\263 a %s",
	/* Portuguese */
	"551 usu\303\241rio n\303\243o local; tente %s",
	"551 5.1.6 O novo endere\303\247o \303\251 %s",
	/* Italian */
	"551 utente non locale; provare %s",
	"551 5.1.6 L'utente si \303\250 trasferito, nuovo indirizzo: %s",
	/* Dutch */
	"551 gebruiker niet lokaal; probeer %s",
	"551 5.1.6 Het nieuwe adres is %s",
	/* Swedish, Danish, Norwegian, Finnish */
	"551 5.1.6 Mottagaren har flyttat; den nya adressen \303\244r %s",
	"551 Modtageren er flyttet, ny adresse: %s",
	"551 Mottakeren har flyttet, ny adresse: %s",
	"551 Vastaanottaja on muuttanut, uusi osoite: %s",
	/* Polish, Czech, Hungarian, Romanian */
	"551 U\305\274ytkownik nie jest lokalny; nowy adres: %s",
	"551 5.1.6 U\305\276ivatel se p\305\231est\304\233hoval, nov\303\241 adresa: %s",
	"551 A felhaszn\303\241l\303\263 elk\303\266lt\303\266z\303\266tt, \303\272j c\303\255m: %s",
	"551 Utilizatorul s-a mutat, adresa nou\304\203: %s",
	/* Russian, Ukrainian, Bulgarian, Greek, Turkish */
	"551 \320\237\320\276\320\273\321\214\320\267\320\276\320\262\320\260\321\202\320\265\320\273\321\214 "
	"\320\277\320\265\321\200\320\265\320\265\321\205\320\260\320\273; \320\275\320\276\320\262\321\213\320\271 "
	"\320\260\320\264\321\200\320\265\321\201: %s",
	"551 \320\232\320\276\321\200\320\270\321\201\321\202\321\203\320\262\320\260\321\207 "
	"\320\277\320\265\321\200\320\265\321\227\321\205\320\260\320\262, \320\275\320\276\320\262\320\260 "
	"\320\260\320\264\321\200\320\265\321\201\320\260: %s",
	"551 \320\235\320\276\320\262 \320\260\320\264\321\200\320\265\321\201: %s",
	"551 \316\235\316\255\316\261 \316\264\316\271\316\265\317\215\316\270\317\205\316\275\317\203\316\267: %s",
	"551 Kullan\304\261c\304\261 ta\305\237\304\261nd\304\261, yeni adres: %s",
	/* Japanese, Chinese, Korean, Vietnamese, Indonesian */
	"551 \346\226\260\343\201\227\343\201\204\343\202\242\343\203\211\343\203\254\343\202\271\343\201\257 %s "
	"\343\201\247\343\201\231",
	"551 \347\224\250\346\210\267\345\267\262\346\220\254\350\277\201\357\274\214\346\226\260\345\234\260\345\235"
	"\200\357\274\232%s",
	"551 \354\203\210 \354\243\274\354\206\214: %s",
	"551 \304\221\341\273\213a ch\341\273\211 m\341\273\233i: %s",
	"551 alamat baru: %s",
};

/* As path, bare, and bare with what a sentence puts behind it. */
static void
test_decide_reply__finds_what_is_offered (void **state)
{
	(void)state;
	static const char *const forms[] = { "<new.reader@post.example>", "new.reader@post.example",
					     "<mailto:new.reader@post.example>", "\"new.reader@post.example\"",
					     "<New.Reader@POST.example.>" };
	assert_true (G_N_ELEMENTS (offers) >= 40);
	for (gsize i = 0; i < G_N_ELEMENTS (offers); i++)
		for (gsize f = 0; f < G_N_ELEMENTS (forms); f++) {
			g_auto (GStrv) parts = g_strsplit (offers[i], "%s", 2);
			g_autofree char *text = g_strjoinv (forms[f], parts);
			g_autoptr (NxDecision) decision = nx_verdict_decide_reply (builtin, text);
			if (!nx_address_equal (decision->forward, "new.reader@post.example"))
				fail_msg ("%s: got <%s> by %s (%s)", text, decision->forward, decision->rule,
					  nx_verdict_to_string (decision->verdict));
			gboolean relayed = g_str_has_prefix (text, "251");
			if (decision->verdict != (relayed ? NX_VERDICT_BENIGN : NX_VERDICT_PERMANENT))
				fail_msg ("%s: %s by %s", text, nx_verdict_to_string (decision->verdict),
					  decision->rule);
		}
}

/* ---- traps ---- */

/* The report is on old@post.example, for a post of ann@writer.example to the list news@lists.example. */
static const char *const known[] = { "old@post.example", "old+tag@alias.example", "ann@writer.example",
				     "j\303\266rg@old.example", NULL };
static const char *const lists[] = { "news-bounces+old=post.example@lists.example", "news@lists.example", NULL };

static const struct {
	const char *text;
	const char *want;
} traps[] = {
	/* the failed address, in every dress */
	{ "please try <old@post.example>", NULL },
	{ "please try <OLD@Post.Example>", NULL },
	{ "please try old@post.example.", NULL },
	{ "please try <Old@POST.example.>", NULL },
	{ "please try <\"old\"@post.example>", NULL },
	{ "please try <old+news@post.example>", NULL },
	{ "please try <old@alias.example>", NULL },
	{ "please try <old+2Btag@alias.example>", NULL },
	{ "please try <@relay.example:old@post.example>", NULL },
	{ "please try <j\303\266rg@old.example>", NULL },
	{ "please try <J\303\226RG@old.example>", NULL },
	{ "<old@post.example>: please try <new@post.example>", "new@post.example" },
	{ "<OLD@post.example> has moved to new@post.example", "new@post.example" },
	{ "moved from <old@post.example> to <new@post.example>", "new@post.example" },
	{ "<old@post.example> <new@post.example>", "new@post.example" },
	/* the writer, the list, what mailers make of them */
	{ "please try <ann@writer.example>", NULL },
	{ "please try <news@lists.example>", NULL },
	{ "please try <news-bounces@lists.example>", NULL },
	{ "please try <news-bounces+old=post.example@lists.example>", NULL },
	{ "please try <news-bounces-old=post.example@lists.example>", NULL },
	{ "please try <news-leave@lists.example>", NULL },
	{ "please try <news+leave@lists.example>", NULL },
	{ "please try <news-owner@lists.example>", NULL },
	{ "please try <newsie@lists.example>", "newsie@lists.example" },
	{ "please try <SRS0=HHH=TT=post.example=new@relay.example>", NULL },
	{ "please try <prvs=0123456789=new@post.example>", NULL },
	{ "please try <bounce-17-new=post.example@mailer.example>", NULL },
	/* roles */
	{ "please try <postmaster@post.example>", NULL },
	{ "please try <abuse@post.example>", NULL },
	{ "please try <noreply@post.example>", NULL },
	{ "please try <no-reply-7@post.example>", NULL },
	{ "please try <mailer-daemon@post.example>", NULL },
	/* contacts */
	{ "questions? write to joan@post.example", NULL },
	{ "questions? joan@post.example", NULL },
	{ "please contact <joan@post.example>", NULL },
	{ "for help, send mail to joan@post.example", NULL },
	{ "user has moved (contact: joan@post.example)", NULL },
	{ "please try <new@post.example> (joan@admin.example)", "new@post.example" },
	{ "please try <new@post.example>, or contact joan@post.example", "new@post.example" },
	{ "please try <new@post.example>. Questions? Write to joan@post.example", "new@post.example" },
	{ "if this is a mistake, write to joan@post.example; the new address is <new@post.example>",
	  "new@post.example" },
	{ "We cannot help. The new address is <new@post.example>", "new@post.example" },
	{ "<contact@post.example> has moved to <new@post.example>", "new@post.example" },
	{ "contact joan@post.example or bert@post.example", NULL },
	{ "bei Fragen wenden Sie sich an joan@post.example", NULL },
	{ "please try <new@post.example> -- for assistance call +1 555 0100 or mail joan@admin.example for help",
	  "new@post.example" },
	{ "please try <new@post.example>; joan@admin.example reads the post here", NULL /* two: nobody can tell */ },
	/* who wrote, what was said to whom */
	{ "sorry, old@post.example does not accept mail from ann@elsewhere.example", NULL },
	{ "sorry, joan@post.example does not accept mail from bert@elsewhere.example", NULL },
	{ "no mail for <joan@post.example> from <bert@elsewhere.example>", NULL },
	{ "in reply to RCPT TO:<joan@post.example>", NULL },
	{ "MAIL FROM:<bert@elsewhere.example> refused", NULL },
	{ "joan@alias.example has moved; please try <new@post.example>", "new@post.example" },
	{ "joan@alias.example: user has moved to <new@post.example>", "new@post.example" },
	/* two */
	{ "please try <new@post.example> or <other@post.example>", "new@post.example" },
	{ "please try <new@post.example>, <other@post.example>", "new@post.example" },
	{ "please try new@post.example or maybe other@post.example", NULL },
	{ "joan is now <new@post.example>. Bert is now <bert@post.example>", NULL },
	{ "please try <new@post.example>; again: <New@Post.example>", "new@post.example" },
	/* forms */
	{ "please try <@relay.example,@other.example:new@post.example>", "new@post.example" },
	{ "please try <@relay.example:new@post.example>.", "new@post.example" },
	{ "please try <\"joan of arc\"@post.example>", "\"joan of arc\"@post.example" },
	{ "please try \"joan.of.arc\"@post.example", "\"joan.of.arc\"@post.example" },
	{ "please try <\303\274ber@post.example>", "\303\274ber@post.example" },
	{ "please try <new@b\303\274cher.example>", "new@b\303\274cher.example" },
	{ "please try <\343\203\246\343\203\274\343\202\266@\344\276\213\343\201\210.example>",
	  "\343\203\246\343\203\274\343\202\266@\344\276\213\343\201\210.example" },
	{ "new address is new@post.example.", "new@post.example" },
	{ "new address is new@post.example, thank you", "new@post.example" },
	{ "new address is 'new@post.example'", "new@post.example" },
	{ "new address is [new@post.example]", "new@post.example" },
	{ "new address is {new@post.example};", "new@post.example" },
	{ "new address is *new@post.example*", "new@post.example" },
	{ "new address is `new@post.example'!", "new@post.example" },
	{ "new address is mailto:new@post.example", "new@post.example" },
	{ "please try <new@ post.example>", "new@post.example" },
	{ "please try <new @post.example>", "new@post.example" },
	{ "please try <new@post. example>", "new@post.example" },
	{ "please try <new.reader@post .example>", "new.reader@post.example" },
	{ "please try <new.reader@post.ex ample>", NULL },
	{ "please try <see new@post.example>", "new@post.example" },
	{ "please try <new@post.example", NULL },
	{ "please try <a@b@post.example>", NULL },
	{ "please try <>", NULL },
	{ "please try <new@localhost>", NULL },
	{ "please try <new@[192.0.2.1]>", NULL },
	{ "please try <new@[IPv6:2001:db8::1]>", NULL },
	{ "please try new@192.0.2.1", NULL },
	{ "please try mx.post.example", NULL },
	{ "please try joan at post dot example", NULL },
	{ "please try joan (at) post.example", NULL },
	{ "please try <new%post.example@relay.example>", NULL },
	{ "please try relay.example!post.example!new", NULL },
	{ "please try <post.example!new@relay.example>", NULL },
	{ "please try <xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@post.example>", NULL },
	{ "please try <xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@post.example>",
	  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@post.example" },
	{ "please try new@post.example:25", NULL },
	{ "please try <new@post.example:25>", NULL },
	{ "please try new@post.example/inbox", NULL },
	{ "please try new@post.example?subject=moved", NULL },
	/* pages */
	{ "see https://post.example/why?who=new@post.example", NULL },
	{ "see https://www.post.example/a/very/long/path/to/the/help/page?who=new@post.example", NULL },
	{ "see www.post.example/why?who=new@post.example", NULL },
	{ "see https://new@post.example/", NULL },
	{ "please try <http://new@post.example/>", NULL },
	{ "please try <http://post.example/moved/new@post.example>", NULL },
	{ "see ftp://new:secret@post.example", NULL },
	{ "please try <new@post.example> (see https://post.example/?q=joan@post.example)", "new@post.example" },
	/* not an address to be had */
	{ "please try again later", NULL },
	{ "please relay through <mail@relay.example>", NULL },
	{ "please relay via mail@relay.example", NULL },
	{ "moved", NULL },
	{ "", NULL },
	{ "@", NULL },
	{ "<<<<@>>>>", NULL },
};

static void
test_forward_find__avoids_the_traps (void **state)
{
	(void)state;
	guint bad = 0;
	assert_true (G_N_ELEMENTS (traps) >= 60);
	for (gsize i = 0; i < G_N_ELEMENTS (traps); i++) {
		g_autofree char *got = find (traps[i].text, known, lists);
		if (g_strcmp0 (got, traps[i].want) == 0)
			continue;
		print_error ("# %s: got %s, not %s\n", traps[i].text, got, traps[i].want);
		bad++;
	}
	assert_int_equal (bad, 0);
}

static void
test_forward_find__knows_nobody_by_itself (void **state)
{
	(void)state;
	static const char *const none[] = { NULL };
	g_autofree char *old = find ("please try <old@post.example>", none, none);
	assert_string_equal (old, "old@post.example");
	g_autofree char *news = find ("please try <news-leave@lists.example>", none, none);
	assert_string_equal (news, "news-leave@lists.example");
	g_autofree char *without = nx_forward_find (nx_phrases_get_bystanders (builtin), "<a@b.example>", NULL, NULL);
	assert_string_equal (without, "a@b.example");
}

/* Replies that name addresses and offer none, or none that may be had: the whole judge. */
static void
test_decide_reply__offers_nothing_in_other_replies (void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *verdict;
		const char *want;
	} rows[] = {
		{ "551 5.7.1 blocked, write to <abuse@post.example>", "blocked", "" },
		{ "551 5.7.1 rejected, please try <new@post.example>", "blocked", "" },
		{ "551 5.7.1 Message rejected as spam; resend by <desk@post.example>", "blocked", "" },
		{ "551 Your message was classified as spam, please try <desk@post.example>", "blocked", "" },
		{ "551 relaying denied, please try <desk@post.example>", "blocked", "" },
		{ "551 User not local, please try again later", "transient", "" },
		{ "551 User not local; please try <http://post.example/find>", "permanent", "" },
		{ "551 User unknown; use <new@post.example>", "permanent", "new@post.example" },
		{ "550 5.1.1 <joan@post.example>: user unknown", "permanent", "" },
		{ "550 5.1.1 user unknown, ask <new@post.example>", "permanent", "" },
		{ "450 4.2.1 please try <new@post.example>", "transient", "new@post.example" },
		{ "250 2.1.5 ok, will forward to <new@post.example>", "benign", "" },
		{ "252 cannot verify, please try <new@post.example>", "benign", "" },
		{ "551-5.1.6 User not local; please try\r\n551 5.1.6 <new@post.example>\r\n", "permanent",
		  "new@post.example" },
		{ "551-5.1.6 User not local;\r\n551-5.1.6 <new@post.example>\r\n551 5.1.6 See "
		  "https://post.example/?u=a@b.example",
		  "permanent", "new@post.example" },
		{ "551-5.1.6 User not local; please try 551 5.1.6 <new@post.example>", "permanent",
		  "new@post.example" },
		{ "551 5.1.6 umgezogen; die neue Adresse ist <j\\303\\266rg@post.example>", "permanent",
		  "j\303\266rg@post.example" },
		{ "551 5.1.6 User has moved; please try <new@post.example>. If you think this is wrong, mail "
		  "joan@post.example",
		  "permanent", "" /* two: nobody can tell */ },
		{ "551 5.1.6 User has moved; please try <new@post.example>. Is this wrong? Contact joan@post.example",
		  "permanent", "new@post.example" },
		{ "550 Rejected by policy; if you think this is wrong, please try <joan@post.example>", "blocked", "" },
		{ "551 Please use the server of your provider or authenticate as joan@post.example", "blocked", "" },
		{ "551 User not local or invalid address - Relay denied. <joan@post.example>", "blocked", "" },
		{ "551 joan@alias.example is now new@post.example", "permanent", "new@post.example" },
		{ "551 5.1.6 Account moved. New: new@post.example Old: joan@alias.example", "permanent",
		  "new@post.example" },
		{ "251 ok <joan@alias.example> forwarded to <new@post.example>", "benign", "new@post.example" },
		{ "smtp; 551 5.1.6 please try <new@post.example> (in reply to RCPT TO command)", "permanent",
		  "new@post.example" },
		{ "551 5.1.6 User has moved; please try <new@post.example> For help see our pages or mail "
		  "postmaster@post.example",
		  "permanent", "new@post.example" },
	};
	guint bad = 0;
	for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
		g_autofree char *text = copy_exact (rows[i].text, strlen (rows[i].text) + 1);
		g_autoptr (NxDecision) decision = nx_verdict_decide_reply (builtin, text);
		if (strcmp (nx_verdict_to_string (decision->verdict), rows[i].verdict) == 0 &&
		    strcmp (decision->forward, rows[i].want) == 0)
			continue;
		print_error ("# %s: %s <%s> by %s\n", text, nx_verdict_to_string (decision->verdict), decision->forward,
			     decision->rule);
		bad++;
	}
	assert_int_equal (bad, 0);
}

/* ---- letters: automatic replies (RFC 3834) of old@post.example ---- */

static const struct {
	const char *body;
	const char *want; /* "": a letter like any other */
} letters[] = {
	{ "my new address is new@post.example", "new@post.example" },
	{ "I have changed my email. You can write to me at new@post.example", "new@post.example" },
	{ "Please update your address book: new@post.example", "new@post.example" },
	{ "My email address has changed. Please contact me at <new@post.example>.", "new@post.example" },
	{ "Meine neue Adresse lautet new@post.example", "new@post.example" },
	{ "Meine E-Mail-Adresse hat sich ge\303\244ndert: new@post.example", "new@post.example" },
	{ "Ma nouvelle adresse est new@post.example", "new@post.example" },
	{ "Mi nueva direcci\303\263n es new@post.example", "new@post.example" },
	{ "Meu novo endere\303\247o \303\251 new@post.example", "new@post.example" },
	{ "Il mio nuovo indirizzo \303\250 new@post.example", "new@post.example" },
	{ "Mijn nieuwe adres is new@post.example", "new@post.example" },
	{ "Min nya adress \303\244r new@post.example", "new@post.example" },
	{ "M\303\263j nowy adres to new@post.example", "new@post.example" },
	{ "\320\234\320\276\320\271 \320\275\320\276\320\262\321\213\320\271 \320\260\320\264\321\200\320\265\321\201: "
	  "new@post.example",
	  "new@post.example" },
	{ "\346\226\260\343\201\227\343\201\204\343\202\242\343\203\211\343\203\254\343\202\271\343\201\257 "
	  "new@post.example \343\201\247\343\201\231",
	  "new@post.example" },
	{ "Yeni adresim new@post.example", "new@post.example" },
	{ "<old@post.example> is no longer read. My new address is new@post.example", "new@post.example" },
	{ "My new address is new@post.example, not old@post.example", "new@post.example" },
	{ "My new address is new@post.example. For urgent matters: bert@post.example", "new@post.example" },
	{ "My new address is new@post.example. In my absence write to my colleague bert@post.example",
	  "new@post.example" },
	/* traps */
	{ "My new address is new@post.example or at work other@post.example", "" },
	{ "I have a new address soon. Until then write to my colleague bert@post.example", "" },
	{ "My new address will follow. For urgent matters: bert@post.example", "" },
	{ "I am away. Please write to my colleague bert@post.example", "" },
	{ "I am away. Please use bert@post.example", "" },
	{ "I no longer work here. My successor is bert@post.example", "" },
	{ "My new address is old@post.example", "" },
	{ "My new address is not public. Contact bert@post.example", "" },
	{ "Meine neue Adresse folgt. In dringenden F\303\244llen: bert@post.example", "" },
	{ "Ma nouvelle adresse suivra. En cas d'urgence: bert@post.example", "" },
	{ "Mi nueva direcci\303\263n: pronto. En caso urgente: bert@post.example", "" },
	{ "My new address: see https://post.example/?me=new@post.example", "" },
	{ "My new address is 12 Burrow Lane. Mail: postmaster@post.example", "" },
	{ "We have moved! Our new address is 12 Burrow Lane, info line bert@post.example", "" },
};

static void
test_decide__reads_letters_of_moved_readers (void **state)
{
	(void)state;
	guint bad = 0;
	for (gsize i = 0; i < G_N_ELEMENTS (letters); i++) {
		g_autofree char *text = g_strconcat (
			"Return-Path: <>\nFrom: Old Reader <old@post.example>\nTo: news-bounces@lists.example\n"
			"Subject: Automatic reply: News\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
			"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nDear friends,\n",
			letters[i].body, "\n", NULL);
		g_autoptr (NxReport) report = make_report (text, "");
		assert_int_equal (report->recipients->len, 1);
		g_autoptr (NxDecision) decision =
			nx_verdict_decide (builtin, report, g_ptr_array_index (report->recipients, 0));
		if (strcmp (decision->forward, letters[i].want) == 0 && decision->verdict == NX_VERDICT_BENIGN)
			continue;
		print_error ("# %s: %s <%s> by %s\n", letters[i].body, nx_verdict_to_string (decision->verdict),
			     decision->forward, decision->rule);
		bad++;
	}
	assert_int_equal (bad, 0);
}

/* ---- any address ---- */

static const char *const atoms[] = { "a", "z", "7", "new", "reader", "x-y", "x_y", "\303\274", "\320\266", "q'q" };
static const char *const quoted[] = {
	"a b", ".", "..", "\\\"", "\\\\", "(x)", "a,b", "x;y", "<", ">", "a", "\303\244"
};
static const char *const labels[] = { "post", "a-b", "x1", "b\303\274cher", "\344\276\213" };
static const char *const tops[] = { "example", "test", "example.org", "example.net", "co.example" };

#define PICK(random, list) ((list)[g_rand_int_range (random, 0, G_N_ELEMENTS (list))])

static char *
make_address (GRand *random)
{
	GString *out = g_string_new (NULL);
	if (g_rand_int_range (random, 0, 4) == 0) {
		g_string_append (out, "\"");
		for (gint i = g_rand_int_range (random, 1, 5); i > 0; i--)
			g_string_append (out, PICK (random, quoted));
		g_string_append (out, "\"");
	} else {
		for (gint i = g_rand_int_range (random, 1, 5); i > 0; i--)
			g_string_append_printf (out, "%s%s", PICK (random, atoms), i > 1 ? "." : "");
		if (g_rand_boolean (random))
			g_string_append_printf (out, "+%s", PICK (random, atoms));
	}
	g_string_append_printf (out, "@%s.%s", PICK (random, labels), PICK (random, tops));
	return g_string_free (out, FALSE);
}

static void
test_decide_reply__finds_any_address (void **state)
{
	(void)state;
	GRand *random = g_rand_new_with_seed (551);
	for (guint round = 0; round < 40; round++)
		for (gsize i = 0; i < G_N_ELEMENTS (offers); i++) {
			g_autofree char *address = make_address (random);
			if (!nx_address_is_valid (address) || nx_address_is_role (address))
				continue;
			g_autofree char *path = g_strdup_printf ("<%s>", address);
			g_auto (GStrv) parts = g_strsplit (offers[i], "%s", 2);
			g_autofree char *text = g_strjoinv (path, parts);
			g_autoptr (NxDecision) decision = nx_verdict_decide_reply (builtin, text);
			if (strcmp (decision->forward, address) != 0)
				fail_msg ("%s: got %s", text, decision->forward);
		}
	g_rand_free (random);
}

/* A reply may be all addresses. */
static void
test_forward_find__is_linear (void **state)
{
	(void)state;
	static const char *const bits[] = { "<a@b.example> ",
					    "(a@b.example ",
					    "<a@b.example ",
					    "contact a@b.example ",
					    "\"a\"@b.example ",
					    "<a @b ",
					    "a@",
					    "://a@b.example" };
	gint64 since = g_get_monotonic_time ();
	for (gsize i = 0; i < G_N_ELEMENTS (bits); i++) {
		g_autoptr (GString) text = g_string_new (NULL);
		append_repeated (text, bits[i], 20000);
		g_autofree char *got = find (text->str, known, lists);
		g_free (g_steal_pointer (&got));
	}
	assert_quick (since);
}

int
main (void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test (test_decide_reply__finds_what_is_offered),
		cmocka_unit_test (test_forward_find__avoids_the_traps),
		cmocka_unit_test (test_forward_find__knows_nobody_by_itself),
		cmocka_unit_test (test_decide_reply__offers_nothing_in_other_replies),
		cmocka_unit_test (test_decide__reads_letters_of_moved_readers),
		cmocka_unit_test (test_decide_reply__finds_any_address),
		cmocka_unit_test (test_forward_find__is_linear),
	};
	cmocka_set_message_output (CM_OUTPUT_TAP);
	return cmocka_run_group_tests (tests, setup, teardown);
}
