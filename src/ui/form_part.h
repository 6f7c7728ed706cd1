/* SPDX-License-Identifier: MIT */
/*
 * What the files of a form share among themselves; screens need none of it.
 */
#ifndef TOBAN_SRC_UI_FORM_PART_H
#define TOBAN_SRC_UI_FORM_PART_H

#include "form.h"

/*
 * form_radio.c: the focus comes to the field from above or below (`by`): where
 * Up and Down begin in choices below each other.
 */
void form_enter(struct field *field, int by);
bool form_radio_key(struct form *form, struct field *field, const struct key *key);

/* form_editor.c: why the text in focus cannot go to another program; false: it can. */
bool form_editor_refused(const struct form *form, struct str *why);

/* form.c: to the next field; by Tab and Enter the given classification is passed over. */
void form_move_on(struct form *form, int by);

/* form_choose.c: whether the typed line can be chosen from a list, too. */
bool form_has_list(const struct field *field);
/* Keys of a field that takes no text; true when used. */
bool form_chooser_key(struct form *form, struct field *field, const struct key *key);

/* form_problem.c: the last fault was mended: what was said about the fields is no longer true. */
void form_settle(struct form *form);

/* form_file.c: whether the form, or the screen around it, can take a file. */
bool form_takes_file(struct form *form);
/* form_file.c: puts a file into the form. */
void form_attach(struct screen *owner, const char *path);

/* form_paste.c. */
/* Such a paste as a draft keeps it (a new reference; NULL: none), and back from there. */
json_t *form_pasted(const struct form *form);
void form_repaste(struct form *form, const json_t *pasted);
/* Forgets it in memory; its file stays. */
void form_drop_pasted(struct form *form);
/* Asks about a paste that is long or does not fit; false: there is nothing to ask. */
bool form_asks_paste(struct form *form, struct field *field, const struct key *key);

/*
 * form_echo.c: what is understood of a typed value.  ECHO_FAULT: understood,
 * and it cannot be meant.  What cannot be read yet is no fault while typing.
 */
enum echo { ECHO_NONE, ECHO_MEANS, ECHO_FAULT };
enum echo form_echo(struct form *form, struct field *field, struct str *out);
bool form_echoes(struct form *form, const struct field *field);
/* What the desk would say of a typed moment; NULL: nothing, or there is none. */
const char *form_time_fault(struct form *form, struct field *field);
/* A moment: its entry leaves room beside it. */
bool form_is_short(const struct field *field);
/* Full-width letters and digits as ASCII, in fields that hold nothing else. */
struct key form_fold_key(const struct field *field, const struct key *key);
/* The same for a number in a field of text: whoever calls back types what is shown. */
void form_fold_value(struct field *field);

#endif
