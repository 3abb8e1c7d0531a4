/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pipeline.c: bytes to events: message, report, verdict and identity in their order. See nixie/event.h.
 */
#include <nixie/event.h>

#include "base/text.h"
#include "identity/identity.h"
#include "identity/proof.h"
#include "identity/return-path.h"
#include "mime/headers.h"
#include "mime/part.h"

#include <nixie/address.h>

#include <string.h>

struct _NxPipeline {
	NxFormats *formats;
	NxPhrases *phrases;
	NxIdentityRules identity;
	GPtrArray *authserv_ids;
};

static void
pattern_free_cb (gpointer data)
{
	nx_return_path_pattern_free (data);
}

NxPipeline *
nx_pipeline_new (const NxRules *rules, GError **error)
{
	g_return_val_if_fail (rules != NULL, NULL);
	g_autoptr (NxPipeline) pipeline = g_new0 (NxPipeline, 1);
	pipeline->formats = nx_formats_new (rules, error);
	if (pipeline->formats == NULL)
		return NULL;
	pipeline->phrases = nx_phrases_new (rules, error);
	if (pipeline->phrases == NULL)
		return NULL;
	pipeline->identity.patterns = g_ptr_array_new_with_free_func (pattern_free_cb);
	pipeline->identity.headers = g_ptr_array_new_with_free_func (g_free);
	pipeline->authserv_ids = g_ptr_array_new_with_free_func (g_free);
	return g_steal_pointer (&pipeline);
}

void
nx_pipeline_free (NxPipeline *pipeline)
{
	if (pipeline == NULL)
		return;
	nx_formats_free (pipeline->formats);
	nx_phrases_free (pipeline->phrases);
	g_clear_pointer (&pipeline->identity.patterns, g_ptr_array_unref);
	g_clear_pointer (&pipeline->identity.headers, g_ptr_array_unref);
	g_clear_pointer (&pipeline->authserv_ids, g_ptr_array_unref);
	nx_verp_keys_free (pipeline->identity.keys);
	g_free (pipeline);
}

gboolean
nx_pipeline_add_return_path (NxPipeline *pipeline, const char *list, const char *pattern, GError **error)
{
	g_return_val_if_fail (pipeline != NULL && list != NULL && pattern != NULL, FALSE);
	NxReturnPathPattern *checked = nx_return_path_pattern_new (list, pattern, error);
	if (checked != NULL)
		g_ptr_array_add (pipeline->identity.patterns, checked);
	return checked != NULL;
}

gboolean
nx_pipeline_add_subscriber_header (NxPipeline *pipeline, const char *name, GError **error)
{
	g_return_val_if_fail (pipeline != NULL && name != NULL, FALSE);
	const char *p = name;
	while (g_ascii_isgraph (*p) && *p != ':')
		p++;
	if (p == name || *p != '\0') {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "\"%s\" is no name of a header field", name);
		return FALSE;
	}
	g_ptr_array_add (pipeline->identity.headers, g_strdup (name));
	return TRUE;
}

gboolean
nx_pipeline_add_authserv_id (NxPipeline *pipeline, const char *id, GError **error)
{
	g_return_val_if_fail (pipeline != NULL && id != NULL, FALSE);
	gsize length = strlen (id);
	if (length > 0 && id[length - 1] == '.')
		length--;
	gsize good = 0;
	while (good < length && (g_ascii_isalnum (id[good]) || strchr (".-_", id[good]) != NULL))
		good++;
	if (length == 0 || good < length || *id == '.') {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG,
			     "\"%s\" is no host name; give the word that Authentication-Results begins with", id);
		return FALSE;
	}
	g_ptr_array_add (pipeline->authserv_ids, g_strndup (id, length));
	return TRUE;
}

void
nx_pipeline_set_verp_keys (NxPipeline *pipeline, NxVerpKeys *keys, gint64 now)
{
	g_return_if_fail (pipeline != NULL);
	nx_verp_keys_free (pipeline->identity.keys);
	pipeline->identity.keys = keys;
	pipeline->identity.now = now;
}

void
nx_pipeline_set_verp_now (NxPipeline *pipeline, gint64 now)
{
	g_return_if_fail (pipeline != NULL);
	pipeline->identity.now = now;
}

void
nx_pipeline_set_verp_lookup (NxPipeline *pipeline, NxVerpLookupFunc lookup, gpointer user_data)
{
	g_return_if_fail (pipeline != NULL);
	pipeline->identity.lookup = lookup;
	pipeline->identity.lookup_data = user_data;
}

NxReturnPath *
nx_pipeline_open_return_path (const NxPipeline *pipeline, const char *return_path, gint64 now)
{
	g_return_val_if_fail (pipeline != NULL && return_path != NULL, NULL);
	const NxIdentityRules *rules = &pipeline->identity;
	NxReturnPath *path = nx_return_path_read (return_path, rules->patterns);
	if (rules->keys != NULL)
		nx_verp_check (rules->keys, path, now, NULL, rules->lookup, rules->lookup_data);
	return path;
}

/* The report's own time, never the time of reading: the Date or Received header, the last attempt, the arrival of the
 * original, the From_ line. */
static gint64
find_date (const NxReport *report, const NxRecipient *recipient, const NxRawMessage *raw)
{
	if (report->date != 0)
		return report->date;
	if (recipient != NULL && recipient->last_attempt_date != 0)
		return recipient->last_attempt_date;
	return report->arrival_date != 0 ? report->arrival_date : raw->envelope_date;
}

static void
set_recipient (NxEvent *event, const NxRecipient *recipient)
{
	nx_text_set (&event->recipient, recipient->final_recipient);
	nx_text_set (&event->remote_mta, recipient->remote_mta);
	nx_text_set (&event->original_recipient_raw, recipient->original_recipient_raw);
	if (*recipient->original_recipient != '\0' &&
	    !nx_address_equal (recipient->original_recipient, recipient->final_recipient))
		nx_text_set (&event->original_recipient, recipient->original_recipient);
	/* It may be a file, a program, or a reply that somebody put there. */
	if (nx_address_is_valid (recipient->actual_recipient) &&
	    !nx_address_equal (recipient->actual_recipient, recipient->final_recipient))
		nx_text_set (&event->actual_recipient, recipient->actual_recipient);
}

static void
set_report (NxEvent *event, const NxReport *report, const NxIdentity *identity)
{
	nx_text_set (&event->message_id, report->message_id);
	nx_text_set (&event->reporting_mta, report->reporting_mta);
	nx_text_set (&event->fingerprint, report->fingerprint);
	nx_text_set (&event->original_message_id, report->original.message_id);
	nx_text_set (&event->feedback_type, report->feedback_type);
	if (report->kind == NX_KIND_NONE) {
		/* An ordinary mail's shortcomings and lists are nobody's business, but for those that may have hidden a
		 * report. */
		if (strstr (report->defects, "too-") != NULL)
			nx_text_set (&event->defects, report->defects);
		return;
	}
	nx_text_set (&event->defects, report->defects);
	nx_text_set (&event->list, identity->list);
	nx_text_set (&event->verp_recipient, identity->verp_recipient);
	nx_text_set (&event->token, identity->token);
	event->proof = identity->proof;
	if (identity->refused == NX_VERP_NONE)
		return;
	g_autofree char *defect = g_strconcat ("verp-", nx_verp_result_to_string (identity->refused), NULL);
	nx_event_add_defect (event, defect);
}

/* What is the same for every event of a message. */
typedef struct {
	const NxRawMessage *raw;
	const NxReport *report;
	NxIdentity identity;
	NxAuthentication authentication;
	gint64 arrival;
} Context;

/* A clock that is wrong by a little is no reason to learn nothing. */
#define CLOCK_SECONDS 3600
#define DAY_SECONDS 86400

/* A post's date is taken for what it is; so neither a wrong clock nor a forger may put one where the report itself
 * could not be. */
static gint64
find_original_date (const NxReport *report, const NxEvent *event)
{
	g_autoptr (NxHeaders) fields = nx_headers_parse (report->original.fields, FALSE, NULL);
	const char *text = nx_headers_get (fields, "Date");
	gint64 date = text != NULL ? nx_headers_parse_date (text) : 0;
	gint64 reported = event->date != 0 ? event->date : event->arrival;
	if (date <= 0 || date > reported + CLOCK_SECONDS ||
	    date < reported - NX_EVENT_ORIGINAL_DAYS * (gint64)DAY_SECONDS)
		return 0;
	return MIN (date, reported);
}

static NxEvent *
make_event (const NxPipeline *pipeline, const Context *context, const NxRecipient *recipient)
{
	const NxRawMessage *raw = context->raw;
	const NxReport *report = context->report;
	g_autoptr (NxEvent) event = nx_event_new ();
	g_autoptr (NxDecision) decision = nx_verdict_decide (pipeline->phrases, report, recipient);
	nx_text_set (&event->file, raw->file);
	event->offset = raw->offset;
	event->date = find_date (report, recipient, raw);
	event->arrival = context->arrival;
	event->kind = recipient != NULL ? recipient->kind : report->kind;
	if (recipient != NULL)
		set_recipient (event, recipient);
	set_report (event, report, &context->identity);
	if (report->kind != NX_KIND_NONE)
		event->original_date = find_original_date (report, event);
	nx_proof_settle (event, &context->authentication, context->identity.refused);
	if (raw->truncated && report->kind != NX_KIND_NONE)
		nx_event_add_defect (event, "cut");
	event->verdict = decision->verdict;
	event->reason = decision->reason;
	event->status = decision->status;
	event->reply = decision->reply;
	nx_text_take (&event->forward, g_steal_pointer (&decision->forward));
	nx_text_take (&event->diagnostic, g_steal_pointer (&decision->diagnostic));
	nx_text_take (&event->rule, g_steal_pointer (&decision->rule));
	return g_steal_pointer (&event);
}

static void
event_free_cb (gpointer data)
{
	nx_event_free (data);
}

/* When our own server took the mail in: it wrote the Received header on top. */
static gint64
find_arrival (const NxMessage *message)
{
	const char *received = nx_headers_get (nx_message_get_headers (message), "Received");
	const char *semicolon = received != NULL ? strrchr (received, ';') : NULL;
	return semicolon != NULL ? nx_headers_parse_date (semicolon + 1) : 0;
}

static GPtrArray *
make_events (const NxPipeline *pipeline, const NxRawMessage *raw, const NxMessage *message, const NxReport *report,
	     const char *envelope_to)
{
	Context context = { .raw = raw, .report = report, .arrival = find_arrival (message) };
	NxIdentityRules rules = pipeline->identity;
	/* A Date may be of any day that its writer likes; the Received header on top and the From_ line are the last to
	 * be written, by our own server. */
	if (rules.now == 0)
		rules.now = MAX (MAX (context.arrival, report->date), raw->envelope_date);
	if (report->kind == NX_KIND_NONE)
		rules.lookup = NULL; /* an ordinary mail's events say nothing of it */
	nx_identity_find (&rules, report, envelope_to, &context.identity);
	gboolean cut = strstr (nx_message_get_defects (message), "long-header") != NULL;
	nx_authentication_read (nx_message_get_headers (message), pipeline->authserv_ids, cut, &context.authentication);
	GPtrArray *events = g_ptr_array_new_with_free_func (event_free_cb);
	for (guint i = 0; i < report->recipients->len; i++)
		g_ptr_array_add (events, make_event (pipeline, &context, nx_report_get_recipient (report, i)));
	if (events->len == 0)
		g_ptr_array_add (events, make_event (pipeline, &context, NULL));
	nx_identity_clear (&context.identity);
	nx_authentication_clear (&context.authentication);
	return events;
}

GPtrArray *
nx_pipeline_read (const NxPipeline *pipeline, const NxRawMessage *raw, const char *envelope_to)
{
	g_return_val_if_fail (pipeline != NULL && raw != NULL, NULL);
	g_autoptr (NxMessage) message = nx_message_new (raw->data, raw->length);
	g_autoptr (NxReport) report = nx_report_new (message, pipeline->formats);
	return make_events (pipeline, raw, message, report, envelope_to);
}

static void
matches_free_cb (gpointer data)
{
	g_ptr_array_unref (data);
}

NxExplanation *
nx_pipeline_explain_message (const NxPipeline *pipeline, const NxRawMessage *raw)
{
	g_return_val_if_fail (pipeline != NULL && raw != NULL, NULL);
	g_autoptr (NxMessage) message = nx_message_new (raw->data, raw->length);
	g_autoptr (NxReport) report = nx_report_new (message, pipeline->formats);
	NxExplanation *explanation = g_new0 (NxExplanation, 1);
	explanation->format = g_strdup (report->format);
	explanation->bids = nx_formats_list_bids (pipeline->formats, message);
	explanation->events = make_events (pipeline, raw, message, report, NULL);
	explanation->matches = g_ptr_array_new_with_free_func (matches_free_cb);
	for (guint i = 0; i < explanation->events->len; i++)
		g_ptr_array_add (explanation->matches, nx_verdict_list_matches (pipeline->phrases, report,
										nx_report_get_recipient (report, i)));
	return explanation;
}

void
nx_explanation_free (NxExplanation *explanation)
{
	if (explanation == NULL)
		return;
	g_free (explanation->format);
	g_ptr_array_unref (explanation->bids);
	g_ptr_array_unref (explanation->events);
	g_ptr_array_unref (explanation->matches);
	g_free (explanation);
}

NxDecision *
nx_pipeline_explain (const NxPipeline *pipeline, const char *text)
{
	g_return_val_if_fail (pipeline != NULL && text != NULL, NULL);
	return nx_verdict_decide_reply (pipeline->phrases, text);
}
