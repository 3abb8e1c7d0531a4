/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pipeline.c: bytes to events: message, report, verdict and identity in their order. See nixie/event.h.
 */
#include <nixie/event.h>

#include "base/text.h"
#include "identity/identity.h"

#include <nixie/address.h>

#include <string.h>

struct _NxPipeline {
	NxFormats *formats;
	NxPhrases *phrases;
};

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
	return g_steal_pointer (&pipeline);
}

void
nx_pipeline_free (NxPipeline *pipeline)
{
	if (pipeline == NULL)
		return;
	nx_formats_free (pipeline->formats);
	nx_phrases_free (pipeline->phrases);
	g_free (pipeline);
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
}

static void
set_report (NxEvent *event, const NxReport *report, const NxIdentity *identity)
{
	nx_text_set (&event->message_id, report->message_id);
	nx_text_set (&event->reporting_mta, report->reporting_mta);
	nx_text_set (&event->fingerprint, report->fingerprint);
	nx_text_set (&event->original_message_id, report->original.message_id);
	if (report->kind == NX_KIND_NONE)
		return; /* an ordinary mail's shortcomings and lists are nobody's business */
	nx_text_set (&event->defects, report->defects);
	nx_text_set (&event->list, identity->list);
	nx_text_set (&event->verp_recipient, identity->verp_recipient);
	event->proof = identity->proof;
}

static NxEvent *
make_event (const NxPipeline *pipeline, const NxRawMessage *raw, const NxReport *report, const NxRecipient *recipient,
	    const NxIdentity *identity)
{
	g_autoptr (NxEvent) event = nx_event_new ();
	g_autoptr (NxDecision) decision = nx_verdict_decide (pipeline->phrases, report, recipient);
	nx_text_set (&event->file, raw->file);
	event->offset = raw->offset;
	event->date = find_date (report, recipient, raw);
	event->kind = recipient != NULL ? recipient->kind : report->kind;
	if (recipient != NULL)
		set_recipient (event, recipient);
	set_report (event, report, identity);
	if (raw->truncated && report->kind != NX_KIND_NONE)
		nx_text_take (&event->defects,
			      *event->defects == '\0' ? g_strdup ("cut") : g_strconcat (event->defects, " cut", NULL));
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

static GPtrArray *
make_events (const NxPipeline *pipeline, const NxRawMessage *raw, const NxReport *report, const char *envelope_to)
{
	NxIdentity identity = { 0 };
	nx_identity_find (report, envelope_to, &identity);
	GPtrArray *events = g_ptr_array_new_with_free_func (event_free_cb);
	for (guint i = 0; i < report->recipients->len; i++)
		g_ptr_array_add (events,
				 make_event (pipeline, raw, report, nx_report_get_recipient (report, i), &identity));
	if (events->len == 0)
		g_ptr_array_add (events, make_event (pipeline, raw, report, NULL, &identity));
	nx_identity_clear (&identity);
	return events;
}

GPtrArray *
nx_pipeline_read (const NxPipeline *pipeline, const NxRawMessage *raw, const char *envelope_to)
{
	g_return_val_if_fail (pipeline != NULL && raw != NULL, NULL);
	g_autoptr (NxMessage) message = nx_message_new (raw->data, raw->length);
	g_autoptr (NxReport) report = nx_report_new (message, pipeline->formats);
	return make_events (pipeline, raw, report, envelope_to);
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
	explanation->events = make_events (pipeline, raw, report, NULL);
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
