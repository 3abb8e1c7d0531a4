/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * address-role.c: mailboxes of functions, not of readers (RFC 2142 and usage).
 *
 * One table. Names that a reader may well subscribe with (info, office, sales) are not in it. To know one more name,
 * add a row.
 */
#include <nixie/address.h>

#include <string.h>

/* How a name may stand in a local part. Hyphens, underscores and dots are ignored, and so is everything behind "+". */
typedef enum {
	MATCH_WHOLE,  /* "postmaster" */
	MATCH_BEGIN,  /* also "noreply-123", "noreply.shop" */
	MATCH_END,    /* also "shop-noreply" */
	MATCH_EITHER, /* both */
} Match;

typedef struct {
	const char *name;
	Match match;
} Role;

/* Ordered by name. */
static const Role roles[] = {
	{ "abuse", MATCH_BEGIN },         { "administrator", MATCH_WHOLE },
	{ "autoreply", MATCH_EITHER },    { "autoresponder", MATCH_EITHER },
	{ "bounce", MATCH_EITHER },       { "bounces", MATCH_EITHER },
	{ "complaints", MATCH_WHOLE },    { "confirm", MATCH_END },
	{ "daemon", MATCH_WHOLE },        { "devnull", MATCH_WHOLE },
	{ "dnsadmin", MATCH_WHOLE },      { "donotreply", MATCH_EITHER },
	{ "dontreply", MATCH_EITHER },    { "ftp", MATCH_WHOLE },
	{ "helpdesk", MATCH_EITHER },     { "hostmaster", MATCH_WHOLE },
	{ "listserv", MATCH_WHOLE },      { "mailadmin", MATCH_WHOLE },
	{ "mailerdaemon", MATCH_EITHER }, { "mailman", MATCH_WHOLE },
	{ "mailmaster", MATCH_WHOLE },    { "majordomo", MATCH_WHOLE },
	{ "noc", MATCH_WHOLE },           { "nobody", MATCH_WHOLE },
	{ "noreply", MATCH_EITHER },      { "noresponse", MATCH_EITHER },
	{ "notification", MATCH_WHOLE },  { "notifications", MATCH_WHOLE },
	{ "owner", MATCH_EITHER },        { "postmaster", MATCH_BEGIN },
	{ "request", MATCH_END },         { "root", MATCH_WHOLE },
	{ "security", MATCH_WHOLE },      { "servicedesk", MATCH_EITHER },
	{ "spam", MATCH_WHOLE },          { "subscribe", MATCH_END },
	{ "support", MATCH_EITHER },      { "sympa", MATCH_WHOLE },
	{ "unsubscribe", MATCH_EITHER },  { "usenet", MATCH_WHOLE },
	{ "uucp", MATCH_WHOLE },          { "webmaster", MATCH_WHOLE },
	{ "www", MATCH_WHOLE },           { "wwwdata", MATCH_WHOLE },
};

static gboolean
is_separator (char c)
{
	return c == '-' || c == '_' || c == '.';
}

/*
 * Compares the letters of @name with the local part from @p on, separators left out. Returns: behind the last one, or
 * NULL.
 */
static const char *
match_name (const char *p, const char *name)
{
	for (; *name != '\0'; name++, p++) {
		while (is_separator (*p))
			p++;
		if (*p != *name)
			return NULL;
	}
	return p;
}

/* Digits and separators: "postmaster2", "bounces-17". */
static gboolean
is_number (const char *p)
{
	while (g_ascii_isdigit (*p) || is_separator (*p))
		p++;
	return *p == '\0';
}

static gboolean
is_role_local (const char *local, const Role *role)
{
	const char *end = match_name (local, role->name);
	if (end != NULL && is_number (end))
		return TRUE;
	if (end != NULL && is_separator (*end) && (role->match == MATCH_BEGIN || role->match == MATCH_EITHER))
		return TRUE;
	if (role->match != MATCH_END && role->match != MATCH_EITHER)
		return FALSE;
	for (const char *p = local; *p != '\0'; p++) {
		if (!is_separator (*p))
			continue;
		end = match_name (p + 1, role->name);
		if (end != NULL && *end == '\0')
			return TRUE;
	}
	return FALSE;
}

gboolean
nx_address_is_role (const char *address)
{
	const char *at = strrchr (address, '@');
	gsize length = at != NULL ? (gsize)(at - address) : strlen (address);
	if (length >= 2 && address[0] == '"' && address[length - 1] == '"') {
		address++;
		length -= 2;
	}
	g_autofree char *local = g_ascii_strdown (address, (gssize)length);
	char *tag = strchr (local, '+');
	if (tag != NULL)
		*tag = '\0';
	for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
		if (is_role_local (local, &roles[i]))
			return TRUE;
	return FALSE;
}
