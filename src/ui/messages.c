/* SPDX-License-Identifier: MIT */
/*
 * The messages of this session, newest first; and for those who may see them the
 * notifications the desk sent out, of the incident one came from or of all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "list.h"
#include "page.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

enum {
	DETAIL_ROWS = 5,
	TIME_COLS = 12,
	MARK_COLS = 3,
	SENT_MOST = 500, /* notifications looked through */
};

struct messages {
	struct screen base;
	const char *subject; /* incident id; NULL: none */
	json_t *outbox;      /* result of outbox.list; NULL: may not be seen */
	json_t *sent;        /* those of it that are shown */
	json_t *one;         /* outbox.show of the one that has the whole window; NULL: none */
	struct list list;    /* messages, then a heading, then notifications */
	struct page page;
	bool whole; /* the marked one has the whole window */
};

static struct messages *
self(struct screen *screen)
{
	return (struct messages *)screen;
}

/* --- the lines ------------------------------------------------------------------------ */

/* An empty session has one line that says so. */
static int
n_said(const struct messages *messages)
{
	int n = (int)messages->base.app->log.n;

	return n > 0 ? n : 1;
}

/* The message of a line; NULL: another line. */
static const struct say_line *
said_at(const struct messages *messages, int line)
{
	const struct say_log *log = &messages->base.app->log;

	return line >= 0 && (size_t)line < log->n ? &log->lines[log->n - 1 - (size_t)line] : NULL;
}

/* The notification of a line; NULL: another line. */
static const json_t *
sent_at(const struct messages *messages, int line)
{
	int i = line - n_said(messages) - 1;

	return i < 0 ? NULL : json_array_get(messages->sent, (size_t)i);
}

static enum err
messages_load(struct screen *screen)
{
	struct messages *messages = self(screen);
	json_t *error = NULL;
	size_t i;
	json_t *row;

	json_decref(messages->outbox);
	json_decref(messages->sent);
	messages->outbox = NULL;
	messages->sent = json_array();
	/* Who may not see them has one section less. */
	(void)app_try(screen->app, "outbox.list", json_pack("{s:i}", "limit", SENT_MOST),
		&messages->outbox, &error);
	json_decref(error);
	json_array_foreach(doc_list(messages->outbox, "messages"), i, row)
	{
		if (!messages->subject ||
			strcmp(doc_text(row, "subject"), messages->subject) == 0) {
			json_array_append(messages->sent, row);
		}
	}
	messages->list.n = n_said(messages);
	if (messages->outbox) {
		messages->list.n += 1 + (int)json_array_size(messages->sent);
	}
	if (messages->list.selected >= messages->list.n) {
		messages->list.selected = messages->list.n - 1;
	}
	return ERR_OK;
}

/* --- painting -------------------------------------------------------------------------- */

static const char *
state_words(const char *state)
{
	static const struct {
		const char *state;
		const char *label;
	} words[] = {
		{ "waiting", N_("waiting") },
		{ "sent", N_("delivered") },
		{ "dead", N_("given up") },
		{ "stopped", N_("stopped by the receiver") },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i].state, state) == 0) {
			return _(words[i].label);
		}
	}
	return state;
}

static enum role
state_role(const char *state)
{
	if (strcmp(state, "sent") == 0) {
		return ROLE_DONE;
	}
	return strcmp(state, "waiting") == 0 ? ROLE_TEXT : ROLE_OVERDUE;
}

static const char *
state_marker(const char *state)
{
	if (strcmp(state, "sent") == 0) {
		return say_marker(SAY_DONE);
	}
	return strcmp(state, "waiting") == 0 ? "" : say_marker(SAY_ERROR);
}

static void
paint_said(const struct messages *messages, struct canvas *c, int row, const struct say_line *line)
{
	char at[STAMP_SIZE];
	struct span spans[] = {
		{ TIME_COLS, ROLE_QUIET, at },
		{ MARK_COLS, line->kind == SAY_ERROR ? ROLE_OVERDUE : ROLE_DONE,
			say_marker(line->kind) },
	};
	int col;

	book_time(&messages->base.app->book, line->at, at);
	col = paint_spans(c, (struct place){ row, 3, 0 }, spans, ARRAY_LEN(spans));
	(void)paint_text(c, (struct place){ row, col, c->cols - col - 1 }, ROLE_TEXT, line->text);
}

static void
paint_sent(struct messages *messages, struct canvas *c, int row, const json_t *sent)
{
	const char *state = doc_text(sent, "state");
	struct str text = STR_INIT;
	char at[STAMP_SIZE];
	struct span spans[] = {
		{ TIME_COLS, ROLE_QUIET, at },
		{ MARK_COLS, state_role(state), state_marker(state) },
	};
	int col;

	book_time(&messages->base.app->book, doc_time(sent, "created_at"), at);
	col = paint_spans(c, (struct place){ row, 3, 0 }, spans, ARRAY_LEN(spans));
	str_addf(&text, "%s  %s  %s  %s", doc_text(sent, "target"), doc_text(sent, "subject"),
		doc_text(sent, "type"), state_words(state));
	(void)paint_text(
		c, (struct place){ row, col, c->cols - col - 1 }, ROLE_TEXT, str_text(&text));
	str_release(&text);
}

static void
paint_heading(const struct messages *messages, struct canvas *c, int row)
{
	struct str text = STR_INIT;

	str_add(&text, _("Notifications sent"));
	if (messages->subject) {
		str_addf(&text, "  %s", messages->subject);
	}
	if (json_array_size(messages->sent) == 0) {
		str_addf(&text, "  %s", _("(none)"));
	}
	(void)paint_text(c, (struct place){ row, 1, 0 }, ROLE_HEAD, str_text(&text));
	str_release(&text);
}

static void
paint_line(struct messages *messages, struct canvas *c, int row, int line)
{
	const struct say_line *said = said_at(messages, line);
	const json_t *sent = sent_at(messages, line);

	if (line == messages->list.selected) {
		(void)paint_text(c, (struct place){ row, 1, 1 }, ROLE_SELECTED, ">");
	}
	if (said) {
		paint_said(messages, c, row, said);
	} else if (sent) {
		paint_sent(messages, c, row, sent);
	} else if (line == 0) {
		(void)paint_text(c, (struct place){ row, 3, 0 }, ROLE_QUIET,
			_("No messages in this session."));
	} else {
		paint_heading(messages, c, row);
	}
}

/* Each attempt in a row: when, what came of it, what the receiver said. */
static void
page_of_deliveries(struct messages *messages)
{
	struct page *page = &messages->page;
	struct str text = STR_INIT;
	size_t i;
	json_t *attempt;

	page_gap(page);
	page_heading(page, _("Every attempt"));
	json_array_foreach(doc_list(messages->one, "deliveries"), i, attempt)
	{
		const char *outcome = doc_text(attempt, "outcome");
		char at[STAMP_SIZE];

		book_time(&messages->base.app->book, doc_time(attempt, "at"), at);
		str_clear(&text);
		str_addf(&text, "%s", state_words(outcome));
		if (doc_int(attempt, "status") > 0) {
			str_addf(&text, "  %lld", (long long)doc_int(attempt, "status"));
		}
		str_addf(&text, "  %s", doc_text(attempt, "answer"));
		page_field_in(page, state_role(outcome), at, str_text(&text));
	}
	page_gap(page);
	page_heading(page, _("Text"));
	page_text(page, ROLE_TEXT,
		json_is_object(json_object_get(messages->one, "message"))
			? doc_text(json_object_get(messages->one, "message"), "text")
			: _("(not kept, or not yours to read)"));
	str_release(&text);
}

static void
page_of_sent(struct messages *messages, const json_t *sent)
{
	struct book *book = &messages->base.app->book;
	struct page *page = &messages->page;
	const char *state = doc_text(sent, "state");
	char at[STAMP_SIZE];
	char number[24];

	page_field_in(page, state_role(state), _("State"), state_words(state));
	page_field(page, _("Receiver"), doc_text(sent, "target"));
	page_field(page, _("About"), doc_text(sent, "subject"));
	(void)snprintf(number, sizeof(number), "%lld", (long long)doc_int(sent, "attempts"));
	page_field(page, _("Attempts"), number);
	(void)snprintf(number, sizeof(number), "%lld ", (long long)doc_int(sent, "last_status"));
	{
		struct str answer = STR_INIT;

		str_addf(&answer, "%s%s", doc_int(sent, "last_status") > 0 ? number : "",
			doc_text(sent, "last_answer"));
		page_field(page, _("Last answer"), str_text(&answer));
		str_release(&answer);
	}
	if (doc_time(sent, "next_at") != STAMP_NONE) {
		book_time(book, doc_time(sent, "next_at"), at);
		page_field(page, _("Next attempt"), at);
	}
	if (messages->whole && messages->one) {
		page_of_deliveries(messages);
	}
}

/* The marked line in full. */
static void
paint_detail(struct messages *messages, struct canvas *c)
{
	const struct say_line *said = said_at(messages, messages->list.selected);
	const json_t *sent = sent_at(messages, messages->list.selected);

	page_begin(&messages->page, c->cols - 1, 16);
	if (said) {
		page_text(&messages->page, ROLE_TEXT, said->text);
	} else if (sent) {
		page_of_sent(messages, sent);
	}
	page_paint(&messages->page, c);
}

static void
messages_paint(struct screen *screen, struct canvas *c)
{
	struct messages *messages = self(screen);
	int rows = c->rows - DETAIL_ROWS;
	int top;
	struct canvas detail;

	if (messages->whole) {
		paint_detail(messages, c);
		return;
	}
	messages->page.top = 0;
	top = list_view(&messages->list, rows);
	for (int i = 0; i < rows && top + i < messages->list.n; i++) {
		paint_line(messages, c, i, top + i);
	}
	paint_rule(c, rows);
	detail = paint_part(c, (struct place){ rows + 1, 0, 0 }, DETAIL_ROWS - 1);
	paint_detail(messages, &detail);
	paint_release(&detail);
	paint_caret(c, messages->list.selected - top, 1, false);
}

/* --- keys ------------------------------------------------------------------------------- */

static bool
messages_key(struct screen *screen, const struct key *key)
{
	struct messages *messages = self(screen);

	if (messages->whole && (key->code == K_ESC || key->code == 'q')) {
		messages->whole = false;
		return true;
	}
	return messages->whole ? page_key(&messages->page, key->code)
			       : list_key(&messages->list, key->code);
}

/* What is known of every attempt is read when somebody wants to read it. */
static void
read_one(struct messages *messages)
{
	const json_t *sent = sent_at(messages, messages->list.selected);
	json_t *error = NULL;

	json_decref(messages->one);
	messages->one = NULL;
	if (sent &&
		app_try(messages->base.app, "outbox.show",
			json_pack("{s:s}", "id", doc_text(sent, "id")), &messages->one,
			&error) != ERR_OK) {
		json_decref(error); /* the row says what is known */
	}
}

static void
whole_run(struct screen *screen)
{
	struct messages *messages = self(screen);

	messages->whole = !messages->whole;
	messages->page.top = 0;
	read_one(messages);
}

static void
retry_run(struct screen *screen)
{
	struct messages *messages = self(screen);
	const json_t *sent = sent_at(messages, messages->list.selected);
	json_t *result = NULL;

	if (!sent) {
		app_say(screen->app, SAY_INFO, _("Mark a notification that was not delivered."));
	} else if (app_call(screen->app, "outbox.retry",
			   json_pack("{s:s}", "id", doc_text(sent, "id")), &result) == ERR_OK) {
		json_decref(result);
		app_say(screen->app, SAY_DONE, _("It is sent again."));
		(void)messages_load(screen); /* says what went wrong */
		read_one(messages);
	}
}

static void
messages_release(struct screen *screen)
{
	struct messages *messages = self(screen);

	json_decref(messages->outbox);
	json_decref(messages->sent);
	json_decref(messages->one);
	list_release(&messages->list);
	page_release(&messages->page);
}

static const struct action actions[] = {
	{ "whole", K_ENTER, 0, N_("whole/list"), N_("Show the marked message in full, and back"),
		ACTION_HINT, whole_run },
	{ "retry", 'r', 0, N_("send again"),
		N_("Send the marked notification again; for administrators"),
		ACTION_HINT | ACTION_WRITES, retry_run },
	{ .name = NULL },
};

const struct screen_ops messages_ops = {
	.name = "messages",
	.title = N_("Messages of this session"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = messages_load,
	.paint = messages_paint,
	.key = messages_key,
	.release = messages_release,
};

void
messages_open(struct app *app)
{
	struct messages *messages;
	const char *subject = app_subject(app);

	if (app_return_to(app, messages_ops.name)) {
		return;
	}
	messages = (struct messages *)screen_new(app, &messages_ops, sizeof(*messages));
	if (messages && subject) {
		messages->subject = arena_strdup(messages->base.arena, subject);
	}
	/* Whoever opens the list has them all before the eyes. */
	say_acknowledge_all(&app->log);
	(void)app_push(app, (struct screen *)messages); /* says why not */
}
