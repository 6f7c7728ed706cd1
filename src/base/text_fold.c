/* SPDX-License-Identifier: MIT */
/*
 * Two changes of form: the folded text that is searched, and the composed text
 * that is kept.
 */
#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <uninorm.h>

#include "text_part.h"
#include "toban/base/text.h"

/* Copies `s` with U+FFFD for every byte that is no UTF-8: the library stops there. */
static void
repair(struct str *out, const char *s, size_t len)
{
	for (size_t at = 0; at < len;) {
		uint32_t cp = 0;
		size_t n = text_decode(s + at, len - at, &cp);

		if (n > 0) {
			str_add_n(out, s + at, n);
		} else {
			text_encode(out, 0xfffd);
		}
		at += n > 0 ? n : 1;
	}
}

static void
fold_ascii(struct str *out, const char *s, size_t len)
{
	if (!str_reserve(out, len)) {
		return;
	}
	for (size_t i = 0; i < len; i++) {
		bool upper = s[i] >= 'A' && s[i] <= 'Z';

		out->data[out->len + i] = (char)(upper ? s[i] - 'A' + 'a' : s[i]);
	}
	out->len += len;
	out->data[out->len] = '\0';
}

/* NFKC, case folding, NFKC: the first one because U+3392 hides capitals ("MHz"). */
static void
fold_valid(struct str *out, const char *s, size_t len)
{
	uint8_t *normal = NULL;
	uint8_t *folded = NULL;
	size_t n = 0;

	normal = u8_normalize(UNINORM_NFKC, (const uint8_t *)s, len, NULL, &n);
	if (normal != NULL) {
		folded = u8_casefold(normal, n, NULL, UNINORM_NFKC, NULL, &n);
	}
	if (folded != NULL) {
		str_add_n(out, (const char *)folded, n);
	} else {
		out->failed = true; /* valid UTF-8 fails only for want of memory */
	}
	free(folded);
	free(normal);
}

/* Whether a Latin combining mark may be composed with this letter. */
static bool
is_latin(uint32_t cp)
{
	return (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z') || (cp >= 0xc0 && cp < 0x250) ||
		(cp >= 0x1e00 && cp < 0x1f00);
}

void
text_fold(struct str *out, const char *s, size_t len)
{
	struct str fixed = STR_INIT;

	if (text_is_plain(s, len)) {
		fold_ascii(out, s, len);
		return;
	}
	if (utf8_valid(s, len)) {
		fold_valid(out, s, len);
		return;
	}
	repair(&fixed, s, len);
	if (fixed.failed) {
		out->failed = true;
	} else {
		fold_valid(out, fixed.data, fixed.len);
	}
	str_release(&fixed);
}

void
text_compose(struct str *out, const char *s, size_t len)
{
	uint32_t base = 0; /* the code point appended last, 0: none */
	size_t base_at = 0;

	for (size_t at = 0; at < len;) {
		uint32_t cp = 0;
		uint32_t both = 0;
		size_t n = text_decode(s + at, len - at, &cp);

		if (n == 0) {
			str_add_char(out, s[at++]);
			base = 0;
			continue;
		}
		if (cp == 0x3099 || cp == 0x309a || (cp >= 0x300 && cp < 0x370 && is_latin(base))) {
			both = uc_composition(base, cp);
		}
		if (both != 0) {
			str_truncate(out, base_at);
		}
		base = both != 0 ? both : cp;
		base_at = out->len;
		text_encode(out, base);
		at += n;
	}
}

uint32_t
text_fold_key(uint32_t code_point)
{
	if (code_point >= 0xff01 && code_point <= 0xff5e) {
		return code_point - 0xff01 + '!';
	}
	return code_point == 0x3000 ? ' ' : code_point;
}
