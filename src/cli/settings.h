/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * settings.h: the configuration file, a GLib key file.
 *
 *     [nixie]
 *     database = /var/lib/nixie/nixie.db
 *     list = news
 *     rules = /etc/nixie/rules.d
 *     subscriber-header = X-Reader
 *
 *     [verp]
 *     key-file = /etc/nixie/verp.keys
 *     max-age-days = 30
 *
 *     [address]
 *     local-part-case = ignore
 *     subaddress = ignore
 *     same-domains = googlemail.com gmail.com; pm.example mail.pm.example
 *
 *     [forward]
 *     sendmail = /usr/sbin/sendmail -i -t
 *     expire-days = 365
 *     token-days = 7
 *
 *     [privacy]
 *     diagnostics-days = 180
 *     addresses-days = 730
 *
 *     [proof]
 *     authserv-id = mx.example.org mx2.example.org
 *
 *     [notices]
 *     sendmail = /usr/sbin/sendmail -i -t
 *     templates = /etc/nixie/templates
 *     language = de
 *     digest-days = 7
 *
 *     [run]
 *     hook-seconds = 60
 *
 *     [list news]
 *     owner = news-owner@lists.example.org
 *     language = fr
 *     hook = /usr/lib/nixie/nixie-driver mlmmj --dir /var/spool/mlmmj/news
 *     verp = news-verp-{token}@lists.example.org
 *     confirm = news-answers-{token}@lists.example.org
 *
 *     [policy]
 *     half-life-days = 90
 *
 *     [policy news]
 *     threshold = 4
 *
 * and the group [serve], which is in serve-settings.h.
 */
#pragma once

#include <nixie/address.h>
#include <nixie/forward.h>
#include <nixie/verp.h>

#include "serve-settings.h"

G_BEGIN_DECLS

#define NX_SETTINGS_FILE "/etc/nixie/nixie.conf"
#define NX_SETTINGS_RULES "/etc/nixie/rules.d"

/**
 * NxListSettings: a group [list NAME]. @verp: the pattern of its return paths, or ""; @confirm: of the addresses that
 * answers of readers go to, or "". @owner: whom its notices go to, or "". @language: of its mails, or "". @hook: words,
 * NULL when it has none.
 */
typedef struct {
	char *name;
	char *verp;
	char *confirm;
	char *owner;
	char *language;
	GStrv hook;
} NxListSettings;

/**
 * NxSettings: what the file says; "" when it is silent, but @rules, which then is NX_SETTINGS_RULES. @file: "" when
 * no file was read. @max_age_days: NX_VERP_MAX_AGE_DAYS when it is silent; @expire_days, @token_days: as in forward.h.
 * @diagnostic_days, @address_days: of [privacy], 0 when it is silent. @address_rules: of [address]. @sendmail: words,
 * NULL when it is silent. @digest_days: 0 for never. @authserv_ids: host names, empty when it is silent. @lists:
 * (element-type NxListSettings), in the file's order. @policies: see settings-policy.h. @serve: of [serve].
 */
typedef struct {
	char *file;
	char *database;
	char *list;
	char *rules;
	char *subscriber_header;
	char *key_file;
	char *templates;
	char *language;
	GStrv sendmail;
	guint max_age_days;
	guint expire_days;
	guint token_days;
	guint digest_days;
	guint hook_seconds;
	guint diagnostic_days;
	guint address_days;
	NxAddressRules *address_rules;
	GStrv authserv_ids;
	GPtrArray *lists;
	GPtrArray *policies;
	NxServeSettings serve;
} NxSettings;

/**
 * nx_settings_new: @path: (nullable): NULL for NX_SETTINGS_FILE if there is one.
 * Returns: (transfer full): NULL with NX_ERROR_CONFIG "FILE:LINE: what is wrong; what to do".
 */
NxSettings *nx_settings_new (const char *path, GError **error);
void nx_settings_free (NxSettings *settings);

/**
 * nx_settings_find_list: by its name, in any case. Returns: NULL when there is no such group.
 */
const NxListSettings *nx_settings_find_list (const NxSettings *settings, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxSettings, nx_settings_free)

G_END_DECLS
