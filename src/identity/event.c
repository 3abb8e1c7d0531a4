/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * event.c: NxEvent and the names of the proofs. See nixie/event.h.
 */
#include <nixie/event.h>

#include <string.h>

static const struct {
	NxProof proof;
	const char *name;
} proofs[] = {
	{ NX_PROOF_NONE, "" },         { NX_PROOF_CLAIM, "claim" },
	{ NX_PROOF_VERP, "verp" },     { NX_PROOF_ORIGINAL, "original" },
	{ NX_PROOF_SIGNED, "signed" },
};

const char *
nx_proof_to_string (NxProof proof)
{
	for (guint i = 0; i < G_N_ELEMENTS (proofs); i++)
		if (proofs[i].proof == proof)
			return proofs[i].name;
	return "";
}

gboolean
nx_proof_from_string (const char *text, NxProof *proof_out)
{
	for (guint i = 0; i < G_N_ELEMENTS (proofs); i++)
		if (strcmp (proofs[i].name, text) == 0) {
			*proof_out = proofs[i].proof;
			return TRUE;
		}
	return FALSE;
}

#define TEXTS 20

/* All texts of an event, for making and freeing. */
static guint
list_texts (NxEvent *event, char **texts[TEXTS])
{
	char **all[] = { &event->file,
			 &event->message_id,
			 &event->recipient,
			 &event->original_recipient,
			 &event->original_recipient_raw,
			 &event->actual_recipient,
			 &event->forward,
			 &event->diagnostic,
			 &event->reporting_mta,
			 &event->remote_mta,
			 &event->list,
			 &event->verp_recipient,
			 &event->token,
			 &event->subscriber,
			 &event->rule,
			 &event->defects,
			 &event->fingerprint,
			 &event->original_message_id,
			 &event->feedback_type,
			 &event->answers };
	G_STATIC_ASSERT (G_N_ELEMENTS (all) == TEXTS);
	memcpy (texts, all, sizeof all);
	return G_N_ELEMENTS (all);
}

NxEvent *
nx_event_new (void)
{
	NxEvent *event = g_new0 (NxEvent, 1);
	char **texts[TEXTS];
	guint count = list_texts (event, texts);
	for (guint i = 0; i < count; i++)
		*texts[i] = g_strdup ("");
	return event;
}

void
nx_event_free (NxEvent *event)
{
	if (event == NULL)
		return;
	char **texts[TEXTS];
	guint count = list_texts (event, texts);
	for (guint i = 0; i < count; i++)
		g_free (*texts[i]);
	g_free (event);
}
