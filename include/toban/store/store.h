/* SPDX-License-Identifier: MIT */
/*
 * The store: one interface, several engines (SQLite, memory, later PostgreSQL).
 *
 * The ledger is the truth; the summaries beside it are written in the same
 * transaction and can be rebuilt.  Acknowledged means durable: when
 * store_commit() returns ERR_OK the batch survives a power cut.
 */
#ifndef TOBAN_STORE_STORE_H
#define TOBAN_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toban/base/arena.h"
#include "toban/base/clock.h"
#include "toban/base/err.h"
#include "toban/base/str.h"
#include "toban/core/event.h"
#include "toban/core/ledger.h"
#include "toban/core/word_list.h"
#include "toban/store/alert.h"
#include "toban/store/erase.h"
#include "toban/store/figure.h"
#include "toban/store/intake.h"
#include "toban/store/outbox.h"
#include "toban/store/pin.h"
#include "toban/store/preference.h"

struct store; /* opaque */

/* --- rows ------------------------------------------------------------------ */

/* The summary of one incident: all that a list shows. */
struct incident_row {
	const char *id;
	const char *title;
	const char *state;
	const char *category;
	const char *major; /* no, proposed, yes, refused */
	const char *department;
	const char *finder;
	bool open;
	bool drill;
	bool confidential;
	stamp due_at; /* STAMP_NONE sorts last */
	stamp reported_at;
	stamp changed_at;
	int64_t last_seq;
	stamp wake_at;       /* when the desk must look at it by itself; STAMP_NONE: never */
	const char *waiting; /* JSON array: waiting_for of docs/methods.md */
	const char *people;  /* space-separated ids who are awaited, each between blanks: " a b " */
	const char *readers; /* "" everybody; else ids who may read, as above */
	const char *hidden_from; /* ids of the involved, as above; "" none */
	const char *search;      /* folded text of the case for plain search */
};

/* What a person typed and did not send.  Not part of the record. */
struct draft_row {
	int64_t number; /* D-17 is 17 */
	const char *person;
	const char *form;
	const char *subject; /* incident id, "" for a report */
	const char *body;    /* JSON object of fields as typed */
	stamp saved_at;
	const char *before; /* writing: the body it replaces, NULL: whichever; reading: NULL */
};

/* --- writing ---------------------------------------------------------------- */

/* What the engine remembers under a name. */
struct store_value {
	const char *name;
	const char *value;
};

/* All or nothing, in one transaction. */
struct store_batch {
	struct event *events; /* in order; seq, hashes, nonce are set by the commit */
	size_t n_events;
	const struct incident_row *incidents; /* put: insert or replace by id */
	size_t n_incidents;
	const struct figure_row *figures; /* put: insert or replace by reported_at and id */
	size_t n_figures;
	bool figures_whole;              /* the figures of all incidents have been made */
	const struct outbox_row *outbox; /* insert */
	size_t n_outbox;
	/* Messages that still wait, by id: another body, or another state with its last_answer. */
	const struct outbox_row *reworded;
	size_t n_reworded;
	const struct target_row *targets; /* put by name */
	size_t n_targets;
	const struct alert_put *alerts;
	size_t n_alerts;
	int64_t withdraw_seq; /* its messages go unsent, 0 none; ERR_DENIED if one was tried */
	int64_t erase_seq;    /* body to erase, 0 none; the batch must hold the `erase` event */
	const struct store_forget *forget; /* with it: its words go everywhere; NULL none */
	const struct store_value *values;  /* of the engine: put by name (store/wake.h) */
	size_t n_values;
	int64_t drop_draft;    /* draft number that this batch sends, 0 none */
	const char *drop_body; /* it goes only while it holds this; NULL: whatever it holds */
	const struct pin_change *pins;  /* NULL: none */
	const struct draft_row *drafts; /* insert: what its author has to go on with */
	size_t n_drafts;
	/*
	 * Row text that must carry the seq and hash of this batch (the ledger
	 * head in a crisis message) is finished by this hook, called inside the
	 * transaction after the events were sealed; NULL: none.  It may change
	 * `incidents`, `figures`, `outbox` and `alerts` and nothing else; no user wait, no network.
	 */
	enum err (*seal)(struct store_batch *batch, void *ctx);
	void *seal_ctx;
};

/*
 * Appends the batch.  Each event's subject_seq must be exactly the last of its
 * subject + 1, else ERR_CONFLICT; an event id that is stored already gives
 * ERR_EXISTS (find it with store_event_by_id()).  Nothing is written on any
 * error.  ERR_UNKNOWN: the COMMIT itself failed; reopen, look for the id.
 * ERR_BUSY, ERR_FULL, ERR_IO, ERR_CORRUPT, ERR_NOMEM.
 */
enum err store_commit(struct store *store, struct store_batch *batch);

/* How many batches were appended through this store since it was opened. */
int64_t store_commits(const struct store *store);

/*
 * Many writes with one sync.  Between the two each write (all of them, not only
 * store_commit()) is all or nothing by itself as ever and seen by later reads of
 * this store, and none is acknowledged: what it answered counts when
 * store_group_end() returns ERR_OK, for then all of them are durable.  Errors of
 * the end: ERR_UNKNOWN, nobody knows whether they are recorded; every other one,
 * the whole group is proven not to be, so each write may be tried again by itself.
 * A group that was lost on the way (the disk, memory) refuses its later writes
 * and says so at its end.
 *
 * Others cannot write meanwhile: no user wait, no network.  No backup within
 * (ERR_BUSY).  ERR_INVALID: begun twice, or ended without.  A group that is
 * not begun (ERR_BUSY, ERR_IO) leaves the store as it was.
 */
enum err store_group_begin(struct store *store);
enum err store_group_end(struct store *store);

/* --- reading: all results live in `arena` ------------------------------------ */

struct event_list {
	struct event *items;
	size_t n;
};

/* Events of one subject in order; an unknown subject gives n == 0 and ERR_OK. */
enum err store_subject(struct store *store, struct arena *arena, const char *subject,
	struct event_list *ret_events);

/* The last `limit` events of one subject, the newest first; reads no more than it returns. */
enum err store_subject_newest(struct store *store, struct arena *arena, const char *subject,
	size_t limit, struct event_list *ret_events);

/* The subject_seq of its last event, 0 when it has none; reads no event. */
enum err store_subject_last(struct store *store, const char *subject, int64_t *ret_subject_seq);

/* At most `limit` events with seq > after, in order. */
enum err store_events(struct store *store, struct arena *arena, int64_t after, size_t limit,
	struct event_list *ret_events);

/* ERR_NOT_FOUND if no event has that id. */
enum err store_event_by_id(
	struct store *store, struct arena *arena, const char *id, struct event *ret_event);

enum err store_head(struct store *store, struct ledger_head *ret_head);

/* The highest subject of the form PREFIXnnnn, as its number; 0 when none. */
enum err store_last_number(struct store *store, const char *prefix, int64_t *ret_number);

/* Which incidents a list wants; zeroed = all. */
struct incident_filter {
	const char *reader; /* person id: drops what is hidden from them; NULL: no check */
	const struct word_list *reads_for; /* whose restricted cases they read, too; NULL: none */
	const char *waits_for;             /* person id: only what waits for them; NULL */
	const char *department;            /* NULL: any */
	const char *state;                 /* NULL: any */
	bool open_only;
	const char *or_awaits; /* with open_only: closed ones, too, that await them; NULL */
	stamp or_until;        /* of those only the ones due before */
	bool finder_or_waits;  /* with waits_for: also what this person reported */
	stamp due_before;      /* only rows due before this moment; 0: no limit */
	const char *words;     /* folded words, all must occur in search text; NULL */
	/* Keyset: continue after this row (due_at, id); NULL id: from the start. */
	stamp after_due;
	const char *after_id;
	size_t limit; /* 1.. */
};

struct incident_list {
	struct incident_row *items;
	size_t n;
	bool more; /* there are rows after the last */
};

/* Ordered by due_at (none last), then id descending. */
enum err store_incidents(struct store *store, struct arena *arena,
	const struct incident_filter *filter, struct incident_list *ret_list);

enum err store_incident(
	struct store *store, struct arena *arena, const char *id, struct incident_row *ret_row);

/* For the verifier: at most `limit` summary rows with id > after, by id. */
enum err store_incidents_by_id(struct store *store, struct arena *arena, const char *after,
	size_t limit, struct incident_list *ret_list);

/*
 * What a closed case still asks of somebody (is it effective?) may be due in months: it
 * comes back to their board so long before.
 */
#define CLOSED_AHEAD_MS INT64_C(604800000)

struct board_counts {
	int64_t mine;       /* waiting for the person: open, or closed and due soon */
	int64_t department; /* open, of the person's department */
	int64_t open;
	int64_t overdue;    /* open ones, and closed ones that wait for the person */
	int64_t restricted; /* open ones they may not see, but those they are kept from by name */
};

/* What is counted: what `reader` may see, as in struct incident_filter. */
struct count_want {
	const char *reader;
	const struct word_list *reads_for;
	const char *department; /* NULL: none */
	stamp now;
};

/* Index ranges only, no full scan. */
enum err store_counts(
	struct store *store, const struct count_want *want, struct board_counts *ret_counts);

/* --- drafts ------------------------------------------------------------------ */
/*
 * number 0: a new draft, *ret_number is its number; else replaces it, or gives
 * ERR_CONFLICT when its body is not `before` any more.  Durable on return.
 */
enum err store_draft_put(struct store *store, const struct draft_row *draft, int64_t *ret_number);
enum err store_draft_drop(struct store *store, const char *person, int64_t number);

struct draft_list {
	struct draft_row *items;
	size_t n;
};

/* The person's drafts, newest first. */
enum err store_drafts(
	struct store *store, struct arena *arena, const char *person, struct draft_list *ret_list);

/* --- what a person has looked at -------------------------------------------------- */

/* How far a person has read a case.  No part of the record. */
struct look {
	int64_t seq;     /* the newest entry that was shown to them; 0: never looked */
	stamp at;        /* when; STAMP_NONE: never */
	int64_t changed; /* entries by others since, mere reading and reminders left out */
};

/* Marks the subject as read up to `seq`; never goes back to an older entry. */
enum err store_look_put(
	struct store *store, const char *person, const char *subject, int64_t seq, stamp at);

/* Two reads by key, whatever the size of the desk. */
enum err store_look(
	struct store *store, const char *person, const char *subject, struct look *ret_look);

/* A reading of `subject`, up to `seq` or beyond, by anybody but `person`. */
struct look_want {
	const char *person;
	const char *subject;
	int64_t seq;
};

struct looker {
	const char *person;
	stamp at;
};
/* The first who did.  ERR_NOT_FOUND: nobody. */
enum err store_looker(
	struct store *store, struct arena *arena, const struct look_want *want, struct looker *ret);

/* --- the file ------------------------------------------------------------------- */

struct store_info {
	const char *engine; /* "sqlite", "memory" */
	const char *path;   /* "" for memory */
	int schema;         /* version */
	int wake_fd;        /* becomes readable when somebody else wrote; -1 none */
	int64_t written;    /* grows with every write through this store that others hear of */
};

void store_info(struct store *store, struct store_info *ret_info);

/* How much was committed and waits beside the file to come into it; 0 where nothing can wait. */
int64_t store_waiting_bytes(struct store *store);

/* Clears the wake-up; true if the data really changed since the last call. */
bool store_woke(struct store *store);

/* A copy by the backup API, checked (integrity and hash chain), synced, renamed.  ERR_EXISTS: the
 * name is taken; ERR_DENIED: it is one of those that the desk's own files have. */
enum err store_backup(struct store *store, const char *path);

/* What is missing or not ours, by names; *ret_lost: a table or column, so nothing can be read. */
enum err store_shape(struct store *store, struct ledger_problems *problems, bool *ret_lost);

/* The engine's own check (schema, triggers, integrity); findings to `problems`. */
enum err store_check(struct store *store, struct ledger_problems *problems);

/* Flushes and closes.  NULL allowed. */
void store_close(struct store *store);

/* --- engines ---------------------------------------------------------------------- */
/*
 * Creates a desk file, mode 0600, under a lock; ERR_EXISTS if the path is
 * there; ERR_UNSUPPORTED on a network file system.  `why` (may be NULL) gets a
 * translated sentence for people in every failing case.
 */
enum err store_sqlite_create(const char *path, struct str *why, struct store **ret_store);

/*
 * Opens one.  Refuses, touching nothing: network file systems, symlinks, hard
 * links, other owner or group-writable, directories, FIFOs, empty files,
 * foreign application_id, newer versions.  Migrates older versions forward
 * after a backup.  ERR_NOT_FOUND, ERR_UNSUPPORTED, ERR_CORRUPT, ERR_IO.
 */
enum err store_sqlite_open(const char *path, struct str *why, struct store **ret_store);

/* The same, but an older version is refused, too: ERR_UNSUPPORTED, nothing changed. */
enum err store_sqlite_open_as_is(const char *path, struct str *why, struct store **ret_store);

/* A store in memory, for tests and classification without a desk. */
enum err store_memory_new(struct store **ret_store);

#endif
