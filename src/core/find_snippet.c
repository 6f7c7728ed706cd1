/* SPDX-License-Identifier: MIT */
/*
 * Marks in a text as it was written for words that were found in its folded
 * form.  Each cluster is folded by itself, so that a place in the folded text
 * leads back to the cluster it came from.
 */
#include <string.h>

#include "toban/base/text.h"
#include "toban/core/find.h"

/* Code points that stand before the first mark of a cut text. */
#define LEAD_CHARS 12

/* A text in clusters, folded, with the way back. */
struct folded {
	struct str text;
	size_t *raw_at;  /* for each byte of the folded text: its cluster's place in the text */
	size_t *raw_end; /* and where that cluster ends; both in code points */
};

static size_t
count_chars(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	}
	return n;
}

/* Folds the clusters one by one; writes the way back once there is room for it. */
static void
fold_clusters(const char *text, size_t len, struct folded *folded)
{
	size_t chars = 0;

	for (size_t at = 0; at < len;) {
		size_t next = text_next(text, len, at);
		size_t before = folded->text.len;
		size_t n = count_chars(text + at, next - at);

		text_fold(&folded->text, text + at, next - at);
		for (size_t i = before; folded->raw_at != NULL && i < folded->text.len; i++) {
			folded->raw_at[i] = chars;
			folded->raw_end[i] = chars + n;
		}
		chars += n;
		at = next;
	}
}

static enum err
fold_text(struct arena *arena, const char *text, size_t len, struct folded *folded)
{
	fold_clusters(text, len, folded); /* how long it becomes */
	if (folded->text.failed) {
		return ERR_NOMEM;
	}
	folded->raw_at = arena_array(arena, folded->text.len, sizeof(size_t));
	folded->raw_end = arena_array(arena, folded->text.len, sizeof(size_t));
	if (folded->raw_at == NULL || folded->raw_end == NULL) {
		return ERR_NOMEM;
	}
	str_clear(&folded->text);
	fold_clusters(text, len, folded);
	return folded->text.failed ? ERR_NOMEM : ERR_OK;
}

/* Marks what the words cover, a flag for each code point of the text. */
static void
cover(const struct folded *folded, const struct find_query *query, char *covered)
{
	const char *text = str_text(&folded->text);

	for (size_t i = 0; i < query->n_words; i++) {
		const char *word = query->words[i];
		size_t len = strlen(word);
		const char *found = strstr(text, word);

		for (; found != NULL; found = strstr(found + len, word)) {
			size_t from = folded->raw_at[found - text];
			size_t to = folded->raw_end[(size_t)(found - text) + len - 1];

			memset(covered + from, 1, to - from);
		}
	}
}

/* The byte at which the code point `n` begins. */
static size_t
byte_of(const char *text, size_t len, size_t n)
{
	size_t at = 0;

	for (; at < len; at++) {
		if (((unsigned char)text[at] & 0xc0) != 0x80 && n-- == 0) {
			break;
		}
	}
	return at;
}

static enum err
collect(struct arena *arena, const char *covered, size_t n, struct find_snippet *snippet)
{
	struct find_mark *marks = arena_array(arena, n / 2 + 1, sizeof(*marks));

	if (marks == NULL) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < n; i++) {
		if (covered[i] && i > 0 && covered[i - 1]) {
			marks[snippet->n - 1].len++;
		} else if (covered[i]) {
			marks[snippet->n++] = (struct find_mark){ i, 1 };
		}
	}
	snippet->marks = marks;
	return ERR_OK;
}

enum err
find_snippet(struct arena *arena, const struct find_query *query, const char *text, size_t most,
	struct find_snippet *ret_snippet)
{
	struct find_snippet snippet = { .text = "" };
	struct folded folded = { .text = STR_INIT };
	size_t len = strlen(text);
	size_t chars = count_chars(text, len);
	char *covered = arena_alloc(arena, chars + 1);
	const char *first;
	size_t from;
	size_t n;
	enum err err = covered ? fold_text(arena, text, len, &folded) : ERR_NOMEM;

	if (err == ERR_OK) {
		cover(&folded, query, covered);
	}
	str_release(&folded.text);
	if (err != ERR_OK) {
		return err;
	}
	first = memchr(covered, 1, chars);
	from = first && (size_t)(first - covered) > LEAD_CHARS && chars > most
		? (size_t)(first - covered) - LEAD_CHARS
		: 0;
	n = chars - from < most ? chars - from : most;
	snippet.text = arena_strndup(arena, text + byte_of(text, len, from),
		byte_of(text, len, from + n) - byte_of(text, len, from));
	err = snippet.text ? collect(arena, covered + from, n, &snippet) : ERR_NOMEM;
	if (err == ERR_OK) {
		*ret_snippet = snippet;
	}
	return err;
}
