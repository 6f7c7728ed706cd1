/* SPDX-License-Identifier: MIT */
/*
 * The forms of duty_write.c: what each asks for, and how it is recorded.
 */
#ifndef TOBAN_SRC_UI_DUTY_FORM_H
#define TOBAN_SRC_UI_DUTY_FORM_H

#include <jansson.h>

#include "book.h"

struct duty_form {
	const char *draft;  /* under which name drafts are kept */
	const char *method; /* that records it */
	const char *title;  /* N_() */
	const char *done;   /* N_(): said once it is recorded */
	const char *about;  /* the field with whom or what it is about */
	json_t *(*document)(void); /* as form.get would show it; a new reference */
	/* What its fields are chosen from; `about`: a person's id or a department's. */
	json_t *(*options)(struct book *book, const char *about);
	/* The second row. */
	void (*head)(struct book *book, const char *about, struct str *out);
	/* The question before it is recorded. */
	void (*ask)(struct book *book, const json_t *values, struct str *out);
	/* Of the method; a new reference. */
	json_t *(*arguments)(const json_t *values);
};

/* NULL: no form of that name. */
const struct duty_form *duty_form_find(const char *draft);

/* Faults of rows become those of the fields the rows are made of. */
void duty_form_faults(json_t *error);

/* The names of the forms as people read them; NULL: not one of these. */
const char *duty_form_title(const char *draft);

#endif
