/* SPDX-License-Identifier: MIT */
/*
 * The SQLite engine's functions for each of engine.h, by the file they are in,
 * and what those files ask of each other.
 */
#ifndef TOBAN_SRC_STORE_SQLITE_PARTS_H
#define TOBAN_SRC_STORE_SQLITE_PARTS_H

#include "sqlite_engine.h"

/* sqlite_commit.c */
enum err sqlite_store_commit(struct store *store, struct store_batch *batch);

/* sqlite_transaction.c */
enum err sqlite_store_group_begin(struct store *store);
enum err sqlite_store_group_end(struct store *store);
/* sqlite_erase.c; the first within a transaction, when everything else of the batch is in. */
enum err batch_erase(struct sqlite_store *store, const struct store_batch *batch);
enum err sqlite_store_scrub(struct store *store);

/* sqlite_summary.c: within a transaction. */
enum err summary_put(struct sqlite_store *store, const struct incident_row *row);

/* sqlite_read.c */
enum err sqlite_store_subject(struct store *store, struct arena *arena, const char *subject,
	struct event_list *ret_events);
enum err sqlite_store_subject_newest(struct store *base, struct arena *arena, const char *subject,
	size_t limit, struct event_list *ret_events);
enum err sqlite_store_subject_last(struct store *store, const char *subject, int64_t *ret_last);
enum err sqlite_store_events(struct store *store, struct arena *arena, int64_t after, size_t limit,
	struct event_list *ret_events);
enum err sqlite_store_event_by_id(
	struct store *store, struct arena *arena, const char *id, struct event *ret_event);
enum err sqlite_store_head(struct store *store, struct ledger_head *ret_head);
enum err sqlite_store_last_number(struct store *store, const char *prefix, int64_t *ret_number);

/* sqlite_list.c */
enum err sqlite_store_incidents(struct store *store, struct arena *arena,
	const struct incident_filter *filter, struct incident_list *ret_list);
enum err sqlite_store_sight(
	struct store *store, struct arena *arena, const char *id, struct store_sight *ret_sight);
enum err sqlite_store_incident(
	struct store *store, struct arena *arena, const char *id, struct incident_row *ret_row);
enum err sqlite_store_incidents_by_id(struct store *store, struct arena *arena, const char *after,
	size_t limit, struct incident_list *ret_list);
enum err sqlite_store_counts(
	struct store *store, const struct count_want *want, struct board_counts *ret_counts);

/* sqlite_search.c */
enum err sqlite_store_search(struct store *store, struct arena *arena,
	const struct search_want *want, struct search_found *ret_found);

/* sqlite_index.c; the second within the transaction of an erasure, to be done before it. */
enum err sqlite_store_search_index(struct store *store, size_t limit, int64_t *ret_behind);
enum err sqlite_store_subject_has_form(
	struct store *store, const char *subject, const char *forms, bool *ret_has);
enum err search_forget(struct sqlite_store *store, int64_t seq);
enum err search_check(struct sqlite_store *store, struct ledger_problems *problems);

/* sqlite_list.c: a row of the statements that return incidents, copied or only peeked at. */
void incident_read(struct query *q, struct arena *arena, struct incident_row *ret);
struct incident_row incident_peek(struct query *q, bool with_search);

/* sqlite_figure.c; the first two within a transaction. */
enum err figure_put(struct sqlite_store *store, const struct figure_row *row);
enum err figures_whole(struct sqlite_store *store);
enum err sqlite_store_figures(
	struct store *store, stamp since, stamp until, store_figure_visit *visit, void *ctx);
enum err sqlite_store_figures_stale(struct store *store, bool *ret_stale);

/* sqlite_draft.c */
enum err sqlite_store_draft_put(
	struct store *store, const struct draft_row *draft, int64_t *ret_number);
/* The same for a new one within the open transaction. */
enum err sqlite_draft_add(struct sqlite_store *store, const struct draft_row *draft);
enum err sqlite_store_draft_drop(struct store *store, const char *person, int64_t number);
enum err sqlite_store_drafts(
	struct store *store, struct arena *arena, const char *person, struct draft_list *ret_list);
enum err sqlite_store_draft_load(
	struct store *store, const char *person, int64_t but, struct draft_load *ret_load);

/* sqlite_pin.c; the first within a transaction. */
enum err pin_change_put(struct sqlite_store *store, const struct pin_change *change);
enum err sqlite_store_pin(
	struct store *store, struct arena *arena, const char *person, struct pin_row *ret_row);
enum err sqlite_store_pins(struct store *store, struct arena *arena, struct pin_list *ret_list);
enum err sqlite_store_pin_try(
	struct store *store, struct arena *arena, const char *name, struct pin_try *ret_try);
enum err sqlite_store_pin_try_put(struct store *store, const struct pin_try *tries, size_t n);

/* sqlite_look.c */
enum err sqlite_store_look_put(
	struct store *store, const char *person, const char *subject, int64_t seq, stamp at);
enum err sqlite_store_look(
	struct store *store, const char *person, const char *subject, struct look *ret_look);
enum err sqlite_store_looker(struct store *store, struct arena *arena, const struct look_want *want,
	struct looker *ret_looker);

/* sqlite_wake.c; the first within a transaction. */
enum err engine_value_put(struct sqlite_store *store, const char *name, const char *value);
enum err sqlite_store_due_incidents(struct store *store, struct arena *arena, stamp now,
	size_t limit, struct wake_list *ret_list);
enum err sqlite_store_next_wake(struct store *store, stamp *ret_wake);
enum err sqlite_store_engine_get(
	struct store *store, struct arena *arena, const char *name, const char **ret_value);
enum err sqlite_store_engine_put(struct store *store, const char *name, const char *value);

/* sqlite_intake.c */
enum err sqlite_store_intake_put(struct store *store, const struct intake_row *row);
enum err sqlite_store_intake_drop(struct store *store, const char *sha256, const char *person);
enum err sqlite_store_intakes(struct store *store, struct arena *arena,
	const struct intake_filter *filter, struct intake_list *ret_list);

/* sqlite_preference.c */
enum err sqlite_store_preference_put(
	struct store *store, const char *person, const char *name, const char *value);
enum err sqlite_store_preferences(struct store *store, struct arena *arena, const char *person,
	struct preference_list *ret_list);

/* sqlite_alert.c; the first within a transaction: ERR_CONFLICT as in store/alert.h. */
enum err alert_put(struct sqlite_store *store, const struct alert_put *put);
enum err sqlite_store_alert(
	struct store *store, struct arena *arena, int64_t num, struct alert_row *ret_row);
enum err sqlite_store_alert_of_key(struct store *store, struct arena *arena, const char *source,
	const char *key, struct alert_row *ret_row);
enum err sqlite_store_alerts(struct store *store, struct arena *arena,
	const struct alert_filter *filter, struct alert_list *ret_list);
enum err sqlite_store_alert_counts(struct store *store, struct alert_counts *ret_counts);

/* sqlite_outbox.c; the first two within a transaction. */
enum err outbox_insert(struct sqlite_store *store, const struct outbox_row *row);
/* Removes the waiting messages of an entry; ERR_DENIED when one was tried. */
/* One row of the batch's `reworded`; one that waits no more stays as it is. */
enum err outbox_reword(struct sqlite_store *store, const struct outbox_row *row);
enum err outbox_withdraw(struct sqlite_store *store, int64_t seq);
enum err target_put(struct sqlite_store *store, const struct target_row *row);
enum err sqlite_store_targets(
	struct store *store, struct arena *arena, struct target_list *ret_list);
enum err sqlite_store_outbox_due(struct store *store, struct arena *arena, stamp now, size_t limit,
	struct outbox_list *ret_list);
enum err sqlite_store_outbox_due_for(struct store *store, struct arena *arena,
	const struct outbox_filter *filter, struct outbox_list *ret_list);
enum err sqlite_store_outbox_next(struct store *store, stamp *ret_next);
enum err sqlite_store_outbox(struct store *store, struct arena *arena, const char *state,
	size_t limit, struct outbox_list *ret_list);
enum err sqlite_store_outbox_message(
	struct store *store, struct arena *arena, const char *id, struct outbox_row *ret_row);
enum err sqlite_store_deliveries(
	struct store *store, struct arena *arena, const char *id, struct delivery_list *ret_list);
enum err sqlite_store_outbox_given_up(
	struct store *store, const char *reader, size_t most, int64_t *ret_count);
enum err sqlite_store_outbox_put(struct store *store, const struct outbox_row *rows, size_t n);

/* sqlite_backup.c, sqlite_check.c */
enum err sqlite_store_backup(struct store *store, const char *path);
enum err sqlite_store_shape(
	struct store *store, struct ledger_problems *problems, bool *ret_lost);
enum err sqlite_store_check(struct store *store, struct ledger_problems *problems);

#endif
