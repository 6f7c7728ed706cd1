/* SPDX-License-Identifier: MIT */
/*
 * The messages of this session.
 */
#include "say.h"

#include <stdlib.h>
#include <string.h>

enum { SAY_KEEP = 300 };

void
say_acknowledge_all(struct say_log *log)
{
	for (size_t i = 0; i < log->n; i++) {
		log->lines[i].open = false;
	}
}

void
say_add(struct say_log *log, enum say_kind kind, stamp at, const char *text)
{
	const struct say_line *last = log->n > 0 ? &log->lines[log->n - 1] : NULL;
	char *copy;

	if (last && last->open && kind == SAY_ERROR && strcmp(last->text, text) == 0) {
		/* Each key of a text that is too long is refused in the same words. */
		log->shown = true;
		log->fresh = true;
		return;
	}
	copy = strdup(text);
	if (!copy) {
		return;
	}
	if (!log->lines) {
		log->lines = calloc(SAY_KEEP, sizeof(*log->lines));
		if (!log->lines) {
			free(copy);
			return;
		}
		log->cap = SAY_KEEP;
	}
	if (log->n == log->cap) {
		free(log->lines[0].text);
		log->n--;
		memmove(log->lines, log->lines + 1, log->n * sizeof(*log->lines));
	}
	if (kind == SAY_DONE) {
		say_acknowledge_all(log);
	}
	log->lines[log->n++] = (struct say_line){ kind, at, copy, kind == SAY_ERROR };
	log->shown = true;
	log->fresh = true;
}

/* The place behind the line for the message row; 0: none. */
static size_t
current(const struct say_log *log)
{
	size_t at = log->n;

	if (log->shown) {
		return at;
	}
	while (at > 0 && !log->lines[at - 1].open) {
		at--;
	}
	return at;
}

const struct say_line *
say_current(const struct say_log *log)
{
	size_t at = current(log);

	return at > 0 ? &log->lines[at - 1] : NULL;
}

void
say_key(struct say_log *log)
{
	if (!log->fresh) {
		log->shown = false; /* an open error is shown all the same */
	}
	log->fresh = false;
}

bool
say_dismiss(struct say_log *log)
{
	size_t at = current(log);
	bool was = at > 0 && log->lines[at - 1].open;

	if (was) {
		log->lines[at - 1].open = false;
	}
	log->shown = false;
	return was;
}

const char *
say_marker(enum say_kind kind)
{
	static const char *const markers[] = {
		[SAY_INFO] = "",
		[SAY_DONE] = "ok",
		[SAY_ERROR] = "!",
	};

	return markers[kind];
}

void
say_release(struct say_log *log)
{
	for (size_t i = 0; i < log->n; i++) {
		free(log->lines[i].text);
	}
	free(log->lines);
	*log = (struct say_log){ 0 };
}
