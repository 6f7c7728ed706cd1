/* SPDX-License-Identifier: MIT */
/*
 * Code points, clusters and columns, and the layout of a text into one field.
 */
#include "toban/base/text.h"

#include <unigbrk.h>
#include <unistr.h>

#include "text_part.h"
#include "toban/base/attr.h"
#include "width.h"

/*
 * How many bytes a column text_fit() looks at, so that a long text in a narrow
 * field costs what the field costs: first what ordinary text has, then what a
 * letter with four marks has and more.
 */
static const size_t fit_bytes_per_col[] = { 4, 32 };

static bool
is_regional(uint32_t cp)
{
	return cp >= 0x1f1e6 && cp <= 0x1f1ff;
}

/*
 * Whether no cluster rule ever joins this code point to a neighbour of the same
 * sort: printable ASCII, kanji and kana.  Saves the library's lookup for nearly
 * all text there is.
 */
static bool
is_simple(uint32_t cp)
{
	return cp < 0x80 ? cp >= 0x20 && cp != 0x7f : (width_bits_of(cp) & WIDTH_IDEO) != 0;
}

/* Decodes like text_decode(); a bad byte counts as U+FFFD of one byte. */
static size_t
decode_lossy(const char *s, size_t len, uint32_t *ret_cp)
{
	size_t n = text_decode(s, len, ret_cp);

	if (n == 0) {
		*ret_cp = 0xfffd;
		return 1;
	}
	return n;
}

/* Where the code point (or bad byte) before `pos` > 0 begins. */
static size_t
point_before(const char *s, size_t pos)
{
	uint32_t cp = 0;

	for (size_t n = 1; n <= 4 && n <= pos; n++) {
		if (((unsigned char)s[pos - n] & 0xc0) != 0x80) {
			return text_decode(s + pos - n, n, &cp) == n ? pos - n : pos - 1;
		}
	}
	return pos - 1;
}

/*
 * A grapheme cluster as far as it is read (UAX #29).  libunistring 1.0 decides
 * by two neighbours only, which cuts flags and joined emoji apart; so the two
 * rules that look further back (GB11, GB12) are here.
 */
struct cluster {
	uint32_t last;
	bool pict;     /* a pictograph and nothing but its extensions: may be joined */
	bool regional; /* one half of a flag, waiting for the other */
};

static void
cluster_begin(struct cluster *c, uint32_t cp)
{
	c->last = cp;
	c->pict = (width_bits_of(cp) & WIDTH_PICT) != 0;
	c->regional = is_regional(cp);
}

/* Whether `cp` belongs to the cluster; takes it in if so. */
static bool
cluster_takes(struct cluster *c, uint32_t cp)
{
	bool pict = (width_bits_of(cp) & WIDTH_PICT) != 0;

	if (is_simple(c->last) && is_simple(cp)) {
		return false;
	}
	if (c->regional && is_regional(cp)) {
		c->regional = false;
	} else if (c->pict && c->last == ZWJ && pict) {
		c->pict = true;
	} else if (uc_is_grapheme_break(c->last, cp)) {
		return false;
	} else {
		int property = uc_graphemeclusterbreak_property(cp);

		c->regional = false;
		c->pict = c->pict && (property == GBP_EXTEND || property == GBP_ZWJ);
	}
	c->last = cp;
	return true;
}

/* Whether a cluster certainly begins at `pos`, 0 < pos < len. */
static bool
is_sure_boundary(const char *s, size_t len, size_t pos)
{
	size_t before = point_before(s, pos);
	uint32_t a = 0;
	uint32_t b = 0;

	(void)decode_lossy(s + before, len - before, &a);
	(void)decode_lossy(s + pos, len - pos, &b);
	if (is_simple(a) && is_simple(b)) {
		return true;
	}
	/* Flags and joined emoji depend on more than the two neighbours. */
	return a != ZWJ && !is_regional(a) && uc_is_grapheme_break(a, b);
}

/* The first `max` bytes of the text or a little less, so as not to cut a code point. */
static size_t
fit_prefix(const char *s, size_t len, size_t max)
{
	return len > max ? point_before(s, max) : len;
}

/* Where the clusters end that fit into `cols`; *ret_used is their width. */
static size_t
fit_end(const struct str *shown, int cols, int *ret_used)
{
	size_t end = 0;
	int used = 0;

	while (end < shown->len) {
		size_t next = text_next(shown->data, shown->len, end);
		int width = text_width(shown->data + end, next - end);

		if (used + width > cols) {
			break;
		}
		used += width;
		end = next;
	}
	*ret_used = used;
	return end;
}

bool
utf8_valid(const char *s, size_t len)
{
	return len == 0 || u8_check((const uint8_t *)s, len) == NULL;
}

size_t
text_decode(const char *s, size_t len, uint32_t *ret_cp)
{
	ucs4_t cp = 0;
	int n = 0;

	if ((unsigned char)*s < 0x80) {
		*ret_cp = (unsigned char)*s;
		return 1;
	}
	n = u8_mbtoucr(&cp, (const uint8_t *)s, len);
	if (n <= 0) {
		return 0;
	}
	*ret_cp = cp;
	return (size_t)n;
}

void
text_encode(struct str *out, uint32_t code_point)
{
	uint8_t bytes[6];
	int n = u8_uctomb(bytes, code_point, sizeof(bytes));

	if (n > 0) {
		str_add_n(out, (const char *)bytes, (size_t)n);
	}
}

bool
text_is_plain(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)s[i] < 0x20 || (unsigned char)s[i] > 0x7e) {
			return false;
		}
	}
	return true;
}

size_t
text_next(const char *s, size_t len, size_t pos)
{
	struct cluster c = { 0 };
	uint32_t cp = 0;

	if (pos >= len) {
		return len;
	}
	pos += decode_lossy(s + pos, len - pos, &cp);
	cluster_begin(&c, cp);
	while (pos < len) {
		size_t n = decode_lossy(s + pos, len - pos, &cp);

		if (!cluster_takes(&c, cp)) {
			break;
		}
		pos += n;
	}
	return pos;
}

size_t
text_prev(const char *s, size_t len, size_t pos)
{
	size_t start = 0;
	size_t next = 0;

	pos = pos < len ? pos : len;
	if (pos == 0) {
		return 0;
	}
	/* Clusters are defined forwards: go back to a sure boundary and walk from there. */
	start = point_before(s, pos);
	while (start > 0 && !is_sure_boundary(s, len, start)) {
		start = point_before(s, start);
	}
	for (next = text_next(s, len, start); next < pos; next = text_next(s, len, start)) {
		start = next;
	}
	return start;
}

int
text_width(const char *s, size_t len)
{
	int cols = 0;

	for (size_t at = 0; at < len;) {
		uint32_t cp = 0;

		at += decode_lossy(s + at, len - at, &cp);
		if (width_of(cp) > 0) {
			cols += width_of(cp);
		}
	}
	return cols;
}

bool
text_fit(struct str *out, const char *s, size_t len, int cols)
{
	struct str shown = STR_INIT;
	size_t end = 0;
	int used = 0;
	bool cut = false;

	if (cols <= 0) {
		return len > 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(fit_bytes_per_col); i++) {
		size_t seen = fit_prefix(s, len, ((size_t)cols + 2) * fit_bytes_per_col[i]);

		str_clear(&shown);
		text_show(&shown, s, seen, TEXT_LINE);
		end = fit_end(&shown, cols, &used);
		cut = end < shown.len || seen < len;
		/* A row filled before the prefix ends is filled by the whole text as well. */
		if (end < shown.len || seen == len) {
			break;
		}
	}
	out->failed = out->failed || shown.failed;
	str_add_n(out, str_text(&shown), end);
	str_add_repeat(out, ' ', (size_t)(cols - used));
	str_release(&shown);
	return cut;
}

const char *
text_dots(int cols)
{
	return cols >= 8 ? "..." : cols >= 4 ? ".." : "";
}

void
text_fit_dots(struct str *out, const char *s, size_t len, int cols)
{
	size_t before = out->len;
	const char *dots = text_dots(cols);
	int room = cols - (int)strlen(dots);

	if (!text_fit(out, s, len, cols) || room == cols) {
		return;
	}
	str_truncate(out, before);
	(void)text_fit(out, s, len, room);
	while (out->len > before && str_text(out)[out->len - 1] == ' ') {
		str_truncate(out, out->len - 1);
	}
	str_add(out, dots);
	str_add_repeat(out, ' ',
		(size_t)(cols - text_width(str_text(out) + before, out->len - before)));
}

bool
text_input_ok(const char *s, size_t len, size_t *ret_at)
{
	for (size_t at = 0; at < len;) {
		uint32_t cp = 0;
		size_t n = text_decode(s + at, len - at, &cp);

		if (n == 0 || (cp < 0x20 && cp != '\n' && cp != '\t') ||
			(cp >= 0x7f && cp < 0xa0)) {
			if (ret_at != NULL) {
				*ret_at = at;
			}
			return false;
		}
		at += n;
	}
	return true;
}
