/* SPDX-License-Identifier: MIT */
/*
 * Small popups every screen may use: a question, the typed confirmation of a
 * final step, a picker of one or several names, a prompt in the message row.
 * `answered` is called after the popup has closed, never when it was left
 * with Esc.
 */
#ifndef TOBAN_SRC_UI_POPUP_H
#define TOBAN_SRC_UI_POPUP_H

#include <jansson.h>
#include <stdbool.h>

struct app;
struct screen;

struct popup_ask {
	struct screen *asker;
	const char *title;     /* translated */
	const char *text;      /* translated; what happens, who is told */
	const char *accept;    /* label of the button that does it */
	const char *must_type; /* final steps: the incident's number; NULL: a button */
	bool text_follows;     /* somebody may be typing that already (deaf.h) */
	void (*answered)(struct screen *asker, const char *value);
};

/* A question; the button that changes nothing is selected first. */
void popup_confirm(struct app *app, const struct popup_ask *ask);

struct popup_pick {
	struct screen *asker;
	const char *title;
	json_t *options; /* [{"key","label": WORDS or text,"also": more text to find it by}]; taken
			    over */
	bool several;
	bool exact; /* several: nothing marked means none; the first row is a way to more, taken
		       where it is selected */
	const json_t *chosen; /* list of keys, borrowed; may be NULL */
	/* One: a text.  Several: a list of texts.  Borrowed. */
	void (*answered)(struct screen *asker, const json_t *value);
};

/* A list with type-to-find. */
void popup_pick(struct app *app, const struct popup_pick *pick);

struct popup_prompt {
	struct screen *asker;
	const char *label; /* translated, e.g. "/" */
	const char *text;  /* to begin with */
	void (*answered)(struct screen *asker, const char *value);
	/* It was left with Esc, with this typed; NULL: what was typed may go. */
	void (*left)(struct screen *asker, const char *value);
};

/* One line of input in the message row. */
void popup_prompt(struct app *app, const struct popup_prompt *prompt);

#endif
