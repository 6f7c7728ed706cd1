/* SPDX-License-Identifier: MIT */
/*
 * Writing a batch: its events in their turn, then the rows that follow from them.
 */
#include "sqlite_parts.h"

#include <string.h>

/* --- events ------------------------------------------------------------------------ */

/* ERR_EXISTS when one of the ids is stored: a retried step has an old subject_seq too. */
static enum err
batch_check_ids(struct sqlite_store *store, const struct store_batch *batch)
{
	for (size_t i = 0; i < batch->n_events; i++) {
		bool found = false;
		enum err err = sqlite_event_known(store, batch->events[i].id, &found);

		if (err != ERR_OK) {
			return err;
		}
		if (found) {
			return ERR_EXISTS;
		}
	}
	return ERR_OK;
}

static enum err
event_check_turn(struct sqlite_store *store, const struct event *event)
{
	int64_t last = 0;
	enum err err = sqlite_store_subject_last(&store->base, event->subject, &last);

	if (err != ERR_OK) {
		return err;
	}
	return event->subject_seq >= 1 && event->subject_seq - 1 == last ? ERR_OK : ERR_CONFLICT;
}

static enum err
event_insert(struct sqlite_store *store, const struct event *event)
{
	struct query q = query_start(store, STMT_EVENT_INSERT);
	enum err err;

	query_int(&q, ":seq", event->seq);
	query_text(&q, ":id", event->id);
	query_text(&q, ":subject", event->subject);
	query_int(&q, ":subject_seq", event->subject_seq);
	query_int(&q, ":at", event->at);
	query_stamp(&q, ":happened_at", event->happened_at);
	query_text(&q, ":actor", event->actor);
	query_text(&q, ":post", event->post);
	query_text(&q, ":kind", event->kind);
	query_text(&q, ":form", event->form);
	query_text(&q, ":form_version", event->form_version);
	query_int(&q, ":canon", event->canon);
	query_blob(&q, ":commitment", event->commitment.bytes, HASH_BYTES);
	query_blob(&q, ":prev_hash", event->prev_hash.bytes, HASH_BYTES);
	query_blob(&q, ":row_hash", event->row_hash.bytes, HASH_BYTES);
	err = query_run(&q);
	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_EVENT_BODY_INSERT);
	query_int(&q, ":seq", event->seq);
	query_blob(&q, ":nonce", event->nonce, NONCE_BYTES);
	query_text(&q, ":body", event->body);
	return query_run(&q);
}

static enum err
batch_events(struct sqlite_store *store, struct store_batch *batch)
{
	struct ledger_head head;
	enum err err = batch_check_ids(store, batch);

	if (err == ERR_OK) {
		err = sqlite_store_head(&store->base, &head);
	}
	if (err == ERR_OK && head.seq == INT64_MAX) {
		err = ERR_CORRUPT; /* only a tampered file has come so far */
	}
	for (size_t i = 0; i < batch->n_events && err == ERR_OK; i++) {
		struct event *event = &batch->events[i];

		err = event_check_turn(store, event);
		if (err == ERR_OK) {
			err = ledger_seal(event, head.seq + 1, &head.row_hash);
		}
		if (err == ERR_OK) {
			err = event_insert(store, event);
		}
		if (err == ERR_OK) {
			head.seq = event->seq;
			head.row_hash = event->row_hash;
		}
	}
	return err;
}

static enum err
batch_rows(struct sqlite_store *store, const struct store_batch *batch)
{
	enum err err = ERR_OK;

	for (size_t i = 0; i < batch->n_incidents && err == ERR_OK; i++) {
		err = summary_put(store, &batch->incidents[i]);
	}
	for (size_t i = 0; i < batch->n_figures && err == ERR_OK; i++) {
		err = figure_put(store, &batch->figures[i]);
	}
	if (err == ERR_OK && batch->figures_whole) {
		err = figures_whole(store);
	}
	for (size_t i = 0; i < batch->n_alerts && err == ERR_OK; i++) {
		err = alert_put(store, &batch->alerts[i]);
	}
	for (size_t i = 0; i < batch->n_outbox && err == ERR_OK; i++) {
		err = outbox_insert(store, &batch->outbox[i]);
	}
	for (size_t i = 0; i < batch->n_reworded && err == ERR_OK; i++) {
		err = outbox_reword(store, &batch->reworded[i]);
	}
	for (size_t i = 0; i < batch->n_targets && err == ERR_OK; i++) {
		err = target_put(store, &batch->targets[i]);
	}
	if (err == ERR_OK && batch->pins != NULL) {
		err = pin_change_put(store, batch->pins);
	}
	for (size_t i = 0; i < batch->n_values && err == ERR_OK; i++) {
		err = engine_value_put(store, batch->values[i].name, batch->values[i].value);
	}
	if (err == ERR_OK && batch->withdraw_seq != 0) {
		err = outbox_withdraw(store, batch->withdraw_seq);
	}
	if (err == ERR_OK && batch->drop_draft != 0) {
		struct query q = query_start(store, STMT_DRAFT_SENT);

		query_int(&q, ":number", batch->drop_draft);
		query_text(&q, ":body", batch->drop_body);
		err = query_run(&q); /* a draft that is gone already, or went on, is no fault */
	}
	for (size_t i = 0; i < batch->n_drafts && err == ERR_OK; i++) {
		err = sqlite_draft_add(store, &batch->drafts[i]);
	}
	if (err == ERR_OK && batch->erase_seq != 0) {
		err = batch_erase(store, batch);
	}
	return err;
}

enum err
sqlite_store_commit(struct store *base, struct store_batch *batch)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_begin(store);

	if (err != ERR_OK) {
		return err;
	}
	err = batch_events(store, batch);
	if (err == ERR_OK && batch->seal != NULL) {
		err = batch->seal(batch, batch->seal_ctx);
	}
	if (err == ERR_OK) {
		err = batch_rows(store, batch);
	}
	if (err != ERR_OK) {
		return sqlite_abort(store, err);
	}
	err = sqlite_end(store, batch->n_events > 0 ? batch->events[0].id : NULL);
	if (err == ERR_OK && batch->erase_seq != 0) {
		store->scrub_due = true; /* the erased text is in the -wal until that is emptied */
	}
	if (err == ERR_OK) {
		sqlite_scrub_due(store);
	}
	return err;
}
