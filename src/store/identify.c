/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * identify.c: the part of recording that is the same for every backend: which list a hint means, which addresses to
 * look up, by which key an event is kept once. Pure; what it will not do is look anything up itself.
 */
#include "store/store-private.h"

#include <nixie/address.h>

#include <nettle/sha2.h>
#include <string.h>

#include "base/limits.h"

NxKnownList *
nx_known_list_new (gint64 id, const char *name, const char *address_key)
{
	NxKnownList *list = g_new0 (NxKnownList, 1);
	list->id = id;
	list->name = g_strdup (name);
	list->address_key = g_strdup (address_key);
	return list;
}

void
nx_known_list_free (NxKnownList *list)
{
	if (list == NULL)
		return;
	g_free (list->name);
	g_free (list->address_key);
	g_free (list);
}

typedef struct {
	const char *text;
	char *key;
	char *label;
} Hint;

/* RFC 2919 makes a List-Id of a posting address by a "." for the "@", and nearly every list manager does just that. */
static gboolean
is_list_id_of (const char *list_id, const char *address)
{
	const char *at = strrchr (address, '@');
	if (at == NULL || strlen (list_id) != strlen (address))
		return FALSE;
	gsize length = (gsize)(at - address);
	return list_id[length] == '.' && g_ascii_strncasecmp (list_id, address, length) == 0 &&
	       g_ascii_strcasecmp (list_id + length + 1, at + 1) == 0;
}

static gboolean
matches_name (const NxKnownList *list, const Hint *hint)
{
	return g_ascii_strcasecmp (list->name, hint->text) == 0;
}

static gboolean
matches_address (const NxKnownList *list, const Hint *hint)
{
	return *list->address_key != '\0' && strcmp (list->address_key, hint->key) == 0;
}

static gboolean
matches_list_id (const NxKnownList *list, const Hint *hint)
{
	return is_list_id_of (hint->text, list->address_key) || is_list_id_of (hint->text, list->name);
}

static gboolean
matches_label (const NxKnownList *list, const Hint *hint)
{
	return *hint->label != '\0' && g_ascii_strcasecmp (list->name, hint->label) == 0;
}

const NxKnownList *
nx_store_match_list (const GPtrArray *lists, const char *hint_text)
{
	/* Strongest first; a level decides only when it names exactly one list. */
	static gboolean (*const levels[]) (const NxKnownList *, const Hint *) = { matches_name, matches_address,
										  matches_list_id, matches_label };
	if (*hint_text == '\0')
		return NULL;
	g_autofree char *key = nx_address_make_key (hint_text);
	const char *at = strrchr (hint_text, '@');
	const char *end = at != NULL ? at : strchrnul (hint_text, '.');
	g_autofree char *label = g_strndup (hint_text, (gsize)(end - hint_text));
	const Hint hint = { .text = hint_text, .key = key, .label = label };
	for (guint level = 0; level < G_N_ELEMENTS (levels); level++) {
		const NxKnownList *found = NULL;
		guint count = 0;
		for (guint i = 0; i < lists->len; i++) {
			const NxKnownList *list = g_ptr_array_index (lists, i);
			if (!levels[level](list, &hint))
				continue;
			found = list;
			count++;
		}
		if (count > 0)
			return count == 1 ? found : NULL;
	}
	return NULL;
}

/*
 * Return paths are ours: what they name is a subscription as the list has it, but mail servers fold the case of the
 * whole path on its way. A raw original recipient may be xtext that was never decoded, where "+" begins no tag.
 */
guint
nx_store_get_candidates (const NxEvent *event, NxCandidate candidates[NX_STORE_CANDIDATES])
{
	const NxCandidate all[NX_STORE_CANDIDATES] = {
		{ event->verp_recipient, NX_CLOSENESS_SUBADDRESS, TRUE },
		{ event->original_recipient_raw, NX_CLOSENESS_DOMAIN, FALSE },
		{ event->original_recipient, NX_CLOSENESS_SUBADDRESS, FALSE },
		{ event->recipient, NX_CLOSENESS_SUBADDRESS, FALSE },
		{ event->actual_recipient, NX_CLOSENESS_SUBADDRESS, FALSE },
	};
	/* Who has a valid return path of his own must not use it against another whom his report names. */
	if (event->proof == NX_PROOF_SIGNED && *event->verp_recipient != '\0') {
		candidates[0] = (NxCandidate){ event->verp_recipient, NX_CLOSENESS_EXACT, TRUE };
		return 1;
	}
	guint count = 0;
	for (guint i = 0; i < G_N_ELEMENTS (all); i++)
		if (*all[i].address != '\0')
			candidates[count++] = all[i];
	return count;
}

static void
update_digest (struct sha256_ctx *context, const char *text)
{
	sha256_update (context, strlen (text) + 1, (const guint8 *)text);
}

char *
nx_store_make_message_id (const char *text)
{
	const char *open = strchr (text, '<');
	const char *close = open != NULL ? strchr (open, '>') : NULL;
	g_autofree char *inner = close != NULL ? g_strndup (open + 1, (gsize)(close - open - 1)) : g_strdup (text);
	g_strstrip (inner);
	gsize length = strlen (inner);
	if (length == 0 || length > NX_LIMIT_ADDRESS_BYTES || strpbrk (inner, "<> \t\r\n") != NULL)
		return NULL;
	return g_strdup_printf ("<%s>", inner);
}

/*
 * Which recipient of its report an event is, only the report itself says. The return path is left out because one copy
 * of a report may come with its envelope and another without. Both addresses count: two subscribers may forward to one
 * mailbox.
 */
NxEventKey
nx_store_make_event_key (const NxEvent *event)
{
	NxEventKey key = { 0 };
	struct sha256_ctx report;
	g_autofree char *recipient = nx_address_make_key (event->recipient);
	g_autofree char *original = nx_address_make_key (event->original_recipient);
	sha256_init (&report);
	update_digest (&report, event->fingerprint);
	update_digest (&report, recipient);
	update_digest (&report, original);
	sha256_digest (&report, NX_EVENT_KEY_PREFIX_BYTES, key.bytes);
	return key;
}

NxEventKey
nx_store_link_event_key (const NxEventKey *unlinked, const char *list)
{
	NxEventKey key = *unlinked;
	struct sha256_ctx link;
	g_autofree char *name = g_ascii_strdown (list, -1);
	sha256_init (&link);
	update_digest (&link, name);
	sha256_digest (&link, NX_EVENT_KEY_BYTES - NX_EVENT_KEY_PREFIX_BYTES, key.bytes + NX_EVENT_KEY_PREFIX_BYTES);
	return key;
}

char *
nx_store_make_unlinked_key (const NxEvent *event)
{
	const char *named = *event->recipient != '\0' ? event->recipient : event->original_recipient;
	return nx_address_make_key (*named != '\0' ? named : event->verp_recipient);
}

gboolean
nx_store_is_offerable (const char *forward, const char *forward_key, const char *const *failed, const GPtrArray *lists)
{
	if (!nx_address_is_valid (forward) || nx_address_is_role (forward))
		return FALSE;
	for (; *failed != NULL; failed++)
		if (strcmp (*failed, forward_key) == 0)
			return FALSE;
	for (guint i = 0; i < lists->len; i++) {
		const NxKnownList *list = g_ptr_array_index (lists, i);
		if (strcmp (list->address_key, forward_key) == 0)
			return FALSE;
	}
	return TRUE;
}
