/* SPDX-License-Identifier: MIT */
/*
 * A list of people with type-to-find: by name, kana, id, title or department.  What sits
 * down at a trial desk and at a shared console is chosen here.
 */
#ifndef TOBAN_SRC_UI_PEOPLE_H
#define TOBAN_SRC_UI_PEOPLE_H

#include <jansson.h>

#include "edit.h"
#include "list.h"
#include "screen.h"
#include "toban/base/err.h"

struct book;

struct people {
	struct edit find;
	struct list list;
	const json_t **hits; /* borrowed from the book's organisation */
};

void people_init(struct people *people);
void people_release(struct people *people);

/* Reads the organisation's people through what is typed.  ERR_NOMEM: the list is empty. */
enum err people_load(struct people *people, struct book *book);

/* The line to type in and, below it, who fits; `label` is in front of the line. */
void people_paint(struct people *people, struct book *book, struct canvas *c, const char *label);

/* Movement and typing; true when used. */
bool people_key(struct people *people, struct book *book, const struct key *key);

/* Appends everything a person can be found by: names, id, title, part, department. */
void people_words(struct book *book, const json_t *person, struct str *out);

/* Whether the words, folded, hold the needle, which is folded already. */
bool people_words_hold(const struct str *words, const char *needle);

/* The id under the mark; "" when nobody fits. */
const char *people_chosen(const struct people *people);

#endif
