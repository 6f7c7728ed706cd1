/* SPDX-License-Identifier: MIT */
/*
 * The longest common subsequence by the textbook table, after the common
 * beginning and end are set aside: reports are short, the table is exact.
 */
#include "toban/print/diff.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "toban/base/attr.h"

/* Cells of the table, 8 MiB; beyond it what differs is told as replaced. */
enum { TABLE_MAX = 2 * 1024 * 1024 };

/* A clause with all that belongs to it, blanks and newline too: that is compared. */
struct clause {
	const char *text;
	size_t whole;
	size_t shown;
	bool last; /* the text ends with it, so that no blanks behind it part it from another */
};

struct clauses {
	struct clause *items;
	size_t n;
	size_t cap;
};

struct work {
	struct arena *arena;
	struct clauses before;
	struct clauses after;
	struct diff *diff;
	size_t cap;
};

/* Bytes of the mark that ends a clause here; 0: none. */
static size_t
end_mark(const char *text)
{
	static const char *const marks[] = { "\n", "。", "！", "？", "．", ". ", "! ", "? ", "; " };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		size_t len = strlen(marks[i]);

		if (strncmp(text, marks[i], len) == 0) {
			return len;
		}
	}
	return 0;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

/* The clause at `text`: a newline behind the end of a sentence belongs to it. */
static struct clause
cut(const char *text)
{
	struct clause clause = { .text = text };
	size_t mark = 0;

	while (text[clause.whole] && mark == 0) {
		mark = end_mark(text + clause.whole);
		clause.whole += mark ? mark : 1;
	}
	while (mark && is_blank(text[clause.whole])) {
		clause.whole++;
	}
	clause.shown = clause.whole;
	while (clause.shown > 0 && is_blank(text[clause.shown - 1])) {
		clause.shown--;
	}
	clause.last = text[clause.whole] == '\0';
	return clause;
}

static enum err
cut_all(struct arena *arena, const char *text, struct clauses *out)
{
	while (*text) {
		struct clause *items =
			arena_extend(arena, out->items, out->n, &out->cap, sizeof(*items));

		if (!items) {
			return ERR_NOMEM;
		}
		out->items = items;
		items[out->n] = cut(text);
		text += items[out->n].whole;
		out->n++;
	}
	return ERR_OK;
}

static bool
is_same(const struct clause *a, const struct clause *b)
{
	bool as_shown = a->shown == b->shown && memcmp(a->text, b->text, a->shown) == 0;

	return as_shown &&
		(a->last || b->last ||
			(a->whole == b->whole && memcmp(a->text, b->text, a->whole) == 0));
}

static enum err
add(struct work *work, enum diff_kind kind, const struct clause *clause)
{
	struct diff *diff = work->diff;
	struct diff_line *lines =
		arena_extend(work->arena, diff->lines, diff->n, &work->cap, sizeof(*lines));

	if (!lines) {
		return ERR_NOMEM;
	}
	diff->lines = lines;
	if (kind != DIFF_SAME && (diff->n == 0 || lines[diff->n - 1].kind == DIFF_SAME)) {
		diff->changes++;
	}
	lines[diff->n++] = (struct diff_line){ kind, clause->text, clause->shown };
	return ERR_OK;
}

static enum err
add_run(struct work *work, enum diff_kind kind, const struct clause *items, size_t n)
{
	enum err e = ERR_OK;

	for (size_t i = 0; !e && i < n; i++) {
		e = add(work, kind, &items[i]);
	}
	return e;
}

/* table[i][k]: how many clauses the rests from i and from k have in common at most. */
static void
fill_table(uint32_t *table, const struct clauses *a, const struct clauses *b)
{
	size_t width = b->n + 1;

	for (size_t i = a->n; i-- > 0;) {
		for (size_t k = b->n; k-- > 0;) {
			uint32_t down = table[(i + 1) * width + k];
			uint32_t right = table[i * width + k + 1];

			if (is_same(&a->items[i], &b->items[k])) {
				table[i * width + k] = table[(i + 1) * width + k + 1] + 1;
			} else {
				table[i * width + k] = down >= right ? down : right;
			}
		}
	}
}

/* Adds a change: all that was removed between two same clauses, then all that was added. */
static enum err
add_change(struct work *work, const struct clauses *removed, const struct clauses *added)
{
	enum err e = add_run(work, DIFF_REMOVED, removed->items, removed->n);

	return e ? e : add_run(work, DIFF_ADDED, added->items, added->n);
}

static enum err
follow_table(
	struct work *work, const uint32_t *table, const struct clauses *a, const struct clauses *b)
{
	size_t width = b->n + 1;
	size_t i = 0;
	size_t k = 0;
	enum err e = ERR_OK;

	while (!e && (i < a->n || k < b->n)) {
		struct clauses removed = { .items = a->items + i };
		struct clauses added = { .items = b->items + k };

		while ((i < a->n || k < b->n) &&
			!(i < a->n && k < b->n && is_same(&a->items[i], &b->items[k]))) {
			bool down = k == b->n ||
				(i < a->n &&
					table[(i + 1) * width + k] >= table[i * width + k + 1]);

			removed.n += down;
			added.n += !down;
			i += down;
			k += !down;
		}
		e = add_change(work, &removed, &added);
		if (!e && i < a->n && k < b->n) {
			e = add(work, DIFF_SAME, &b->items[k]);
			i++;
			k++;
		}
	}
	return e;
}

static enum err
compare(struct work *work, const struct clauses *a, const struct clauses *b)
{
	uint32_t *table;

	if (a->n == 0 || b->n == 0 || (a->n + 1) > TABLE_MAX / (b->n + 1)) {
		return add_change(work, a, b);
	}
	table = arena_array(work->arena, (a->n + 1) * (b->n + 1), sizeof(*table));
	if (!table) {
		return ERR_NOMEM;
	}
	fill_table(table, a, b);
	return follow_table(work, table, a, b);
}

enum err
diff_texts(struct arena *arena, const char *before, const char *after, struct diff *ret_diff)
{
	struct diff diff = { NULL, 0, 0 };
	struct work work = { .arena = arena, .diff = &diff };
	struct clauses *a = &work.before;
	struct clauses *b = &work.after;
	struct clauses rest_a;
	struct clauses rest_b;
	size_t head = 0;
	size_t tail = 0;
	enum err e = cut_all(arena, before, a);

	if (!e) {
		e = cut_all(arena, after, b);
	}
	if (e) {
		return e;
	}
	while (head < a->n && head < b->n && is_same(&a->items[head], &b->items[head])) {
		head++;
	}
	while (tail < a->n - head && tail < b->n - head &&
		is_same(&a->items[a->n - 1 - tail], &b->items[b->n - 1 - tail])) {
		tail++;
	}
	/* No items, no address: an empty text has no clauses to point at. */
	rest_a =
		(struct clauses){ .items = a->n ? a->items + head : NULL, .n = a->n - head - tail };
	rest_b =
		(struct clauses){ .items = b->n ? b->items + head : NULL, .n = b->n - head - tail };
	e = add_run(&work, DIFF_SAME, b->items, head);
	if (!e) {
		e = compare(&work, &rest_a, &rest_b);
	}
	if (!e && tail > 0) {
		e = add_run(&work, DIFF_SAME, b->items + b->n - tail, tail);
	}
	if (!e) {
		*ret_diff = diff;
	}
	return e;
}
