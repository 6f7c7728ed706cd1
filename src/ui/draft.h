/* SPDX-License-Identifier: MIT */
/*
 * The draft behind a form: saved within a second of the last key, at Esc and
 * at a hang-up.  When the record can't take it, the text goes to a file.
 */
#ifndef TOBAN_SRC_UI_DRAFT_H
#define TOBAN_SRC_UI_DRAFT_H

#include <stdbool.h>

#include "form.h"
#include "toban/base/clock.h"

struct flight; /* a save that is under way */

struct draft {
	char *id;       /* "D-17"; NULL: not saved yet */
	char *form;     /* step or "report" */
	char *subject;  /* incident; NULL */
	bool unkept;    /* this person has no drafts: it lives on the screen alone */
	bool drill;     /* kept in the draft: a drill never becomes a real report */
	stamp saved_at; /* STAMP_NONE: not yet */
	char *known;    /* the desk's hash of what it keeps; NULL: not saved yet */
	int failures;   /* attempts to save since the last that succeeded */
	bool in_file;   /* what the desk did not take is in `file` */
	json_t *unsure; /* form_values() of what was sent and may be recorded; NULL: nothing */
	struct str file;
	struct flight *flight; /* NULL: none */
};

void draft_init(struct draft *draft, const char *form, const char *subject);
void draft_release(struct draft *draft);

/* Goes on with what draft.load or draft.save answered. */
void draft_resume(struct draft *draft, const json_t *saved);

/*
 * Saves what the form holds if it changed; true also when nothing is to be kept.  Says
 * nothing unless it failed.  Then the text goes to a file and saving is tried again by
 * itself, later and later.  What went on at another screen meanwhile stays as it is there;
 * what is typed here becomes a draft of its own, and that is said.
 */
bool draft_save(struct draft *draft, struct form *form);

/*
 * The same without waiting for the desk: the form goes on taking keys, and the draft counts
 * as saved when the answer is there.  What was typed meanwhile is saved next; while a service
 * takes long it is kept in a file beside the draft, for a screen that is killed.  The draft may
 * be released while it is under way; the desk keeps it all the same.
 */
void draft_save_later(struct draft *draft, struct form *form);

/* Names the draft that goes with a step, and the state of it that is sent. */
void draft_name(struct draft *draft, json_t *args);

/*
 * It is recorded, as `result` says: nothing of it may be offered as a draft again.
 * But what was recorded under the same id from another screen holds other words:
 * then these stay a draft, and get an id of their own.
 */
void draft_sent(struct draft *draft, struct form *form, const json_t *result);

/*
 * It was sent and refused with `error` (borrowed).  Where it is not known whether it was
 * recorded, the same words sent again go under the same id, also when the draft is gone.
 */
void draft_refused(struct draft *draft, struct form *form, const json_t *error);

/* Says so if the draft stayed; after everything else that is said of the step. */
void draft_say_kept(const struct draft *draft, struct app *app, const json_t *result);

/* Saves and tells under which name, for Esc.  False: it is nowhere but on the screen. */
bool draft_leave(struct draft *draft, struct form *form);

/* "D-17  saved 22:39" for the second row. */
void draft_words(const struct draft *draft, struct form *form, struct str *out);

#endif
