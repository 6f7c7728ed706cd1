/* SPDX-License-Identifier: MIT */
/*
 * Figures: what the statistics know of each incident.
 */
#include "sqlite_parts.h"

enum err
figure_put(struct sqlite_store *store, const struct figure_row *row)
{
	struct query q = query_start(store, STMT_FIGURE_PUT);

	query_text(&q, ":id", row->id);
	query_text(&q, ":department", row->department);
	query_text(&q, ":category", row->category);
	query_int(&q, ":major", row->major);
	query_int(&q, ":open", row->open);
	query_stamp(&q, ":reported_at", row->reported_at);
	query_stamp(&q, ":acknowledged_at", row->acknowledged_at);
	query_stamp(&q, ":instructed_at", row->instructed_at);
	query_stamp(&q, ":instruct_due", row->instruct_due);
	query_stamp(&q, ":responded_at", row->responded_at);
	query_stamp(&q, ":resulted_at", row->resulted_at);
	query_stamp(&q, ":result_due", row->result_due);
	query_stamp(&q, ":decided_at", row->decided_at);
	query_stamp(&q, ":decide_due", row->decide_due);
	query_stamp(&q, ":approved_at", row->approved_at);
	query_text(&q, ":cells", row->cells);
	query_text(&q, ":links", row->links);
	query_text(&q, ":readers", row->readers);
	query_text(&q, ":hidden_from", row->hidden_from);
	return query_run(&q);
}

enum err
figures_whole(struct sqlite_store *store)
{
	struct query q = query_start(store, STMT_FIGURES_WHOLE);

	return query_run(&q);
}

/* The column's own text, valid until the next row; "" where a damaged file has none. */
static const char *
peek_text(struct query *q, int column)
{
	const char *text = (const char *)sqlite3_column_text(q->stmt, column);

	return text == NULL ? "" : text;
}

/* Nothing is copied: a year may have many rows, and each is looked at once. */
static struct figure_row
figure_peek(struct query *q)
{
	return (struct figure_row){
		.id = peek_text(q, 0),
		.department = peek_text(q, 1),
		.category = peek_text(q, 2),
		.major = query_get_int(q, 3) != 0,
		.open = query_get_int(q, 4) != 0,
		.reported_at = query_get_stamp(q, 5),
		.acknowledged_at = query_get_stamp(q, 6),
		.instructed_at = query_get_stamp(q, 7),
		.instruct_due = query_get_stamp(q, 8),
		.resulted_at = query_get_stamp(q, 9),
		.result_due = query_get_stamp(q, 10),
		.decided_at = query_get_stamp(q, 11),
		.decide_due = query_get_stamp(q, 12),
		.approved_at = query_get_stamp(q, 13),
		.cells = peek_text(q, 14),
		.readers = peek_text(q, 15),
		.hidden_from = peek_text(q, 16),
		.responded_at = query_get_stamp(q, 17),
		.links = peek_text(q, 18),
	};
}

enum err
sqlite_store_figures(
	struct store *base, stamp since, stamp until, store_figure_visit *visit, void *ctx)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_ready(store);
	enum err visited = ERR_OK;
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_FIGURE_RANGE);
	query_int(&q, ":since", since);
	query_int(&q, ":until", until);
	while (visited == ERR_OK && query_row(&q)) {
		struct figure_row row = figure_peek(&q);

		visited = visit(ctx, &row);
	}
	err = query_end(&q);
	return err != ERR_OK ? err : visited;
}

enum err
sqlite_store_figures_stale(struct store *base, bool *ret_stale)
{
	struct sqlite_store *store = (struct sqlite_store *)base;
	enum err err = sqlite_ready(store);
	bool stale = false;
	struct query q;

	if (err != ERR_OK) {
		return err;
	}
	q = query_start(store, STMT_FIGURES_STALE);
	while (query_row(&q)) {
		stale = query_get_int(&q, 0) != 0;
	}
	err = query_end(&q);
	if (err == ERR_OK) {
		*ret_stale = stale;
	}
	return err;
}
