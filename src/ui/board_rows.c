/* SPDX-License-Identifier: MIT */
/*
 * What the duty board reads: incidents page by page in the desk's order, or
 * all of them when another order is wanted; drafts; counts.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "board.h"
#include "doc.h"
#include "screens.h"
#include "toban/base/attr.h"

enum { PAGE = 50, PAGE_MOST = 500, ROWS_MAX = 2000 };

static const char *const order_names[ORDER_COUNT] = {
	[ORDER_DUE] = "due",
	[ORDER_NEWEST] = "newest",
	[ORDER_NUMBER] = "number",
	[ORDER_CATEGORY] = "category",
	[ORDER_STATE] = "state",
};

const char *
board_order_name(enum board_order order)
{
	return order_names[order];
}

enum board_order
board_order_of(const char *name)
{
	for (int i = 0; i < ORDER_COUNT; i++) {
		if (strcmp(order_names[i], name) == 0) {
			return (enum board_order)i;
		}
	}
	return ORDER_DUE;
}

/* --- pages ------------------------------------------------------------------------ */

static bool
has_more(const struct board *board)
{
	return board->next && json_is_string(board->next);
}

/* The arguments that ask for one page under the board's filter. */
static json_t *
page_args(const struct board *board)
{
	json_t *args = json_pack("{s:i}", "limit", board->order == ORDER_DUE ? PAGE : PAGE_MOST);

	if (has_more(board)) {
		json_object_set(args, "after", board->next);
	}
	if (board->words) {
		json_object_set_new(args, "words", json_string(board->words));
		return args;
	}
	if (!board->closed) {
		/* With what closed cases still ask of this person. */
		json_object_set_new(args, "waiting", json_true());
	}
	if (board->whose == WHOSE_MINE) {
		json_object_set_new(args, "mine", json_true());
	} else if (board->whose == WHOSE_DEPARTMENT) {
		const json_t *me = book_my_record(&board->base.app->book);

		json_object_set_new(args, "department", json_string(doc_text(me, "department")));
	}
	return args;
}

/* Puts the next page into `rows` at `at`. */
static enum err
load_page(struct board *board, json_t *rows, size_t at)
{
	const char *method = board->words ? "search" : "incident.list";
	json_t *page = NULL;
	enum err e = app_call(board->base.app, method, page_args(board), &page);
	size_t i;
	json_t *row;

	if (e != ERR_OK) {
		return e;
	}
	json_array_foreach(doc_list(page, "incidents"), i, row)
	{
		json_array_insert(rows, at++, row);
	}
	json_decref(board->next);
	board->next = json_incref(json_object_get(page, "next"));
	json_decref(page);
	return ERR_OK;
}

/* As many rows as before, so that a refresh does not pull the mark away. */
static enum err
load_pages(struct board *board, json_t *rows, size_t wanted)
{
	enum err e;

	json_decref(board->next);
	board->next = NULL;
	if (board->order != ORDER_DUE) {
		wanted = ROWS_MAX;
	}
	do {
		e = load_page(board, rows, json_array_size(rows));
	} while (e == ERR_OK && has_more(board) && json_array_size(rows) < wanted);
	return e;
}

bool
board_read_more(struct board *board)
{
	if (!has_more(board) || board->list.n >= ROWS_MAX || board->order != ORDER_DUE ||
		load_page(board, board->rows,
			json_array_size(board->rows) - (size_t)board->n_drafts) != ERR_OK) {
		return false;
	}
	board->list.n = (int)json_array_size(board->rows);
	return true;
}

/* --- order ------------------------------------------------------------------------ */

/* What a row is ordered by; equal ones stay in the desk's order. */
struct sort_key {
	int64_t number;
	const char *text;
	size_t at;
};

static int
compare_keys(const void *a, const void *b)
{
	const struct sort_key *x = a;
	const struct sort_key *y = b;
	int order = (x->number > y->number) - (x->number < y->number);

	order = order != 0 ? order : strcmp(x->text, y->text);
	return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

static int64_t
state_place(struct book *book, const char *state)
{
	size_t i;
	json_t *each;

	json_array_foreach(doc_list(book_procedure(book), "states"), i, each)
	{
		if (strcmp(doc_text(each, "name"), state) == 0) {
			break;
		}
	}
	return (int64_t)i;
}

static struct sort_key
key_of(struct board *board, const json_t *row, size_t at)
{
	struct book *book = &board->base.app->book;
	struct sort_key key = { .text = "", .at = at };
	const json_t *category;

	switch (board->order) {
	case ORDER_NEWEST:
		key.number = -doc_time(row, "reported_at");
		break;
	case ORDER_NUMBER:
		key.text = doc_text(row, "id");
		break;
	case ORDER_CATEGORY:
		category = book_category_record(book, doc_text(row, "category"));
		key.number = doc_int(category, "number");
		break;
	case ORDER_STATE:
		key.number = state_place(book, doc_text(row, "state"));
		break;
	case ORDER_DUE:
	case ORDER_COUNT:
		break;
	}
	return key;
}

/* The rows in the wanted order; a new reference.  Without memory: the desk's order. */
static json_t *
ordered(struct board *board, json_t *rows)
{
	size_t n = json_array_size(rows);
	struct sort_key *keys =
		board->order == ORDER_DUE || n == 0 ? NULL : calloc(n, sizeof(*keys));
	json_t *sorted;

	if (!keys) {
		return json_incref(rows);
	}
	for (size_t i = 0; i < n; i++) {
		keys[i] = key_of(board, json_array_get(rows, i), i);
	}
	qsort(keys, n, sizeof(*keys), compare_keys);
	sorted = json_array();
	for (size_t i = 0; i < n; i++) {
		json_array_append(sorted, json_array_get(rows, keys[i].at));
	}
	free(keys);
	return sorted;
}

/* --- what is new --------------------------------------------------------------------- */

static json_t *
ids_of(const json_t *rows)
{
	json_t *ids = json_object();
	size_t i;
	json_t *row;

	json_array_foreach(rows, i, row)
	{
		json_object_set_new(ids, board_row_id(row), json_true());
	}
	return ids;
}

/*
 * Takes out of `fresh` what was not there before.  One's own reports are no
 * surprise; and what stands behind all known rows while there were more pages
 * was there, only not read.
 */
static void
hold_new(struct board *board, const json_t *before, bool had_more, json_t *fresh)
{
	const char *me = book_me(&board->base.app->book);
	json_t *known = ids_of(before);
	bool behind = had_more;

	for (size_t i = json_array_size(fresh); i-- > 0;) {
		json_t *row = json_array_get(fresh, i);

		if (json_object_get(known, board_row_id(row))) {
			behind = false;
		} else if (!behind && strcmp(doc_text(row, "finder"), me) != 0) {
			json_array_insert(board->held, 0, row);
			json_array_remove(fresh, i);
		}
	}
	json_decref(known);
}

/* --- everything ------------------------------------------------------------------------ */

static void
load_drafts(struct board *board)
{
	json_t *result = NULL;
	json_t *error = NULL;

	/* Without drafts the board is still a board. */
	if (app_try(board->base.app, "draft.list", NULL, &result, &error) == ERR_OK) {
		const json_t *drafts = doc_list(result, "drafts");

		if (drafts && !board->words) {
			json_array_extend(board->rows, json_object_get(result, "drafts"));
			board->n_drafts = (int)json_array_size(drafts);
		}
	}
	json_decref(result);
	json_decref(error);
}

static void
load_counts(struct board *board)
{
	json_t *counts = NULL;
	json_t *error = NULL;

	if (app_try(board->base.app, "incident.counts", NULL, &counts, &error) == ERR_OK) {
		json_decref(board->counts);
		board->counts = counts;
	}
	json_decref(error);
}

/* Asked for those alone who decide about them. */
static void
load_keys(struct board *board)
{
	json_t *result = NULL;
	json_t *error = NULL;

	board->keys = 0;
	if (!keyring_is_decider(board->base.app)) {
		return;
	}
	if (app_try(board->base.app, "key.list", json_pack("{s:s}", "state", "proposed"), &result,
		    &error) == ERR_OK) {
		board->keys = doc_int(result, "waiting");
	}
	json_decref(result);
	json_decref(error);
}

enum err
board_read(struct board *board)
{
	json_t *fresh = json_array();
	size_t wanted = json_array_size(board->rows) - (size_t)board->n_drafts;
	bool had_more = has_more(board);
	enum err e = load_pages(board, fresh, board->rows ? wanted : 0);

	if (e != ERR_OK && json_array_size(fresh) == 0 && board->rows) {
		json_decref(fresh);
		return e;
	}
	json_decref(board->held);
	board->held = json_array();
	if (board->rows && !board->show_new) {
		hold_new(board, board->rows, had_more, fresh);
	}
	board->show_new = false;
	json_decref(board->rows);
	board->rows = ordered(board, fresh);
	json_decref(fresh);
	board->n_drafts = 0;
	load_counts(board);
	load_keys(board);
	load_drafts(board);
	/* An unregistered person sees an empty board and the refusal's words. */
	return ERR_OK;
}
