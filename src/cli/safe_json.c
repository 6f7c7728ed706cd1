/* SPDX-License-Identifier: MIT */
/*
 * Documents as JSON text that a terminal may see: Jansson escapes C0 and
 * nothing else, here everything is escaped that text_show() would mark.
 */
#include "command.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/text.h"

/* What a terminal might obey or a reader might not see; all of it lies beyond ASCII. */
static bool
is_delicate(const char *bytes, size_t len)
{
	struct str shown = STR_INIT;
	text_show(&shown, bytes, len, TEXT_LINE);
	bool same = shown.len == len && memcmp(str_text(&shown), bytes, len) == 0;
	str_release(&shown);
	return !same;
}

static void
add_escape(struct str *out, const char *bytes, size_t len)
{
	static const unsigned char lead_bits[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t cp = (unsigned char)bytes[0] & lead_bits[len];
	for (size_t i = 1; i < len; i++) {
		cp = cp << 6 | ((unsigned char)bytes[i] & 0x3f);
	}
	if (cp > 0xffff) {
		str_addf(out, "\\u%04x\\u%04x", (unsigned)(0xd800 + ((cp - 0x10000) >> 10)),
			(unsigned)(0xdc00 + ((cp - 0x10000) & 0x3ff)));
	} else {
		str_addf(out, "\\u%04x", (unsigned)cp);
	}
}

/* Kana and the common kanji are never delicate, and most of what is not ASCII. */
static bool
is_plain_japanese(const char *bytes, size_t len)
{
	return len == 3 &&
		((memcmp(bytes, "\u3041", 3) >= 0 && memcmp(bytes, "\u3096", 3) <= 0) ||
			(memcmp(bytes, "\u30a1", 3) >= 0 && memcmp(bytes, "\u30fe", 3) <= 0) ||
			(memcmp(bytes, "\u4e00", 3) >= 0 && memcmp(bytes, "\u9fa5", 3) <= 0));
}

void
safe_json(struct str *out, const json_t *document, size_t flags)
{
	static const unsigned char lengths[16] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4 };
	char *text = json_dumps(document, JSON_SORT_KEYS | flags);
	for (const char *at = text; at && *at;) {
		size_t len = lengths[(unsigned char)*at >> 4];
		if ((len > 1 || *at == 0x7f) && !is_plain_japanese(at, len) &&
			is_delicate(at, len)) {
			add_escape(out, at, len);
		} else {
			str_add_n(out, at, len);
		}
		at += len;
	}
	out->failed = out->failed || !text;
	free(text);
}
