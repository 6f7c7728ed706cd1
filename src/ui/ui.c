/* SPDX-License-Identifier: MIT */
/*
 * The desk on a terminal, put together: terminal, loop, names, first screen.
 */
#include "toban/ui/ui.h"

#include <stdlib.h>

#include "app.h"
#include "await.h"
#include "doc.h"
#include "lock.h"
#include "prefer.h"
#include "screens.h"
#include "toban/base/i18n.h"
#include "toban/base/log.h"
#include "welcome.h"

enum {
	AWAIT_FIRST_MS = 5,
	AWAIT_MS = 25,       /* nobody notices; an answer that comes later costs a second frame */
	AWAIT_TEST_MS = 300, /* a busy machine must not make two frames of one */
};

/* On a trial desk nobody sits down by the account alone, but at a console by their PIN. */
static bool
is_nobody(const struct app *app)
{
	return (app->options->choose_seat || book_me(&app->book)[0] == '\0') &&
		doc_flag(app->book.desk, "trial") && app->options->become && !lock_is_post(app);
}

/* The first screen: on a trial desk nobody sits down at first. */
static void
open_first(struct app *app)
{
	json_t *error = NULL;

	/* Most terminals answer within this; the others while the record is read, or later. */
	terminal_await(&app->term, app->options->test_marks ? AWAIT_TEST_MS : AWAIT_FIRST_MS);
	app_learn(app);
	prefer_readable(app);
	if (book_refresh(&app->book, &error) != ERR_OK) {
		app_say_error(app, error);
		json_decref(error);
	}
	if (lock_is_shut(app)) {
		login_open(app);
	} else if (is_nobody(app)) {
		seat_open(app);
	} else {
		prefer_read(app);
		board_open(app);
		welcome_say(app);
		welcome_back(app);
	}
	if (app->term.foreign_term) {
		app_say(app, SAY_INFO,
			_("This terminal's name (TERM) is not known here; it is treated as "
			  "xterm."));
	}
	app_say_readable(app);
	terminal_await(&app->term, AWAIT_MS);
	app_learn(app);
}

static void
release(struct app *app)
{
	while (app->depth > 0) {
		screen_free(app->stack[--app->depth]);
	}
	while (app->n_closed > 0) {
		screen_free(app->closed[--app->n_closed]);
	}
	while (app->n_history > 0) {
		free(app->history[--app->n_history]);
	}
	book_release(&app->book);
	say_release(&app->log);
	take_back_release(&app->take_back);
	sign_release(app);
	glass_release(&app->glass);
	json_decref(app->preferences);
}

/* Faults were found before the screen opened: what is left to read is sound. */
static void
read_keymap(struct app *app)
{
	struct ini_problems problems = { .arena = NULL };

	app->keymap_arena = app->options->keymap ? arena_new() : NULL;
	problems.arena = app->keymap_arena;
	if (app->keymap_arena) {
		(void)keymap_read(app->keymap_arena, &problems, app->options->keymap_path,
			app->options->keymap, &app->keymap);
	}
}

enum err
ui_run(const struct ui_options *options)
{
	struct app *app = calloc(1, sizeof(*app));
	enum err e;

	if (!app) {
		return ERR_NOMEM;
	}
	app->options = options;
	app->globals = globals_actions();
	read_keymap(app);
	book_init(&app->book, options->door, options->clock);
	e = loop_start(&app->loop, options->door->wake_fd);
	if (e == ERR_OK) {
		e = terminal_start(&app->term, options);
	}
	if (e == ERR_OK) {
		theme_init(&app->theme, options->no_color);
		await_start(app);
		open_first(app);
		app_run(app);
		app_settle(app);
		await_stop(app);
		e = app->locked ? ERR_DENIED : ERR_OK;
		loop_leave();
		release(app);
		terminal_stop(&app->term);
	}
	loop_stop(&app->loop);
	book_release(&app->book);
	arena_free(app->keymap_arena);
	free(app);
	return e;
}
