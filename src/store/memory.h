/* SPDX-License-Identifier: MIT */
/* The memory engine's inner contracts. */
#ifndef TOBAN_SRC_STORE_MEMORY_H
#define TOBAN_SRC_STORE_MEMORY_H

#include "engine.h"

/* A growing array of rows; the rows' texts live in the store's arena. */
struct memory_rows {
	void *items;
	size_t n;
	size_t cap;
	size_t size; /* of a row */
};

/* How far a person has read a subject. */
struct memory_look {
	const char *person;
	const char *subject;
	int64_t seq;
	stamp at;
};

/* A preference and whose it is. */
struct memory_preference {
	const char *person;
	struct preference_row row;
};

/* An attempt and of which message. */
struct memory_delivery {
	const char *outbox;
	struct delivery_row row;
};

/* What the engine remembers under a name. */
struct memory_value {
	const char *name;
	const char *value;
};

/* What a batch is about to change of the PINs; texts copied. */
struct memory_pins {
	bool has_pin;
	struct pin_row pin;
	struct pin_try *tries;
	size_t n_tries;
	struct word_list ended; /* borrowed until the batch is published */
};

struct memory_store {
	struct store base;              /* first: a struct store * is one of these */
	struct arena *arena;            /* every text; a replaced one stays until the close */
	struct memory_rows events;      /* struct event, seq is the index + 1 */
	struct memory_rows incidents;   /* struct incident_row, sorted by id */
	struct memory_rows figures;     /* struct figure_row, by reported_at, then id */
	struct memory_rows outbox;      /* struct outbox_row, in order of arrival */
	struct memory_rows deliveries;  /* struct memory_delivery, in order of arrival */
	struct memory_rows targets;     /* struct target_row, sorted by name */
	struct memory_rows drafts;      /* struct draft_row, by number */
	struct memory_rows looks;       /* struct memory_look, in order of arrival */
	struct memory_rows alerts;      /* struct alert_row, by number */
	struct memory_rows preferences; /* struct memory_preference, by person, then name */
	struct memory_rows intakes;     /* struct intake_row, in order of arrival */
	struct memory_rows values;      /* struct memory_value, in order of arrival */
	struct memory_rows pins;        /* struct pin_row, in order of arrival */
	struct memory_rows pin_tries;   /* struct pin_try, in order of arrival */
	struct memory_pins pins_ready;
	int64_t last_draft;
	bool in_group;
	bool failed; /* memory ran out while texts were copied */
};

/* Room for `more` rows; ERR_NOMEM. */
enum err memory_reserve(struct memory_rows *rows, size_t more);

/* Opens a gap for one row at `at`; room was reserved. */
void *memory_insert(struct memory_rows *rows, size_t at);
void memory_remove(struct memory_rows *rows, size_t at);

/* Replaces the text by a copy in the arena, NULL by ""; failure is sticky in `failed`. */
void memory_keep(struct memory_store *store, const char **text);

/* The incident's row; NULL when there is none. */
struct incident_row *memory_find_incident(struct memory_store *store, const char *id);

/* The message's row; NULL when there is none. */
struct outbox_row *memory_find_outbox(struct memory_store *store, const char *id);

/* memory_look.c */
enum err memory_store_look_put(
	struct store *store, const char *person, const char *subject, int64_t seq, stamp at);
enum err memory_store_look(
	struct store *store, const char *person, const char *subject, struct look *ret_look);
enum err memory_store_looker(struct store *store, struct arena *arena, const struct look_want *want,
	struct looker *ret_looker);

/* memory_erase.c; `events` are those of the batch, as they were kept. */
void memory_erase(
	struct memory_store *store, const struct store_batch *batch, const struct event *events);
enum err memory_store_scrub(struct store *store);
/* memory_search.c */
enum err memory_store_search(struct store *store, struct arena *arena,
	const struct search_want *want, struct search_found *ret_found);
enum err memory_store_search_index(struct store *store, size_t limit, int64_t *ret_behind);
enum err memory_store_subject_has_form(
	struct store *store, const char *subject, const char *forms, bool *ret_has);

/* memory_draft.c */
void memory_drop_draft(struct memory_store *store, int64_t number, const char *body);
/* Copies of new drafts with room for them made; NULL or store->failed: no memory. */
struct draft_row *memory_ready_drafts(
	struct memory_store *store, const struct draft_row *drafts, size_t n);
/* Counts them in; cannot fail. */
void memory_add_drafts(struct memory_store *store, const struct draft_row *ready, size_t n);
enum err memory_store_draft_put(
	struct store *store, const struct draft_row *draft, int64_t *ret_number);
enum err memory_store_draft_drop(struct store *store, const char *person, int64_t number);

/* memory_figure.c; for the second, room for the row was reserved. */
void memory_keep_figure(struct memory_store *store, struct figure_row *row);
void memory_put_figure(struct memory_store *store, const struct figure_row *row);
enum err memory_store_figures(
	struct store *store, stamp since, stamp until, store_figure_visit *visit, void *ctx);
enum err memory_store_figures_stale(struct store *store, bool *ret_stale);

/* memory_wake.c */
enum err memory_store_due_incidents(struct store *store, struct arena *arena, stamp now,
	size_t limit, struct wake_list *ret_list);
enum err memory_store_next_wake(struct store *store, stamp *ret_wake);
enum err memory_store_engine_get(
	struct store *store, struct arena *arena, const char *name, const char **ret_value);
enum err memory_store_engine_put(struct store *store, const char *name, const char *value);

/* memory_intake.c */
enum err memory_store_intake_put(struct store *store, const struct intake_row *row);
enum err memory_store_intake_drop(struct store *store, const char *sha256, const char *person);
enum err memory_store_intakes(struct store *store, struct arena *arena,
	const struct intake_filter *filter, struct intake_list *ret_list);

/* memory_preference.c */
enum err memory_store_preference_put(
	struct store *store, const char *person, const char *name, const char *value);
enum err memory_store_preferences(struct store *store, struct arena *arena, const char *person,
	struct preference_list *ret_list);

/* memory_pin.c: makes copies and room; counts them in, which cannot fail. */
enum err memory_ready_pins(struct memory_store *store, const struct pin_change *change);
void memory_put_pins(struct memory_store *store);
enum err memory_store_pin(
	struct store *store, struct arena *arena, const char *person, struct pin_row *ret_row);
enum err memory_store_pins(struct store *store, struct arena *arena, struct pin_list *ret_list);
enum err memory_store_pin_try(
	struct store *store, struct arena *arena, const char *name, struct pin_try *ret_try);
enum err memory_store_pin_try_put(struct store *store, const struct pin_try *tries, size_t n);

/* memory_read.c; room for a list: as many rows as there are, or as are wanted. */
void *memory_results(struct arena *arena, size_t most, size_t limit, size_t size);
enum err memory_store_subject(struct store *store, struct arena *arena, const char *subject,
	struct event_list *ret_events);
enum err memory_store_subject_newest(struct store *base, struct arena *arena, const char *subject,
	size_t limit, struct event_list *ret_events);
enum err memory_store_subject_last(
	struct store *store, const char *subject, int64_t *ret_subject_seq);
enum err memory_store_events(struct store *store, struct arena *arena, int64_t after, size_t limit,
	struct event_list *ret_events);
enum err memory_store_event_by_id(
	struct store *store, struct arena *arena, const char *id, struct event *ret_event);
enum err memory_store_head(struct store *store, struct ledger_head *ret_head);
enum err memory_store_last_number(struct store *store, const char *prefix, int64_t *ret_number);
enum err memory_store_incidents(struct store *store, struct arena *arena,
	const struct incident_filter *filter, struct incident_list *ret_list);
enum err memory_store_sight(
	struct store *store, struct arena *arena, const char *id, struct store_sight *ret_sight);
enum err memory_store_incident(
	struct store *store, struct arena *arena, const char *id, struct incident_row *ret_row);
enum err memory_store_incidents_by_id(struct store *store, struct arena *arena, const char *after,
	size_t limit, struct incident_list *ret_list);
enum err memory_store_counts(
	struct store *store, const struct count_want *want, struct board_counts *ret_counts);
enum err memory_store_drafts(
	struct store *store, struct arena *arena, const char *person, struct draft_list *ret_list);
enum err memory_store_draft_load(
	struct store *store, const char *person, int64_t but, struct draft_load *ret_load);
enum err memory_store_targets(
	struct store *store, struct arena *arena, struct target_list *ret_list);

#endif
