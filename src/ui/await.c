/* SPDX-License-Identifier: MIT */
/*
 * Waiting in sight.  Called from the middle of a call, when screens may be half read: only
 * the message row is painted over, and keys are kept for when the call is over.
 */
#include "await.h"

#include <curses.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/waiting.h"

enum { SAID_MS = 1000 }; /* from then on how long, and how to give up */

void
await_what(struct app *app, const char *method)
{
	static const char *const writes[] = { "incident.report", "incident.act",
		"incident.take-back", "incident.break-glass", "draft.save", "key.approve",
		"key.refuse", "key.revoke", "handover.give", "handover.accept" };

	app->awaited = method ? AWAIT_ANSWER : AWAIT_AGENT;
	app->stop_refused = false;
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

static const char *
kept_words(const struct app *app)
{
	if (can_stop(app)) {
		return _("{n} s. What you type is kept. Esc: stop waiting.");
	}
	return app->stop_refused ? _("{n} s. What you type is kept. It cannot be stopped half-way.")
				 : _("{n} s. What you type is kept.");
}

static void
add_words(const struct app *app, int64_t ms, struct str *out)
{
	static const char *const what[] = {
		[AWAIT_ANSWER] = N_("Waiting for the desk..."),
		[AWAIT_RECORD] = N_("Recording..."),
		[AWAIT_AGENT] = N_("Waiting for the agent that holds the key..."),
	};
	char seconds[24];

	str_add(out, _(what[app->awaited]));
	if (ms >= SAID_MS) {
		(void)snprintf(seconds, sizeof(seconds), "%lld", (long long)(ms / 1000));
		str_add(out, " ");
		str_say(out, kept_words(app), &(struct str_arg){ "n", seconds }, 1);
	}
}

/* The last frame stays but for this row; the cursor goes back to where it was. */
static void
paint_row(struct app *app, int64_t ms)
{
	struct str text = STR_INIT;
	struct canvas c = { .theme = &app->theme, .caret_row = -1 };
	int row;
	int col;
	int rows;

	getyx(newscr, row, col);
	terminal_size(&rows, &c.cols);
	c.win = rows > 2 ? newwin(1, c.cols, rows - 2, 0) : NULL;
	if (!c.win) {
		return; /* without memory it is waited for in silence */
	}
	c.rows = 1;
	add_words(app, ms, &text);
	(void)paint_text(&c, (struct place){ 0, 4, c.cols - 5 }, ROLE_TEXT, str_text(&text));
	(void)wnoutrefresh(c.win);
	(void)wmove(newscr, row, col);
	(void)doupdate();
	(void)delwin(c.win);
	paint_release(&c);
	str_release(&text);
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
	bool stop = false;

	if (!keyboard_keep(&app->term.keyboard, ms >= SAID_MS, &stop) || must_end() ||
		(stop && can_stop(app))) {
		return false;
	}
	app->stop_refused = app->stop_refused || stop;
	paint_row(app, ms);
	return true;
}

void
await_start(struct app *app)
{
	if (app->options->waiting) {
		*app->options->waiting = (struct waiting){
			.fd = STDIN_FILENO, .fd_ms = WAITING_FIRST_MS, .look = look, .ctx = app
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
