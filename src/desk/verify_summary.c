/* SPDX-License-Identifier: MIT */
/*
 * Summaries against a rebuild: every row is made again from its entries and
 * compared column by column.
 */
#include <string.h>

#include "figures.h"
#include "jumps.h"
#include "toban/base/attr.h"
#include "toban/core/sight.h"
#include "verify.h"
#include "wakes.h"

#define TRIES 5

/* What the entries tell, and what is stored beside the row. */
struct check {
	struct incident_row made;
	struct figure_row figures; /* of an incident that is no drill */
	struct figure_row stored;
	bool found; /* `stored` was */
	const char *id;
	struct arena *arena;
};

static enum err
keep_figures(void *ctx, const struct figure_row *row)
{
	struct check *check = ctx;

	if (strcmp(row->id, check->id) != 0) {
		return ERR_OK;
	}
	check->found = true;
	return figures_copy(check->arena, row, &check->stored);
}

/* The row outlives the incident: what it borrowed is in the parsed bodies. */
static void
keep_row(struct arena *arena, struct check *check)
{
	struct incident_row *row = &check->made;

	row->title = arena_strdup(arena, row->title);
	row->state = arena_strdup(arena, row->state);
	row->category = arena_strdup(arena, row->category);
	row->department = arena_strdup(arena, row->department);
	row->finder = arena_strdup(arena, row->finder);
	check->figures.category = row->category;
	check->figures.department = row->department;
}

/* Row and figures as the entries tell them; ERR_NOT_FOUND without entries. */
static enum err
rebuild_row(struct verify *verify, struct arena *arena, struct check *check)
{
	struct call *call = verify->call;
	struct event_list events = { NULL, 0 };
	struct incident incident;
	struct clock_jumps jumps = { NULL, 0 };
	struct summary_source source = { call->procedure, call->org, &incident, NULL, 0 };
	enum err e = store_subject(call->store, arena, check->id, &events);

	if (!e && events.n == 0) {
		return ERR_NOT_FOUND;
	}
	if (!e) {
		e = jumps_read(call->store, arena, &jumps);
	}
	if (!e) {
		source.jumps = jumps.items;
		source.n_jumps = jumps.n;
		e = incident_fold(arena, call->procedure, events.items, events.n, &incident);
	}
	if (e) {
		return e;
	}
	e = incident_keep_out(arena, call->procedure, call->org, &incident);
	e = e ? e : summary_row(arena, &source, &check->made);
	if (!e) {
		e = figures_row(arena, &source, &check->made, &check->figures);
	}
	if (!e) {
		keep_row(arena, check);
	}
	incident_release(&incident);
	return e;
}

/* In which column something differs; NULL: nowhere. */
static const char *
check_difference(
	const struct verify *verify, const struct check *check, const struct incident_row *stored)
{
	struct incident_row made = check->made;
	const char *column;

	if (!verify->wakes) {
		made.wake_at = stored->wake_at; /* the next engine makes them anew */
	}
	column = summary_difference(stored, &made);

	if (column || check->made.drill) {
		return column;
	}
	return check->found ? figures_difference(&check->stored, &check->figures) : "figures";
}

/*
 * Row, figures and entries are three reads, in this order; a step taken between
 * them would look like a fault.  Then all are read again.
 */
static enum err
check_row(void *ctx, struct arena *arena, const struct incident_row *listed)
{
	struct verify *verify = ctx;
	struct incident_row stored = *listed;
	struct check check = { .id = listed->id, .arena = arena };
	const char *column = NULL;
	enum err e = ERR_OK;

	for (int tries = 0; !e && tries < TRIES; tries++) {
		check.found = false;
		e = store_figures(verify->call->store, stored.reported_at, stored.reported_at + 1,
			keep_figures, &check);
		e = e ? e : rebuild_row(verify, arena, &check);
		column = e ? NULL : check_difference(verify, &check, &stored);
		if (e || !column || stored.last_seq == check.made.last_seq) {
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
		ledger_report(&verify->problems, check.made.last_seq, "summary",
			"incident %s: column %s of the summary is not what the entries tell",
			listed->id, column);
	}
	return e == ERR_NOT_FOUND || e == ERR_CORRUPT ? ERR_OK : e;
}

/* Figures of nothing, or of a drill, would be counted all the same. */
static enum err
check_owner(void *ctx, const struct figure_row *row)
{
	struct verify *verify = ctx;
	struct incident_row incident;
	struct arena *arena = arena_new();
	enum err e =
		arena ? store_incident(verify->call->store, arena, row->id, &incident) : ERR_NOMEM;

	if (e == ERR_NOT_FOUND || (!e && incident.drill)) {
		ledger_report(&verify->problems, 0, "summary",
			"figures are kept of %s, which is no incident", row->id);
		e = ERR_OK;
	}
	arena_free(arena);
	return e;
}

enum err
verify_summaries(struct verify *verify)
{
	enum err e = wakes_current(
		verify->call->store, verify->call->arena, verify->call->procedure, &verify->wakes);

	e = e ? e : summary_each(verify->call->store, check_row, verify);
	return e
		? e
		: store_figures(verify->call->store, INT64_MIN + 1, INT64_MAX, check_owner, verify);
}
