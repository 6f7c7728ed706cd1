/* SPDX-License-Identifier: MIT */
/*
 * Creating, opening, reopening and closing the desk file, and being woken when
 * somebody else writes to it.
 */
#include "sqlite_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "migrate.h"
#include "sqlite_file.h"
#include "sqlite_memory.h"
#include "toban/base/attr.h"
#include "toban/base/log.h"

/* Longest wait for a lock that does not go through the gate, in all. */
#define BUSY_TRIES 500
#define BUSY_STEP_NS 10000000L /* at most this long a try, on average half of it */

/* Where a file is made before it gets its name. */
#define NEW_SUFFIX ".new"

/* --- a connection with every safety on ------------------------------------------------ */

static const struct {
	int option;
	int value;
} switches[] = {
	{ SQLITE_DBCONFIG_DEFENSIVE, 1 }, /* no writing to the schema or by fts shadow tables */
	{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 }, /* a planted trigger may not call what it likes */
	{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
	{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
};

/* The largest row is a body or the search text of a case; the rest is far from any use of ours. */
static const struct {
	int limit;
	int value;
} limits[] = {
	{ SQLITE_LIMIT_LENGTH, 1 << 20 },
	{ SQLITE_LIMIT_SQL_LENGTH, 100000 },
	{ SQLITE_LIMIT_COLUMN, 100 },
	{ SQLITE_LIMIT_EXPR_DEPTH, 100 },
	{ SQLITE_LIMIT_COMPOUND_SELECT, 10 },
	{ SQLITE_LIMIT_FUNCTION_ARG, 20 },
	{ SQLITE_LIMIT_ATTACHED, 0 },
	{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100 },
	{ SQLITE_LIMIT_VARIABLE_NUMBER, 100 },
	{ SQLITE_LIMIT_TRIGGER_DEPTH, 10 },
};

static const char *const pragmas[] = {
	"PRAGMA cell_size_check = ON",
	"PRAGMA mmap_size = 0",           /* a mapped file turns an I/O error into a SIGBUS */
	"PRAGMA secure_delete = ON",      /* FAST leaves erased texts on free pages */
	"PRAGMA recursive_triggers = ON", /* else OR REPLACE deletes without a trigger */
	"PRAGMA temp_store = MEMORY",     /* nothing of a case in a temporary directory */
	"PRAGMA synchronous = FULL",
	"PRAGMA journal_size_limit = 16777216",
};

enum err
sqlite_pragma(sqlite3 *db, const char *sql, int64_t *ret_value)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
	enum err err = ERR_CORRUPT;

	if (rc == SQLITE_OK) {
		rc = sqlite3_step(stmt);
	}
	if (rc == SQLITE_ROW) {
		*ret_value = sqlite3_column_int64(stmt, 0);
		err = ERR_OK;
	} else if (rc != SQLITE_DONE) {
		err = sqlite_err(NULL, rc);
	}
	(void)sqlite3_finalize(stmt); /* repeats the error of the step */
	return err;
}

/* Our own waiting, a belt behind the gate: short, jittered, bounded. */
static int
connect_busy(void *ctx, int tries)
{
	struct timespec wait = { 0 };
	uint32_t jitter;

	(void)ctx;
	if (tries >= BUSY_TRIES) {
		return 0;
	}
	sqlite3_randomness(sizeof(jitter), &jitter);
	wait.tv_nsec = (long)(jitter % (uint32_t)BUSY_STEP_NS);
	(void)nanosleep(&wait, NULL); /* a signal only makes the wait shorter */
	return 1;
}

/* WAL must really be on: where shared memory does not work SQLite says no. */
static enum err
connect_wal(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, "PRAGMA journal_mode = WAL", -1, &stmt, NULL);
	enum err err = ERR_UNSUPPORTED;

	if (rc == SQLITE_OK) {
		rc = sqlite3_step(stmt);
	}
	if (rc != SQLITE_ROW) {
		err = sqlite_err(NULL, rc);
	} else if (strcmp((const char *)sqlite3_column_text(stmt, 0), "wal") == 0) {
		err = ERR_OK;
	}
	(void)sqlite3_finalize(stmt); /* repeats the error of the step */
	return err;
}

static enum err
connect_configure(sqlite3 *db)
{
	(void)sqlite3_extended_result_codes(db, 1);         /* fails only on NULL */
	(void)sqlite3_busy_handler(db, connect_busy, NULL); /* likewise */
	for (size_t i = 0; i < ARRAY_LEN(switches); i++) {
		int rc = sqlite3_db_config(db, switches[i].option, switches[i].value, NULL);

		if (rc != SQLITE_OK) {
			return sqlite_err(NULL, rc);
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		(void)sqlite3_limit(db, limits[i].limit, limits[i].value); /* returns the old one */
	}
	for (size_t i = 0; i < ARRAY_LEN(pragmas); i++) {
		int rc = sqlite3_exec(db, pragmas[i], NULL, NULL, NULL);

		if (rc != SQLITE_OK) {
			return sqlite_err(NULL, rc);
		}
	}
	return connect_wal(db);
}

/* Whether a connection failed for want of the room it needs beside the file. */
static bool
connect_lacks_room(sqlite3 *db)
{
	int code = db != NULL ? sqlite3_extended_errcode(db) : SQLITE_OK;

	return (code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE ||
		code == SQLITE_IOERR_SHMMAP || code == SQLITE_IOERR_WRITE;
}

static enum err
connect_once(const char *path, bool *ret_lacks_room, sqlite3 **ret_db)
{
	sqlite3 *db = NULL;
	/* No lock for each call: a connection belongs to one thread. */
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOMUTEX;
	int rc = sqlite3_open_v2(path, &db, flags, NULL);
	enum err err = sqlite_err(NULL, rc);

	if (err == ERR_OK) {
		err = connect_configure(db);
	}
	if (err != ERR_OK) {
		*ret_lacks_room = connect_lacks_room(db);
		(void)sqlite3_close(db); /* nothing was written; NULL is allowed */
		return err;
	}
	*ret_db = db;
	return ERR_OK;
}

enum err
sqlite_connect(const char *path, sqlite3 **ret_db)
{
	bool lacks_room = false;
	enum err err = connect_once(path, &lacks_room, ret_db);

	/* On a full disk people must still be able to read: F04. */
	if (err != ERR_OK && lacks_room && file_reserve_spend(path)) {
		log_line(LOG_WARNING,
			"store: the disk is full; %s.reserve made room to open the "
			"desk",
			path);
		err = connect_once(path, &lacks_room, ret_db);
	}
	return err;
}

/* --- reopening and being woken ----------------------------------------------------------- */

/* Watches the gate, where each commit rings; without a watch the desk works but is not woken. */
static void
wake_watch(struct sqlite_store *store)
{
	char *gate = file_beside(store->path, ".lock");

	if (store->wake_fd >= 0 && gate != NULL) {
		if (store->wake_watch >= 0) {
			(void)inotify_rm_watch(store->wake_fd, store->wake_watch); /* may be gone */
		}
		store->wake_watch = inotify_add_watch(store->wake_fd, gate, IN_MODIFY);
		if (store->wake_watch < 0) {
			log_line(LOG_WARNING, "store: cannot watch %s: %s", gate, strerror(errno));
		}
	}
	free(gate);
}

static int64_t
wake_version(struct sqlite_store *store)
{
	int64_t version = store->data_version;

	if (store->db != NULL) {
		/* On an error the old value stays; the next read tells of the error. */
		(void)sqlite_pragma(store->db, "PRAGMA data_version", &version);
	}
	return version;
}

enum err
sqlite_ready(struct sqlite_store *store)
{
	enum err err;

	if (store->db != NULL) {
		return ERR_OK;
	}
	err = sqlite_connect(store->path, &store->db);
	if (err == ERR_OK) {
		file_reserve_keep(store->path);
		/* Counts of another connection mean nothing: whoever waits must look. */
		store->data_version = wake_version(store) - 1;
		wake_watch(store);
	}
	return err;
}

void
sqlite_disconnect(struct sqlite_store *store)
{
	for (size_t i = 0; i < STMT_COUNT; i++) {
		(void)sqlite3_finalize(store->stmts[i]); /* repeats an old error */
		store->stmts[i] = NULL;
	}
	(void)sqlite3_close(store->db); /* no statement is left that could hold it */
	store->db = NULL;
}

static bool
sqlite_store_woke(struct store *base)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	int64_t version;

	if (store->wake_fd >= 0) {
		while (read(store->wake_fd, events, sizeof(events)) > 0) {
			/* What the events say is of no interest, only that they came. */
		}
	}
	if (sqlite_ready(store) != ERR_OK) {
		return true; /* the next read tells the error */
	}
	version = wake_version(store);
	if (version == store->data_version) {
		return false;
	}
	store->data_version = version;
	return true;
}

static int64_t
sqlite_store_waiting(struct store *base)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	char *log = file_beside(store->path, "-wal");
	struct stat st;
	int64_t bytes = log && stat(log, &st) == 0 ? (int64_t)st.st_size : 0;

	free(log);
	return bytes;
}

static void
sqlite_store_info(struct store *base, struct store_info *ret_info)
{
	struct sqlite_store *store = (struct sqlite_store *)base;

	*ret_info = (struct store_info){
		.engine = "sqlite",
		.path = store->path,
		.schema = SCHEMA_VERSION,
		.wake_fd = store->wake_fd,
		.written = store->written,
	};
}

static void
sqlite_store_close(struct store *base)
{
	struct sqlite_store *store = (struct sqlite_store *)base;

	sqlite_disconnect(store);
	if (store->gate_fd >= 0) {
		(void)close(store->gate_fd); /* what is written to it is of no interest */
	}
	if (store->wake_fd >= 0) {
		(void)close(store->wake_fd); /* only read */
	}
	free(store->group.id); /* what was in it is taken back */
	free(store->path);
	free(store);
}

const struct engine sqlite_engine = {
	.group_begin = sqlite_store_group_begin,
	.group_end = sqlite_store_group_end,
	.commit = sqlite_store_commit,
	.subject = sqlite_store_subject,
	.subject_newest = sqlite_store_subject_newest,
	.subject_last = sqlite_store_subject_last,
	.events = sqlite_store_events,
	.event_by_id = sqlite_store_event_by_id,
	.head = sqlite_store_head,
	.last_number = sqlite_store_last_number,
	.incidents = sqlite_store_incidents,
	.incident = sqlite_store_incident,
	.sight = sqlite_store_sight,
	.incidents_by_id = sqlite_store_incidents_by_id,
	.counts = sqlite_store_counts,
	.search = sqlite_store_search,
	.search_index = sqlite_store_search_index,
	.subject_has_form = sqlite_store_subject_has_form,
	.figures = sqlite_store_figures,
	.figures_stale = sqlite_store_figures_stale,
	.draft_put = sqlite_store_draft_put,
	.draft_drop = sqlite_store_draft_drop,
	.drafts = sqlite_store_drafts,
	.draft_load = sqlite_store_draft_load,
	.pin = sqlite_store_pin,
	.pins = sqlite_store_pins,
	.pin_try = sqlite_store_pin_try,
	.pin_try_put = sqlite_store_pin_try_put,
	.look_put = sqlite_store_look_put,
	.look = sqlite_store_look,
	.looker = sqlite_store_looker,
	.intake_put = sqlite_store_intake_put,
	.intake_drop = sqlite_store_intake_drop,
	.intakes = sqlite_store_intakes,
	.preference_put = sqlite_store_preference_put,
	.preferences = sqlite_store_preferences,
	.due_incidents = sqlite_store_due_incidents,
	.next_wake = sqlite_store_next_wake,
	.engine_get = sqlite_store_engine_get,
	.engine_put = sqlite_store_engine_put,
	.alert = sqlite_store_alert,
	.alert_of_key = sqlite_store_alert_of_key,
	.alerts = sqlite_store_alerts,
	.alert_counts = sqlite_store_alert_counts,
	.targets = sqlite_store_targets,
	.outbox_due = sqlite_store_outbox_due,
	.outbox_due_for = sqlite_store_outbox_due_for,
	.outbox_next = sqlite_store_outbox_next,
	.outbox = sqlite_store_outbox,
	.outbox_message = sqlite_store_outbox_message,
	.deliveries = sqlite_store_deliveries,
	.outbox_given_up = sqlite_store_outbox_given_up,
	.outbox_put = sqlite_store_outbox_put,
	.info = sqlite_store_info,
	.waiting = sqlite_store_waiting,
	.woke = sqlite_store_woke,
	.scrub = sqlite_store_scrub,
	.backup = sqlite_store_backup,
	.shape = sqlite_store_shape,
	.check = sqlite_store_check,
	.close = sqlite_store_close,
};

/* --- opening and creating ------------------------------------------------------------------ */

/* The struct with its gate, not yet connected; NULL without memory. */
static struct sqlite_store *
store_prepare(const char *path)
{
	struct sqlite_store *store = calloc(1, sizeof(*store));

	if (store == NULL) {
		return NULL;
	}
	store->base.engine = &sqlite_engine;
	store->gate_fd = -1;
	store->wake_watch = -1;
	store->wake_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	store->path = strdup(path);
	if (store->path == NULL) {
		sqlite_store_close(&store->base);
		return NULL;
	}
	return store;
}

/* Connects; brings the file to this program's version, or refuses to when `as_is`. */
static enum refusal
store_connect(struct sqlite_store *store, bool as_is)
{
	enum err err = sqlite_ready(store);
	int64_t stored = SCHEMA_VERSION;

	if (err == ERR_UNSUPPORTED) {
		return REFUSAL_NO_WAL;
	}
	if (err == ERR_OK && as_is) {
		err = sqlite_pragma(store->db, "PRAGMA user_version", &stored);
	}
	if (err == ERR_OK && stored < SCHEMA_VERSION) {
		return REFUSAL_OLDER;
	}
	if (err == ERR_OK) {
		err = migrate_run(store, schema_sql, SCHEMA_VERSION);
	}
	if (err == ERR_OK) {
		store->data_version = wake_version(store);
	}
	return refusal_of(err);
}

/* Everything but the checks and the sentence. */
static enum refusal
store_open(const char *path, bool as_is, struct store **ret_store)
{
	struct sqlite_store *store = store_prepare(path);
	enum refusal refusal;

	if (store == NULL) {
		return REFUSAL_MEMORY;
	}
	store->gate_fd = file_gate(path);
	refusal = store->gate_fd < 0 ? REFUSAL_IO : store_connect(store, as_is);
	if (refusal != REFUSAL_NONE) {
		sqlite_store_close(&store->base);
		return refusal;
	}
	*ret_store = &store->base;
	return REFUSAL_NONE;
}

static enum err
open_checked(const char *path, bool as_is, struct str *why, struct store **ret_store)
{
	enum refusal refusal = file_check(path);

	sqlite_memory_count();
	if (refusal == REFUSAL_NONE) {
		refusal = file_peek(path, SCHEMA_VERSION);
	}
	if (refusal == REFUSAL_NONE) {
		refusal = store_open(path, as_is, ret_store);
	}
	refusal_tell(refusal, path, why);
	return refusal_err(refusal);
}

enum err
store_sqlite_open(const char *path, struct str *why, struct store **ret_store)
{
	return open_checked(path, false, why, ret_store);
}

enum err
store_sqlite_open_as_is(const char *path, struct str *why, struct store **ret_store)
{
	return open_checked(path, true, why, ret_store);
}

/* Makes a whole, synced desk file under a passing name. */
static enum refusal
create_content(const char *path)
{
	enum refusal refusal = file_make(path);
	sqlite3 *db = NULL;
	enum err err;
	int rc;

	if (refusal != REFUSAL_NONE) {
		return refusal;
	}
	err = sqlite_connect(path, &db);
	if (err == ERR_OK) {
		err = migrate_found(db, schema_sql, SCHEMA_VERSION);
	}
	if (err == ERR_OK) {
		rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
		err = sqlite_err(NULL, rc);
	}
	(void)sqlite3_close(db); /* everything is in the file by now */
	return err == ERR_UNSUPPORTED ? REFUSAL_NO_WAL : refusal_of(err);
}

/* Makes the file and gives it its name, while nobody else does. */
static enum refusal
create_locked(const char *path)
{
	char *passing = file_beside(path, NEW_SUFFIX);
	enum refusal refusal = passing == NULL ? REFUSAL_MEMORY : file_check_new(path);

	if (refusal == REFUSAL_NONE) {
		file_discard(passing); /* of a creator that was killed */
		refusal = create_content(passing);
	}
	if (refusal == REFUSAL_NONE) {
		refusal = file_place(passing, path, true);
	}
	if (refusal != REFUSAL_NONE && passing != NULL) {
		file_discard(passing);
	}
	free(passing);
	return refusal;
}

enum err
store_sqlite_create(const char *path, struct str *why, struct store **ret_store)
{
	enum refusal refusal = file_check_new(path);
	int gate;

	sqlite_memory_count();
	if (refusal == REFUSAL_NONE) {
		gate = file_gate(path);
		if (gate < 0) {
			refusal = REFUSAL_IO;
		} else {
			refusal = flock(gate, LOCK_EX) == 0 ? create_locked(path) : REFUSAL_IO;
			(void)close(gate); /* lets go of the lock */
		}
	}
	if (refusal == REFUSAL_NONE) {
		refusal = store_open(path, false, ret_store);
	}
	refusal_tell(refusal, path, why);
	return refusal_err(refusal);
}
