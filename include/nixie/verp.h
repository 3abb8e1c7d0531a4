/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * verp.h: return paths (RFC 5321 4.4): what they say, and keyed ones, which nobody else can write.
 *
 * A keyed return path comes in one of two forms, for the list news@lists.example.org:
 *
 *     news-bounces+TOKEN-joan=post.example@lists.example.org    the address beside the token
 *     news-bounces+TOKEN@lists.example.org                      the token alone
 *
 * The first is VERP as every tool reads it. The second is taken when the first would have a local part of more than 64
 * octets (RFC 5321 4.5.3.1.1), or when the subscriber's local part holds anything but ASCII letters, digits and
 * "._+=-": such a return path would need SMTPUTF8 on its way back, or quoting that some server gets wrong. Its token is
 * longer and stands for the subscriber by itself: it is checked against each address that may be meant, those in the
 * report first, then those that the caller looks up among the list's subscribers. So no table of tokens has to be kept.
 *
 * A token is, in base32 of digits and lower-case letters without i, l, o and u, so that "+", "-", "=" and a change of
 * case do it no harm:
 *
 *     "1"  KEY-ID (1)  DAY (3)  LIST (2)  MAC (10, or 16 when it stands alone)
 *
 * DAY is the day since 1970-01-01 UTC modulo 32768. LIST and MAC are the first 10 and the first 50 (80) bits of two
 * HMAC-SHA256 (RFC 2104, RFC 4231): of list and day, so that a token of another list is told from a forged one, and of
 * list, subscriber and day. List and subscriber go in as nx_address_make_key() gives them. Comparison takes the same
 * time for every wrong token.
 *
 * Keys are text, one a line: an id of one character of the token's alphabet, at least 32 hex digits, and the day it was
 * made. The last one makes tokens, all of them open tokens:
 *
 *     a 5f3c…9e 2026-10-01
 *     b 0b71…c4 2026-11-23
 *
 * What a token does not prove: that its bearer is a mail server. It was sent to the subscriber and to nobody else, so
 * whoever returns it has seen a mail to this subscriber; the subscriber has, and may forge bounces of his own address.
 */
#pragma once

#include <nixie/error.h>

G_BEGIN_DECLS

typedef struct _NxVerpKeys NxVerpKeys;

/**
 * NxVerpResult: what a return path's token is worth. NONE: it has no keyed token, or no keys were given. VALID.
 * UNKNOWN_KEY: made with a key that is not there (any more). OTHER_LIST: the token is not of this list. FORGED: of this
 * list, but not for this subscriber, or made up. EXPIRED: older than the keys' age limit. UNRESOLVED: it stands alone,
 * and fits no address that was tried.
 */
typedef enum {
	NX_VERP_NONE,
	NX_VERP_VALID,
	NX_VERP_UNKNOWN_KEY,
	NX_VERP_OTHER_LIST,
	NX_VERP_FORGED,
	NX_VERP_EXPIRED,
	NX_VERP_UNRESOLVED,
} NxVerpResult;

/**
 * NxReturnPath: a return path, understood. Texts are "" when absent. @style: who writes them so: "mailman", "ezmlm",
 * "mlmmj", "sympa", "xverp" …; "pattern" for one that was configured; "list" when it is a list's and names no
 * subscriber;
 * "" when it is none that is known.
 * @list: the list's posting address, or the name that a pattern was configured for. @recipient: the subscriber, even
 * when the token is refused. @token: keyed or opaque.
 * @date: midnight of the day that a keyed token was made; 0 when it was not read that far.
 */
typedef struct {
	char *style;
	char *list;
	char *recipient;
	char *token;
	NxVerpResult result;
	gint64 date;
} NxReturnPath;

/**
 * NxVerpTryFunc: says whether a token is @address's. Returns: TRUE when it is; then nothing more needs to be tried.
 */
typedef gboolean (*NxVerpTryFunc) (const char *address, gpointer try_data);

/**
 * NxVerpLookupFunc: calls @try_func for every subscriber of @list until it returns TRUE.
 */
typedef void (*NxVerpLookupFunc) (const char *list, NxVerpTryFunc try_func, gpointer try_data, gpointer user_data);

/**
 * nx_verp_keys_new: reads keys from @text. @name: the file's name for messages.
 * Returns: (transfer full): NULL with NX_ERROR_CONFIG "name:line: what is wrong". A text without a key is wrong too.
 */
NX_API NxVerpKeys *nx_verp_keys_new (const char *name, const char *text, GError **error);

/**
 * nx_verp_keys_free: the secrets are wiped from memory.
 */
NX_API void nx_verp_keys_free (NxVerpKeys *keys);

/**
 * nx_verp_keys_set_max_age: tokens of more than @days ago are EXPIRED. NX_VERP_MAX_AGE_DAYS when it is never called.
 */
NX_API void nx_verp_keys_set_max_age (NxVerpKeys *keys, guint days);
#define NX_VERP_MAX_AGE_DAYS 30
#define NX_VERP_SECRET_BYTES 32

/**
 * nx_verp_keys_rotate: the text of a key file with one key more, made of @secret (NX_VERP_SECRET_BYTES random octets),
 * which makes the tokens from @now on. Keys that no token within the age limit was made with are left out.
 * @keys: (nullable): NULL for the first key. Returns: (transfer full): NULL with NX_ERROR_DATA when all ids are taken.
 */
NX_API char *nx_verp_keys_rotate (const NxVerpKeys *keys, const guint8 *secret, gint64 now, GError **error);

/**
 * nx_verp_make: the keyed return path of @subscriber on @list.
 * @list: its posting address; with a @pattern its name. @pattern: (nullable): as for nx_pipeline_add_return_path(),
 * with {token}. @now: the time of sending; what is made in one day is the same. Returns: (transfer full): NULL with
 * NX_ERROR_DATA when an address cannot be taken or the local part gets too long.
 */
NX_API char *nx_verp_make (const NxVerpKeys *keys, const char *list, const char *pattern, const char *subscriber,
			   gint64 now, GError **error);

/**
 * nx_verp_check_pattern: FALSE with NX_ERROR_CONFIG when a pattern makes no sense.
 */
NX_API gboolean nx_verp_check_pattern (const char *pattern, GError **error);

/**
 * nx_verp_open: reads a return path of any style, and checks its token if it has a keyed one. SRS0, SRS1 and BATV
 * around it are taken off (not checked: their keys are others').
 * @keys: (nullable). @now: the time that the age is counted to. @lookup: (nullable): for tokens that stand alone.
 * Returns: (transfer full): never NULL. nx_pipeline_open_return_path() also knows configured patterns.
 */
NX_API NxReturnPath *nx_verp_open (const NxVerpKeys *keys, const char *return_path, gint64 now, NxVerpLookupFunc lookup,
				   gpointer user_data);
NX_API void nx_return_path_free (NxReturnPath *path);

/**
 * nx_verp_result_to_string: "valid", "forged" …; "" for NONE.
 */
NX_API const char *nx_verp_result_to_string (NxVerpResult result);

/**
 * nx_verp_result_get_meaning: one sentence for people.
 */
NX_API const char *nx_verp_result_get_meaning (NxVerpResult result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxVerpKeys, nx_verp_keys_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxReturnPath, nx_return_path_free)

G_END_DECLS
