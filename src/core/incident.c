/* SPDX-License-Identifier: MIT */
/*
 * An incident folded from its events.  This file walks the events and keeps what
 * all of them share: state, round, what was taken back.  Who was told is in
 * incident_contact.c, what a single kind of step means in the effects (effect_*.c).
 */
#include "toban/core/incident.h"

#include <stdlib.h>
#include <string.h>

#include "effect.h"
#include "effect_body.h"
#include "incident_due.h"

/* What an erasure kept in the place of an erased body. */
struct kept {
	int64_t seq;
	json_t *body;
};

static const char *const major_words[] = {
	[MAJOR_NO] = "no",
	[MAJOR_PROPOSED] = "proposed",
	[MAJOR_YES] = "yes",
	[MAJOR_REFUSED] = "refused",
};

static const char *const cell_words[] = {
	[CELL_ASKED] = "asked",
	[CELL_APPLIED] = "applied",
	[CELL_NOT_APPLICABLE] = "not-applicable",
	[CELL_ACCEPTED] = "accepted",
	[CELL_SENT_BACK] = "sent-back",
};

void *
fold_push(struct arena *arena, struct fold_list *list, size_t size)
{
	char *items = arena_extend(arena, list->items, list->n, &list->cap, size);

	if (!items) {
		return NULL;
	}
	list->items = items;
	return items + size * list->n++;
}

struct cell *
fold_cell(struct fold *fold, const char *measure, const char *department)
{
	struct measure *measures = fold->measures.items;

	for (size_t i = 0; measure && department && i < fold->measures.n; i++) {
		for (size_t j = 0; j < measures[i].n_cells; j++) {
			struct cell *cell = &measures[i].cells[j];
			if (!strcmp(measures[i].key, measure) &&
				!strcmp(cell->department, department)) {
				return cell;
			}
		}
	}
	return NULL;
}

/* A new round: the old closure stays in the record, the work begins again. */
static void
fold_round(struct fold *f, int round)
{
	struct review *reviews = f->reviews.items;

	if (round <= f->incident->round) {
		return;
	}
	f->incident->round = round;
	f->incident->result = (struct result){ 0 };
	f->incident->prevention_studied = false;
	for (size_t i = 0; i < f->reviews.n; i++) {
		reviews[i] = (struct review){ .item = reviews[i].item, .at = STAMP_NONE };
	}
}

static void
fold_state(struct fold *f, const struct entry *entry, const char *state)
{
	struct incident *inc = f->incident;
	bool moved = !inc->state || strcmp(inc->state, state) != 0;
	stamp due = body_stamp(entry->body, "due_at");

	inc->state = state;
	if (moved) {
		inc->state_at = entry->event->at;
		inc->state_seq = entry->seq;
		f->step_due = STAMP_NONE;
	}
	if (due != STAMP_NONE) {
		f->step_due = due;
		inc->step_due_seq = entry->seq;
	}
}

/* Which events count for nothing: those that the very next one takes back. */
static enum err
find_voided(struct fold *f)
{
	struct incident *inc = f->incident;

	f->voided = arena_array(f->arena, inc->n_events, sizeof(*f->voided));
	if (!f->voided) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i + 1 < inc->n_events; i++) {
		f->voided[i] = incident_takes_back(
			&inc->events[i + 1], json_array_get(inc->store, i + 1), &inc->events[i]);
	}
	inc->voided = f->voided;
	return ERR_OK;
}

/*
 * A report that was taken back: what it said stays to be read, nothing waits and
 * no clock runs any more.
 */
static void
fold_withdrawn(struct fold *f)
{
	struct contact *contacts = f->contacts.items;

	for (size_t i = 0; i < f->contacts.n; i++) {
		contacts[i].due_at = STAMP_NONE;
	}
	f->clocks.n = 0;
	f->step_due = STAMP_NONE;
}

/* What was taken back leaves its place in the order, and nothing else. */
static bool
fold_voided(struct fold *f, const struct entry *entry, size_t i)
{
	if (!f->voided[i] || i == 0) {
		return false;
	}
	f->incident->last_seq = entry->seq;
	f->incident->subject_seq = entry->event->subject_seq;
	return true;
}

static enum err
fold_entry(struct fold *f, const struct entry *entry)
{
	const char *state = body_text(entry->body, "state");
	const char *kind = body_text_or(entry->body, "effect", entry->event->kind);
	const struct effect *effect = effect_find(kind);
	bool by_desk = !strcmp(entry->event->actor, ACTOR_DESK);
	enum err e = ERR_OK;

	if (!state || (effect && !entry->fields)) {
		return ERR_CORRUPT;
	}
	fold_round(f, body_small(entry->body, "round"));
	if (effect && effect->fold) {
		e = effect->fold(f, entry);
	} else if (!strcmp(kind, "seen")) {
		fold_seen(f, entry);
	} else if (custody_is_kind(kind)) {
		e = fold_custody(f, entry);
	} else if (by_desk) {
		e = fold_mark(f, entry);
	}
	if (!e) {
		e = fold_notified(f, entry);
	}
	if (!e) {
		e = fold_acknowledged(f, entry);
	}
	fold_state(f, entry, state);
	f->incident->last_seq = entry->seq;
	f->incident->subject_seq = entry->event->subject_seq;
	if ((effect || !strcmp(kind, KIND_TAKEN_BACK)) && !by_desk) {
		f->incident->last_step_seq = entry->seq;
		fold_followed(f, entry, kind);
	}
	return e;
}

/*
 * Puts all bodies into `store`, which owns them from then on: the first of them
 * from `read`, a list made by an earlier fold (NULL: none), the others anew.
 */
static enum err
read_bodies(const struct event *events, size_t n, const json_t *read, json_t *store)
{
	for (size_t i = 0; i < n; i++) {
		const char *text = events[i].body;
		json_t *body = json_array_get(read, i);
		if (body) {
			json_incref(body);
		} else if (text) {
			body = json_loadb(text, strlen(text), JSON_REJECT_DUPLICATES, NULL);
		}
		if (text && !json_is_object(body)) {
			json_decref(body);
			return ERR_CORRUPT;
		}
		if (body_append(store, body ? body : json_null())) {
			return ERR_NOMEM;
		}
	}
	return ERR_OK;
}

/* The entry an erasure erases; 0 when the event is none. */
static int64_t
erased_seq(const struct event *event, const json_t *body)
{
	if (!json_is_object(json_object_get(body, "kept")) ||
		strcmp(body_text_or(body, "effect", event->kind), "erase") != 0) {
		return 0;
	}
	return body_int(json_object_get(body, "fields"), "seq");
}

/* Puts what erasures kept in the place of the bodies they erased. */
static enum err
apply_erasures(const struct event *events, size_t n, json_t *store)
{
	for (size_t i = 0; i < n; i++) {
		json_t *body = json_array_get(store, i);
		json_t *kept = json_object_get(body, "kept");
		int64_t seq = erased_seq(&events[i], body);
		if (seq < 1) {
			continue;
		}
		for (size_t j = 0; j < i; j++) {
			if (events[j].seq == seq && json_array_set(store, j, kept)) {
				return ERR_NOMEM;
			}
		}
	}
	return ERR_OK;
}

static void
hand_over(struct fold *f)
{
	struct incident *inc = f->incident;

	inc->contacts = f->contacts.items;
	inc->n_contacts = f->contacts.n;
	inc->places = f->places.items;
	inc->n_places = f->places.n;
	inc->involved = (struct word_list){ .items = f->involved.items, .n = f->involved.n };
	inc->kept_out = inc->involved;
	inc->readers = (struct word_list){ .items = f->readers.items, .n = f->readers.n };
	inc->instructions = f->instructions.items;
	inc->n_instructions = f->instructions.n;
	inc->responses = f->responses.items;
	inc->n_responses = f->responses.n;
	inc->measures = f->measures.items;
	inc->n_measures = f->measures.n;
	inc->reviews = f->reviews.items;
	inc->n_reviews = f->reviews.n;
	inc->clocks = f->clocks.items;
	inc->n_clocks = f->clocks.n;
	inc->evidence = f->evidence.items;
	inc->n_evidence = f->evidence.n;
	inc->custody = f->custody.items;
	inc->n_custody = f->custody.n;
	inc->links = f->links.items;
	inc->n_links = f->links.n;
	inc->marks = f->marks.items;
	inc->n_marks = f->marks.n;
	inc->calls = f->calls.items;
	inc->n_calls = f->calls.n;
	inc->step_due = f->step_due;
	inc->due_at = incident_due(f->procedure, inc, f->step_due);
}

static enum err
fold_start(struct fold *f)
{
	for (size_t i = 0; i < f->procedure->n_reviews; i++) {
		struct review *review = fold_push(f->arena, &f->reviews, sizeof(*review));
		if (!review) {
			return ERR_NOMEM;
		}
		*review = (struct review){
			.item = f->procedure->reviews[i].key,
			.at = STAMP_NONE,
		};
	}
	return ERR_OK;
}

static enum err
fold_all(struct fold *f, const json_t *read)
{
	const struct event *events = f->incident->events;
	size_t n = f->incident->n_events;
	json_t *store = f->incident->store;
	enum err e = fold_start(f);

	if (!e) {
		e = read_bodies(events, n, read, store);
	}
	if (!e) {
		e = apply_erasures(events, n, store);
	}
	if (!e) {
		e = find_voided(f);
	}
	for (size_t i = 0; !e && i < n; i++) {
		json_t *body = json_array_get(store, i);
		json_t *fields = json_object_get(body, "fields");
		struct entry entry = {
			.event = &events[i],
			.seq = events[i].seq ? events[i].seq : f->incident->last_seq + 1,
			.body = body,
			.fields = json_is_object(fields) ? fields : NULL,
		};
		if (fold_voided(f, &entry, i)) {
			continue;
		}
		e = fold_entry(f, &entry);
		if (!e && i == 1 && f->voided[0]) {
			fold_withdrawn(f);
		}
		if (!e && !f->incident->report) {
			e = ERR_CORRUPT; /* the first tells of something that was never reported */
		}
	}
	return e;
}

static enum err
fold(struct arena *arena, const struct procedure *procedure, struct incident *inc,
	const json_t *read)
{
	struct fold f = {
		.arena = arena,
		.procedure = procedure,
		.incident = inc,
		.step_due = STAMP_NONE,
	};
	enum err e = ERR_CORRUPT;

	inc->round = 1;
	inc->found_at = STAMP_NONE;
	inc->store = json_array();
	if (!inc->store) {
		return ERR_NOMEM;
	}
	if (inc->n_events) {
		inc->id = inc->events[0].subject;
		e = fold_all(&f, read);
	}
	if (e) {
		incident_release(inc);
		return e;
	}
	hand_over(&f);
	return ERR_OK;
}

enum err
incident_fold(struct arena *arena, const struct procedure *procedure, const struct event *events,
	size_t n, struct incident *ret_incident)
{
	return incident_fold_read(arena, procedure,
		&(struct incident_source){ .events = events, .n = n }, ret_incident);
}

enum err
incident_fold_read(struct arena *arena, const struct procedure *procedure,
	const struct incident_source *source, struct incident *ret_incident)
{
	struct incident inc = { .events = source->events, .n_events = source->n };
	enum err e = fold(arena, procedure, &inc, source->bodies);

	if (!e) {
		*ret_incident = inc;
	}
	return e;
}

enum err
incident_fold_next(struct arena *arena, const struct procedure *procedure,
	const struct incident *before, const struct event *next, struct incident *ret_incident)
{
	struct event *events = arena_array(arena, before->n_events + 1, sizeof(*events));
	struct incident inc = { .events = events, .n_events = before->n_events + 1 };
	int64_t erased;
	enum err e;

	if (!events) {
		return ERR_NOMEM;
	}
	memcpy(events, before->events, before->n_events * sizeof(*events));
	events[before->n_events] = *next;
	e = fold(arena, procedure, &inc, before->store);
	if (e) {
		return e;
	}
	erased = erased_seq(next, json_array_get(inc.store, before->n_events));
	for (size_t i = 0; erased > 0 && i < before->n_events; i++) {
		if (events[i].seq == erased) {
			events[i].body = NULL; /* as it will be read from now on */
		}
	}
	*ret_incident = inc;
	return ERR_OK;
}

void
incident_release(struct incident *incident)
{
	json_decref(incident->store);
	incident->store = NULL;
}

enum err
incident_result_hash(
	const char *id, int round, int version, const json_t *fields, struct hash *ret_hash)
{
	json_t *document = json_pack("{s:s, s:i, s:i, s:O}", "id", id, "round", round, "version",
		version, "fields", fields);
	char *text = document ? json_dumps(document, JSON_COMPACT | JSON_SORT_KEYS) : NULL;

	json_decref(document);
	if (!text) {
		return ERR_NOMEM;
	}
	hash_of(text, strlen(text), ret_hash);
	free(text);
	return ERR_OK;
}

bool
incident_is_involved(const struct incident *incident, const char *person)
{
	return word_list_has(&incident->kept_out, person);
}

const struct measure *
incident_measure(const struct incident *incident, const char *key)
{
	for (size_t i = 0; key && i < incident->n_measures; i++) {
		if (!strcmp(incident->measures[i].key, key)) {
			return &incident->measures[i];
		}
	}
	return NULL;
}

const struct cell *
incident_cell(const struct incident *incident, const char *measure, const char *department)
{
	const struct measure *m = incident_measure(incident, measure);

	for (size_t i = 0; m && department && i < m->n_cells; i++) {
		if (!strcmp(m->cells[i].department, department)) {
			return &m->cells[i];
		}
	}
	return NULL;
}

struct clock_case
incident_clock_case(const struct incident *incident)
{
	return (struct clock_case){
		.category = incident->category,
		.major = incident->major == MAJOR_PROPOSED || incident->major == MAJOR_YES,
	};
}

const char *
major_word(enum major major)
{
	return major_words[major];
}

const char *
cell_state_word(enum cell_state state)
{
	return cell_words[state];
}
