/* SPDX-License-Identifier: MIT */
/*
 * The duty board: who must do what by when.  The mark stays on its incident
 * whatever a refresh brings, and the detail follows it when the keys pause, so
 * that walking down a list costs a slow line nothing but the mark.
 */
#include "board.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "clipboard.h"
#include "doc.h"
#include "popup.h"
#include "prefer.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/i18n.h"

enum {
	SETTLE_MS = 150,     /* after the last key the detail follows the mark */
	QUIET_MS = 60 * 1000 /* after so long without a key nobody is at work here */
};

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

const char *
board_row_id(const json_t *row)
{
	return doc_text(row, board_is_draft(row) ? "draft" : "id");
}

static const char *
row_id(const void *ctx, int i)
{
	return board_row_id(json_array_get(ctx, (size_t)i));
}

static void
keep_anchor(struct board *board)
{
	if (board_selected(board)) {
		list_anchor(&board->list, board_row_id(board_selected(board)));
	}
}

static enum err
board_load(struct screen *screen)
{
	struct board *board = self(screen);
	const json_t *first = NULL;
	enum err e;

	/* Asked to show the new ones: the mark goes to the first of them. */
	if (board->show_new && json_array_size(board->held) > 0) {
		first = json_array_get(board->held, 0);
		list_anchor(&board->list, board_row_id(first));
	}
	e = board_read(board);
	list_update(&board->list, (int)json_array_size(board->rows), row_id, board->rows);
	keep_anchor(board);
	board->detail_old = true;
	return e;
}

/* Brings the detail up to the mark; false: it was there. */
static bool
follow(struct board *board)
{
	const json_t *row = board_selected(board);
	json_t *error = NULL;

	if (!row ||
		(!board->detail_old &&
			strcmp(board_row_id(board->detail), board_row_id(row)) == 0)) {
		return false;
	}
	board->detail_old = false;
	json_decref(board->detail);
	board->detail = NULL;
	if (board_is_draft(row)) {
		board->detail = json_deep_copy(row);
	} else if (app_try(board->base.app, "incident.show",
			   json_pack("{s:s}", "id", board_row_id(row)), &board->detail,
			   &error) != ERR_OK) {
		json_decref(error);
		/* What the row itself says; not asked again until the mark moves. */
		board->detail = json_deep_copy(row);
	}
	return true;
}

/* The newest case of all: so that an empty board tells when something last happened. */
static bool
find_newest(struct board *board)
{
	json_t *page = NULL;
	json_t *error = NULL;
	size_t i;
	json_t *row;

	if (board->newest || board->list.n > 0) {
		return false;
	}
	if (app_try(board->base.app, "incident.list", NULL, &page, &error) != ERR_OK) {
		json_decref(error);
	}
	json_array_foreach(doc_list(page, "incidents"), i, row)
	{
		if (!board->newest ||
			doc_time(row, "reported_at") > doc_time(board->newest, "reported_at")) {
			json_decref(board->newest);
			board->newest = json_incref(row);
		}
	}
	json_decref(page);
	if (!board->newest) {
		board->newest = json_null();
	}
	return true;
}

static bool
board_idle(struct screen *screen)
{
	struct board *board = self(screen);

	/* A board nobody touches is watched from afar: it shows everything by itself. */
	if (json_array_size(board->held) > 0 &&
		book_now(&screen->app->book) - board->last_key >= QUIET_MS) {
		board->show_new = true;
		json_array_clear(board->held);
		return board_load(screen) == ERR_OK;
	}
	if (find_newest(board)) {
		return true;
	}
	return board->settled && follow(board);
}

/* Rung when the keys have paused. */
static void
board_save(struct screen *screen, bool later)
{
	(void)later; /* nothing goes to the desk */
	self(screen)->settled = true;
}

/*
 * Another choice of rows: everything is read anew, nothing held back, and at
 * once, so that the next key of a fast hand meets the new rows.
 */
static void
choose_anew(struct board *board)
{
	json_array_clear(board->held);
	board->show_new = true;
	(void)board_load(&board->base); /* a refusal was said; the old rows stay */
}

static void
moved(struct board *board)
{
	if (board->list.selected + board->list.rows >= board->list.n) {
		(void)board_read_more(board);
	}
	keep_anchor(board);
	board->settled = false;
	app_alarm(board->base.app, SETTLE_MS);
}

static bool
board_key(struct screen *screen, const struct key *key)
{
	struct board *board = self(screen);

	board->last_key = book_now(&screen->app->book);
	if (key->code == K_F5) {
		board->show_new = true; /* and the action of all screens reads anew */
		return false;
	}
	if (key->code == K_ESC && board->words) {
		free(board->words);
		board->words = NULL;
		choose_anew(board);
		return true;
	}
	if (!list_key(&board->list, key->code)) {
		return false;
	}
	moved(board);
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
	self(screen)->show_new = true; /* who comes back looks at everything again */
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
	board->order = board_order_of(prefer_value(app, "order"));
	board->show_new = true;
	screen->stale = true;
}

static void
report_run(struct screen *screen)
{
	self(screen)->show_new = true;
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
	choose_anew(board);
}

static void
closed_run(struct screen *screen)
{
	self(screen)->closed = !self(screen)->closed;
	choose_anew(self(screen));
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
	choose_anew(board);
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
order_answered(struct screen *screen, const json_t *value)
{
	struct board *board = self(screen);

	board->order = board_order_of(json_string_value(value));
	choose_anew(board);
}

static void
order_run(struct screen *screen)
{
	struct board *board = self(screen);
	json_t *options = json_array();
	json_t *chosen = json_pack("[s]", board_order_name(board->order));

	for (int i = 0; i < ORDER_COUNT; i++) {
		json_array_append_new(options,
			json_pack("{s:s, s:s}", "key", board_order_name((enum board_order)i),
				"label", board_order_words((enum board_order)i)));
	}
	popup_pick(screen->app,
		&(struct popup_pick){
			.asker = screen,
			.title = _("Sort by"),
			.options = options,
			.chosen = chosen,
			.answered = order_answered,
		});
	json_decref(chosen);
}

static void
show_new_run(struct screen *screen)
{
	struct board *board = self(screen);

	if (json_array_size(board->held) == 0) {
		app_say(screen->app, SAY_INFO, _("Nothing new has come since."));
		return;
	}
	board->show_new = true;
	(void)board_load(screen);
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
	json_decref(board->held);
	json_decref(board->newest);
	json_decref(board->next);
	json_decref(board->counts);
	json_decref(board->detail);
	list_release(&board->list);
	free(board->words);
}

static void
copy_run(struct screen *screen)
{
	const json_t *row = board_selected(self(screen));

	if (row && !board_is_draft(row)) {
		clipboard_send_id(screen->app, doc_text(row, "id"));
	}
}

void
board_mark(struct app *app, const char *id)
{
	for (int i = 0; i < app->depth; i++) {
		struct board *board = self(app->stack[i]);

		if (app->stack[i]->ops == &board_ops) {
			list_anchor(&board->list, id);
			board->show_new = true;
			board->settled = true;
			board->base.stale = true;
			json_decref(board->detail);
			board->detail = NULL;
		}
	}
}

static void
glass_run(struct screen *screen)
{
	glass_open(screen, "");
}

static const struct action actions[] = {
	{ "open", K_ENTER, 0, N_("open"), N_("Open the incident or continue the draft"),
		ACTION_HINT, open_run },
	{ "report", 'n', 0, N_("new report"),
		N_("Report an incident: classification, form, sending"),
		ACTION_HINT | ACTION_WRITES | ACTION_STEP, report_run },
	{ "actions", 'a', 0, N_("actions"), N_("What can be done now, and who could do the rest"),
		ACTION_HINT, actions_run },
	{ "filter", '/', 0, N_("filter"), N_("Show only incidents in which all words occur"),
		ACTION_HINT, filter_run },
	{ "sort", 's', 0, N_("sort"), N_("Sort by what is due, newest, number, category or state"),
		ACTION_HINT, order_run },
	{ "whose", 'w', 0, N_("mine/all"), N_("Show all, those of the department, or only mine"),
		ACTION_HINT, whose_run },
	{ "clock", 't', 0, N_("clock"), N_("Show the time left or the time of the limit"),
		ACTION_PLAIN, clock_run },
	{ "new", '.', 0, N_("new ones"), N_("Show the incidents that came since"), ACTION_PLAIN,
		show_new_run },
	{ "closed", 'c', 0, N_("closed"), N_("Show closed incidents, too"), ACTION_PLAIN,
		closed_run },
	{ "drop", 'd', K_DELETE, N_("drop draft"), N_("Throw a draft away"), ACTION_WRITES,
		drop_run },
	{ "break-glass", 'b', 0, N_("emergency"),
		N_("Read a restricted case for an hour; the office head is told at once"),
		ACTION_WRITES, glass_run },
	{ "copy", 'y', 0, N_("copy number"),
		N_("Send the incident's number to the terminal's clipboard"), ACTION_PLAIN,
		copy_run },
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
	.save = board_save,
	.release = board_release,
};

void
board_open(struct app *app)
{
	struct board *board = (struct board *)screen_new(app, &board_ops, sizeof(*board));

	if (board) {
		board_prefer(&board->base);
		board->settled = true;
		board->last_key = book_now(&app->book);
	}
	(void)app_push(app, (struct screen *)board); /* says what went wrong */
}
