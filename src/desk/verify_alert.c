/* SPDX-License-Identifier: MIT */
/*
 * Alerts against a rebuild: each row is made again from its entries.  Only the two
 * counters may be ahead of them, by as much as the rule of counting allows.
 */
#include <string.h>

#include "alert.h"
#include "toban/base/attr.h"
#include "verify.h"

#define PAGE 200
#define TRIES 5

/* In which column the row is not what the entries tell; NULL: in none. */
static const char *
difference(const struct alert_row *row, const struct alert_row *made, const struct alert *told)
{
	const struct {
		const char *column;
		bool differs;
	} checks[] = {
		{ "source", strcmp(row->source, made->source) != 0 },
		{ "key", strcmp(row->key, made->key) != 0 },
		{ "title", strcmp(row->title, made->title) != 0 },
		{ "body", strcmp(row->body, made->body) != 0 },
		{ "state", strcmp(row->state, made->state) != 0 },
		{ "incident", strcmp(row->incident, made->incident) != 0 },
		{ "firing", row->firing != made->firing },
		{ "first_at", row->first_at != made->first_at },
		{ "last_seq", row->last_seq != made->last_seq },
		{ "times", !alert_may_be_ahead(told, row->times, row->last_at) },
	};

	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		if (checks[i].differs) {
			return checks[i].column;
		}
	}
	return NULL;
}

static enum err
compare(struct verify *verify, struct arena *arena, const struct alert_row *row,
	const char **ret_column)
{
	struct event_list events = { NULL, 0 };
	const char *subject = alert_id(arena, row->num);
	struct alert_row made;
	struct alert told;
	enum err e =
		subject ? store_subject(verify->call->store, arena, subject, &events) : ERR_NOMEM;

	if (!e) {
		e = events.n ? alert_fold(arena, events.items, events.n, &told) : ERR_NOT_FOUND;
	}
	if (!e) {
		made = alert_row_of(&told, row->num);
		*ret_column = difference(row, &made, &told);
	}
	return e;
}

/* Row and entries are two reads; what is taken in between them would look like a fault. */
static enum err
check_row(struct verify *verify, struct arena *arena, const struct alert_row *listed)
{
	struct alert_row row = *listed;
	const char *column = NULL;
	enum err e = compare(verify, arena, &row, &column);

	for (int tries = 1; !e && column && tries < TRIES; tries++) {
		e = store_alert(verify->call->store, arena, listed->num, &row);
		e = e ? e : compare(verify, arena, &row, &column);
	}
	if (e == ERR_NOT_FOUND || e == ERR_CORRUPT) {
		ledger_report(&verify->problems, e == ERR_CORRUPT ? row.last_seq : 0, "summary",
			e == ERR_CORRUPT ? "the entries of A-%lld tell no alert"
					 : "alert A-%lld is listed, but it has no entry",
			(long long)row.num);
		return ERR_OK;
	}
	if (!e && column) {
		ledger_report(&verify->problems, row.last_seq, "summary",
			"alert A-%lld: column %s of the summary is not what the entries tell",
			(long long)row.num, column);
	}
	return e;
}

enum err
verify_alerts(struct verify *verify)
{
	struct alert_filter filter = { .oldest_first = true, .limit = PAGE };
	struct alert_list page = { NULL, 0, true };
	struct arena *arena = arena_new();
	enum err e = arena ? ERR_OK : ERR_NOMEM;

	while (!e && page.more) {
		arena_clear(arena);
		e = store_alerts(verify->call->store, arena, &filter, &page);
		for (size_t i = 0; !e && i < page.n; i++) {
			filter.after = page.items[i].num;
			e = check_row(verify, arena, &page.items[i]);
		}
	}
	arena_free(arena);
	return e;
}

enum err
verify_alert_listed(struct verify *verify, struct arena *arena, const struct event *event)
{
	int64_t num = alert_number(event->subject);
	struct alert_row row;
	enum err e = num ? store_alert(verify->call->store, arena, num, &row) : ERR_OK;

	if (e == ERR_NOT_FOUND) {
		ledger_report(&verify->problems, event->seq, "summary",
			"alert %s has no summary row", event->subject);
		return ERR_OK;
	}
	return e;
}
