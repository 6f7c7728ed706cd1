/* SPDX-License-Identifier: MIT */
/*
 * Writing: the gate, the transaction, and what to say when a COMMIT fails.
 *
 * SQLite's own waiting starves writers (32 processes, busy_timeout: the poorest
 * got 0 of 145 turns), a blocking flock() queues them in order.  BEGIN IMMEDIATE
 * still follows, for programs that do not know the gate.
 */
#include "sqlite_parts.h"

#include <errno.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "toban/base/log.h"

/* --- the transaction ------------------------------------------------------------- */

static enum err
gate_close(struct sqlite_store *store)
{
	int rc;

	do {
		rc = flock(store->gate_fd, LOCK_EX);
	} while (rc != 0 && errno == EINTR);
	if (rc != 0) {
		log_line(LOG_ERROR, "store: cannot lock the gate: %s", strerror(errno));
		return ERR_IO;
	}
	return ERR_OK;
}

static void
gate_open(struct sqlite_store *store)
{
	/* Unlocking an open descriptor does not fail; closing it would do the same. */
	(void)flock(store->gate_fd, LOCK_UN);
}

/*
 * Wakes who watches the gate, which is the bell too.  The -wal would ring too
 * early: its last write comes before readers see the commit, so that whoever
 * looked at once saw nothing and was not woken again.
 */
static void
gate_ring(struct sqlite_store *store)
{
	/* Without room for one byte nobody is woken; those who wait look by the clock as well. */
	if (pwrite(store->gate_fd, "", 1, 0) != 1) {
		log_line(LOG_WARNING, "store: cannot ring the bell: %s", strerror(errno));
	}
}

enum err
sqlite_begin(struct sqlite_store *store)
{
	enum err err = sqlite_ready(store);
	int rc;

	if (err == ERR_OK) {
		err = gate_close(store);
	}
	if (err != ERR_OK) {
		return err;
	}
	rc = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (rc != SQLITE_OK) {
		gate_open(store);
		return sqlite_err(store, rc);
	}
	store->in_write = true;
	return ERR_OK;
}

enum err
sqlite_abort(struct sqlite_store *store, enum err err)
{
	/* Some errors have rolled back already; asking again is harmless then. */
	if (store->db != NULL && sqlite3_get_autocommit(store->db) == 0 &&
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK) {
		sqlite_disconnect(store);
	}
	if (store->in_write) {
		store->in_write = false;
		gate_open(store);
	}
	return err;
}

enum err
sqlite_scrub(struct sqlite_store *store)
{
	int rc = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

	return sqlite_err(store, rc);
}

/* Is the event stored?  Reads anew, after the file was reopened. */
static enum err
commit_find(struct sqlite_store *store, const char *id, bool *ret_found)
{
	struct query q = query_start(store, STMT_EVENT_SEQ_OF_ID);
	bool found;
	enum err err;

	query_text(&q, ":id", id);
	found = query_row(&q);
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_found = found;
	}
	return err;
}

/*
 * Finds out what became of a COMMIT that failed with `rc`.
 *
 * When the pages did not fit or could not be written, the last of them, which
 * makes them count, is not in the -wal.  When the sync failed it may be: no
 * reader sees it, yet a recovery after a crash could bring it back.  So the
 * -wal is emptied before "it is not there" is said, and synced into the file
 * before "it is there" is said.
 */
static enum err
commit_settle(struct sqlite_store *store, const char *id, int rc)
{
	enum err cause = sqlite_err(store, rc);
	bool unwritten = (rc & 0xff) == SQLITE_FULL || rc == SQLITE_IOERR_WRITE;
	bool found = false;

	sqlite_disconnect(store);
	if (sqlite_ready(store) != ERR_OK) {
		return ERR_UNKNOWN;
	}
	if (id != NULL && commit_find(store, id, &found) != ERR_OK) {
		return ERR_UNKNOWN;
	}
	if (sqlite_scrub(store) != ERR_OK && (found || !unwritten)) {
		return ERR_UNKNOWN;
	}
	return found ? ERR_OK : cause;
}

enum err
sqlite_end(struct sqlite_store *store, const char *id)
{
	int rc = sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
	enum err err = ERR_OK;

	if (rc != SQLITE_OK) {
		/* The gate stays closed meanwhile: nobody writes over what is looked for. */
		err = commit_settle(store, id, rc);
	}
	store->in_write = false;
	if (!store->unheard) {
		gate_ring(store);
	}
	store->unheard = false;
	gate_open(store);
	return err;
}

/* --- a batch ----------------------------------------------------------------------- */

/* ERR_EXISTS when one of the ids is stored: a retried step has an old subject_seq too. */
static enum err
batch_check_ids(struct sqlite_store *store, const struct store_batch *batch)
{
	for (size_t i = 0; i < batch->n_events; i++) {
		bool found = false;
		enum err err = commit_find(store, batch->events[i].id, &found);

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
	struct query q = query_start(store, STMT_EVENT_LAST_OF_SUBJECT);
	int64_t last = 0;
	enum err err;

	query_text(&q, ":subject", event->subject);
	if (query_row(&q)) {
		last = query_get_int(&q, 0); /* NULL of an unknown subject reads as 0 */
	}
	err = query_end(&q);
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

/* Takes the body away; the batch's `erase` event stands for it. */
static enum err
batch_erase(struct sqlite_store *store, const struct store_batch *batch)
{
	int64_t by_seq = 0;
	struct query q;
	enum err err;

	for (size_t i = 0; i < batch->n_events; i++) {
		if (strcmp(batch->events[i].kind, "erase") == 0) {
			by_seq = batch->events[i].seq;
		}
	}
	q = query_start(store, STMT_ERASURE_INSERT);
	query_int(&q, ":seq", batch->erase_seq);
	query_int(&q, ":by_seq", by_seq);
	err = query_run(&q);
	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_EVENT_BODY_DELETE);
	query_int(&q, ":seq", batch->erase_seq);
	err = query_run(&q);
	if (err == ERR_OK && sqlite3_changes(store->db) == 0) {
		err = ERR_NOT_FOUND;
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
	if (err == ERR_OK && batch->erase_seq != 0) {
		err = search_forget(store, batch->erase_seq);
	}
	if (err == ERR_OK && batch->withdraw_seq != 0) {
		err = outbox_withdraw(store, batch->withdraw_seq);
	}
	if (err == ERR_OK && batch->erase_seq != 0) {
		err = batch_erase(store, batch);
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
	if (err == ERR_OK && (batch->erase_seq != 0 || store->scrub_due)) {
		/* The erased text is still in the -wal until that is emptied. */
		store->scrub_due = sqlite_scrub(store) != ERR_OK;
	}
	return err;
}
