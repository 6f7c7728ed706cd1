/* SPDX-License-Identifier: MIT */
/*
 * The duty board: who must do what by when.  Reads one page of incidents at a
 * time; the next page when the mark comes near the end.
 */
#include "board.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "popup.h"
#include "prefer.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/i18n.h"

enum { PAGE = 50, ROWS_MAX = 2000 };

static struct board *
self(struct screen *screen)
{
	return (struct board *)screen;
}

bool
board_is_draft(const json_t *row)
{
	return json_object_get(row, "draft") != NULL;
}

const json_t *
board_selected(const struct board *board)
{
	return json_array_get(board->rows, (size_t)board->list.selected);
}

static const char *
row_id(const void *ctx, int i)
{
	const json_t *row = json_array_get(ctx, (size_t)i);

	return doc_text(row, board_is_draft(row) ? "draft" : "id");
}

/* The arguments that ask for one page under the board's filter. */
static json_t *
page_args(const struct board *board)
{
	json_t *args = json_pack("{s:i}", "limit", PAGE);

	if (board->next && json_is_string(board->next)) {
		json_object_set(args, "after", board->next);
	}
	if (board->words) {
		json_object_set_new(args, "words", json_string(board->words));
		return args;
	}
	if (!board->closed) {
		json_object_set_new(args, "open", json_true());
	}
	if (board->whose == WHOSE_MINE) {
		json_object_set_new(args, "mine", json_true());
	} else if (board->whose == WHOSE_DEPARTMENT) {
		const json_t *me = book_my_record(&board->base.app->book);

		json_object_set_new(args, "department", json_string(doc_text(me, "department")));
	}
	return args;
}

/* Puts the next page behind the incidents, before the drafts. */
static enum err
load_page(struct board *board)
{
	const char *method = board->words ? "search" : "incident.list";
	json_t *page = NULL;
	enum err e = app_call(board->base.app, method, page_args(board), &page);
	size_t at = json_array_size(board->rows) - (size_t)board->n_drafts;
	size_t i;
	json_t *row;

	if (e != ERR_OK) {
		return e;
	}
	json_array_foreach(doc_list(page, "incidents"), i, row)
	{
		json_array_insert(board->rows, at++, row);
	}
	json_decref(board->next);
	board->next = json_incref(json_object_get(page, "next"));
	json_decref(page);
	return ERR_OK;
}

static bool
has_more(const struct board *board)
{
	return board->next && json_is_string(board->next);
}

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

static void
drop_detail(struct board *board)
{
	json_decref(board->detail);
	board->detail = NULL;
}

/* As many rows as before, so that a refresh does not pull the mark away. */
static enum err
board_load(struct screen *screen)
{
	struct board *board = self(screen);
	json_t *before = board->rows;
	size_t wanted = json_array_size(before) - (size_t)board->n_drafts;
	enum err e;

	board->rows = json_array();
	board->n_drafts = 0;
	json_decref(board->next);
	board->next = NULL;
	do {
		e = load_page(board);
	} while (e == ERR_OK && has_more(board) && json_array_size(board->rows) < wanted);
	if (json_array_size(board->rows) == 0 && e != ERR_OK && before) {
		json_decref(board->rows);
		board->rows = before;
		return e;
	}
	json_decref(before);
	load_counts(board);
	load_drafts(board);
	list_update(&board->list, (int)json_array_size(board->rows), row_id, board->rows);
	drop_detail(board);
	/* An unregistered person sees an empty board and the refusal's words. */
	return ERR_OK;
}

static bool
board_idle(struct screen *screen)
{
	struct board *board = self(screen);
	const json_t *row = board_selected(board);
	json_t *error = NULL;

	if (!row || board_is_draft(row) ||
		strcmp(doc_text(board->detail, "id"), doc_text(row, "id")) == 0) {
		return false;
	}
	drop_detail(board);
	if (app_try(screen->app, "incident.show", json_pack("{s:s}", "id", doc_text(row, "id")),
		    &board->detail, &error) != ERR_OK) {
		json_decref(error);
		/* Not asked again until the mark moves. */
		board->detail = json_pack("{s:s}", "id", doc_text(row, "id"));
		return false;
	}
	return true;
}

static bool
board_key(struct screen *screen, const struct key *key)
{
	struct board *board = self(screen);

	if (key->code == K_ESC && board->words) {
		free(board->words);
		board->words = NULL;
		screen->stale = true;
		return true;
	}
	if (!list_key(&board->list, key->code)) {
		return false;
	}
	if (board->list.selected + board->list.rows >= board->list.n && has_more(board) &&
		board->list.n < ROWS_MAX && load_page(board) == ERR_OK) {
		board->list.n = (int)json_array_size(board->rows);
	}
	if (board_selected(board)) {
		list_anchor(&board->list, row_id(board->rows, board->list.selected));
	}
	return true;
}

static void
open_run(struct screen *screen)
{
	const json_t *row = board_selected(self(screen));
	const char *form = doc_text(row, "form");

	if (!row) {
		return;
	}
	if (!board_is_draft(row)) {
		incident_open(screen->app, doc_text(row, "id"));
	} else if (strcmp(form, "report") == 0) {
		report_open(screen->app, doc_text(row, "draft"));
	} else {
		stepform_resume(screen->app, doc_text(row, "draft"));
	}
}

/* How the person wants the board; what is changed by keys holds for this session. */
static void
board_prefer(struct screen *screen)
{
	struct board *board = self(screen);
	const struct app *app = screen->app;

	board->absolute = prefer_is(app, "clock", "absolute");
	board->closed = prefer_is(app, "closed", "yes");
	board->whose = prefer_is(app, "whose", "mine")  ? WHOSE_MINE
		: prefer_is(app, "whose", "department") ? WHOSE_DEPARTMENT
							: WHOSE_ALL;
	screen->stale = true;
}

static void
report_run(struct screen *screen)
{
	report_open(screen->app, NULL);
}

static void
actions_run(struct screen *screen)
{
	const json_t *row = board_selected(self(screen));

	if (row && !board_is_draft(row)) {
		actions_open(screen->app, doc_text(row, "id"));
	}
}

static void
whose_run(struct screen *screen)
{
	struct board *board = self(screen);

	board->whose = (board->whose + 1) % WHOSE_COUNT;
	board->list.selected = 0;
	screen->stale = true;
}

static void
closed_run(struct screen *screen)
{
	self(screen)->closed = !self(screen)->closed;
	screen->stale = true;
}

static void
clock_run(struct screen *screen)
{
	self(screen)->absolute = !self(screen)->absolute;
}

static void
filter_answered(struct screen *screen, const char *words)
{
	struct board *board = self(screen);

	free(board->words);
	board->words = words[0] ? strdup(words) : NULL;
	board->list.selected = 0;
	screen->stale = true;
}

static void
filter_run(struct screen *screen)
{
	popup_prompt(screen->app,
		&(struct popup_prompt){
			.asker = screen,
			.label = "/",
			.text = self(screen)->words,
			.answered = filter_answered,
		});
}

static void
drop_answered(struct screen *screen, const char *value)
{
	const json_t *row = board_selected(self(screen));
	json_t *result = NULL;

	(void)value;
	if (app_call(screen->app, "draft.drop", json_pack("{s:s}", "draft", doc_text(row, "draft")),
		    &result) == ERR_OK) {
		screen->stale = true;
		app_say(screen->app, SAY_DONE, _("The draft was thrown away."));
	}
	json_decref(result);
}

static void
drop_run(struct screen *screen)
{
	const json_t *row = board_selected(self(screen));

	if (!board_is_draft(row)) {
		app_say(screen->app, SAY_INFO,
			_("Only drafts can be thrown away; what was sent stays on record."));
		return;
	}
	popup_confirm(screen->app,
		&(struct popup_ask){
			.asker = screen,
			.title = doc_text(row, "draft"),
			.text = _("Throw this draft away? It cannot be brought back."),
			.accept = _("Throw away"),
			.answered = drop_answered,
		});
}

static void
board_release(struct screen *screen)
{
	struct board *board = self(screen);

	json_decref(board->rows);
	json_decref(board->next);
	json_decref(board->counts);
	json_decref(board->detail);
	list_release(&board->list);
	free(board->words);
}

static const struct action actions[] = {
	{ "open", K_ENTER, 0, N_("open"), N_("Open the incident or continue the draft"),
		ACTION_HINT, open_run },
	{ "report", 'n', 0, N_("new report"),
		N_("Report an incident: classification, form, sending"),
		ACTION_HINT | ACTION_WRITES, report_run },
	{ "actions", 'a', 0, N_("actions"), N_("What can be done now, and who could do the rest"),
		ACTION_HINT, actions_run },
	{ "filter", '/', 0, N_("filter"), N_("Show only incidents in which all words occur"),
		ACTION_HINT, filter_run },
	{ "whose", 'w', 0, N_("mine/all"), N_("Show all, those of the department, or only mine"),
		ACTION_HINT, whose_run },
	{ "clock", 't', 0, N_("clock"), N_("Show the time left or the time of the limit"),
		ACTION_PLAIN, clock_run },
	{ "closed", 'c', 0, N_("closed"), N_("Show closed incidents, too"), ACTION_PLAIN,
		closed_run },
	{ "drop", 'd', K_DELETE, N_("drop draft"), N_("Throw a draft away"), ACTION_WRITES,
		drop_run },
	{ .name = NULL },
};

const struct screen_ops board_ops = {
	.name = "board",
	.title = N_("Duty board"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = board_load,
	.head = board_head,
	.paint = board_paint,
	.key = board_key,
	.idle = board_idle,
	.prefer = board_prefer,
	.release = board_release,
};

void
board_open(struct app *app)
{
	struct screen *screen = screen_new(app, &board_ops, sizeof(struct board));

	if (screen) {
		board_prefer(screen);
	}
	(void)app_push(app, screen); /* says what went wrong */
}
