/* SPDX-License-Identifier: MIT */
/*
 * Values in lines for people: see line.h.
 */
#include "line.h"

#include <string.h>

#include "toban/base/text.h"
#include "toban/notify/notify.h"

void
line_add_value(struct str *out, const char *text, int cols)
{
	struct str shown = STR_INIT;
	size_t pos = 0;
	int used = 0;

	text_show(&shown, text, strlen(text), TEXT_LINE);

	const char *s = str_text(&shown);

	while (pos < shown.len && used <= cols) {
		size_t next = text_next(s, shown.len, pos);

		used += text_width(s + pos, next - pos);
		if (used <= cols) {
			str_add_n(out, s + pos, next - pos);
			pos = next;
		}
	}
	if (pos < shown.len) {
		str_add(out, "…");
	}
	out->failed = out->failed || shown.failed;
	str_release(&shown);
}

char *
message_line_value(const char *text)
{
	struct str out = STR_INIT;

	line_add_value(&out, text, LINE_VALUE_COLS);
	return str_detach(&out);
}
