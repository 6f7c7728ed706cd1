/* SPDX-License-Identifier: MIT */
/*
 * The document of one incident: everything incident.show tells beyond the row.
 */
#include <string.h>

#include "custody.h"
#include "doc.h"
#include "signing.h"
#include "toban/base/attr.h"

static json_t *
doc_chain(const struct call *call, const struct incident *incident)
{
	json_t *chain = json_array();

	for (size_t i = 0; i < incident->n_contacts; i++) {
		const struct contact *contact = &incident->contacts[i];

		json_array_append_new(chain,
			json_pack("{s:i, s:s, s:s, s:o, s:o, s:o, s:o, s:b}", "link", contact->link,
				"person", contact->person, "role", contact->role, "notified_at",
				json_of_time(call, contact->notified_at), "seen_at",
				json_of_time(call, contact->seen_at), "acknowledged_at",
				json_of_time(call, contact->acknowledged_at), "due_at",
				json_of_time(call, contact->due_at), "skipped", contact->skipped));
	}
	return chain;
}

static json_t *
doc_instructions(const struct call *call, const struct incident *incident)
{
	json_t *items = json_array();

	for (size_t i = 0; i < incident->n_instructions; i++) {
		const struct instruction *item = &incident->instructions[i];

		json_array_append_new(items,
			json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:b}", "seq",
				(json_int_t)item->seq, "by", item->by, "to",
				json_of_list(&item->to), "text", json_of_text(item->text), "at",
				json_of_time(call, item->at), "due_at",
				json_of_time(call, item->due_at), "answered_by",
				item->answered_by ? json_integer(item->answered_by) : json_null(),
				"ratifies", item->ratifies));
	}
	return items;
}

static json_t *
doc_responses(const struct call *call, const struct incident *incident)
{
	json_t *items = json_array();

	for (size_t i = 0; i < incident->n_responses; i++) {
		const struct response *item = &incident->responses[i];

		json_array_append_new(items,
			json_pack("{s:I, s:s, s:o, s:o, s:b, s:b}", "seq", (json_int_t)item->seq,
				"by", item->by, "text", json_of_text(item->text), "at",
				json_of_time(call, item->at), "emergency", item->emergency,
				"ratified", item->ratified));
	}
	return items;
}

static json_t *
doc_cells(const struct call *call, const struct measure *measure)
{
	json_t *cells = json_object();

	for (size_t i = 0; i < measure->n_cells; i++) {
		const struct cell *cell = &measure->cells[i];

		json_object_set_new(cells, cell->department,
			json_pack("{s:s, s:b, s:o, s:o, s:o, s:o, s:o}", "state",
				cell_state_word(cell->state), "not_applicable",
				cell->not_applicable, "due_at", json_of_time(call, cell->due_at),
				"by", json_of_text(cell->by), "evidence",
				json_of_text(cell->evidence), "why", json_of_text(cell->why), "at",
				json_of_time(call, cell->at)));
	}
	return cells;
}

static json_t *
doc_measures(const struct call *call, const struct incident *incident)
{
	json_t *items = json_array();

	for (size_t i = 0; i < incident->n_measures; i++) {
		const struct measure *item = &incident->measures[i];

		json_array_append_new(items,
			json_pack("{s:s, s:o, s:o, s:s, s:o, s:o, s:i, s:o}", "key", item->key,
				"text", json_of_text(item->text), "cause",
				json_of_text(item->cause), "owner", item->owner, "due_at",
				json_of_time(call, item->due_at), "effect_on",
				json_of_time(call, item->effect_on), "round", item->round, "cells",
				doc_cells(call, item)));
	}
	return items;
}

static json_t *
doc_reviews(const struct call *call, const struct incident *incident)
{
	json_t *items = json_object();

	for (size_t i = 0; i < incident->n_reviews; i++) {
		const struct review *item = &incident->reviews[i];

		json_object_set_new(items, item->item,
			json_pack("{s:o, s:o, s:o, s:o}", "verdict", json_of_text(item->verdict),
				"by", json_of_text(item->by), "at",
				item->verdict ? json_of_time(call, item->at) : json_null(), "text",
				json_of_text(item->text)));
	}
	return items;
}

static json_t *
doc_clocks(const struct call *call, const struct incident *incident)
{
	json_t *items = json_array();

	for (size_t i = 0; i < incident->n_clocks; i++) {
		const struct running_clock *item = &incident->clocks[i];

		json_array_append_new(items,
			json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "key", item->key, "due_at",
				json_of_time(call, item->due_at), "decision",
				json_of_text(item->decision), "by", json_of_text(item->by), "why",
				json_of_text(item->why), "at",
				item->decision ? json_of_time(call, item->at) : json_null()));
	}
	return items;
}

static json_t *
doc_custody(const struct call *call, const struct incident *incident, int64_t file)
{
	json_t *items = json_array();

	for (size_t i = 0; i < incident->n_custody; i++) {
		const struct custody *item = &incident->custody[i];

		if (item->file == file) {
			json_array_append_new(items,
				json_pack("{s:I, s:s, s:s, s:o}", "seq", (json_int_t)item->seq,
					"kind", item->kind, "by", item->by, "at",
					json_of_time(call, item->at)));
		}
	}
	return items;
}

json_t *
doc_evidence_file(const struct call *call, const struct incident *incident, size_t i)
{
	const struct evidence *item = &incident->evidence[i];

	return json_pack("{s:I, s:s, s:I, s:s, s:s, s:o, s:b, s:o}", "seq", (json_int_t)item->seq,
		"name", item->name, "size", (json_int_t)item->size, "sha256", item->sha256, "by",
		item->by, "at", json_of_time(call, item->at), "damaged",
		custody_is_damaged(incident, item->seq), "custody",
		doc_custody(call, incident, item->seq));
}

static json_t *
doc_evidence(const struct call *call, const struct incident *incident)
{
	json_t *items = json_array();

	for (size_t i = 0; i < incident->n_evidence; i++) {
		json_array_append_new(items, doc_evidence_file(call, incident, i));
	}
	return items;
}

static json_t *
doc_links(const struct incident *incident)
{
	json_t *items = json_array();

	for (size_t i = 0; i < incident->n_links; i++) {
		const struct incident_link *item = &incident->links[i];

		json_array_append_new(items,
			json_pack("{s:I, s:s, s:s, s:o, s:b}", "seq", (json_int_t)item->seq, "kind",
				item->kind, "other", item->other, "why", json_of_text(item->why),
				"undone", item->undone));
	}
	return items;
}

/* Telephone attempts are told from the log: they change nothing else. */
json_t *
doc_calls(const struct call *call, const struct dossier *dossier)
{
	json_t *items = json_array();

	for (size_t i = 0; i < dossier->events.n; i++) {
		const struct event *event = &dossier->events.items[i];
		const struct flow_step *step =
			flow_find_step(&call->procedure->incident_flow, event->kind);
		json_t *body = NULL;
		json_t *doc;

		if (!step || strcmp(step->effect, "call") != 0 || dossier->incident.voided[i]) {
			continue;
		}
		body = event->body ? json_loads(event->body, 0, NULL) : NULL;
		doc = json_pack("{s:I, s:s, s:o, s:n, s:n, s:n}", "seq", (json_int_t)event->seq,
			"by", event->actor, "at", json_of_time(call, event->at), "to", "number",
			"outcome");
		json_object_update_existing(doc, json_object_get(body, "fields"));
		json_array_append_new(items, doc);
		json_decref(body);
	}
	return items;
}

/* What the finder wrote, always present so that readers need not ask. */
static enum err
add_report(const struct incident *incident, json_t *into)
{
	static const char *const keys[] = { "contact", "situation", "found_at", "place", "asset",
		"done_so_far", "personal_data" };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		json_t *value = json_object_get(incident->report, keys[i]);

		if (json_object_set_new(into, keys[i], value ? json_incref(value) : json_null())) {
			return ERR_NOMEM;
		}
	}
	return ERR_OK;
}

/* Moves every member of `part`, a new reference, into `into`. */
static enum err
add_part(json_t *into, json_t *part)
{
	int failed = part ? json_object_update(into, part) : -1;

	json_decref(part);
	return failed ? ERR_NOMEM : ERR_OK;
}

enum err
doc_case(struct call *call, const struct dossier *dossier, json_t *into)
{
	const struct incident *incident = &dossier->incident;
	int64_t looked = json_integer_value(json_object_get(into, "looked_seq"));
	enum err e = add_report(incident, into);

	if (!e) {
		e = add_part(into,
			json_pack("{s:o, s:o, s:o, s:s, s:i, s:b, s:o, s:o, s:o, s:I, s:o}",
				"categories", json_of_list(&incident->categories), "suspected",
				json_of_list(&incident->suspected), "reason",
				json_of_words(&incident->reason), "table_version",
				incident->table_version, "round", incident->round, "escalated",
				incident->escalated, "chain", doc_chain(call, incident), "involved",
				json_of_list(&incident->involved), "readers",
				json_of_list(&incident->readers), "seq",
				(json_int_t)incident->last_seq, "signatures",
				doc_signatures(call, incident)));
	}
	if (!e) {
		e = add_part(into,
			json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
				"instructions", doc_instructions(call, incident), "responses",
				doc_responses(call, incident), "result",
				doc_result(call, incident, looked), "measures",
				doc_measures(call, incident), "reviews",
				doc_reviews(call, incident), "clocks", doc_clocks(call, incident),
				"evidence", doc_evidence(call, incident), "links",
				doc_links(incident), "calls", doc_calls(call, dossier), "log",
				doc_log(call, &dossier->events)));
	}
	return e;
}
