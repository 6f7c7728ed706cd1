/* SPDX-License-Identifier: MIT */
/*
 * Figures in memory: what the statistics know of each incident.
 */
#include <string.h>

#include "memory.h"

void
memory_keep_figure(struct memory_store *store, struct figure_row *row)
{
	memory_keep(store, &row->id);
	memory_keep(store, &row->department);
	memory_keep(store, &row->category);
	memory_keep(store, &row->cells);
	memory_keep(store, &row->links);
	memory_keep(store, &row->readers);
	memory_keep(store, &row->hidden_from);
}

void
memory_put_figure(struct memory_store *store, const struct figure_row *row)
{
	struct figure_row *items = store->figures.items;
	size_t at = store->figures.n;

	while (at > 0 &&
		(items[at - 1].reported_at > row->reported_at ||
			(items[at - 1].reported_at == row->reported_at &&
				strcmp(items[at - 1].id, row->id) > 0))) {
		at--;
	}
	if (at > 0 && items[at - 1].reported_at == row->reported_at &&
		strcmp(items[at - 1].id, row->id) == 0) {
		items[at - 1] = *row;
		return;
	}
	memcpy(memory_insert(&store->figures, at), row, sizeof(*row));
}

enum err
memory_store_figures(
	struct store *base, stamp since, stamp until, store_figure_visit *visit, void *ctx)
{
	const struct memory_store *store = (const struct memory_store *)base;
	const struct figure_row *items = store->figures.items;
	enum err err = ERR_OK;

	for (size_t i = 0; i < store->figures.n && err == ERR_OK; i++) {
		if (items[i].reported_at >= since && items[i].reported_at < until) {
			err = visit(ctx, &items[i]);
		}
	}
	return err;
}

enum err
memory_store_figures_stale(struct store *base, bool *ret_stale)
{
	(void)base;
	*ret_stale = false; /* nothing here is older than the program */
	return ERR_OK;
}
