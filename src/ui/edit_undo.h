/* SPDX-License-Identifier: MIT */
/*
 * Steps back and forth in a text.  Kept are the pieces that changed, not whole
 * texts, so that a long text costs no more than what was done to it.
 */
#ifndef TOBAN_SRC_UI_EDIT_UNDO_H
#define TOBAN_SRC_UI_EDIT_UNDO_H

#include <stdbool.h>
#include <stddef.h>

#include "toban/base/str.h"

/* At most these bytes are kept; the oldest steps go first, the newest always stays. */
enum { UNDO_BYTES_MAX = 4 << 20 };

struct undo_step;

/* steps[0..at) are in the text, steps[at..n) were taken back.  Zeroed: empty. */
struct undo {
	struct undo_step *steps;
	size_t n;
	size_t cap;
	size_t at;
	size_t bytes; /* of all steps */
	bool open;    /* what comes next may join the last step */
};

/* Replaces `del` bytes at `pos` by `len` bytes. */
struct splice {
	size_t pos;
	size_t del;
	const char *bytes;
	size_t len;
};

void undo_release(struct undo *undo);

/*
 * Does the splice to `text` and remembers it; `caret` is where the caret stood.
 * While `undo->open`, a splice at the end of the last step joins it; every
 * splice leaves the step open, undo_close() ends it.  Without memory to remember
 * it, all steps are forgotten rather than that one be taken back wrongly.
 */
void undo_splice(struct undo *undo, struct str *text, struct splice splice, size_t caret);
void undo_close(struct undo *undo);

/* Takes the last step back, or does it again; false: there is none. */
bool undo_back(struct undo *undo, struct str *text, size_t *caret);
bool undo_again(struct undo *undo, struct str *text, size_t *caret);

#endif
