/* SPDX-License-Identifier: MIT */
/*
 * Where in a case the words of a question stand: the same texts that the
 * summary's search text is made of, entry by entry, as they were written.
 */
#include "search.h"

#include <string.h>

#include "doc.h"
#include "toban/base/attr.h"

enum { SNIPPET_CHARS = 160, HITS_MOST = 40 };

struct collector {
	struct call *call;
	const struct find_query *query;
	const struct event *event;
	json_t *hits;
	enum err err;
};

static json_t *
marks_document(const struct find_snippet *snippet)
{
	json_t *marks = json_array();

	for (size_t i = 0; i < snippet->n; i++) {
		json_array_append_new(marks,
			json_pack("[I, I]", (json_int_t)snippet->marks[i].start,
				(json_int_t)snippet->marks[i].len));
	}
	return marks;
}

/* Adds the text when a word stands in it. */
static void
add_text(struct collector *c, const char *field, const json_t *value)
{
	struct find_snippet snippet;
	const struct event *event = c->event;

	if (!json_is_string(value) || c->err || json_array_size(c->hits) == HITS_MOST) {
		return;
	}
	c->err = find_snippet(
		c->call->arena, c->query, json_string_value(value), SNIPPET_CHARS, &snippet);
	if (c->err || snippet.n == 0) {
		return;
	}
	json_array_append_new(c->hits,
		json_pack("{s:I, s:s, s:o, s:s, s:s, s:s, s:o}", "seq", (json_int_t)event->seq,
			"kind", event->kind, "at", json_of_time(c->call, event->at), "actor",
			event->actor, "field", field, "text", snippet.text, "marks",
			marks_document(&snippet)));
}

static void
add_fields(struct collector *c, const struct form *form, const json_t *fields)
{
	for (size_t i = 0; form && i < form->n_fields; i++) {
		const struct form_field *field = &form->fields[i];
		const json_t *value = json_object_get(fields, field->key);
		const json_t *measure;
		size_t k;

		if (field->type == FIELD_LINE || field->type == FIELD_TEXT) {
			add_text(c, field->key, value);
		} else if (field->type == FIELD_MEASURES) {
			json_array_foreach(value, k, measure)
			{
				add_text(c, field->key, json_object_get(measure, "text"));
				add_text(c, field->key, json_object_get(measure, "cause"));
			}
		}
	}
}

enum err
search_hits(struct call *call, const char *id, const struct find_query *query, json_t **ret_hits)
{
	struct collector c = { .call = call, .query = query };
	struct dossier *dossier = NULL;
	const bool *covered = NULL;
	bool any = false;
	enum err e = query->n_words > 0 ? dossier_load(call, id, &dossier) : ERR_OK;
	size_t n = dossier ? dossier->incident.n_events : 0;

	if (!e && n) {
		e = search_veil_covered(call, &dossier->incident, &covered, &any);
	}
	if (e) {
		return e;
	}
	c.hits = json_array();
	for (size_t i = 0; i < n; i++) {
		const json_t *body = json_array_get(dossier->incident.store, i);

		c.event = &dossier->incident.events[i];
		if (c.event->body && !covered[i]) { /* nothing of what replaced an erased one */
			add_fields(&c, procedure_form(call->procedure, c.event->form),
				json_object_get(body, "fields"));
		}
	}
	if (c.err) {
		json_decref(c.hits);
		c.hits = NULL;
	}
	*ret_hits = c.hits;
	return c.err;
}
