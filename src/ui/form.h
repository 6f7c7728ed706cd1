/* SPDX-License-Identifier: MIT */
/*
 * A form on the screen, driven by the document of form.get: entry of every
 * field type, problems shown at their fields, values as JSON.
 *
 * A screen with a form begins with `struct form_screen`, because the popups a
 * field opens answer to the screen.
 */
#ifndef TOBAN_SRC_UI_FORM_H
#define TOBAN_SRC_UI_FORM_H

#include <jansson.h>
#include <stdbool.h>

#include "edit.h"
#include "screen.h"
#include "toban/base/hash.h"

/* How a value is entered. */
enum entry {
	ENTRY_LINE,
	ENTRY_AREA,
	ENTRY_RADIO,    /* few choices, all in view */
	ENTRY_PICK,     /* one of many, from a popup */
	ENTRY_MANY,     /* several of many */
	ENTRY_ANSWERS,  /* the classification */
	ENTRY_MEASURES, /* forms within the form */
	ENTRY_FIXED     /* shown, never typed: the hash of what is before the eyes */
};

struct field {
	const json_t *def; /* borrowed from the form's document */
	const char *key;
	const char *label;
	enum entry entry;
	struct edit edit; /* ENTRY_LINE, ENTRY_AREA */
	json_t *value;    /* all others; NULL: nothing chosen */
	json_t *options;  /* what can be chosen; NULL for texts */
	int at;        /* ENTRY_RADIO: the choice Space takes, when they stand below each other */
	bool tall;     /* ENTRY_RADIO: they do, as last painted */
	bool walked;   /* ENTRY_RADIO: an arrow chose since the field was entered */
	char *problem; /* shown below the field; NULL: none */
	char *echo;    /* what was found out about the text `echo_of`; both may be NULL */
	char *echo_of;
};

struct form {
	struct screen *owner;
	json_t *def;
	struct field *fields;
	int n;
	int focus;
	int top;              /* first row in view */
	bool zoomed;          /* the text under the caret has the whole body */
	bool touched;         /* changed since the last form_clean() */
	struct str killed;    /* what was cut last, for every field; letters no field took, too */
	bool stray;           /* the keys before were such letters: the next join them */
	bool said;            /* a message about the fields waits until they are mended */
	struct str pasted;    /* a paste somebody is asked about ... */
	char *pasted_file;    /* ... or, when it is large, the file it is in; NULL */
	size_t pasted_lost;   /* characters of it that were too many */
	size_t pasted_behind; /* bytes before the caret that were typed behind it */
	json_t *files;        /* paths to attach once it is sent; NULL: the screen takes none */
	/* Names what is recorded, so that sending it again records nothing twice. */
	char step_id[NEW_ID_SIZE];
	/* Opens what belongs to a field of ENTRY_ANSWERS. */
	void (*classify)(struct screen *owner);
};

struct form_screen {
	struct screen base;
	struct form form;
};

/*
 * Builds the fields of `def` (taken over also on failure).  `options`
 * (borrowed, may be NULL) names what some fields can be chosen from.
 */
enum err form_init(
	struct form *form, struct form_screen *owner, json_t *def, const json_t *options);
void form_release(struct form *form);

/* Whoever paused begins a new step of undo. */
void form_rest(struct form *form);

/* Fills fields from values by key; keys the form does not have are left out. */
void form_fill(struct form *form, const json_t *values);
/*
 * Goes on with a draft, in the field where it was left.  What is sent keeps its saved
 * draft's name: sent before, it is not sent twice.
 */
void form_continue(struct form *form, const json_t *saved);

/* What is entered, empty fields left out; a new reference. */
json_t *form_values(struct form *form);

struct field *form_field(struct form *form, const char *key);
void form_set(struct form *form, struct field *field, const json_t *value);

/* Every key that is no action of the screen; true when used. */
bool form_key(struct screen *owner, const struct key *key);

/* Keys every form has, for the action tables of its screens. */
void form_next_run(struct screen *owner);
void form_previous_run(struct screen *owner);
void form_choose_run(struct screen *owner);
void form_zoom_run(struct screen *owner);
void form_attach_run(struct screen *owner);

/* Esc in the whole window comes back to the form; false: it was the form. */
bool form_unzoom(struct form *form);
/* What Esc does now, for the operations of their screens. */
const char *form_hint(struct screen *owner, const struct action *action);

/* form_problem.c: shows the problems of a refusal at their fields, and says it in words. */
void form_refused(struct form *form, const json_t *error);

/* From fault to fault, the first again behind the last. */
void form_fault_run(struct screen *owner);

/* Why an action of forms cannot be done now, for the operations of their screens. */
bool form_why_not(struct screen *owner, const struct action *action, struct str *why);

/* To the first field that waits for an answer; the first one when all have theirs. */
void form_focus_empty(struct form *form);
/* Blanks and empty lines are nothing. */
bool form_is_empty(const struct field *field);
/* Is every required field filled in?  Shows and says it when not. */
bool form_is_complete(struct form *form);

/* It was changed by the person: a draft is due. */
void form_touch(struct form *form);

/* form_paste.c: asks (again) about a paste that waits for an answer, if one does. */
void form_ask_paste(struct form *form);
/* form_editor.c: the text in focus in the person's own program, where the site allows it. */
void form_editor_run(struct screen *owner);
/* It is recorded: pastes that were kept as files only for it go. */
void form_drop_files(struct form *form);
struct field *form_file_field(struct form *form); /* NULL: it has none */

/* form_paint.c: the fields, and what helps with the one in focus. */
void form_paint(struct form *form, struct canvas *c);

/* measures.c: the forms within a field of ENTRY_MEASURES. */
void measures_open(struct form_screen *asker, struct field *field);
/* The measures in words, one a row. */
void measures_words(const json_t *measures, struct str *out);

#endif
