/* SPDX-License-Identifier: MIT */
/*
 * What an engine of the store provides: one function for each of store.h, with
 * the same contract.  An engine's own struct begins with struct store.
 */
#ifndef TOBAN_SRC_STORE_ENGINE_H
#define TOBAN_SRC_STORE_ENGINE_H

#include "toban/store/draft_load.h"
#include "toban/store/search.h"
#include "toban/store/sight.h"
#include "toban/store/store.h"
#include "toban/store/wake.h"

/* Names of values that the store itself keeps for the engine (store/erase.h). */
#define STORE_SCRUB "scrub"

struct engine {
	enum err (*group_begin)(struct store *store);
	enum err (*group_end)(struct store *store);
	enum err (*commit)(struct store *store, struct store_batch *batch);
	enum err (*subject)(struct store *store, struct arena *arena, const char *subject,
		struct event_list *ret_events);
	enum err (*subject_newest)(struct store *store, struct arena *arena, const char *subject,
		size_t limit, struct event_list *ret_events);
	enum err (*subject_last)(
		struct store *store, const char *subject, int64_t *ret_subject_seq);
	enum err (*events)(struct store *store, struct arena *arena, int64_t after, size_t limit,
		struct event_list *ret_events);
	enum err (*event_by_id)(
		struct store *store, struct arena *arena, const char *id, struct event *ret_event);
	enum err (*head)(struct store *store, struct ledger_head *ret_head);
	enum err (*last_number)(struct store *store, const char *prefix, int64_t *ret_number);
	enum err (*incidents)(struct store *store, struct arena *arena,
		const struct incident_filter *filter, struct incident_list *ret_list);
	enum err (*incident)(struct store *store, struct arena *arena, const char *id,
		struct incident_row *ret_row);
	enum err (*sight)(struct store *store, struct arena *arena, const char *id,
		struct store_sight *ret_sight);
	enum err (*incidents_by_id)(struct store *store, struct arena *arena, const char *after,
		size_t limit, struct incident_list *ret_list);
	enum err (*counts)(struct store *store, const struct count_want *want,
		struct board_counts *ret_counts);
	enum err (*search)(struct store *store, struct arena *arena, const struct search_want *want,
		struct search_found *ret_found);
	enum err (*search_index)(struct store *store, size_t limit, int64_t *ret_behind);
	enum err (*subject_has_form)(
		struct store *store, const char *subject, const char *forms, bool *ret_has);
	enum err (*figures)(struct store *store, stamp since, stamp until,
		store_figure_visit *visit, void *ctx);
	enum err (*figures_stale)(struct store *store, bool *ret_stale);
	enum err (*draft_put)(
		struct store *store, const struct draft_row *draft, int64_t *ret_number);
	enum err (*draft_drop)(struct store *store, const char *person, int64_t number);
	enum err (*drafts)(struct store *store, struct arena *arena, const char *person,
		struct draft_list *ret_list);
	enum err (*draft_load)(struct store *store, const char *person, int64_t but,
		struct draft_load *ret_load);
	enum err (*pin)(struct store *store, struct arena *arena, const char *person,
		struct pin_row *ret_row);
	enum err (*pins)(struct store *store, struct arena *arena, struct pin_list *ret_list);
	enum err (*pin_try)(struct store *store, struct arena *arena, const char *name,
		struct pin_try *ret_try);
	enum err (*pin_try_put)(struct store *store, const struct pin_try *tries, size_t n);
	enum err (*look_put)(struct store *store, const char *person, const char *subject,
		int64_t seq, stamp at);
	enum err (*look)(struct store *store, const char *person, const char *subject,
		struct look *ret_look);
	enum err (*looker)(struct store *store, struct arena *arena, const struct look_want *want,
		struct looker *ret_looker);
	enum err (*preference_put)(
		struct store *store, const char *person, const char *name, const char *value);
	enum err (*preferences)(struct store *store, struct arena *arena, const char *person,
		struct preference_list *ret_list);
	enum err (*intake_put)(struct store *store, const struct intake_row *row);
	enum err (*intake_drop)(struct store *store, const char *sha256, const char *person);
	enum err (*intakes)(struct store *store, struct arena *arena,
		const struct intake_filter *filter, struct intake_list *ret_list);
	enum err (*due_incidents)(struct store *store, struct arena *arena, stamp now, size_t limit,
		struct wake_list *ret_list);
	enum err (*next_wake)(struct store *store, stamp *ret_wake);
	enum err (*engine_get)(
		struct store *store, struct arena *arena, const char *name, const char **ret_value);
	enum err (*engine_put)(struct store *store, const char *name, const char *value);
	enum err (*scrub)(struct store *store);
	enum err (*alert)(
		struct store *store, struct arena *arena, int64_t num, struct alert_row *ret_row);
	enum err (*alert_of_key)(struct store *store, struct arena *arena, const char *source,
		const char *key, struct alert_row *ret_row);
	enum err (*alerts)(struct store *store, struct arena *arena,
		const struct alert_filter *filter, struct alert_list *ret_list);
	enum err (*alert_counts)(struct store *store, struct alert_counts *ret_counts);
	enum err (*targets)(struct store *store, struct arena *arena, struct target_list *ret_list);
	enum err (*outbox_due)(struct store *store, struct arena *arena, stamp now, size_t limit,
		struct outbox_list *ret_list);
	enum err (*outbox_due_for)(struct store *store, struct arena *arena,
		const struct outbox_filter *filter, struct outbox_list *ret_list);
	enum err (*outbox_next)(struct store *store, stamp *ret_next);
	enum err (*outbox)(struct store *store, struct arena *arena, const char *state,
		size_t limit, struct outbox_list *ret_list);
	enum err (*outbox_message)(struct store *store, struct arena *arena, const char *id,
		struct outbox_row *ret_row);
	enum err (*deliveries)(struct store *store, struct arena *arena, const char *id,
		struct delivery_list *ret_list);
	enum err (*outbox_given_up)(
		struct store *store, const char *reader, size_t most, int64_t *ret_count);
	enum err (*outbox_put)(struct store *store, const struct outbox_row *rows, size_t n);
	void (*info)(struct store *store, struct store_info *ret_info);
	int64_t (*waiting)(struct store *store); /* NULL: nothing can wait */
	bool (*woke)(struct store *store);
	enum err (*backup)(struct store *store, const char *path);
	/* NULL: it has none that could be changed. */
	enum err (*shape)(struct store *store, struct ledger_problems *problems, bool *ret_lost);
	enum err (*check)(struct store *store, struct ledger_problems *problems);
	void (*close)(struct store *store);
};

struct store {
	const struct engine *engine;
	int64_t commits; /* store_commits() */
};

#endif
