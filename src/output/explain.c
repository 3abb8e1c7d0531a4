/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * explain.c: stanzas and explanations of a message (nixie/event.h) as JSON and as sentences.
 *
 * It tells what was decided elsewhere; it decides nothing.
 */
#include <nixie/output.h>

#include "output/json.h"

#include <string.h>

static void
add_place (json_t *object, const NxRuleInfo *info)
{
	nx_output_add_json_text (object, "file", info->file);
	json_object_set_new (object, "line", json_integer (info->line));
}

char *
nx_output_format_rule (const NxRuleInfo *info)
{
	json_t *object = json_object ();
	char *line = NULL;

	nx_output_add_json_text (object, "type", info->type);
	nx_output_add_json_text (object, "id", info->id);
	nx_output_add_json_text (object, "summary", info->summary);
	add_place (object, info);
	nx_output_add_json_text (object, "text", info->text);
	line = nx_output_dump_json (object);
	json_decref (object);
	return line;
}

static const NxRuleMatch *
find_chosen (const GPtrArray *matches)
{
	for (guint i = 0; i < matches->len; i++) {
		const NxRuleMatch *match = g_ptr_array_index (matches, i);

		if (match->chosen)
			return match;
	}
	return NULL;
}

/* The rule of a decision is the id of a stanza or a standard's section, which has blanks. */
static gboolean
is_stanza (const char *rule)
{
	return *rule != '\0' && strchr (rule, ' ') == NULL;
}

/* Codes alone, or not even they. */
static char *
describe_without_phrase (const NxEvent *event)
{
	if (event->kind == NX_KIND_FAILURE && is_stanza (event->rule))
		return g_strdup_printf ("No phrase fits; the codes would have decided, but the doubt %s undoes that.",
					event->rule);
	if (event->kind != NX_KIND_FAILURE && event->kind != NX_KIND_DELAYED)
		return g_strdup_printf ("The kind of report decided (%s).", event->rule);
	if (event->reply != 0 || nx_status_is_set (event->status))
		return g_strdup_printf ("No phrase fits what was said; the codes decided (%s).", event->rule);
	return g_strdup_printf ("No phrase fits, and there is no code: a failure is transient when in doubt (%s).",
				event->rule);
}

/* A phrase fits, but something stands above it. */
static char *
describe_overruled (const NxEvent *event, const NxRuleMatch *chosen)
{
	switch (event->kind) {
	case NX_KIND_FAILURE:
		if (is_stanza (event->rule))
			return g_strdup_printf ("The phrase %s fits, but the doubt %s undoes it.", chosen->id,
						event->rule);
		return g_strdup_printf ("The phrase %s fits, but the codes say that nothing failed: a contradiction is "
					"transient, whatever the words (%s).",
					chosen->id, event->rule);
	case NX_KIND_DELAYED:
		return g_strdup_printf ("The phrase %s gave the reason; a delay itself is benign (%s).", chosen->id,
					event->rule);
	default:
		return g_strdup_printf ("The phrase %s fits, but the kind of report outranks all words (%s).",
					chosen->id, event->rule);
	}
}

char *
nx_output_describe_decision (const NxEvent *event, const GPtrArray *matches)
{
	const NxRuleMatch *chosen = find_chosen (matches);

	if (event->kind == NX_KIND_NONE)
		return g_strdup ("Nothing recognised a report in it.");
	if (chosen == NULL)
		return describe_without_phrase (event);
	if (strcmp (event->rule, chosen->id) != 0)
		return describe_overruled (event, chosen);
	if (event->verdict == chosen->verdict || event->kind != NX_KIND_FAILURE)
		return g_strdup_printf ("The phrase %s decided.", chosen->id);
	return g_strdup_printf ("The phrase %s decided, but what failed for now (class 4) is never permanent.",
				chosen->id);
}

gboolean
nx_output_find_rule (const NxRules *rules, const char *type, const char *id, NxRuleInfo *info_out)
{
	for (guint i = 0; i < nx_rules_get_count (rules); i++) {
		NxRuleInfo info;

		nx_rules_get_info (rules, i, &info);
		if (strcmp (info.type, type) == 0 && strcmp (info.id, id) == 0) {
			*info_out = info;
			return TRUE;
		}
	}
	return FALSE;
}

static json_t *
make_bids (const GPtrArray *bids)
{
	json_t *array = json_array ();

	for (guint i = 0; i < bids->len; i++) {
		const NxFormatBid *bid = g_ptr_array_index (bids, i);
		json_t *object = json_object ();

		nx_output_add_json_text (object, "id", bid->id);
		json_object_set_new (object, "bid", json_integer (bid->bid));
		json_object_set_new (object, "chosen", json_boolean (bid->chosen));
		json_array_append_new (array, object);
	}
	return array;
}

static json_t *
make_matches (const GPtrArray *matches, const NxRules *rules)
{
	json_t *array = json_array ();

	for (guint i = 0; i < matches->len; i++) {
		const NxRuleMatch *match = g_ptr_array_index (matches, i);
		json_t *object = json_object ();
		NxRuleInfo info;

		nx_output_add_json_text (object, "id", match->id);
		json_object_set_new (object, "weight", json_integer (match->weight));
		nx_output_add_json_verdict (object, match->verdict, match->reason);
		if (nx_output_find_rule (rules, "phrase", match->id, &info))
			add_place (object, &info);
		json_object_set_new (object, "chosen", json_boolean (match->chosen));
		json_array_append_new (array, object);
	}
	return array;
}

char *
nx_output_format_explanation (const NxExplanation *explanation, const NxRules *rules)
{
	json_t *object = json_object ();
	json_t *events = json_array ();
	char *line = NULL;

	nx_output_add_json_text (object, "format", explanation->format);
	json_object_set_new (object, "bids", make_bids (explanation->bids));
	for (guint i = 0; i < explanation->events->len; i++) {
		const NxEvent *event = g_ptr_array_index (explanation->events, i);
		const GPtrArray *matches = g_ptr_array_index (explanation->matches, i);
		g_autofree char *sentence = nx_output_describe_decision (event, matches);
		json_t *one = nx_output_make_json_event (event);

		json_object_set_new (one, "matches", make_matches (matches, rules));
		nx_output_add_json_text (one, "decided", sentence);
		json_array_append_new (events, one);
	}
	json_object_set_new (object, "events", events);
	line = nx_output_dump_json (object);
	json_decref (object);
	return line;
}
