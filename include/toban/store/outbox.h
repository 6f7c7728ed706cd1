/* SPDX-License-Identifier: MIT */
/*
 * The store's messages on their way out, and who receives them.  Messages are
 * written with the entry that causes them (store_commit()); here they are read,
 * and what became of them is recorded.
 */
#ifndef TOBAN_STORE_OUTBOX_H
#define TOBAN_STORE_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toban/base/arena.h"
#include "toban/base/clock.h"
#include "toban/base/err.h"

struct store;

/* --- rows ------------------------------------------------------------------ */

/* A message on its way out.  Sent at least once, under the same id. */
struct outbox_row {
	const char *id;      /* webhook-id, stable over all attempts */
	const char *target;  /* name */
	const char *type;    /* crisis.escalated, incident.report, … */
	const char *subject; /* incident id */
	const char *body;    /* JSON, sent byte for byte; "" once it was delivered */
	bool urgent;
	stamp created_at;
	stamp next_at;       /* next attempt; STAMP_NONE when finished */
	int attempts;
	const char *state;   /* waiting, sent, dead, stopped */
	int last_status;     /* HTTP status, 0 none */
	const char *last_answer; /* sanitised, cut; "" none */
	stamp changed_at;
	int64_t withdraw_seq;    /* the entry with which it can be taken back; 0 none */
	stamp tried_at; /* recording: when the attempt ended, 0: none was made; reading: 0 */
};

/* One attempt to send a message. */
struct delivery_row {
	int attempt; /* 1.., over all retries by hand */
	stamp at;    /* when it ended */
	int status;  /* HTTP or SMTP status, 0 none */
	const char *outcome; /* the message's state after it */
	const char *answer;  /* sanitised, cut; "" none */
};

/* Of so many newer messages the attempts are kept; those of messages not sent stay for ever. */
#define DELIVERIES_KEPT 100000

/* A receiver of messages.  Its secret is not here: see desk/secrets. */
struct target_row {
	const char *name;
	const char *kind; /* webhook, mail */
	const char *url;
	const char *events; /* space-separated types or "*" */
	bool allow_http;
	bool allow_private; /* loopback and private addresses */
	bool active;
	stamp created_at;
	const char *format;   /* generic, slack, mattermost, teams, alertmanager */
	const char *template; /* name of its template; "" the format's own */
	const char *person;   /* whose own receiver it is: gets what they are told; "" nobody's */
	bool stopped; /* it answered 410: gets nothing until it is started again */
};

/* --- reading: all results live in `arena` ------------------------------------ */

struct target_list {
	struct target_row *items;
	size_t n;
};

enum err store_targets(struct store *store, struct arena *arena, struct target_list *ret_list);

struct outbox_list {
	struct outbox_row *items;
	size_t n;
};

/* Waiting rows due at `now`: urgent first, then oldest; at most `limit`. */
enum err store_outbox_due(struct store *store, struct arena *arena, stamp now, size_t limit,
	struct outbox_list *ret_list);

/* The same for one target, so that a dead receiver's rows do not hide those of others. */
struct outbox_filter {
	const char *target;
	stamp now;
	size_t limit; /* 1.. */
};

enum err store_outbox_due_for(struct store *store, struct arena *arena,
	const struct outbox_filter *filter, struct outbox_list *ret_list);

/* When the next row is due; STAMP_NONE when nothing waits. */
enum err store_outbox_next(struct store *store, stamp *ret_next);

/* All rows, newest first, at most `limit`; state NULL: any. */
enum err store_outbox(struct store *store, struct arena *arena, const char *state, size_t limit,
	struct outbox_list *ret_list);

struct delivery_list {
	struct delivery_row *items;
	size_t n;
};

/* One message; ERR_NOT_FOUND. */
enum err store_outbox_message(
	struct store *store, struct arena *arena, const char *id, struct outbox_row *ret_row);

/* Its attempts in order; none for an unknown message. */
enum err store_deliveries(struct store *store, struct arena *arena, const char *id,
	struct delivery_list *ret_list);

/*
 * Messages given up whose receiver is still there, at most `most` are counted; none about a case
 * that is hidden from `reader` (NULL: nobody asks).
 */
enum err store_outbox_given_up(
	struct store *store, const char *reader, size_t most, int64_t *ret_count);

/*
 * Records the outcome of attempts: id, state, attempts, next_at, last_*, and a row
 * for each attempt that was made (tried_at); in one transaction.
 */
enum err store_outbox_put(struct store *store, const struct outbox_row *rows, size_t n);

#endif
