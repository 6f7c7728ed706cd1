/* SPDX-License-Identifier: MIT */
/*
 * A screen: one file, one table of operations, one table of actions.
 *
 * To add one: declare `struct NAME { struct screen base; ... }` in NAME.c, fill
 * a `static const struct screen_ops`, write NAME_open(), and declare that in
 * screens.h.  The frame (first two rows, rules, message row, key hints) is
 * painted by frame.c; a screen paints only the body it is given.
 */
#ifndef TOBAN_SRC_UI_SCREEN_H
#define TOBAN_SRC_UI_SCREEN_H

#include <stdbool.h>

#include "keys.h"
#include "paint.h"
#include "toban/base/arena.h"
#include "toban/base/err.h"
#include "toban/base/str.h"

struct app;
struct screen;

enum shape {
	SHAPE_FULL,  /* the whole terminal, with the frame */
	SHAPE_POPUP, /* a window in the middle, asked for by size() */
	SHAPE_LINE,  /* the message row: a prompt */
};

/* The first two rows; filled anew for each frame. */
struct head {
	struct str title; /* row 1, left */
	struct str right; /* row 1, right; empty: who and when */
	struct str state; /* row 2, left */
	struct str state_right;
	bool drill;
};

struct screen_ops {
	const char *name;  /* what `:` and the tests call it */
	const char *title; /* N_() */
	enum shape shape;
	bool alone; /* while it is open no key of every screen works, on this one and above it */
	bool secret; /* what is typed on it, or on what it leads to, may be a PIN or a passphrase */
	const struct action *actions; /* ended by a row without name */

	/*
	 * Reads through the door what the screen shows; called at opening and
	 * whenever the record changed.  Must keep selection and typed text.
	 */
	enum err (*load)(struct screen *screen);
	void (*head)(struct screen *screen, struct head *head); /* may be NULL */
	void (*paint)(struct screen *screen, struct canvas *c);
	/* Keys that are no action; true when used.  May be NULL. */
	bool (*key)(struct screen *screen, const struct key *key);
	/* Whether letters are text now; NULL: never. */
	bool (*in_text)(struct screen *screen);
	/* Whether letters mean nothing now, because they may be meant for a text; NULL: never. */
	bool (*drops_letters)(struct screen *screen);
	/*
	 * Reads what the first frame can do without, while no key waits; true
	 * when there is something new to paint.  May be NULL.
	 */
	bool (*idle)(struct screen *screen);
	/* The incident it is about, NULL when there is none now.  May be NULL. */
	const char *(*subject)(struct screen *screen);
	/* Preferences changed: takes over those it follows.  May be NULL. */
	void (*prefer)(struct screen *screen);
	/*
	 * Whether one of its actions cannot be done now; `why` gets the reason and who
	 * could.  NULL: all can.
	 */
	bool (*why_not)(struct screen *screen, const struct action *action, struct str *why);
	/* What the footer calls an action now, N_(); NULL: as its table does.  May be NULL. */
	const char *(*hint)(struct screen *screen, const struct action *action);
	/* A popup's wanted size with its border, for a terminal of that size. */
	void (*size)(struct screen *screen, int *rows, int *cols);
	/*
	 * Keeps what was typed: rung by app_alarm(), and then `later`, without waiting for the
	 * desk; and at a hang-up.  May be NULL.
	 */
	void (*save)(struct screen *screen, bool later);
	void (*release)(struct screen *screen); /* frees members, not the screen */
};

struct screen {
	const struct screen_ops *ops;
	struct app *app;
	struct arena *arena; /* emptied before each load(); what the screen shows */
	void *panel;         /* popups only */
	bool stale;          /* the record changed while another screen was on top */
};

/* A new screen of `size` zeroed bytes, at least a struct screen; NULL without memory. */
struct screen *screen_new(struct app *app, const struct screen_ops *ops, size_t size);
void screen_free(struct screen *screen); /* NULL allowed */

/* `in_text` of a screen on which letters are always text. */
bool screen_in_text(struct screen *screen);

#endif
