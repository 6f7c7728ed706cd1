/* SPDX-License-Identifier: MIT */
/*
 * Keys: their names, their folding in command context, and the lookup in
 * action tables.
 */
#include "keys.h"

#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

struct label {
	int code;
	const char *label;
};

static const struct label labels[] = {
	{ K_TAB, N_("Tab") },
	{ K_ENTER, N_("Enter") },
	{ K_ESC, N_("Esc") },
	{ ' ', N_("Space") },
	{ K_UNDO, "Ctrl-_" },
	{ K_REDO, "Ctrl-^" },
	{ K_UP, N_("Up") },
	{ K_DOWN, N_("Down") },
	{ K_LEFT, N_("Left") },
	{ K_RIGHT, N_("Right") },
	{ K_HOME, "Home" },
	{ K_END, "End" },
	{ K_PGUP, "PgUp" },
	{ K_PGDN, "PgDn" },
	{ K_BACKSPACE, "Backspace" },
	{ K_DELETE, "Del" },
	{ K_BACKTAB, "S-Tab" },
	{ K_WORD_LEFT, "Ctrl-Left" },
	{ K_WORD_RIGHT, "Ctrl-Right" },
	{ K_TEXT_HOME, "Ctrl-Home" },
	{ K_TEXT_END, "Ctrl-End" },
	{ K_F1, "F1" },
	{ K_F2, "F2" },
	{ K_F3, "F3" },
	{ K_F4, "F4" },
	{ K_F5, "F5" },
	{ K_F6, "F6" },
	{ K_F7, "F7" },
	{ K_F8, "F8" },
	{ K_F9, "F9" },
	{ K_F10, "F10" },
	{ K_F11, "F11" },
	{ K_F12, "F12" },
};

bool
key_is_text(const struct key *key)
{
	return key->code >= ' ' && key->code != 0x7f && key->code < K_FN &&
		!(key->code >= 0x80 && key->code < 0xa0);
}

size_t
key_utf8(const struct key *key, char out[5])
{
	uint32_t c = (uint32_t)key->code;
	size_t n = 0;

	if (!key_is_text(key) || (c >= 0xd800 && c < 0xe000)) {
		return 0;
	}
	if (c < 0x80) {
		out[n++] = (char)c;
	} else if (c < 0x800) {
		out[n++] = (char)(0xc0 | c >> 6);
		out[n++] = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		out[n++] = (char)(0xe0 | c >> 12);
		out[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		out[n++] = (char)(0x80 | (c & 0x3f));
	} else {
		out[n++] = (char)(0xf0 | c >> 18);
		out[n++] = (char)(0x80 | (c >> 12 & 0x3f));
		out[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		out[n++] = (char)(0x80 | (c & 0x3f));
	}
	out[n] = '\0';
	return n;
}

int
key_command(const struct key *key)
{
	if (key->code >= 0x80 && key->code < K_FN) {
		return (int)text_fold_key((uint32_t)key->code);
	}
	return key->code;
}

bool
key_is_kana(const struct key *key)
{
	int c = key_command(key);

	/* Its punctuation, too: the input method makes it of ".", "," and brackets. */
	return (c >= 0x3001 && c <= 0x300d) || (c >= 0x3041 && c <= 0x30ff) ||
		(c >= 0xff66 && c <= 0xff9f) ||
		(c >= 0x3400 && c <= 0x9fff);
}

const struct action *
action_find_key(const struct action *table, int code)
{
	if (code == K_NONE) {
		return NULL;
	}
	for (; table && table->name; table++) {
		if (table->key == code || table->alias == code) {
			return table;
		}
	}
	return NULL;
}

const struct action *
action_find_name(const struct action *table, const char *name)
{
	for (; table && table->name; table++) {
		if (strcmp(table->name, name) == 0) {
			return table;
		}
	}
	return NULL;
}

void
key_label(struct str *out, int code)
{
	struct key key = { .code = code };
	char utf8[5];

	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		if (labels[i].code == code) {
			str_add(out, _(labels[i].label));
			return;
		}
	}
	if (code > 0 && code < ' ') {
		str_addf(out, "Ctrl-%c", code + '@');
		return;
	}
	if (key_utf8(&key, utf8) > 0) {
		str_add(out, utf8);
	}
}
