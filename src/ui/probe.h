/* SPDX-License-Identifier: MIT */
/*
 * Asking the terminal how wide it draws.  The answers come like keys, whenever
 * the line lets them through: who asks waits a moment and goes on without.
 */
#ifndef TOBAN_SRC_UI_PROBE_H
#define TOBAN_SRC_UI_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "toban/base/str.h"

enum { PROBE_QUESTIONS = 2 };

/* Zeroed: nothing was asked. */
struct probe {
	int cols[PROBE_QUESTIONS]; /* where the cursor stood after a circle, and after a kana */
	int asked;
	int answered;
	int64_t asked_ms; /* by clock_steady_ms() */
};

/* Asks both at once on standard output, so that a slow line costs one way there and back. */
void probe_ask(struct probe *probe);

/* One report; what was not asked for is left out. */
void probe_take(struct probe *probe, int col);

/*
 * Reads standard input, a terminal in raw mode, until both reports are there or `limit_ms`
 * since the question are over.  What somebody typed meanwhile is appended to `ahead`, without
 * NUL bytes.
 */
void probe_await(struct probe *probe, struct str *ahead, int limit_ms);

/* Whether both came; only then the two below know more than what most terminals do. */
bool probe_is_answered(const struct probe *probe);
/* Columns of a circle: 1 or 2. */
int probe_ambiguous(const struct probe *probe);
/* A kana takes two columns: the terminal decodes UTF-8. */
bool probe_draws_kana(const struct probe *probe);

#endif
