/* SPDX-License-Identifier: MIT */
/*
 * Making the figures of a whole desk: after it was taken over from a version
 * that had none, and after the procedure changed what the steps mean.
 */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "figures.h"
#include "toban/core/sight.h"

#define PAGE 200 /* incidents in one transaction */

/* One page at work. */
struct rebuild {
	struct desk *desk;
	struct arena *arena;
	const char *after; /* id of the last incident of the page before */
	struct figure_row rows[PAGE];
	size_t n;
	bool more;
};

/* The figures of one incident; what it borrows is copied, because the fold goes. */
static enum err
make_one(struct rebuild *rebuild, const struct incident_row *listed)
{
	const struct desk_parts *parts = &rebuild->desk->parts;
	struct figure_row *row = &rebuild->rows[rebuild->n];
	struct event_list events = { NULL, 0 };
	struct incident incident;
	struct summary_source source = { parts->procedure, rebuild->desk->org, &incident };
	enum err e = store_subject(parts->store, rebuild->arena, listed->id, &events);

	if (!e && events.n == 0) {
		return ERR_OK; /* the verifier names it */
	}
	if (!e) {
		e = incident_fold(
			rebuild->arena, parts->procedure, events.items, events.n, &incident);
	}
	if (e) {
		return e == ERR_CORRUPT ? ERR_OK : e; /* the verifier names it */
	}
	e = incident_keep_out(rebuild->arena, parts->procedure, rebuild->desk->org, &incident);
	e = e ? e : figures_row(rebuild->arena, &source, listed, row);
	rebuild->n += !e;
	incident_release(&incident);
	return e;
}

static enum err
make_page(struct rebuild *rebuild)
{
	struct incident_list page = { NULL, 0, false };
	enum err e = store_incidents_by_id(
		rebuild->desk->parts.store, rebuild->arena, rebuild->after, PAGE, &page);

	rebuild->n = 0;
	for (size_t i = 0; !e && i < page.n; i++) {
		if (!page.items[i].drill) {
			e = make_one(rebuild, &page.items[i]);
		}
	}
	if (!e && page.n > 0) {
		rebuild->after = page.items[page.n - 1].id;
	}
	rebuild->more = page.more && page.n > 0;
	return e;
}

/* Inside the transaction, where nobody takes a step: what is read is what is written. */
static enum err
seal_page(struct store_batch *batch, void *ctx)
{
	struct rebuild *rebuild = ctx;
	enum err e = make_page(rebuild);

	batch->figures = rebuild->rows;
	batch->n_figures = rebuild->n;
	batch->figures_whole = !rebuild->more;
	return e;
}

enum err
figures_rebuild(struct desk *desk)
{
	struct rebuild *rebuild = calloc(1, sizeof(*rebuild));
	char *after = strdup("");
	enum err e = rebuild && after ? ERR_OK : ERR_NOMEM;

	if (rebuild) {
		*rebuild = (struct rebuild){ .desk = desk, .arena = arena_new(), .more = true };
		e = rebuild->arena ? e : ERR_NOMEM;
	}
	while (!e && rebuild->more) {
		struct store_batch batch = { .seal = seal_page, .seal_ctx = rebuild };

		arena_clear(rebuild->arena);
		rebuild->after = after;
		e = store_commit(desk->parts.store, &batch);
		if (!e) {
			char *last = strdup(rebuild->after);

			free(after);
			after = last;
			e = last ? ERR_OK : ERR_NOMEM;
		}
	}
	free(after);
	if (rebuild) {
		arena_free(rebuild->arena);
	}
	free(rebuild);
	return e;
}

enum err
figures_follow(struct desk *desk)
{
	bool stale = false;
	enum err e = store_figures_stale(desk->parts.store, &stale);

	return e || !stale ? e : figures_rebuild(desk);
}
