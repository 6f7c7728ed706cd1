/* SPDX-License-Identifier: MIT */
/*
 * The question about a long paste.
 */
#ifndef TOBAN_SRC_UI_PASTE_H
#define TOBAN_SRC_UI_PASTE_H

#include <stdbool.h>
#include <stddef.h>

struct app;
struct key;
struct screen;

enum paste_answer { PASTE_NOTHING, PASTE_PUT, PASTE_ATTACH };

struct paste_ask {
	struct screen *asker;
	const char *field; /* its label */
	size_t chars;      /* of what was pasted */
	size_t lines;
	size_t room; /* for so many of them */
	size_t lost; /* so many more came than any program holds */
	bool file;   /* the form can take it as a file */
	void (*answered)(struct screen *asker, enum paste_answer answer);
	/* A key typed before the question could be seen.  False: it writes no text, not taken. */
	bool (*typed)(struct screen *asker, const struct key *key);
	/* Another paste came meanwhile: joins it and asks about both. */
	void (*again)(struct screen *asker, const struct key *key);
};

void paste_open(struct app *app, const struct paste_ask *ask);

#endif
