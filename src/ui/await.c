/* SPDX-License-Identifier: MIT */
/*
 * Waiting in sight.  Called from the middle of a call, when screens may be half read: only
 * the message row is painted over, and keys are kept for when the call is over.  Until then
 * they stand in that row.
 */
#include "await.h"

#include <curses.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ahead.h"
#include "app.h"
#include "doc.h"
#include "prefer.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"
#include "toban/base/waiting.h"

enum {
	SAID_MS = 1000, /* from then on how long, and how to give up */
	/*
	 * From then on keys are looked at: nearly all calls are over, and who types waits for
	 * the next frame.  Where pastes are known by their speed alone (keyboard.h) a part of
	 * one must not be taken for typing, and a few of the bytes that are kept would be.
	 */
	KEYS_MS = 20,
	GUESSED_KEYS_MS = WAITING_FIRST_MS,
	LEAST_COLS = 8, /* for what was typed */
};

/*
 * Whether the answer may ask for a PIN or a passphrase, which people who know the way type
 * ahead.  Trial desks sign nothing.
 */
static bool
leads_to_secret(const struct app *app, const char *method)
{
	static const char *const signs[] = { "incident.act", "key.", "ledger.", "org.set" };
	static const char *const opens[] = { "session.", "pin." };
	bool leads = false;

	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		leads = leads || strncmp(method, signs[i], strlen(signs[i])) == 0;
	}
	leads = leads && !doc_flag(app->book.desk, "trial");
	for (size_t i = 0; i < ARRAY_LEN(opens); i++) {
		leads = leads || strncmp(method, opens[i], strlen(opens[i])) == 0;
	}
	return leads;
}

static bool
hides_ahead(const struct app *app, const char *method)
{
	bool hides = !method || leads_to_secret(app, method);

	for (int i = 0; i < app->depth; i++) {
		hides = hides || app->stack[i]->ops->secret;
	}
	return hides;
}

void
await_what(struct app *app, const char *method)
{
	static const char *const writes[] = { "incident.report", "incident.act",
		"incident.take-back", "incident.break-glass", "draft.save", "key.approve",
		"key.refuse", "key.revoke", "handover.give", "handover.accept" };

	app->awaited = method ? AWAIT_ANSWER : AWAIT_AGENT;
	app->stop_refused = false;
	app->hides_ahead = hides_ahead(app, method);
	if (app->options->waiting) {
		app->options->waiting->fd_ms =
			app->term.keyboard.guesses ? GUESSED_KEYS_MS : KEYS_MS;
	}
	for (size_t i = 0; method && i < ARRAY_LEN(writes); i++) {
		if (strcmp(writes[i], method) == 0) {
			app->awaited = AWAIT_RECORD;
		}
	}
}

/* What a disk was given cannot be taken back from it. */
static bool
can_stop(const struct app *app)
{
	return app->awaited == AWAIT_AGENT || app->options->door->stops;
}

/* How long, and what can be done; shorter where what was typed stands beside it. */
static const char *
time_words(const struct app *app, bool typed)
{
	static const char *const words[2][3] = {
		{ N_("{n} s. What you type is kept."),
			N_("{n} s. What you type is kept. Esc: stop waiting."),
			N_("{n} s. What you type is kept. It cannot be stopped half-way.") },
		{ N_("{n} s."), N_("{n} s. Esc: stop waiting."),
			N_("{n} s. It cannot be stopped half-way.") },
	};

	return _(words[typed][can_stop(app) ? 1 : app->stop_refused ? 2 : 0]);
}

static void
add_words(const struct app *app, int64_t ms, bool typed, struct str *out)
{
	static const char *const what[] = {
		[AWAIT_ANSWER] = N_("Waiting for the desk..."),
		[AWAIT_RECORD] = N_("Recording..."),
		[AWAIT_AGENT] = N_("Waiting for the agent..."),
	};
	char seconds[24];

	str_add(out, _(what[app->awaited]));
	if (ms >= SAID_MS) {
		(void)snprintf(seconds, sizeof(seconds), "%lld", (long long)(ms / 1000));
		str_add(out, " ");
		str_say(out, time_words(app, typed), &(struct str_arg){ "n", seconds }, 1);
	}
	if (typed) {
		str_addf(out, "  %s ", _("Typed:"));
	}
}

/* What was typed, or that it was; the end of it where there is not room for all. */
static void
paint_ahead(const struct app *app, struct canvas *c, struct place at, const char *typed)
{
	size_t len = strlen(typed);
	size_t from = 0;

	if (app->hides_ahead) {
		(void)paint_text(c, at, ROLE_QUIET, _("(kept, not shown)"));
		return;
	}
	while (from < len && paint_width(typed + from) > at.cols) {
		from = text_next(typed, len, from);
	}
	(void)paint_text(c, at, ROLE_TEXT, typed + from);
}

static void
paint_words_and_ahead(struct app *app, struct canvas *c, int64_t ms, const char *typed)
{
	struct place at = { 0, 4, c->cols - 5 };
	struct str text = STR_INIT;

	add_words(app, ms, typed[0] != '\0', &text);
	at.col += paint_text(c, at, ROLE_TEXT, str_text(&text));
	at.cols = c->cols - 1 - at.col;
	if (typed[0] && at.cols >= LEAST_COLS) {
		paint_ahead(app, c, at, typed);
	}
	str_release(&text);
}

/* The last frame stays but for this row; the cursor goes back to where it was. */
static void
paint_row(struct app *app, int64_t ms, const char *typed)
{
	struct canvas c = {
		.theme = &app->theme, .ascii = prefer_is_ascii(app), .rows = 1, .caret_row = -1
	};
	int row;
	int col;
	int rows;

	getyx(newscr, row, col);
	terminal_size(&rows, &c.cols);
	c.win = rows > 2 ? newwin(1, c.cols, rows - 2, 0) : NULL;
	if (!c.win) {
		return; /* without memory it is waited for in silence */
	}
	paint_words_and_ahead(app, &c, ms, typed);
	(void)wnoutrefresh(c.win);
	(void)wmove(newscr, row, col);
	(void)doupdate();
	(void)delwin(c.win);
	paint_release(&c);
}

/* Told to end meanwhile: that is not kept waiting either. */
static bool
must_end(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 &&
		(sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGHUP) == 1);
}

static bool
look(void *ctx, int64_t ms)
{
	struct app *app = ctx;
	struct str typed = STR_WIPING; /* a PIN that is not shown is among it, too */
	bool stop = false;

	if (!keyboard_keep(&app->term.keyboard, ms >= SAID_MS, &stop) || must_end() ||
		(stop && can_stop(app))) {
		return false;
	}
	app->stop_refused = app->stop_refused || stop;
	ahead_words(&app->term.keyboard, &typed);
	if (ms >= WAITING_FIRST_MS || typed.len > 0) {
		paint_row(app, ms, str_text(&typed));
	}
	str_release(&typed);
	return true;
}

void
await_start(struct app *app)
{
	if (app->options->waiting) {
		*app->options->waiting = (struct waiting){
			.fd = STDIN_FILENO, .fd_ms = KEYS_MS, .look = look, .ctx = app
		};
	}
}

void
await_stop(struct app *app)
{
	if (app->options->waiting) {
		*app->options->waiting = (struct waiting){ .fd = -1 };
	}
}
