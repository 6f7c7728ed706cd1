/* SPDX-License-Identifier: MIT */
/*
 * From a folded incident to its summary row.  Nothing here looks at the clock
 * or at who asks: the same events always give the same row.
 */
#include "summary.h"

#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/text.h"
#include "toban/core/sight.h"

#define PAGE 200 /* summaries looked at in one go */

/* Moves a growing string into the arena. */
static enum err
keep(struct arena *arena, struct str *text, const char **ret)
{
	const char *copy = text->failed ? NULL : arena_strndup(arena, str_text(text), text->len);

	str_release(text);
	if (!copy) {
		return ERR_NOMEM;
	}
	*ret = copy;
	return ERR_OK;
}

/* --- who is awaited ------------------------------------------------------------ */

/* Ids are kept as " a b ": every id between blanks, so that a search for " a " is exact. */
static void
add_id(struct str *ids, const char *id)
{
	char *found = ids->len ? strstr(ids->data, id) : NULL;
	size_t len = strlen(id);

	for (; found; found = strstr(found + 1, id)) {
		if (found[-1] == ' ' && found[len] == ' ') {
			return;
		}
	}
	if (ids->len == 0) {
		str_add_char(ids, ' ');
	}
	str_add(ids, id);
	str_add_char(ids, ' ');
}

bool
row_names(const char *list, const char *person)
{
	size_t len = strlen(person);

	for (const char *at = strstr(list, person); at; at = strstr(at + 1, person)) {
		if (at > list && at[-1] == ' ' && at[len] == ' ') {
			return true;
		}
	}
	return false;
}

/*
 * Those of a role who could take the step now, or on the day it is for: the
 * author of a result is not awaited to approve it, though he is of the office.
 * While nobody could, the whole role is awaited: to make it possible is theirs.
 */
static enum err
add_holders(struct arena *arena, const struct step_context *context, const struct awaited *item,
	struct str *ids)
{
	const struct flow_step *step =
		flow_find_step(&context->procedure->incident_flow, item->step);
	struct step_context then = *context;
	struct step_verdict verdict = { false };
	struct word_list people = { NULL, 0 };
	size_t before = ids->len;
	bool nobody;
	enum err e = step_people(arena, context, item->role, &people);

	if (!e && step) {
		then.now = item->due_at > then.now ? item->due_at : then.now;
		e = step_judge(arena, &then, step, NULL, &verdict);
	}
	for (size_t i = 0; !e && i < people.n; i++) {
		if (word_list_has(&verdict.who, people.items[i])) {
			add_id(ids, people.items[i]);
		}
	}
	nobody = ids->len == before;
	for (size_t i = 0; !e && nobody && i < people.n; i++) {
		add_id(ids, people.items[i]);
	}
	return e;
}

static enum err
awaited_text(struct arena *arena, const struct step_context *context, struct incident_row *row)
{
	const struct awaited *items = NULL;
	struct str ids = STR_INIT;
	size_t n = 0;
	json_t *waiting = json_array();
	char *dump;
	enum err e = step_awaited(arena, context, &items, &n);

	for (size_t i = 0; !e && i < n; i++) {
		const struct awaited *item = &items[i];
		bool named = item->person != NULL;
		json_t *doc = json_pack("{s:s, s:s}", named ? "person" : "role",
			named ? item->person : item->role, "step", item->step);

		/* Milliseconds here; whoever reads the row is shown a time. */
		if (doc && item->due_at != STAMP_NONE) {
			json_object_set_new(doc, "due_at", json_integer(item->due_at));
		}
		json_array_append_new(waiting, doc);
		if (named) {
			add_id(&ids, item->person);
		} else {
			e = add_holders(arena, context, item, &ids);
		}
	}
	dump = e ? NULL : json_dumps(waiting, JSON_COMPACT | JSON_SORT_KEYS);
	row->waiting = dump ? arena_strdup(arena, dump) : NULL;
	free(dump);
	json_decref(waiting);
	if (e) {
		str_release(&ids);
		return e;
	}
	return row->waiting ? keep(arena, &ids, &row->people) : ERR_NOMEM;
}

/* --- who may read ---------------------------------------------------------------- */

static enum err
readers_text(struct arena *arena, const struct step_context *context, struct incident_row *row)
{
	struct step_context each = *context;
	struct str readers = STR_INIT;
	struct str hidden = STR_INIT;
	enum err e;

	for (size_t i = 0; context->incident->confidential && i < context->org->n_people; i++) {
		each.person = &context->org->people[i];
		if (incident_visible(&each)) {
			add_id(&readers, each.person->id);
		}
	}
	if (context->incident->confidential && readers.len == 0) {
		str_add(&readers, "  "); /* nobody at all, which is not everybody */
	}
	for (size_t i = 0; i < context->incident->kept_out.n; i++) {
		add_id(&hidden, context->incident->kept_out.items[i]);
	}
	e = keep(arena, &readers, &row->readers);
	if (e) {
		str_release(&hidden);
		return e;
	}
	return keep(arena, &hidden, &row->hidden_from);
}

/* --- what can be searched ----------------------------------------------------------- */

static void
add_searched(struct str *search, const json_t *value)
{
	if (json_is_string(value) && json_string_length(value) > 0) {
		text_fold(search, json_string_value(value), json_string_length(value));
		str_add_char(search, '\n');
	}
}

static void
add_measures(struct str *search, const json_t *measures)
{
	const json_t *measure;
	size_t i;

	json_array_foreach(measures, i, measure)
	{
		add_searched(search, json_object_get(measure, "text"));
		add_searched(search, json_object_get(measure, "cause"));
	}
}

void
summary_add_texts(struct str *search, const struct form *form, const json_t *fields)
{
	for (size_t i = 0; form && i < form->n_fields; i++) {
		const json_t *value = json_object_get(fields, form->fields[i].key);

		if (form->fields[i].type == FIELD_LINE || form->fields[i].type == FIELD_TEXT) {
			add_searched(search, value);
		} else if (form->fields[i].type == FIELD_MEASURES) {
			add_measures(search, value);
		}
	}
}

static enum err
search_text(struct arena *arena, const struct summary_source *source, struct incident_row *row)
{
	const struct incident *incident = source->incident;
	struct str search = STR_INIT;

	str_add(&search, incident->id);
	str_add_char(&search, '\n');
	for (size_t i = 0; i < incident->n_events; i++) {
		const json_t *body = json_array_get(incident->store, i);

		bool counts = i == 0 || !incident->voided[i];

		if (counts &&
			incident->events[i].body) { /* nothing of what replaced an erased one */
			summary_add_texts(&search,
				procedure_form(source->procedure, incident->events[i].form),
				json_object_get(body, "fields"));
		}
	}
	return keep(arena, &search, &row->search);
}

/* --- the row -------------------------------------------------------------------------- */

stamp
summary_wake(const struct summary_source *source)
{
	const struct incident *incident = source->incident;
	struct step_context context = {
		.procedure = source->procedure,
		.org = source->org,
		.incident = incident,
		.now = incident->events[incident->n_events - 1].at,
	};
	struct promise_world world = {
		.context = &context, .jumps = source->jumps, .n_jumps = source->n_jumps
	};

	return promise_wake(&world);
}

static void
plain_columns(const struct summary_source *source, struct incident_row *row)
{
	const struct incident *incident = source->incident;
	const struct flow_state *state =
		flow_find_state(&source->procedure->incident_flow, incident->state);

	*row = (struct incident_row){
		.id = incident->id,
		.title = incident->title,
		.state = incident->state,
		.category = incident->category,
		.major = major_word(incident->major),
		.department = incident->department,
		.finder = incident->finder,
		.open = state && state->open,
		.drill = incident->drill,
		.confidential = incident->confidential,
		.due_at = incident->due_at,
		.reported_at = incident->reported_at,
		.changed_at = incident->events[incident->n_events - 1].at,
		.last_seq = incident->last_seq,
		.wake_at = summary_wake(source),
	};
}

enum err
summary_row(struct arena *arena, const struct summary_source *source, struct incident_row *ret_row)
{
	const struct incident *incident = source->incident;
	struct incident_row row;
	struct step_context context = {
		.procedure = source->procedure,
		.org = source->org,
		.incident = incident,
		.person = source->org->n_people ? &source->org->people[0] : NULL,
		.now = incident->events[incident->n_events - 1].at,
	};
	enum err e;

	plain_columns(source, &row);
	e = awaited_text(arena, &context, &row);
	if (!e) {
		e = readers_text(arena, &context, &row);
	}
	if (!e) {
		e = search_text(arena, source, &row);
	}
	if (!e) {
		*ret_row = row;
	}
	return e;
}

/* --- comparing --------------------------------------------------------------------------- */

static const struct {
	const char *name;
	size_t offset;
	enum { COLUMN_TEXT, COLUMN_FLAG, COLUMN_NUMBER } type;
} columns[] = {
	{ "id", offsetof(struct incident_row, id), COLUMN_TEXT },
	{ "title", offsetof(struct incident_row, title), COLUMN_TEXT },
	{ "state", offsetof(struct incident_row, state), COLUMN_TEXT },
	{ "category", offsetof(struct incident_row, category), COLUMN_TEXT },
	{ "major", offsetof(struct incident_row, major), COLUMN_TEXT },
	{ "department", offsetof(struct incident_row, department), COLUMN_TEXT },
	{ "finder", offsetof(struct incident_row, finder), COLUMN_TEXT },
	{ "open", offsetof(struct incident_row, open), COLUMN_FLAG },
	{ "drill", offsetof(struct incident_row, drill), COLUMN_FLAG },
	{ "confidential", offsetof(struct incident_row, confidential), COLUMN_FLAG },
	{ "due_at", offsetof(struct incident_row, due_at), COLUMN_NUMBER },
	{ "reported_at", offsetof(struct incident_row, reported_at), COLUMN_NUMBER },
	{ "changed_at", offsetof(struct incident_row, changed_at), COLUMN_NUMBER },
	{ "last_seq", offsetof(struct incident_row, last_seq), COLUMN_NUMBER },
	{ "wake_at", offsetof(struct incident_row, wake_at), COLUMN_NUMBER },
	{ "waiting", offsetof(struct incident_row, waiting), COLUMN_TEXT },
	{ "people", offsetof(struct incident_row, people), COLUMN_TEXT },
	{ "readers", offsetof(struct incident_row, readers), COLUMN_TEXT },
	{ "hidden_from", offsetof(struct incident_row, hidden_from), COLUMN_TEXT },
	{ "search", offsetof(struct incident_row, search), COLUMN_TEXT },
};

static bool
column_equal(const char *a, const char *b, int type)
{
	const char *text[2];

	switch (type) {
	case COLUMN_FLAG:
		return memcmp(a, b, sizeof(bool)) == 0;
	case COLUMN_NUMBER:
		return memcmp(a, b, sizeof(int64_t)) == 0;
	default:
		memcpy(&text[0], a, sizeof(text[0]));
		memcpy(&text[1], b, sizeof(text[1]));
		return text[0] && text[1] ? strcmp(text[0], text[1]) == 0 : text[0] == text[1];
	}
}

const char *
summary_difference(const struct incident_row *a, const struct incident_row *b)
{
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		size_t offset = columns[i].offset;

		if (!column_equal(
			    (const char *)a + offset, (const char *)b + offset, columns[i].type)) {
			return columns[i].name;
		}
	}
	return NULL;
}

enum err
summary_copy(struct arena *arena, const struct incident_row *row, struct incident_row *ret_row)
{
	struct incident_row copy = *row;

	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		char *at = (char *)&copy + columns[i].offset;
		const char *text;

		if (columns[i].type != COLUMN_TEXT) {
			continue;
		}
		memcpy(&text, at, sizeof(text));
		if (text) {
			text = arena_strdup(arena, text);
			if (!text) {
				return ERR_NOMEM;
			}
			memcpy(at, &text, sizeof(text));
		}
	}
	*ret_row = copy;
	return ERR_OK;
}

enum err
summary_each(struct store *store, summary_visit *visit, void *ctx)
{
	struct arena *arena = arena_new();
	char *after = strdup("");
	enum err e = arena && after ? ERR_OK : ERR_NOMEM;
	bool more = true;

	while (!e && more) {
		struct incident_list page = { NULL, 0, false };

		arena_clear(arena);
		e = store_incidents_by_id(store, arena, after, PAGE, &page);
		for (size_t i = 0; !e && i < page.n; i++) {
			e = visit(ctx, arena, &page.items[i]);
		}
		more = !e && page.more && page.n > 0;
		if (more) {
			free(after);
			after = strdup(page.items[page.n - 1].id);
			e = after ? ERR_OK : ERR_NOMEM;
		}
	}
	free(after);
	arena_free(arena);
	return e;
}
