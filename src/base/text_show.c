/* SPDX-License-Identifier: MIT */
/*
 * The safe function: what people wrote, in a form that commands nothing and
 * hides nothing.  Measured need: ncurses makes escape sequences and C1 controls
 * harmless, but passes U+202E, U+2066, U+200B, U+FEFF and tag characters on to
 * the terminal and obeys CR, LF, TAB and BS; everything outside of ncurses has
 * no protection at all.
 */
#include "toban/base/text.h"

#include <stdio.h>
#include <stdlib.h>

#include "text_part.h"
#include "width.h"

/* A curses cell holds five code points: the letter and four marks. */
#define MARKS_MAX 4

#define VS15 0xfe0e
#define VS16 0xfe0f
#define KEYCAP 0x20e3

/* The letter that marks would join, and what joined it already. */
struct shower {
	struct str *out;
	uint32_t base; /* 0: none, a mark would join something that is not text */
	size_t marks;
	size_t left_out;
};

static bool
is_selector(uint32_t cp)
{
	return (cp >= 0xfe00 && cp <= 0xfe0f) || (cp >= 0xe0100 && cp <= 0xe01ef);
}

static bool
is_skin(uint32_t cp)
{
	return cp >= 0x1f3fb && cp <= 0x1f3ff;
}

static bool
is_keycap_base(uint32_t cp)
{
	return (cp >= '0' && cp <= '9') || cp == '#' || cp == '*';
}

/* Half of a flag: no two terminals agree on its columns. */
static bool
is_regional(uint32_t cp)
{
	return cp >= 0x1f1e6 && cp <= 0x1f1ff;
}

/* Bytes at `s` that only change how the emoji `base` is drawn; 0 if none do. */
static size_t
emoji_tail(uint32_t base, const char *s, size_t len)
{
	bool pict = (width_bits_of(base) & WIDTH_PICT) != 0;
	size_t at = 0;

	if (!pict && !is_keycap_base(base)) {
		return 0;
	}
	while (at < len) {
		uint32_t cp = 0;
		uint32_t joined = 0;
		size_t n = text_decode(s + at, len - at, &cp);

		if (n == 0) {
			break;
		}
		if (cp == VS15 || cp == VS16 || (pict ? is_skin(cp) : cp == KEYCAP)) {
			at += n;
			continue;
		}
		if (!pict || cp != ZWJ || at + n == len) {
			break;
		}
		at += n;
		n = text_decode(s + at, len - at, &joined);
		if (n == 0 || (width_bits_of(joined) & WIDTH_PICT) == 0) {
			return at - 3; /* the joiner joins nothing: it is shown as a mark */
		}
		at += n;
	}
	return at;
}

/* Ends the current letter; says how many marks were too many for it. */
static void
shower_close(struct shower *w)
{
	if (w->left_out > 0) {
		str_addf(w->out, "<+%zu>", w->left_out);
	}
	w->base = 0;
	w->marks = 0;
	w->left_out = 0;
}

static void
shower_mark(struct shower *w, uint32_t cp)
{
	shower_close(w);
	str_addf(w->out, "<U+%04X>", (unsigned)cp);
}

/* A combining mark or variation selector. */
static void
shower_join(struct shower *w, uint32_t cp)
{
	bool fits = w->base != 0;

	/* Selectors choose the shape of a kanji in a name (葛󠄀); elsewhere they hide. */
	if (is_selector(cp)) {
		fits = fits && w->marks == 0 && (width_bits_of(w->base) & WIDTH_IDEO) != 0;
	}
	if (!fits) {
		shower_mark(w, cp);
	} else if (w->marks < MARKS_MAX) {
		text_encode(w->out, cp);
		w->marks++;
	} else {
		w->left_out++;
	}
}

/* One code point of `n` bytes at `s`; returns the bytes that are dealt with. */
static size_t
shower_point(struct shower *w, uint32_t cp, const char *s, size_t n, size_t len)
{
	unsigned bits = width_bits_of(cp);

	if ((bits & WIDTH_MARK) != 0 && ((bits & WIDTH_HIDDEN) == 0 || is_selector(cp))) {
		shower_join(w, cp);
		return n;
	}
	if ((bits & WIDTH_HIDDEN) != 0 || is_regional(cp)) {
		shower_mark(w, cp);
		return n;
	}
	shower_close(w);
	str_add_n(w->out, s, n);
	w->base = cp;
	return n + emoji_tail(cp, s + n, len - n);
}

void
text_show(struct str *out, const char *s, size_t len, enum text_flags flags)
{
	struct shower w = { .out = out };
	size_t at = 0;

	if (text_is_plain(s, len)) {
		str_add_n(out, s, len);
		return;
	}
	(void)str_reserve(out, len); /* a failure is sticky in `out` */
	while (at < len && !out->failed) {
		uint32_t cp = 0;
		size_t n = text_decode(s + at, len - at, &cp);

		if (n == 0) {
			shower_close(&w);
			str_addf(out, "<h%02X>", (unsigned)(unsigned char)s[at]);
			at++;
		} else if (cp == '\n' && (flags & TEXT_KEEP_NEWLINE) != 0) {
			shower_close(&w);
			str_add_char(out, '\n');
			at++;
		} else if ((cp == '\n' || cp == '\t') && (flags & TEXT_FOLD) != 0) {
			shower_close(&w);
			str_add_char(out, ' ');
			at++;
		} else {
			at += shower_point(&w, cp, s + at, n, len - at);
		}
	}
	shower_close(&w);
}

char *
text_vprintf(struct arena *arena, const char *fmt, va_list args)
{
	struct str shown = STR_INIT;
	char *raw = NULL;
	char *text = NULL;
	int len = vasprintf(&raw, fmt, args);

	if (len < 0) {
		return NULL; /* `raw` is undefined then */
	}
	text_show(&shown, raw, (size_t)len, TEXT_LINE);
	text = shown.failed ? NULL : arena_strndup(arena, str_text(&shown), shown.len);
	str_release(&shown);
	free(raw);
	return text;
}
