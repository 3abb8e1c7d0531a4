/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prose-line.c: labels, lists, aliases and offers in a line of prose. See prose-line.h.
 *
 * It knows words, in many languages, and places; whose recipient an address is, prose.c decides.
 */
#include "report/prose-line.h"

#include <nixie/address.h>

#include <string.h>

/* What stands before a recipient and a colon. Without regard to the case of ASCII; other capitals are given as they
 * come. */
static const char *const labels[] = {
	"recipient",
	"recipients",
	"recipient address",
	"intended recipient",
	"original recipient",
	"failed recipient",
	"failed recipients",
	"affected recipient",
	"address",
	"adresse",
	"addressee",
	"email address",
	"e-mail address",
	"failed address",
	"undeliverable address",
	"undelivered to",
	"not delivered to",
	"waiting for",
	"mailto",
	"mailbox",
	"user",
	"rcpt to",
	"rcpt",
	"final-recipient",
	"destination",
	"empfänger",
	"empfängeradresse",
	"Empfaenger",
	"adressat",
	"destinataire",
	"destinataires",
	"adresse du destinataire",
	"destinatario",
	"destinatarios",
	"dirección",
	"destinatário",
	"destinatários",
	"endereço",
	"destinatari",
	"indirizzo",
	"ontvanger",
	"geadresseerde",
	"e-mailadres",
	"odbiorca",
	"adresat",
	"adres odbiorcy",
	"příjemce",
	"adresát",
	"príjemca",
	"címzett",
	"destinatar",
	"mottagare",
	"modtager",
	"mottaker",
	"vastaanottaja",
	"alıcı",
	"Alıcı",
	"primatelj",
	"primalac",
	"prejemnik",
	"получатель",
	"Получатель",
	"адрес получателя",
	"Адрес получателя",
	"адресат",
	"Адресат",
	"адрес",
	"Адрес",
	"одержувач",
	"Одержувач",
	"отримувач",
	"Отримувач",
	"получател",
	"Получател",
	"παραλήπτης",
	"Παραλήπτης",
	"נמען",
	"المستلم",
	"ผู้รับ",
	"người nhận",
	"penerima",
	"宛先",
	"宛先アドレス",
	"受信者",
	"送信先",
	"あて先",
	"收件人",
	"收件人地址",
	"收件者",
	"수신자",
	"받는사람",
	"받는 사람",
	"수신인",
};

/* What stands before the cause and a colon. */
static const char *const reasons[] = { "reason",
				       "the reason",
				       "cause",
				       "error",
				       "error message",
				       "problem",
				       "diagnosis",
				       "details",
				       "explanation",
				       "response",
				       "answer",
				       "remote server said",
				       "grund",
				       "ursache",
				       "fehler",
				       "raison",
				       "motif",
				       "erreur",
				       "motivo",
				       "causa",
				       "razón",
				       "erro",
				       "errore",
				       "reden",
				       "oorzaak",
				       "fout",
				       "przyczyna",
				       "powód",
				       "błąd",
				       "důvod",
				       "příčina",
				       "dôvod",
				       "chyba",
				       "ok",
				       "hiba",
				       "hibaüzenet",
				       "motivul",
				       "orsak",
				       "anledning",
				       "fel",
				       "årsag",
				       "årsak",
				       "fejl",
				       "feil",
				       "syy",
				       "virhe",
				       "причина",
				       "Причина",
				       "ошибка",
				       "Ошибка",
				       "ответ сервера",
				       "помилка",
				       "Помилка",
				       "Ответ сервера",
				       "αιτία",
				       "Αιτία",
				       "neden",
				       "nedeni",
				       "sebep",
				       "hata",
				       "razlog",
				       "greška",
				       "סיבה",
				       "السبب",
				       "lý do",
				       "alasan",
				       "สาเหตุ",
				       "理由",
				       "原因",
				       "エラー",
				       "エラー内容",
				       "退信原因",
				       "失败原因",
				       "错误信息",
				       "錯誤訊息",
				       "사유",
				       "실패사유",
				       "원인",
				       "hibaüzenet",
				       "odpověď",
				       "respuesta",
				       "réponse",
				       "resposta",
				       "risposta",
				       "technical details",
				       "diagnostic",
				       "diagnostic code" };

/* What an address follows that is to be written to from now on, or asked. Lower case. */
static const char *const offers[] = {
	"try",
	"moved to",
	"changed to",
	"forward to",
	"new address",
	"new address is",
	"use",
	"instead",
	"contact",
	"contacting",
	"contact us at",
	"write to",
	"email to",
	"mail to our",
	"report to",
	"ask",
	"questions to",
	"reach us at",
	"neue adresse",
	"neue adresse ist",
	"neue adresse lautet",
	"wenden sie sich an",
	"schreiben sie an",
	"kontaktieren sie",
	"fragen an",
	"fragen beantwortet",
	"nouvelle adresse",
	"nouvelle adresse est",
	"contactez",
	"contacter",
	"écrivez à",
	"nueva dirección",
	"nueva dirección es",
	"contacte con",
	"contacte a",
	"póngase en contacto con",
	"novo endereço",
	"novo endereço é",
	"entre em contato com",
	"contate",
	"nuovo indirizzo",
	"nuovo indirizzo è",
	"contattare",
	"contatta",
	"nieuw adres",
	"nieuw adres is",
	"neem contact op met",
	"skontaktuj się z",
	"nowy adres",
	"kontaktujte",
	"kontakta",
	"kontakt",
	"обратитесь к",
	"обращайтесь",
	"напишите на",
	"новый адрес",
};

static const char *const targets[] = { "aliased to", "alias for", "alias of", "alias to", "expands to", "expanded to" };
static const char *const sources[] = { "expanded from",   "generated from",     "forwarded from", "redirected from",
				       "aliased from",    "originally sent to", "alias was",      "weitergeleitet von",
				       "ursprünglich an", "redirigé depuis",    "reenviado desde" };

static const char *const conjunctions[] = { "and", "or", "und", "et", "y",  "e", "ed", "en", "i",  "oraz", "og", "och",
					    "ja",  "ve", "a",   "и",  "та", "и", "和", "及", "と", "、",   "，", "；" };

gboolean
nx_line_begins_reply (const char *line)
{
	return (line[0] == '4' || line[0] == '5') && g_ascii_isdigit (line[1]) && g_ascii_isdigit (line[2]) &&
	       (line[3] == ' ' || line[3] == '-');
}

static const char *
skip_prefix (const char *p, const char *prefix)
{
	gsize length = strlen (prefix);
	return g_ascii_strncasecmp (p, prefix, length) == 0 ? p + length : p;
}

/* "1.", "12)", "(3)", "[2]" */
static const char *
skip_number (const char *line)
{
	const char *p = line + (*line == '(' || *line == '[');
	const char *digits = p;
	while (g_ascii_isdigit (*p))
		p++;
	if (p == digits || p - digits > 3 || strchr (".)]:", *p) == NULL || *p == '\0' || p[1] != ' ')
		return line;
	return p + 2;
}

static const char *
skip_bullets (const char *line)
{
	static const char *const bullets[] = { "•", "·", "‣", "–", "—", "→", "■", "□", "●", "○", "・", "※", "　", "»" };
	/* "| a@b | 5.1.1 |" is a row of a table; "| To: a@b" somebody's quotation. */
	const char *row = *line == '|' && strchr (line + 1, '|') != NULL ? line + 1 : line;
	const char *p = row + strspn (row, "*-+=\"' \t");
	if (*p == '>' && p > row && strchr ("-=", p[-1]) != NULL)
		p += 1 + strspn (p + 1, " \t");
	for (guint i = 0; i < G_N_ELEMENTS (bullets); i++)
		if (g_str_has_prefix (p, bullets[i]))
			return p + strlen (bullets[i]) + strspn (p + strlen (bullets[i]), "\"' \t");
	return p;
}

/* The colon behind a label, "(s)" and blanks before it; NULL when there is none. */
static const char *
skip_colon (const char *p)
{
	static const char *const plurals[] = { "(s)", "(es)", "(n)", "(r)", "(en)", "(i)", "(er)", "(ului)" };
	for (guint i = 0; i < G_N_ELEMENTS (plurals); i++)
		p = skip_prefix (p, plurals[i]);
	p = skip_prefix (p, "\302\240"); /* a French colon's no-break space */
	p += strspn (p, " \t.");
	const char *colon = skip_prefix (p, "：");
	if (colon == p && (*p == ':' || *p == '='))
		colon = p + 1;
	if (colon == p)
		return *p == '<' || *p == '[' ? p : NULL;
	colon += strspn (colon, " \t:[\"'");
	return skip_prefix (skip_prefix (colon, "rfc822;"), "smtp:") + strspn (skip_prefix (colon, "rfc822;"), " \t");
}

const char *
nx_line_skip_label (const char *line)
{
	const char *at = skip_bullets (line);
	at = skip_bullets (skip_number (at));
	for (guint i = 0; i < G_N_ELEMENTS (labels); i++) {
		const char *behind = skip_prefix (at, labels[i]);
		const char *address = behind != at ? skip_colon (behind) : NULL;
		if (address != NULL)
			return address;
	}
	return at;
}

gboolean
nx_line_begins_reason (const char *line)
{
	const char *at = skip_bullets (line);
	for (guint i = 0; i < G_N_ELEMENTS (reasons); i++) {
		const char *behind = skip_prefix (at, reasons[i]);
		if (behind != at && skip_colon (behind) != NULL && *behind != '<' && *behind != '[')
			return TRUE;
	}
	return FALSE;
}

const char *
nx_line_skip_lead (const char *words)
{
	static const char *const signs[] = { "–", "—", "→", "：", "»" };
	const char *p;
	do {
		p = words;
		words += strspn (words, " \t:,;>=|");
		if (words[0] == '-' && strchr (" -->", words[1]) != NULL)
			words++;
		for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
			words = skip_prefix (words, signs[i]);
	} while (words != p && *words != '\0');
	return words;
}

const char *
nx_line_skip_prompt (const char *line)
{
	static const char *const prompts[] = { "<<<",   "<<",        "<--",   "<-",      "<=", "<",
					       "rcvd:", "received:", "recv:", "server:", "s:", "response:" };
	for (guint i = 0; i < G_N_ELEMENTS (prompts); i++) {
		const char *behind = skip_prefix (line, prompts[i]);
		if (behind != line)
			return behind + strspn (behind, " \t");
	}
	return line;
}

char *
nx_line_find_rcpt (const char *line)
{
	static const char *const prompts[] = { ">>>", ">>", "-->", "->", "=>", ">", "sent:", "send:", "client:", "c:" };
	for (guint i = 0; i < G_N_ELEMENTS (prompts); i++) {
		const char *command = skip_prefix (line, prompts[i]);
		if (command == line)
			continue;
		command += strspn (command, " \t");
		const char *path = skip_prefix (command, "rcpt to:");
		return path != command ? nx_address_parse (path) : NULL;
	}
	return NULL;
}

char *
nx_line_find_listed (const char *rest, const char **rest_out)
{
	const char *p = rest + strspn (rest, " \t,;&/");
	gboolean apart = p != rest;
	for (guint i = 0; i < G_N_ELEMENTS (conjunctions); i++) {
		const char *behind = skip_prefix (p, conjunctions[i]);
		gboolean word = g_ascii_isalpha (*conjunctions[i]);
		if (behind == p || (word && (!apart || *behind != ' ')))
			continue;
		p = behind + strspn (behind, " \t");
		apart = TRUE;
		break;
	}
	const char *start = NULL;
	g_autofree char *address = apart ? nx_address_find (p, &start, rest_out) : NULL;
	if (address == NULL || start != p + strspn (p, "\"'"))
		return NULL;
	return g_steal_pointer (&address);
}

gboolean
nx_line_is_offered (const char *line, const char *start)
{
	g_autofree char *before = g_strndup (line, (gsize)(start - line));
	g_autofree char *lower = g_utf8_validate (before, -1, NULL) ? g_utf8_strdown (before, -1) : g_strdup (before);
	gsize length = strlen (lower);
	while (length > 0 && strchr (" \t:<(\"'", lower[length - 1]) != NULL)
		length--;
	lower[length] = '\0';
	for (guint i = 0; i < G_N_ELEMENTS (offers); i++) {
		gsize words = strlen (offers[i]);
		if (g_str_has_suffix (lower, offers[i]) && (length == words || lower[length - words - 1] == ' '))
			return TRUE;
	}
	return FALSE;
}

/* The address right behind one of the @words, or NULL. */
static char *
find_behind (const char *line, const char *lower, const char *const *words, guint count)
{
	for (guint i = 0; i < count; i++) {
		const char *at = strstr (lower, words[i]);
		if (at == NULL)
			continue;
		const char *behind = line + (at - lower) + strlen (words[i]);
		behind += strspn (behind, " \t:\"'");
		const char *start = NULL;
		g_autofree char *address = nx_address_find (behind, &start, NULL);
		if (address != NULL && start == behind)
			return g_steal_pointer (&address);
	}
	return NULL;
}

char *
nx_line_find_alias (const char *line, gboolean *source_out)
{
	*source_out = FALSE;
	if (strchr (line, '@') == NULL || nx_line_begins_reply (line))
		return NULL;
	g_autofree char *lower = g_ascii_strdown (line, -1);
	char *target = find_behind (line, lower, targets, G_N_ELEMENTS (targets));
	if (target != NULL)
		return target;
	*source_out = TRUE;
	return find_behind (line, lower, sources, G_N_ELEMENTS (sources));
}
