/* SPDX-License-Identifier: MIT */
/*
 * The store's interface: hands each call to the engine behind it.
 */
#include "toban/store/store.h"

#include "engine.h"

enum err
store_group_begin(struct store *store)
{
	return store->engine->group_begin(store);
}

enum err
store_group_end(struct store *store)
{
	return store->engine->group_end(store);
}

enum err
store_commit(struct store *store, struct store_batch *batch)
{
	enum err err = store->engine->commit(store, batch);

	store->commits += err == ERR_OK ? 1 : 0;
	return err;
}

int64_t
store_commits(const struct store *store)
{
	return store->commits;
}

enum err
store_subject(struct store *store, struct arena *arena, const char *subject,
	struct event_list *ret_events)
{
	return store->engine->subject(store, arena, subject, ret_events);
}

enum err
store_subject_newest(struct store *store, struct arena *arena, const char *subject, size_t limit,
	struct event_list *ret_events)
{
	return store->engine->subject_newest(store, arena, subject, limit, ret_events);
}

enum err
store_subject_last(struct store *store, const char *subject, int64_t *ret_subject_seq)
{
	return store->engine->subject_last(store, subject, ret_subject_seq);
}

enum err
store_events(struct store *store, struct arena *arena, int64_t after, size_t limit,
	struct event_list *ret_events)
{
	return store->engine->events(store, arena, after, limit, ret_events);
}

enum err
store_event_by_id(struct store *store, struct arena *arena, const char *id, struct event *ret_event)
{
	return store->engine->event_by_id(store, arena, id, ret_event);
}

enum err
store_head(struct store *store, struct ledger_head *ret_head)
{
	return store->engine->head(store, ret_head);
}

enum err
store_last_number(struct store *store, const char *prefix, int64_t *ret_number)
{
	return store->engine->last_number(store, prefix, ret_number);
}

enum err
store_incidents(struct store *store, struct arena *arena, const struct incident_filter *filter,
	struct incident_list *ret_list)
{
	return store->engine->incidents(store, arena, filter, ret_list);
}

enum err
store_incident(
	struct store *store, struct arena *arena, const char *id, struct incident_row *ret_row)
{
	return store->engine->incident(store, arena, id, ret_row);
}

enum err
store_sight(struct store *store, struct arena *arena, const char *id, struct store_sight *ret_sight)
{
	return store->engine->sight(store, arena, id, ret_sight);
}

enum err
store_incidents_by_id(struct store *store, struct arena *arena, const char *after, size_t limit,
	struct incident_list *ret_list)
{
	return store->engine->incidents_by_id(store, arena, after, limit, ret_list);
}

enum err
store_counts(struct store *store, const struct count_want *want, struct board_counts *ret_counts)
{
	return store->engine->counts(store, want, ret_counts);
}

enum err
store_search(struct store *store, struct arena *arena, const struct search_want *want,
	struct search_found *ret_found)
{
	return store->engine->search(store, arena, want, ret_found);
}

enum err
store_search_index(struct store *store, size_t limit, int64_t *ret_behind)
{
	return store->engine->search_index(store, limit, ret_behind);
}

enum err
store_subject_has_form(
	struct store *store, const char *subject, const char *forms, bool *ret_has)
{
	return store->engine->subject_has_form(store, subject, forms, ret_has);
}

enum err
store_figures(struct store *store, stamp since, stamp until, store_figure_visit *visit, void *ctx)
{
	return store->engine->figures(store, since, until, visit, ctx);
}

enum err
store_figures_stale(struct store *store, bool *ret_stale)
{
	return store->engine->figures_stale(store, ret_stale);
}

enum err
store_draft_put(struct store *store, const struct draft_row *draft, int64_t *ret_number)
{
	return store->engine->draft_put(store, draft, ret_number);
}

enum err
store_draft_drop(struct store *store, const char *person, int64_t number)
{
	return store->engine->draft_drop(store, person, number);
}

enum err
store_drafts(
	struct store *store, struct arena *arena, const char *person, struct draft_list *ret_list)
{
	return store->engine->drafts(store, arena, person, ret_list);
}

enum err
store_draft_load(
	struct store *store, const char *person, int64_t but, struct draft_load *ret_load)
{
	return store->engine->draft_load(store, person, but, ret_load);
}

enum err
store_look_put(struct store *store, const char *person, const char *subject, int64_t seq, stamp at)
{
	return store->engine->look_put(store, person, subject, seq, at);
}

enum err
store_look(struct store *store, const char *person, const char *subject, struct look *ret_look)
{
	return store->engine->look(store, person, subject, ret_look);
}

enum err
store_looker(struct store *store, struct arena *arena, const struct look_want *want,
	struct looker *ret_looker)
{
	return store->engine->looker(store, arena, want, ret_looker);
}

enum err
store_intake_put(struct store *store, const struct intake_row *row)
{
	return store->engine->intake_put(store, row);
}

enum err
store_intake_drop(struct store *store, const char *sha256, const char *person)
{
	return store->engine->intake_drop(store, sha256, person);
}

enum err
store_intakes(struct store *store, struct arena *arena, const struct intake_filter *filter,
	struct intake_list *ret_list)
{
	return store->engine->intakes(store, arena, filter, ret_list);
}

enum err
store_preference_put(struct store *store, const char *person, const char *name, const char *value)
{
	return store->engine->preference_put(store, person, name, value);
}

enum err
store_preferences(struct store *store, struct arena *arena, const char *person,
	struct preference_list *ret_list)
{
	return store->engine->preferences(store, arena, person, ret_list);
}

enum err
store_due_incidents(struct store *store, struct arena *arena, stamp now, size_t limit,
	struct wake_list *ret_list)
{
	return store->engine->due_incidents(store, arena, now, limit, ret_list);
}

enum err
store_next_wake(struct store *store, stamp *ret_wake)
{
	return store->engine->next_wake(store, ret_wake);
}

enum err
store_engine_get(struct store *store, struct arena *arena, const char *name, const char **ret_value)
{
	return store->engine->engine_get(store, arena, name, ret_value);
}

enum err
store_engine_put(struct store *store, const char *name, const char *value)
{
	return store->engine->engine_put(store, name, value);
}

enum err
store_scrub(struct store *store)
{
	return store->engine->scrub(store);
}

enum err
store_scrub_due(struct store *store, bool *ret_due)
{
	struct arena *arena = arena_new();
	const char *value;
	enum err err =
		arena != NULL ? store_engine_get(store, arena, STORE_SCRUB, &value) : ERR_NOMEM;

	arena_free(arena);
	if (err != ERR_OK && err != ERR_NOT_FOUND) {
		return err;
	}
	*ret_due = err == ERR_OK;
	return ERR_OK;
}

enum err
store_targets(struct store *store, struct arena *arena, struct target_list *ret_list)
{
	return store->engine->targets(store, arena, ret_list);
}

enum err
store_outbox_due(struct store *store, struct arena *arena, stamp now, size_t limit,
	struct outbox_list *ret_list)
{
	return store->engine->outbox_due(store, arena, now, limit, ret_list);
}

enum err
store_outbox_due_for(struct store *store, struct arena *arena, const struct outbox_filter *filter,
	struct outbox_list *ret_list)
{
	return store->engine->outbox_due_for(store, arena, filter, ret_list);
}

enum err
store_outbox_next(struct store *store, stamp *ret_next)
{
	return store->engine->outbox_next(store, ret_next);
}

enum err
store_outbox(struct store *store, struct arena *arena, const char *state, size_t limit,
	struct outbox_list *ret_list)
{
	return store->engine->outbox(store, arena, state, limit, ret_list);
}

enum err
store_outbox_message(
	struct store *store, struct arena *arena, const char *id, struct outbox_row *ret_row)
{
	return store->engine->outbox_message(store, arena, id, ret_row);
}

enum err
store_deliveries(
	struct store *store, struct arena *arena, const char *id, struct delivery_list *ret_list)
{
	return store->engine->deliveries(store, arena, id, ret_list);
}

enum err
store_outbox_given_up(struct store *store, const char *reader, size_t most, int64_t *ret_count)
{
	return store->engine->outbox_given_up(store, reader, most, ret_count);
}

enum err
store_outbox_put(struct store *store, const struct outbox_row *rows, size_t n)
{
	return store->engine->outbox_put(store, rows, n);
}

void
store_info(struct store *store, struct store_info *ret_info)
{
	store->engine->info(store, ret_info);
}

int64_t
store_waiting_bytes(struct store *store)
{
	return store->engine->waiting ? store->engine->waiting(store) : 0;
}

bool
store_woke(struct store *store)
{
	return store->engine->woke(store);
}

enum err
store_backup(struct store *store, const char *path)
{
	return store->engine->backup(store, path);
}

enum err
store_shape(struct store *store, struct ledger_problems *problems, bool *ret_lost)
{
	*ret_lost = false;
	return store->engine->shape ? store->engine->shape(store, problems, ret_lost) : ERR_OK;
}

enum err
store_check(struct store *store, struct ledger_problems *problems)
{
	return store->engine->check(store, problems);
}

void
store_close(struct store *store)
{
	if (store != NULL) {
		store->engine->close(store);
	}
}

enum err
store_alert(struct store *store, struct arena *arena, int64_t num, struct alert_row *ret_row)
{
	return store->engine->alert(store, arena, num, ret_row);
}

enum err
store_alert_of_key(struct store *store, struct arena *arena, const char *source, const char *key,
	struct alert_row *ret_row)
{
	return store->engine->alert_of_key(store, arena, source, key, ret_row);
}

enum err
store_alerts(struct store *store, struct arena *arena, const struct alert_filter *filter,
	struct alert_list *ret_list)
{
	return store->engine->alerts(store, arena, filter, ret_list);
}

enum err
store_alert_counts(struct store *store, struct alert_counts *ret_counts)
{
	return store->engine->alert_counts(store, ret_counts);
}

enum err
store_pin(struct store *store, struct arena *arena, const char *person, struct pin_row *ret_row)
{
	return store->engine->pin(store, arena, person, ret_row);
}

enum err
store_pins(struct store *store, struct arena *arena, struct pin_list *ret_list)
{
	return store->engine->pins(store, arena, ret_list);
}

enum err
store_pin_try(struct store *store, struct arena *arena, const char *name, struct pin_try *ret_try)
{
	return store->engine->pin_try(store, arena, name, ret_try);
}

enum err
store_pin_try_put(struct store *store, const struct pin_try *tries, size_t n)
{
	return store->engine->pin_try_put(store, tries, n);
}
