/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * from-line.c: is this line a From_ line, and what does it tell? RFC 4155 Appendix A, and what programs really write.
 *
 * The shape is "From ", a sender, a date, to the very end of the line. The sender is any one word, or none or up to six
 * when a weekday follows. The date is a set, not a sequence: month, day, time and year must be there, weekday and zone
 * may, each once, and no other word. That takes asctime(3) with or without seconds, a zone before or after the year
 * (by number, by name, "MET DST", with a comment), the order of RFC 5322, two-digit years, the years 19100 and 100 of
 * programs that missed the year 2000, ISO 8601, and the "remote from HOST" of UUCP; and no English sentence.
 *
 * It does not judge where the line stands (mbox.c does). A date that does not exist (31 February) counts on into the
 * next month. A zone that is unknown or not there is UTC. Control characters make a line no From_ line.
 */
#include "source/source-private.h"

#include "base/limits.h"

#include <string.h>

typedef struct {
	const char *text;
	gsize length;
} Word;

typedef struct {
	gboolean has_weekday, has_time, has_offset, has_zone_name, has_comment;
	int year, month, day;
	int hour, minute, second;
	int offset_minutes;
} When;

static const char *const weekday_names[] = {
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
};

static const char *const month_names[] = {
	"january", "february", "march",     "april",   "may",      "june",
	"july",    "august",   "september", "october", "november", "december",
};

/* Names that mean one zone only; all others count as UTC. "DST" comes after another name and adds its hour. */
static const struct {
	const char *name;
	int minutes;
} zones[] = {
	{ "AKDT", -480 }, { "AKST", -540 }, { "BST", 60 },   { "CDT", -300 }, { "CEST", 120 }, { "CET", 60 },
	{ "CST", -360 },  { "DST", 60 },    { "EDT", -240 }, { "EEST", 180 }, { "EET", 120 },  { "EST", -300 },
	{ "HST", -600 },  { "JST", 540 },   { "KST", 540 },  { "MDT", -360 }, { "MEST", 120 }, { "MESZ", 120 },
	{ "MET", 60 },    { "MEZ", 60 },    { "MSD", 240 },  { "MSK", 180 },  { "MST", -420 }, { "NZDT", 780 },
	{ "NZST", 720 },  { "PDT", -420 },  { "PST", -480 }, { "SAST", 120 }, { "WEST", 60 },
};

/* The index of the name that the word abbreviates to three letters or more, or -1. */
static int
find_name (Word word, const char *const *names, guint n_names)
{
	for (guint i = 0; word.length >= 3 && i < n_names; i++)
		if (word.length <= strlen (names[i]) && g_ascii_strncasecmp (word.text, names[i], word.length) == 0)
			return (int)i;
	return -1;
}

/* Takes @min to @max digits off the front of a word. */
static gboolean
take_number (Word *word, gsize min, gsize max, int *number_out)
{
	int number = 0;
	gsize digits = 0;
	for (; digits < word->length && digits < max && g_ascii_isdigit (word->text[digits]); digits++)
		number = number * 10 + (word->text[digits] - '0');
	if (digits < min)
		return FALSE;
	word->text += digits;
	word->length -= digits;
	*number_out = number;
	return TRUE;
}

static gboolean
take_char (Word *word, const char *set)
{
	if (word->length == 0 || strchr (set, word->text[0]) == NULL)
		return FALSE;
	word->text++;
	word->length--;
	return TRUE;
}

static gboolean
read_weekday (Word word, When *when)
{
	if (when->has_weekday || when->month != 0 || when->day != 0 || when->year != 0 || when->has_time)
		return FALSE;
	when->has_weekday = find_name (word, weekday_names, G_N_ELEMENTS (weekday_names)) >= 0;
	return when->has_weekday;
}

static gboolean
read_month (Word word, When *when)
{
	int month = find_name (word, month_names, G_N_ELEMENTS (month_names)) + 1;
	if (month == 0 || when->month != 0)
		return FALSE;
	when->month = month;
	return TRUE;
}

/* "+0200", "-05:00"; sign and all */
static gboolean
read_offset (Word word, When *when)
{
	int hours, minutes;
	gboolean west = word.length > 0 && word.text[0] == '-';
	if (when->has_offset || !when->has_time || !take_char (&word, "+-") || !take_number (&word, 2, 2, &hours))
		return FALSE;
	take_char (&word, ":");
	if (!take_number (&word, 2, 2, &minutes) || word.length > 0 || minutes > 59)
		return FALSE;
	when->offset_minutes = (hours * 60 + minutes) * (west ? -1 : 1);
	when->has_offset = TRUE;
	return TRUE;
}

/* A zone's name; "(CET)" is a comment to an offset, but must stand in for one that is not there. */
static gboolean
read_zone_name (Word word, When *when)
{
	gboolean is_dst = word.length == 3 && memcmp (word.text, "DST", 3) == 0;
	gboolean is_comment = take_char (&word, "(");
	if (is_comment && (word.length == 0 || word.text[--word.length] != ')'))
		return FALSE;
	if (!when->has_time || word.length == 0 || word.length > 5)
		return FALSE;
	if (is_comment ? when->has_comment : when->has_zone_name && !is_dst)
		return FALSE;
	for (gsize i = 0; i < word.length; i++)
		if (!g_ascii_isupper (word.text[i]))
			return FALSE;
	gboolean counts = !when->has_offset && !(is_comment && when->has_zone_name);
	for (guint i = 0; counts && i < G_N_ELEMENTS (zones); i++)
		if (strlen (zones[i].name) == word.length && memcmp (zones[i].name, word.text, word.length) == 0)
			when->offset_minutes += zones[i].minutes;
	if (is_comment)
		when->has_comment = TRUE;
	else
		when->has_zone_name = TRUE;
	return TRUE;
}

/* "10:00", "10:00:00", "10:00:00.123", with a zone right behind it or not */
static gboolean
read_time (Word word, When *when)
{
	int hour, minute, second = 0, fraction;
	if (when->has_time || !take_number (&word, 1, 2, &hour) || !take_char (&word, ":") ||
	    !take_number (&word, 2, 2, &minute))
		return FALSE;
	if (take_char (&word, ":") && !take_number (&word, 2, 2, &second))
		return FALSE;
	if (take_char (&word, ".,") && !take_number (&word, 1, 9, &fraction))
		return FALSE;
	if (hour > 24 || minute > 59 || second > 61)
		return FALSE;
	when->has_time = TRUE;
	when->hour = hour;
	when->minute = minute;
	when->second = second;
	return word.length == 0 || read_offset (word, when) || read_zone_name (word, when);
}

/* "2006-01-02", "2006/01/02", "2006-01-02T10:00:00Z" */
static gboolean
read_iso_date (Word word, When *when)
{
	int year, month, day;
	if (when->year != 0 || when->month != 0 || when->day != 0)
		return FALSE;
	if (!take_number (&word, 4, 4, &year) || !take_char (&word, "-/") || !take_number (&word, 2, 2, &month) ||
	    !take_char (&word, "-/") || !take_number (&word, 2, 2, &day))
		return FALSE;
	if (year < 1900 || month < 1 || month > 12 || day < 1 || day > 31)
		return FALSE;
	when->year = year;
	when->month = month;
	when->day = day;
	return word.length == 0 || (take_char (&word, "T") && read_time (word, when));
}

static int
repair_year (int year, gsize digits)
{
	if (digits == 2)
		return year < 70 ? year + 2000 : year + 1900;
	if (digits == 3 && year < 200)
		return year + 1900;
	if (digits == 5 && year >= 19100 && year < 19200)
		return year - 19100 + 2000;
	return digits == 4 && year >= 1900 ? year : 0;
}

/* The first number is the day, unless only a year can have so many digits; the second is the other. */
static gboolean
read_day_or_year (Word word, When *when)
{
	int number;
	gsize digits = word.length;
	if (!take_number (&word, 1, 5, &number) || word.length > 0)
		return FALSE;
	if (digits <= 2 && when->day == 0) {
		when->day = number;
		return number >= 1 && number <= 31;
	}
	if (when->year != 0)
		return FALSE;
	when->year = repair_year (number, digits);
	return when->year != 0;
}

static gboolean (*const readers[]) (Word word, When *when) = {
	read_weekday, read_month, read_time, read_day_or_year, read_offset, read_zone_name, read_iso_date,
};

static gboolean
read_word (Word word, When *when)
{
	/* "Mon, 2 Jan": RFC 5322's comma may stand behind weekday and day. */
	if (word.length > 1 && word.text[word.length - 1] == ',')
		word.length--;
	for (guint i = 0; i < G_N_ELEMENTS (readers); i++) {
		When attempt = *when;
		if (readers[i](word, &attempt)) {
			*when = attempt;
			return TRUE;
		}
	}
	return FALSE;
}

static gint64
count_seconds (const When *when)
{
	/* Years that begin in March have their leap day last. */
	gint64 year = when->month <= 2 ? when->year - 1 : when->year;
	gint64 month = (when->month + 9) % 12;
	gint64 days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + when->day - 1;
	days -= 719468; /* 1970-01-01 */
	return ((days * 24 + when->hour) * 60 + when->minute - when->offset_minutes) * 60 + when->second;
}

/* All the words must be one date. */
static gboolean
read_date (const Word *words, guint n_words, gboolean needs_weekday, gint64 *date_out)
{
	When when = { 0 };
	for (guint i = 0; i < n_words; i++)
		if (!read_word (words[i], &when))
			return FALSE;
	if (when.day == 0 || when.month == 0 || when.year == 0 || !when.has_time)
		return FALSE;
	if (needs_weekday && !when.has_weekday)
		return FALSE;
	*date_out = count_seconds (&when);
	return TRUE;
}

/* Returns: how many words, 0 when there are too many or a control character is among them. */
static guint
split_words (const char *line, gsize length, Word *words)
{
	guint n_words = 0;
	gboolean inside = FALSE;
	for (gsize i = 0; i < length; i++) {
		guchar c = (guchar)line[i];
		gboolean blank = c == ' ' || c == '\t';
		if ((c < 32 && !blank) || c == 127)
			return 0;
		if (!blank && !inside) {
			if (n_words == NX_LIMIT_FROM_LINE_WORDS)
				return 0;
			words[n_words++] = (Word){ line + i, 0 };
		}
		if (!blank)
			words[n_words - 1].length++;
		inside = !blank;
	}
	return n_words;
}

static gboolean
word_is (Word word, const char *text)
{
	return word.length == strlen (text) && memcmp (word.text, text, word.length) == 0;
}

static void
set_sender (NxFromLine *from, const Word *words, guint n_words)
{
	static const char *const placeholders[] = { "-", "()", "<>" };
	from->sender = "";
	from->sender_length = 0;
	if (n_words == 0)
		return;
	for (guint i = 0; n_words == 1 && i < G_N_ELEMENTS (placeholders); i++)
		if (word_is (words[0], placeholders[i]))
			return;
	const char *end = words[n_words - 1].text + words[n_words - 1].length;
	from->sender = words[0].text;
	if (from->sender[0] == '<' && end[-1] == '>') {
		from->sender++;
		end--;
	}
	from->sender_length = (gsize)(end - from->sender);
}

gboolean
nx_from_line_parse (const char *line, gsize length, NxFromLine *from_out)
{
	Word words[NX_LIMIT_FROM_LINE_WORDS];
	if (length < 5 || length > NX_LIMIT_FROM_LINE_BYTES || memcmp (line, "From ", 5) != 0)
		return FALSE;
	guint n_words = split_words (line + 5, length - 5, words);
	if (n_words > 3 && word_is (words[n_words - 3], "remote") && word_is (words[n_words - 2], "from"))
		n_words -= 3;
	for (guint sender = 0; sender <= NX_LIMIT_FROM_LINE_SENDER_WORDS && sender < n_words; sender++) {
		if (!read_date (words + sender, n_words - sender, sender != 1, &from_out->date))
			continue;
		set_sender (from_out, words, sender);
		from_out->is_plain =
			sender == 1 && find_name (words[1], weekday_names, G_N_ELEMENTS (weekday_names)) >= 0;
		return TRUE;
	}
	return FALSE;
}
