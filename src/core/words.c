/* SPDX-License-Identifier: MIT */
/*
 * Lists of plain words, as definition files and forms use them.
 */
#include "words.h"

#include <string.h>

#include "toban/base/str.h"

bool
words_same(const char *a, const char *b)
{
	/* Long lists are looked through by it: most words differ in their first letter. */
	return a != NULL && b != NULL && a[0] == b[0] && strcmp(a, b) == 0;
}

bool
word_list_has(const struct word_list *list, const char *word)
{
	for (size_t i = 0; i < list->n; i++) {
		if (words_same(list->items[i], word)) {
			return true;
		}
	}
	return false;
}

static size_t
words_count(const char *text, const char *separators)
{
	size_t n = 0;

	for (const char *p = text + strspn(text, separators); *p != '\0';) {
		n++;
		p += strcspn(p, separators);
		p += strspn(p, separators);
	}
	return n;
}

bool
words_split(
	struct arena *arena, const char *text, const char *separators, struct word_list *ret_list)
{
	size_t n = words_count(text, separators);
	const char **items = arena_array(arena, n, sizeof(*items));
	const char *p = text + strspn(text, separators);

	if (items == NULL) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		size_t len = strcspn(p, separators);

		items[i] = arena_strndup(arena, p, len);
		if (items[i] == NULL) {
			return false;
		}
		p += len;
		p += strspn(p, separators);
	}
	*ret_list = (struct word_list){ items, n };
	return true;
}

struct word_list
words_of(const char *const *table)
{
	struct word_list list = { table, 0 };

	while (table[list.n] != NULL) {
		list.n++;
	}
	return list;
}

const char *
words_join(struct arena *arena, const struct word_list *list, const char *separator)
{
	struct str text = STR_INIT;
	const char *joined;

	for (size_t i = 0; i < list->n; i++) {
		str_add(&text, i > 0 ? separator : "");
		str_add(&text, list->items[i]);
	}
	joined = text.failed ? NULL : arena_strdup(arena, str_text(&text));
	str_release(&text);
	return joined;
}

bool
words_is_plain(const char *word, char joiner)
{
	bool joint = true; /* at the start a joiner would be the second in a row */

	if (word[0] >= '0' && word[0] <= '9') {
		return false;
	}
	for (const char *p = word; *p != '\0'; p++) {
		bool plain = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9');

		if (!plain && (*p != joiner || joint)) {
			return false;
		}
		joint = !plain;
	}
	return !joint;
}
