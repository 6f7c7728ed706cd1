/* SPDX-License-Identifier: MIT */
/*
 * Telling a paste from typing by its keys (the time between them is the
 * terminal's matter).
 */
#include "burst.h"

#include "keys.h"

enum {
	TYPED_MOST = 3,  /* keys that may come at once from a person, with the end of a line */
	AHEAD_MOST = 64, /* characters anybody types while a line holds them back */
};

bool
burst_is_plain(int code)
{
	return key_is_text(&(struct key){ .code = code }) || code == K_ENTER || code == K_TAB;
}

bool
burst_is_paste(const int *keys, size_t n)
{
	bool line = false;
	size_t plain = 0;

	while (plain < n && burst_is_plain(keys[plain])) {
		line = line || keys[plain] == K_ENTER;
		plain++;
	}
	return plain > (line ? TYPED_MOST : AHEAD_MOST);
}

size_t
burst_text(const int *keys, size_t n, struct str *out)
{
	size_t i = 0;

	for (; i < n && burst_is_plain(keys[i]); i++) {
		char utf8[5];
		size_t len = key_utf8(&(struct key){ .code = keys[i] }, utf8);

		if (len > 0) {
			str_add_n(out, utf8, len);
		} else {
			str_add_char(out, (char)keys[i]);
		}
	}
	return i;
}
