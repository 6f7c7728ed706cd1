/* SPDX-License-Identifier: MIT */
/*
 * A form that is kept as a draft: what the screens of a report, a step, a handover and an
 * entry for duty have in common.  Such a screen begins with `struct writing`, and its table
 * of operations names the functions below where it adds nothing.
 */
#ifndef TOBAN_SRC_UI_WRITING_H
#define TOBAN_SRC_UI_WRITING_H

#include <jansson.h>
#include <stdbool.h>

#include "draft.h"
#include "form.h"

struct writing {
	struct form_screen base;
	struct draft draft;
};

struct writing *writing_of(struct screen *screen);
struct form *writing_form(struct screen *screen);

/* Puts back what draft.load answered: the fields, where it was left, and the draft's name. */
void writing_resume(struct writing *writing, const json_t *saved);
/* The same, and says which draft it is. */
void writing_resume_said(struct writing *writing, const json_t *saved);

/* Shows the screen (taken over), and asks about a paste that waits; false: that was refused. */
bool writing_push(struct writing *writing);

/* Saves at once, as before a question; a failure is said, and the text stays. */
void writing_keep(struct writing *writing);

/*
 * It was sent and refused with `error` (borrowed): says so, marks its fields, keeps the text, and
 * remembers the words where it may be recorded all the same (draft_refused()).
 */
void writing_refused(struct writing *writing, const json_t *error);

/* Closes the screen once the text is kept; it stays open while that is nowhere else. */
void writing_leave(struct screen *screen);

/* Esc: out of the whole window, then out of the form. */
void writing_leave_run(struct screen *screen);

/* For the tables of operations. */
void writing_paint(struct screen *screen, struct canvas *c);
void writing_save(struct screen *screen, bool later);
void writing_release(struct screen *screen);

#endif
