/* SPDX-License-Identifier: MIT */
/*
 * What changed between two texts, clause by clause: a person who read the
 * first need read only the rest of the second.
 */
#ifndef TOBAN_PRINT_DIFF_H
#define TOBAN_PRINT_DIFF_H

#include <stddef.h>

#include "toban/base/arena.h"
#include "toban/base/err.h"

enum diff_kind { DIFF_SAME, DIFF_REMOVED, DIFF_ADDED };

/* One clause: `len` bytes at `text`, which points into the text it is of. */
struct diff_line {
	enum diff_kind kind;
	const char *text; /* of `after`; a removed one is of `before` */
	size_t len;       /* without the blanks and the newline behind it */
};

struct diff {
	struct diff_line *lines;
	size_t n;
	size_t changes; /* runs of lines that are not the same */
};

/*
 * Cuts both texts after newlines and the ends of sentences (Latin and
 * Japanese) and finds the longest common run of clauses.  The same and added
 * lines give `after`, the same and removed ones `before`, in order; within a
 * change what was removed comes first.  Two texts that differ in blanks alone
 * differ.  Texts of many thousand clauses that share little are told as wholly
 * replaced where they differ, which is true, only longer.  The lines live in
 * `arena`, the texts stay the caller's.  ERR_NOMEM.
 */
enum err diff_texts(
	struct arena *arena, const char *before, const char *after, struct diff *ret_diff);

#endif
