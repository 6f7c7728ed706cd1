/* SPDX-License-Identifier: MIT */
/*
 * The running desk: the stack of screens, the door, the messages.  Everything
 * a screen may ask for is here.
 */
#ifndef TOBAN_SRC_UI_APP_H
#define TOBAN_SRC_UI_APP_H

#include <jansson.h>
#include <stdbool.h>

#include "book.h"
#include "glass.h"
#include "keymap.h"
#include "loop.h"
#include "say.h"
#include "screen.h"
#include "sign.h"
#include "take_back.h"
#include "terminal.h"
#include "theme.h"
#include "toban/ui/ui.h"

enum awaited { AWAIT_ANSWER, AWAIT_RECORD, AWAIT_AGENT };

enum { APP_HISTORY = 20, APP_DEPTH = 24, APP_MIN_ROWS = 16, APP_MIN_COLS = 60 };

struct app {
	const struct ui_options *options;
	struct terminal term;
	struct loop loop;
	struct theme theme;
	struct book book;
	struct say_log log;
	struct take_back take_back; /* what was sent last */
	struct sign_state sign;     /* what has to be signed, between two calls */
	struct glass_state glass;   /* a restricted case that is being asked for */
	json_t *preferences;        /* of the person at the screen; see prefer.h */
	struct screen *stack[APP_DEPTH];
	int depth;
	struct screen *closed[APP_DEPTH]; /* freed after the key that closed them */
	int n_closed;
	char *history[APP_HISTORY]; /* lines given to `:` in this session, oldest first */
	int n_history;
	bool leaving;
	bool locked;   /* nobody sits at this shared console any more */
	stamp key_at;  /* of the last key */
	int64_t deaf_ms; /* since when typed keys mean nothing, by clock_steady_ms(); deaf.h */
	stamp kept_at; /* when the desk was last told of one */
	door_done *later; /* who is told by the loop of a call that was begun; NULL: none was */
	void *later_ctx;
	const char *later_method; /* of that call; a literal */
	enum awaited awaited; /* by the call that is under way */
	bool stop_refused;    /* they wanted to give it up, which cannot be done */
	bool hides_ahead;     /* what they type meanwhile may be meant for a PIN or a passphrase */
	bool away;            /* the desk could not be reached when it was last looked at */
	struct arena *keymap_arena;
	struct keymap keymap;
	const struct action *globals; /* keys that work on every screen */
};

/* Opens a screen on top; takes it over also on failure.  False: it could not be loaded. */
bool app_push(struct app *app, struct screen *screen);

/* Closes the topmost screen, which must be this one. */
void app_close(struct screen *screen);

/* Closes all screens above the lowest one named `name`; false: there is none. */
bool app_return_to(struct app *app, const char *name);

/* The same for a main view: what was typed on the screens it closes is kept as drafts. */
bool app_view(struct app *app, const char *name);

struct screen *app_top(struct app *app);

/* Whether a screen is open that lets nobody pass (screen_ops.alone). */
bool app_is_alone(const struct app *app);

/* The keys that work on every screen now; none while a screen is alone. */
const struct action *app_globals(const struct app *app);

/* The incident the person is at: that of the topmost screen that has one; NULL: none. */
const char *app_subject(const struct app *app);

/*
 * Calls the door.  `args` is taken over (NULL: none).  A refusal is said in
 * the message row; *ret_result is then untouched.
 */
enum err app_call(struct app *app, const char *method, json_t *args, json_t **ret_result);

/* The same, but the error document goes to the caller. */
enum err app_try(
	struct app *app, const char *method, json_t *args, json_t **ret_result, json_t **ret_error);

/*
 * Begins a call that nobody waits for, of a method (a literal) that is never signed; `args` is
 * taken over.  done(ctx) is told the answer between two keys, or in app_settle().  False: it was
 * not begun, because another is under way (app_is_later()), or the door knows no such calls.
 */
bool app_later(struct app *app, const char *method, json_t *args, door_done *done, void *ctx);
bool app_is_later(const struct app *app);

/* Waits until what was begun is done, and its answer told. */
void app_settle(struct app *app);

/* Why the desk cannot be reached just now, an error document, borrowed; NULL: it can. */
const json_t *app_trouble(const struct app *app);

/* Shows a sentence in the message row and keeps it for `m`. */
void app_say(struct app *app, enum say_kind kind, const char *text);

/* A pattern with one or two {names} replaced; `args` may be a compound literal. */
void app_say_with(struct app *app, enum say_kind kind, const char *pattern,
	const struct str_arg *args, size_t n_args);

/* An error document as a sentence: text, what to do, who could, code. */
void app_error_words(struct app *app, const json_t *error, struct str *out);

/* Says an error document: text, what to do, who could, code. */
void app_say_error(struct app *app, const json_t *error);

/* The record may have changed by our own step: every screen reads anew when shown. */
void app_changed(struct app *app);

/* Calls every screen's save() in `ms` milliseconds, without waiting for the desk. */
void app_alarm(struct app *app, int ms);

/* Tells, if it is so, that this terminal cannot show Japanese. */
void app_say_readable(struct app *app);

/* Takes over what the terminal said of itself since; every screen follows. */
void app_learn(struct app *app);

/* Runs until the person leaves or the terminal goes. */
void app_run(struct app *app);

/* Does what the key means on the top screen (also for tests and `:`). */
void app_key(struct app *app, const struct key *key);

/* Saves what was typed on every screen, for certain: it waits for the desk. */
void app_save(struct app *app);

/* Back to the shell until it continues the desk; what was typed is kept first. */
void app_suspend(struct app *app);

/* Saves what was typed on every screen, then leaves. */
void app_leave(struct app *app);

#endif
