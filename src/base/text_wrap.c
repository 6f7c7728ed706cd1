/* SPDX-License-Identifier: MIT */
/*
 * Rows of wrapped text, Latin and Japanese mixed.  The classes come from
 * Unicode's line breaking property (UAX #14); of its rules only those stay that
 * a reader of a form notices: words whole, simple kinsoku.
 */
#include <stdint.h>
#include <stdlib.h>

#include "text_part.h"
#include "toban/base/text.h"
#include "width.h"

struct wrap {
	int cols;
	struct text_row *rows;
	size_t n;
	size_t cap;
	size_t start;       /* of the row being filled */
	int width;          /* of what is in it */
	size_t break_at;    /* the last place where it may end; `start`: none yet */
	int break_width;    /* columns before that place */
	unsigned prev;      /* bits of the cluster before */
	bool prev_is_blank; /* and whether it was one */
};

static bool
wrap_push(struct wrap *w, size_t end, size_t next_start)
{
	if (w->n == w->cap) {
		size_t cap = w->cap == 0 ? 16 : w->cap * 2;
		struct text_row *rows = NULL;

		if (cap <= SIZE_MAX / sizeof(*rows)) {
			rows = realloc(w->rows, cap * sizeof(*rows));
		}
		if (rows == NULL) {
			return false;
		}
		w->rows = rows;
		w->cap = cap;
	}
	w->rows[w->n++] = (struct text_row){ .start = w->start, .end = end };
	w->start = next_start;
	w->break_at = next_start;
	return true;
}

/* Kanji, kana and full-width signs: text that may be broken without a blank. */
static bool
is_loose(unsigned bits)
{
	return (bits & WIDTH_IDEO) != 0 || (bits & WIDTH_COLS) == 2;
}

/* Whether a row may end between the cluster before and one with these bits. */
static bool
wrap_may_break(const struct wrap *w, unsigned bits)
{
	bool no_start = (bits & WIDTH_NO_START) != 0;

	if (w->prev_is_blank) {
		/* "/etc" may begin a row, "、" may not even after a blank. */
		return !(no_start && is_loose(bits));
	}
	return !no_start && (w->prev & WIDTH_NO_END) == 0 && (is_loose(w->prev) || is_loose(bits));
}

/* Takes the cluster [pos, next) of `s` into the rows; false: out of memory. */
static bool
wrap_add(struct wrap *w, const char *s, size_t pos, size_t next)
{
	uint32_t cp = 0xfffd;
	size_t n = text_decode(s + pos, next - pos, &cp);
	unsigned bits = width_bits_of(cp);
	/* A blank that carries a mark is seen: it may not hang over the last column. */
	bool blank = (cp == ' ' || cp == 0x3000) && n == next - pos;
	int width = n == next - pos ? width_of(cp) : text_width(s + pos, next - pos);

	if (pos > w->start && !blank && wrap_may_break(w, bits)) {
		w->break_at = pos;
		w->break_width = w->width;
	}
	/* Twice at most: after the last lawful place, a word may still be too long. */
	while (!blank && pos > w->start && w->width + width > w->cols) {
		size_t end = w->break_at > w->start ? w->break_at : pos;

		w->width = end == pos ? 0 : w->width - w->break_width;
		if (!wrap_push(w, end, end)) {
			return false;
		}
	}
	w->width += width > 0 ? width : 0;
	w->prev = bits;
	w->prev_is_blank = blank;
	return true;
}

enum err
text_wrap(const char *s, size_t len, int cols, struct text_row **ret_rows, size_t *ret_n)
{
	struct wrap w = { .cols = cols < 2 ? 2 : cols };
	bool ok = true;

	for (size_t pos = 0; ok && pos < len;) {
		size_t next = text_next(s, len, pos);

		if (s[pos] == '\n') {
			ok = wrap_push(&w, pos, next);
			w.width = 0;
		} else {
			ok = wrap_add(&w, s, pos, next);
		}
		pos = next;
	}
	ok = ok && wrap_push(&w, len, len);
	if (!ok) {
		free(w.rows);
		return ERR_NOMEM;
	}
	*ret_rows = w.rows;
	*ret_n = w.n;
	return ERR_OK;
}
