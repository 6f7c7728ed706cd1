/* SPDX-License-Identifier: MIT */
/*
 * The store's alerts: what other systems reported, one row for each thing that is
 * reported again and again.  What a row means is said in core/alert.h.
 */
#ifndef TOBAN_STORE_ALERT_H
#define TOBAN_STORE_ALERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toban/base/arena.h"
#include "toban/base/clock.h"
#include "toban/base/err.h"

struct store;

/* A fold of the entries of its subject; `times` and `last_at` may be ahead of them. */
struct alert_row {
	int64_t num; /* A-17 is 17 */
	const char *source;
	const char *key; /* with the source: what it is about; one open row for each */
	const char *title;
	const char *body;     /* JSON object */
	const char *state;    /* open, promoted, linked, dismissed */
	const char *incident; /* "" none */
	bool firing;
	int64_t times; /* 1.. */
	stamp first_at;
	stamp last_at;
	int64_t last_seq;
};

/*
 * A row to write in a batch.  was_times 0: a new one, else it replaces the row that
 * has just these two values; ERR_CONFLICT for the whole batch when it has others, or
 * when another open row has the source and key of a new one.
 */
struct alert_put {
	struct alert_row row;
	int64_t was_seq;
	int64_t was_times;
};

/* ERR_NOT_FOUND. */
enum err store_alert(
	struct store *store, struct arena *arena, int64_t num, struct alert_row *ret_row);

/* The newest that is about the same, whatever its state.  ERR_NOT_FOUND. */
enum err store_alert_of_key(struct store *store, struct arena *arena, const char *source,
	const char *key, struct alert_row *ret_row);

/* Which alerts a list wants: the first of these that is set decides. */
struct alert_filter {
	const char *incident; /* of this one, the oldest first, after `after`; NULL: any */
	bool oldest_first;    /* all, after `after` */
	const char *state;    /* of this state, the newest first, before `before`; NULL: any */
	int64_t after;        /* number; 0: from the first */
	int64_t before;       /* number; 0: from the newest */
	size_t limit;         /* 1.. */
};

struct alert_list {
	struct alert_row *items;
	size_t n;
	bool more; /* there are rows after the last */
};

enum err store_alerts(struct store *store, struct arena *arena, const struct alert_filter *filter,
	struct alert_list *ret_list);

struct alert_counts {
	int64_t open;
	int64_t firing; /* of the open ones */
};

enum err store_alert_counts(struct store *store, struct alert_counts *ret_counts);

#endif
