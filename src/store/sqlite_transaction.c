/* SPDX-License-Identifier: MIT */
/*
 * The gate, the transaction, the group, and what to say when a COMMIT fails.
 *
 * SQLite's own waiting starves writers (32 processes, busy_timeout: the poorest
 * got 0 of 145 turns), a blocking flock() queues them in order.  BEGIN IMMEDIATE
 * still follows, for programs that do not know the gate.
 *
 * A group is one transaction in which each write is a savepoint: many writes
 * share the one sync that costs the time.
 */
#include "sqlite_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "toban/base/hash.h"
#include "toban/base/log.h"

/* By this name among what the engine remembers a group without an entry is known again. */
#define GROUP_MARK "group"

/* --- the gate -------------------------------------------------------------------- */

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

/* --- savepoints ------------------------------------------------------------------ */

static int
run(struct sqlite_store *store, const char *sql)
{
	return sqlite3_exec(store->db, sql, NULL, NULL, NULL);
}

/* Outside a transaction SAVEPOINT begins one and RELEASE commits it: not when that is meant. */
static bool
in_transaction(const struct sqlite_store *store)
{
	return store->db != NULL && sqlite3_get_autocommit(store->db) == 0;
}

/* Some errors take back the whole transaction; whoever wrote before in the group is told, too. */
static enum err
group_lose(struct sqlite_store *store, enum err err)
{
	log_line(LOG_ERROR, "store: %s took back a group of writes", err_name(err));
	store->group.lost = err;
	return err;
}

static enum err
step_begin(struct sqlite_store *store)
{
	int rc;

	if (store->group.lost != ERR_OK) {
		return store->group.lost;
	}
	if (!in_transaction(store)) {
		return group_lose(store, ERR_IO); /* a read that failed */
	}
	rc = run(store, "SAVEPOINT step");
	return rc == SQLITE_OK ? ERR_OK : sqlite_err(store, rc);
}

static enum err
step_abort(struct sqlite_store *store, enum err err)
{
	if (in_transaction(store) && run(store, "ROLLBACK TO step; RELEASE step") != SQLITE_OK) {
		sqlite_disconnect(store);
	}
	store->unheard = false;
	return in_transaction(store) ? err : group_lose(store, err);
}

static enum err
step_end(struct sqlite_store *store, const char *id)
{
	int rc;

	if (id != NULL && store->group.id == NULL) {
		store->group.id = strdup(id);
		if (store->group.id == NULL) {
			return step_abort(store, ERR_NOMEM);
		}
	}
	if (!in_transaction(store)) {
		return group_lose(store, ERR_IO);
	}
	rc = run(store, "RELEASE step");
	if (rc != SQLITE_OK) {
		return step_abort(store, sqlite_err(store, rc));
	}
	store->group.written = true;
	store->group.heard = store->group.heard || !store->unheard;
	store->written += !store->unheard;
	store->unheard = false;
	return ERR_OK;
}

/* --- the transaction ------------------------------------------------------------- */

/* Behind the gate. */
static enum err
transaction_begin(struct sqlite_store *store)
{
	enum err err = sqlite_ready(store);
	int rc;

	if (err == ERR_OK) {
		err = gate_close(store);
	}
	if (err != ERR_OK) {
		return err;
	}
	rc = run(store, "BEGIN IMMEDIATE");
	if (rc != SQLITE_OK) {
		gate_open(store);
		return sqlite_err(store, rc);
	}
	store->in_write = true;
	return ERR_OK;
}

enum err
sqlite_begin(struct sqlite_store *store)
{
	return store->group.open ? step_begin(store) : transaction_begin(store);
}

/* Takes back whatever was written and lets others in. */
static void
transaction_abort(struct sqlite_store *store)
{
	/* Some errors have rolled back already; asking again is harmless then. */
	if (in_transaction(store) && run(store, "ROLLBACK") != SQLITE_OK) {
		sqlite_disconnect(store);
	}
	if (store->in_write) {
		store->in_write = false;
		gate_open(store);
	}
}

enum err
sqlite_abort(struct sqlite_store *store, enum err err)
{
	if (store->group.open) {
		return step_abort(store, err);
	}
	transaction_abort(store);
	return err;
}

enum err
sqlite_scrub(struct sqlite_store *store)
{
	int rc = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

	return sqlite_err(store, rc);
}

void
sqlite_scrub_due(struct sqlite_store *store)
{
	if (store->scrub_due && !store->group.open) {
		store->scrub_due = sqlite_store_scrub(&store->base) != ERR_OK;
	}
}

/* --- a COMMIT and what became of it ------------------------------------------------ */

enum err
sqlite_event_known(struct sqlite_store *store, const char *id, bool *ret_known)
{
	struct query q = query_start(store, STMT_EVENT_SEQ_OF_ID);
	bool known;
	enum err err;

	query_text(&q, ":id", id);
	known = query_row(&q);
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_known = known;
	}
	return err;
}

/* By what a COMMIT is known again once the file was opened anew. */
struct sign {
	const char *id;   /* of an event; NULL: it had none */
	const char *mark; /* of a group without events; NULL */
};

static enum err
sign_find(struct sqlite_store *store, const struct sign *sign, bool *ret_found)
{
	struct query q;

	*ret_found = false;
	if (sign->id != NULL) {
		return sqlite_event_known(store, sign->id, ret_found);
	}
	if (sign->mark == NULL) {
		return ERR_OK;
	}
	q = query_start(store, STMT_ENGINE_HOLDS);
	query_text(&q, ":name", GROUP_MARK);
	query_text(&q, ":value", sign->mark);
	*ret_found = query_row(&q);
	return query_end(&q);
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
commit_settle(struct sqlite_store *store, const struct sign *sign, int rc)
{
	enum err cause = sqlite_err(store, rc);
	bool unwritten = (rc & 0xff) == SQLITE_FULL || rc == SQLITE_IOERR_WRITE;
	bool found = false;

	sqlite_disconnect(store);
	if (sqlite_ready(store) != ERR_OK) {
		return ERR_UNKNOWN;
	}
	if (sign_find(store, sign, &found) != ERR_OK) {
		return ERR_UNKNOWN;
	}
	if (sqlite_scrub(store) != ERR_OK && (found || !unwritten)) {
		return ERR_UNKNOWN;
	}
	return found ? ERR_OK : cause;
}

static enum err
transaction_end(struct sqlite_store *store, const struct sign *sign)
{
	int rc = run(store, "COMMIT");
	enum err err = ERR_OK;

	if (rc != SQLITE_OK) {
		/* The gate stays closed meanwhile: nobody writes over what is looked for. */
		err = commit_settle(store, sign, rc);
	}
	store->in_write = false;
	if (!store->unheard) {
		store->written++;
		gate_ring(store);
	}
	store->unheard = false;
	gate_open(store);
	return err;
}

enum err
sqlite_end(struct sqlite_store *store, const char *id)
{
	return store->group.open ? step_end(store, id)
				 : transaction_end(store, &(struct sign){ .id = id });
}

/* --- the group ------------------------------------------------------------------- */

enum err
sqlite_store_group_begin(struct store *base)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = store->group.open ? ERR_INVALID : transaction_begin(store);

	if (err == ERR_OK) {
		store->group = (struct sqlite_group){ .open = true, .lost = ERR_OK };
	}
	return err;
}

/* Drafts and what people have read leave no entry: what else to look for? */
static enum err
group_mark(struct sqlite_store *store, char mark[NEW_ID_SIZE])
{
	struct query q = query_start(store, STMT_ENGINE_PUT);

	random_id(0, mark);
	query_text(&q, ":name", GROUP_MARK);
	query_text(&q, ":value", mark);
	return query_run(&q);
}

/* Ends a group of which nothing is to be kept, or in which nothing was written. */
static enum err
group_drop(struct sqlite_store *store, enum err err)
{
	transaction_abort(store);
	return err;
}

enum err
sqlite_store_group_end(struct store *base)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	struct sqlite_group group = store->group;
	struct sign sign = { .id = group.id };
	char mark[NEW_ID_SIZE];
	enum err err = group.lost;

	if (!group.open) {
		return ERR_INVALID;
	}
	store->group = (struct sqlite_group){ 0 };
	if (err == ERR_OK && !in_transaction(store)) {
		err = ERR_IO; /* a read that failed after the last write */
	}
	if (err == ERR_OK && group.written && group.id == NULL) {
		err = group_mark(store, mark);
		sign.mark = mark;
	}
	if (err != ERR_OK || !group.written) {
		err = group_drop(store, err);
	} else {
		store->unheard = !group.heard;
		err = transaction_end(store, &sign);
		if (err == ERR_OK) {
			sqlite_scrub_due(store);
		}
	}
	free(group.id);
	return err;
}
