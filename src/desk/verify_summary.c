/* SPDX-License-Identifier: MIT */
/*
 * Summaries against a rebuild: every row is made again from its entries and
 * compared column by column.
 */
#include "summary.h"
#include "toban/base/attr.h"
#include "verify.h"

#define TRIES 5

/* The row as the entries tell it; ERR_NOT_FOUND without entries. */
static enum err
rebuild_row(
	struct verify *verify, struct arena *arena, const char *id, struct incident_row *ret_row)
{
	struct call *call = verify->call;
	struct event_list events = { NULL, 0 };
	struct incident incident;
	struct summary_source source = { call->procedure, call->org, &incident };
	enum err e = store_subject(call->store, arena, id, &events);

	if (!e && events.n == 0) {
		return ERR_NOT_FOUND;
	}
	if (!e) {
		e = incident_fold(arena, call->procedure, events.items, events.n, &incident);
	}
	if (e) {
		return e;
	}
	e = summary_row(arena, &source, ret_row);
	if (!e) {
		/* The row outlives the incident: what it borrowed is in the parsed bodies. */
		ret_row->title = arena_strdup(arena, ret_row->title);
		ret_row->state = arena_strdup(arena, ret_row->state);
		ret_row->category = arena_strdup(arena, ret_row->category);
		ret_row->department = arena_strdup(arena, ret_row->department);
		ret_row->finder = arena_strdup(arena, ret_row->finder);
	}
	incident_release(&incident);
	return e;
}

/*
 * Row and entries are two reads; a step taken between them would look like a
 * fault.  Then both are read again.
 */
static enum err
check_row(void *ctx, struct arena *arena, const struct incident_row *listed)
{
	struct verify *verify = ctx;
	struct incident_row stored = *listed;
	struct incident_row made;
	const char *column = NULL;
	enum err e = ERR_OK;

	for (int tries = 0; !e && tries < TRIES; tries++) {
		e = rebuild_row(verify, arena, listed->id, &made);
		column = e ? NULL : summary_difference(&stored, &made);
		if (e || !column || stored.last_seq == made.last_seq) {
			break;
		}
		e = store_incident(verify->call->store, arena, listed->id, &stored);
	}
	if (e == ERR_NOT_FOUND) {
		ledger_report(&verify->problems, 0, "summary",
			"incident %s is listed, but the ledger has no entry of it", listed->id);
	} else if (e == ERR_CORRUPT) {
		ledger_report(&verify->problems, listed->last_seq, "summary",
			"the entries of incident %s tell no incident", listed->id);
	} else if (!e && column) {
		ledger_report(&verify->problems, made.last_seq, "summary",
			"incident %s: column %s of the summary is not what the entries tell",
			listed->id, column);
	}
	return e == ERR_NOT_FOUND || e == ERR_CORRUPT ? ERR_OK : e;
}

enum err
verify_summaries(struct verify *verify)
{
	return summary_each(verify->call->store, check_row, verify);
}
