/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * notification.c: Amazon SES notifications as JSON in a mail's body, bare or inside an SNS message.
 *
 * Amazon's developer guide describes the members ("Amazon SNS notification contents for Amazon SES"). What it will not
 * do: check SNS signatures, or fetch anything.
 */
#include "report/report-private.h"

#include "base/limits.h"
#include "base/text.h"
#include "report/prose.h"

#include <nixie/address.h>

#include <jansson.h>
#include <string.h>

typedef json_t Json;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Json, json_decref)

static const char *
get_text (const Json *object, const char *name)
{
	const char *text = json_string_value (json_object_get (object, name));
	return text != NULL ? text : "";
}

/*
 * The object that a text begins with, whatever follows it: SNS puts an unsubscribe notice behind. Mail servers break
 * lines that are too long for SMTP, so line ends inside strings are none of the sender's.
 */
static Json *
parse_object (const char *text)
{
	text += strspn (text, " \t\n\r");
	if (*text != '{')
		return NULL;
	Json *object = json_loads (text, JSON_DISABLE_EOF_CHECK, NULL);
	if (object != NULL)
		return object;
	g_auto (GStrv) lines = g_strsplit_set (text, "\r\n", -1);
	g_autofree char *joined = g_strjoinv ("", lines);
	return json_loads (joined, JSON_DISABLE_EOF_CHECK, NULL);
}

static NxRecipient *
add_recipient (NxReport *report, NxKind kind, const char *value)
{
	g_autofree char *address = nx_address_parse (value);
	if (kind == NX_KIND_FEEDBACK &&
	    (nx_address_is_redacted (value) || (address != NULL && nx_address_is_redacted (address))))
		return NULL;
	NxRecipient *recipient = address != NULL ? nx_report_add_recipient (report) : NULL;
	if (recipient == NULL)
		return NULL;
	recipient->kind = kind;
	nx_text_take (&recipient->final_recipient, g_steal_pointer (&address));
	return recipient;
}

/* One of bouncedRecipients or delayedRecipients: the fields of RFC 3464 in JSON. */
static NxRecipient *
read_recipient (const Json *one, NxKind kind, NxReport *report)
{
	NxRecipient *recipient = add_recipient (report, kind, get_text (one, "emailAddress"));
	if (recipient == NULL)
		return NULL;
	NxStatus status = { 0 };
	if (nx_status_parse (get_text (one, "status"), &status, NULL))
		recipient->status = status;
	nx_text_take (&recipient->diagnostic_code, nx_report_split_type (get_text (one, "diagnosticCode"), NULL));
	return recipient;
}

static void
read_bounce (const Json *bounce, NxReport *report)
{
	const Json *recipients = json_object_get (bounce, "bouncedRecipients");
	g_autofree char *mta = nx_report_split_type (get_text (bounce, "reportingMTA"), NULL);
	nx_text_set (&report->reporting_mta, mta);
	for (gsize i = 0; i < json_array_size (recipients); i++) {
		NxRecipient *recipient = read_recipient (json_array_get (recipients, i), NX_KIND_FAILURE, report);
		/* Without a diagnosis Amazon's own words for it are all there is. */
		if (recipient != NULL && *recipient->diagnostic_code == '\0')
			nx_text_take (&recipient->transcript,
				      g_strconcat ("Amazon SES bounce type ", get_text (bounce, "bounceType"),
						   ", subtype ", get_text (bounce, "bounceSubType"), NULL));
	}
	report->kind = NX_KIND_FAILURE;
}

static void
read_delay (const Json *delay, NxReport *report)
{
	const Json *recipients = json_object_get (delay, "delayedRecipients");
	for (gsize i = 0; i < json_array_size (recipients); i++) {
		NxRecipient *recipient = read_recipient (json_array_get (recipients, i), NX_KIND_DELAYED, report);
		if (recipient != NULL && *recipient->diagnostic_code == '\0')
			nx_text_take (&recipient->transcript,
				      g_strconcat ("Amazon SES delay type ", get_text (delay, "delayType"), NULL));
	}
	report->kind = NX_KIND_DELAYED;
}

static void
read_complaint (const Json *complaint, NxReport *report)
{
	const Json *recipients = json_object_get (complaint, "complainedRecipients");
	for (gsize i = 0; i < json_array_size (recipients); i++)
		add_recipient (report, NX_KIND_FEEDBACK, get_text (json_array_get (recipients, i), "emailAddress"));
	/* Most providers give no type; that a reader complained is what the notification says. */
	const char *type = get_text (complaint, "complaintFeedbackType");
	nx_text_take (&report->feedback_type, g_ascii_strdown (*type != '\0' ? type : "abuse", -1));
	report->kind = NX_KIND_FEEDBACK;
}

static void
read_delivery (const Json *delivery, NxReport *report)
{
	const Json *recipients = json_object_get (delivery, "recipients");
	for (gsize i = 0; i < json_array_size (recipients); i++) {
		const char *address = json_string_value (json_array_get (recipients, i));
		NxRecipient *recipient = address != NULL ? add_recipient (report, NX_KIND_DELIVERED, address) : NULL;
		if (recipient != NULL)
			nx_text_set (&recipient->diagnostic_code, get_text (delivery, "smtpResponse"));
	}
	nx_text_set (&report->reporting_mta, get_text (delivery, "reportingMTA"));
	report->kind = NX_KIND_DELIVERED;
}

/* The original's header, where the sender lets Amazon pass it on. */
static void
read_headers (const Json *headers, NxReport *report)
{
	g_autoptr (GString) block = g_string_new (NULL);
	for (gsize i = 0; i < MIN (json_array_size (headers), NX_LIMIT_HEADERS); i++) {
		const Json *header = json_array_get (headers, i);
		g_autofree char *value = nx_text_make_line (get_text (header, "value"), NX_LIMIT_HEADER_BYTES);
		if (*get_text (header, "name") != '\0')
			g_string_append_printf (block, "%s: %s\n", get_text (header, "name"), value);
	}
	g_autoptr (NxHeaders) fields = nx_headers_parse (block->str, FALSE, NULL);
	nx_report_read_original (report, fields);
}

static void
read_mail (const Json *mail, NxReport *report)
{
	const char *message_id = get_text (json_object_get (mail, "commonHeaders"), "messageId");
	const Json *headers = json_object_get (mail, "headers");
	if (json_array_size (headers) > 0)
		read_headers (headers, report);
	if (*message_id != '\0')
		nx_text_set (&report->original.message_id, message_id);
	nx_text_set (&report->original.return_path, get_text (mail, "source"));
}

gboolean
nx_notification_read (const NxMessage *message, NxReport *report)
{
	static const struct {
		const char *type;
		const char *member;
		void (*read) (const Json *object, NxReport *report);
	} types[] = { { "Bounce", "bounce", read_bounce },
		      { "Complaint", "complaint", read_complaint },
		      { "Delivery", "delivery", read_delivery },
		      { "DeliveryDelay", "deliveryDelay", read_delay } };
	g_autofree char *text = nx_prose_dup_text (message);
	g_autoptr (Json) outer = parse_object (text);
	if (outer == NULL)
		return FALSE;
	g_autoptr (Json) inner = parse_object (get_text (outer, "Message"));
	const Json *object = inner != NULL ? inner : outer;
	const char *type = get_text (object, "notificationType");
	if (*type == '\0')
		type = get_text (object, "eventType");
	for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
		const Json *member = json_object_get (object, types[i].member);
		if (strcmp (types[i].type, type) != 0 || !json_is_object (member))
			continue;
		types[i].read (member, report);
		read_mail (json_object_get (object, "mail"), report);
		nx_text_set (&report->format, "amazon-ses");
		return TRUE;
	}
	return FALSE;
}
