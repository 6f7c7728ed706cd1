/* SPDX-License-Identifier: MIT */
/*
 * The messages of this session: what the message row shows and `m` lists.
 */
#ifndef TOBAN_SRC_UI_SAY_H
#define TOBAN_SRC_UI_SAY_H

#include <stdbool.h>
#include <stddef.h>

#include "toban/base/clock.h"

enum say_kind {
	SAY_INFO,
	SAY_DONE,  /* marker ok */
	SAY_ERROR, /* marker !; stays until it is acknowledged */
};

struct say_line {
	enum say_kind kind;
	stamp at;
	char *text;
	bool open; /* an error that nobody acknowledged yet */
};

struct say_log {
	struct say_line *lines;
	size_t n;
	size_t cap;
	bool shown; /* the newest is in the message row */
	bool fresh; /* said since the last key */
};

/*
 * Keeps a copy of `text`; the oldest goes after some hundreds.  What was done
 * settles the errors before it; an information leaves them open.
 */
void say_add(struct say_log *log, enum say_kind kind, stamp at, const char *text);

/* The line for the message row: the newest, else the newest open error; NULL: none. */
const struct say_line *say_current(const struct say_log *log);

/* A key was pressed: a message that is no error has been seen. */
void say_key(struct say_log *log);

/* Esc: what the row shows is acknowledged.  True when it was an error. */
bool say_dismiss(struct say_log *log);

/* All of them were read. */
void say_acknowledge_all(struct say_log *log);

const char *say_marker(enum say_kind kind);

void say_release(struct say_log *log);

#endif
