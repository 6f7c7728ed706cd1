/* SPDX-License-Identifier: MIT */
/*
 * The messages of this session.
 */
#include "say.h"

#include <stdlib.h>
#include <string.h>

enum { SAY_KEEP = 300 };

void
say_add(struct say_log *log, enum say_kind kind, stamp at, const char *text)
{
	char *copy = strdup(text);

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
	log->lines[log->n++] = (struct say_line){ kind, at, copy };
	log->shown = true;
	log->fresh = true;
}

const struct say_line *
say_current(const struct say_log *log)
{
	return log->shown && log->n > 0 ? &log->lines[log->n - 1] : NULL;
}

void
say_key(struct say_log *log)
{
	const struct say_line *line = say_current(log);

	if (line && line->kind != SAY_ERROR && !log->fresh) {
		log->shown = false;
	}
	log->fresh = false;
}

bool
say_dismiss(struct say_log *log)
{
	bool was = log->shown && log->n > 0 && log->lines[log->n - 1].kind == SAY_ERROR;

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
