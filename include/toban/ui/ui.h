/* SPDX-License-Identifier: MIT */
/*
 * The desk on a terminal.
 */
#ifndef TOBAN_UI_UI_H
#define TOBAN_UI_UI_H

#include <stdbool.h>

#include "toban/base/clock.h"
#include "toban/base/err.h"
#include "toban/base/i18n.h"
#include "toban/base/ini.h"
#include "toban/base/str.h"
#include "toban/base/waiting.h"
#include "toban/desk/door.h"
#include "toban/desk/signer.h"

/* For who waits beside the screen: when `fd` is readable, does the terminal go? */
struct ui_wait {
	int fd;
	bool (*gone)(void *ctx);
	void *ctx;
};

struct ui_options {
	const struct door *door;
	struct clock clock;
	bool test_marks;         /* TOBAN_TEST: write the idle marker after each frame */
	bool no_color;           /* NO_COLOR or --color=never */
	bool ascii;              /* no Japanese on this terminal */
	const char *keymap_path; /* of the chosen keys, for messages; NULL: none */
	struct str *keymap;      /* its text, checked before with ui_keymap_check() */
	const struct signer *signer; /* the keys of whoever sits here; NULL: none */
	/* Filled in while the screen runs: whom door and signer tell while they wait; or NULL. */
	struct waiting *waiting;
	bool read_only;          /* --read-only: the door refuses writing; the screen says so */
	int ambiguous;           /* 1, 2, or 0: probe the terminal */
	bool choose_seat;        /* nobody was named: a trial desk asks first who sits down */
	const char *locked;      /* why a shared console was locked before, as session.show; NULL */
	/* Another person takes the seat (trial desks): replaces the door's session. */
	enum err (*become)(void *ctx, const char *person, json_t **ret_error);
	/* Speaks another language from now on; NULL: it cannot be changed. */
	void (*speak)(void *ctx, enum lang lang);
	enum lang account_lang; /* what the account's locale asks for */
	bool lang_named;        /* the command line named the language: it wins */
	/* Once a minute and when a child ended: what has to be looked after; NULL: nothing. */
	void (*tick)(void *ctx);
	/*
	 * Lets the person's own program write in the file, while the terminal is its own;
	 * *ret_status as of waitpid().  ERR_NOT_FOUND: there is none.  NULL: never.
	 */
	enum err (*edit)(void *ctx, const char *path, const struct ui_wait *wait, int *ret_status);
	void *ctx;                 /* of all of them */
	const char *emergency_dir; /* where text goes when the store can't take it */
	const char *keep_dir;      /* what must outlive the login; NULL: emergency_dir has to do */
	const char *home;          /* where the file browser begins; NULL: where toban runs */
};

/*
 * Runs until the person leaves or the terminal goes.  The terminal is put back
 * as it was in every case.  ERR_UNSUPPORTED: this terminal cannot position a
 * cursor; use the line mode.
 * ERR_DENIED: a shared console was locked, and what was typed is kept.  Memory that was given back
 * still holds it: the program is to be begun anew.  Called again, it asks who sits down.
 */
enum err ui_run(const struct ui_options *options);

/*
 * Looks for faults in a file of chosen keys (docs/screens.md, "Own keys"), which go to
 * `problems` with their code in `expected`.  ERR_NOMEM.
 */
enum err ui_keymap_check(struct ini_problems *problems, const char *path, struct str *text);

/* One action as the manual shows it; strings live as long as the call. */
struct ui_action {
	const char *screen; /* translated title; "" everywhere */
	const char *name;   /* after `:` */
	const char *keys;   /* "n", "? F1"; "" for none */
	const char *help;   /* translated sentence */
};

/* Every action of every screen, those that work everywhere first; needs no running desk. */
void ui_each_action(void (*visit)(void *ctx, const struct ui_action *action), void *ctx);

#endif
