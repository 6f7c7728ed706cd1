/* SPDX-License-Identifier: MIT */
/*
 * Text from people: validity, clusters, width, and the one function through
 * which all of it passes before it is shown.  UTF-8 throughout; lengths are in
 * bytes, widths in terminal columns.
 */
#ifndef TOBAN_BASE_TEXT_H
#define TOBAN_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toban/base/arena.h"
#include "toban/base/err.h"
#include "toban/base/str.h"

/* Whether the `len` bytes are well-formed UTF-8 (no surrogates, no overlongs). */
bool utf8_valid(const char *s, size_t len);

/*
 * Columns an ambiguous-width character takes: 1 (default) or 2 when the
 * terminal was found to draw them wide.  Process-wide, because ncurses asks
 * the same table through our wcwidth(); set once before curses starts.
 */
void width_set_ambiguous(int cols);

/* Columns of one code point: 0, 1, 2; -1 for controls, surrogates and unassigned. */
int width_of(uint32_t code_point);

/*
 * Byte offset of the next/previous grapheme cluster boundary (UAX #29) from the
 * boundary `pos`; stays at len or 0.  A byte that is no UTF-8 is a character.
 */
size_t text_next(const char *s, size_t len, size_t pos);
size_t text_prev(const char *s, size_t len, size_t pos);

/* Columns of text that already went through text_show(). */
int text_width(const char *s, size_t len);

/* What text_show() leaves alone. */
enum text_flags {
	TEXT_LINE = 0,         /* newline and tab become visible marks too */
	TEXT_KEEP_NEWLINE = 1, /* newlines stay: the caller lays out rows */
	TEXT_FOLD = 2,         /* newlines and tabs become a blank: many lines in one row */
};

/*
 * THE safe function (docs/security.md): appends `s` so that no byte of it can command
 * a terminal, a log or a mail reader.  C0, C1, DEL, bidi controls, zero-width,
 * line/paragraph separators, tag characters, halves of flags and unassigned
 * code points become visible ASCII marks such as <U+202E>, tabs <U+0009>; bytes
 * that are no UTF-8 become <hFF>; of the combining marks of a letter the first
 * 4 are shown and the rest counted: <+96>.  Emoji sequences are shown as their
 * first code point.  A mark with no letter before it in `s` is made visible, so
 * that nothing joins what was in `out`.  The stored text is never changed, only
 * what is shown; shown text passes unchanged.
 */
void text_show(struct str *out, const char *s, size_t len, enum text_flags flags);

/*
 * printf into the arena, the result in the form of text_show() on one line: for
 * findings that quote a file which may hold anything.  NULL without memory.
 */
char *text_vprintf(struct arena *arena, const char *fmt, va_list args) printf_like(2, 0);

/*
 * Appends what fits into `cols` columns, whole clusters only, and pads with
 * blanks to exactly `cols`.  The text passes text_show() on the way, so it may
 * be raw; only as much of it is read as may fit.  Returns true if something was
 * cut off.
 */
bool text_fit(struct str *out, const char *s, size_t len, int cols);

/*
 * The same, but what was cut ends with dots, so that nobody takes half a name for
 * a whole one: "...", in less than 8 columns "..", in less than 4 none.
 */
void text_fit_dots(struct str *out, const char *s, size_t len, int cols);
const char *text_dots(int cols);

/* One row of wrapped text: bytes [start, end), end excludes the newline. */
struct text_row {
	size_t start;
	size_t end;
};

/*
 * Wraps shown text into rows of at most `cols` columns (>= 2): at newlines,
 * at blanks for Latin, between clusters for Japanese with simple kinsoku (no
 * closing mark at a row's start, no opening mark at its end).  Rows follow each
 * other without a gap but the newline, so every offset has one row; blanks at a
 * break belong to the row they end and may hang over its last column.  A text of
 * 0 bytes has one empty row, and one that ends with a newline an empty last row.
 * *ret_rows is free()d by the caller; ERR_NOMEM.
 */
enum err text_wrap(const char *s, size_t len, int cols, struct text_row **ret_rows, size_t *ret_n);

/*
 * Appends the form in which text is compared and searched: NFKC, case folded,
 * full-width Latin to ASCII, half-width kana to full-width, hiragana kept.
 * Folding folded text changes nothing; a byte that is no UTF-8 becomes U+FFFD.
 */
void text_fold(struct str *out, const char *s, size_t len);

/*
 * Whether text may be taken as input: valid UTF-8, no C0, C1 or DEL controls but
 * newline and tab.  *ret_at (may be NULL) is the offset of the first fault.
 */
bool text_input_ok(const char *s, size_t len, size_t *ret_at);

/*
 * Composes a base letter with a following U+3099/U+309A or Latin combining
 * mark, and nothing else: plain NFC would change people's names (U+FA19).
 */
void text_compose(struct str *out, const char *s, size_t len);

/* A full-width ASCII form or blank (U+3000) as ASCII, others unchanged. */
uint32_t text_fold_key(uint32_t code_point);

#endif
