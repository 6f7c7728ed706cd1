/* SPDX-License-Identifier: MIT */
/*
 * Who is waited for, in words: as much as there is room for, the nearest limit first.
 */
#include <string.h>

#include "book.h"
#include "doc.h"
#include "paint.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

enum {
	NAME_LEAST = 5, /* columns of a name that still tell who it is */
	MORE_COLS = 4   /* " +12" */
};

bool
book_is_me(const struct book *book, const json_t *waiting)
{
	const json_t *me = book_my_record(book);
	const char *person = doc_text(waiting, "person");

	return person[0] ? strcmp(person, doc_text(me, "id")) == 0
			 : doc_holds(doc_list(me, "roles"), doc_text(waiting, "role"));
}

/* Of a role that is awaited somebody may be kept from the step: the row tells. */
static bool
may_be_me(const json_t *row)
{
	const json_t *mine = json_object_get(row, "mine");

	return !mine || json_is_true(mine);
}

bool
book_waits_for_me(const struct book *book, const json_t *row)
{
	size_t i;
	json_t *each;

	json_array_foreach(doc_list(row, "waiting_for"), i, each)
	{
		if (may_be_me(row) && book_is_me(book, each)) {
			return true;
		}
	}
	return false;
}

/*
 * Whether the first stands before the second: what is due first, of the same
 * moment one's own.  Rows are in the order of their nearest limit; with any other
 * limit beside them they would seem to be in none.
 */
static bool
comes_first(const struct book_waited *a, const struct book_waited *b)
{
	if (a->due != b->due) {
		return a->due != STAMP_NONE && (b->due == STAMP_NONE || a->due < b->due);
	}
	return a->mine && !b->mine;
}

static struct book_waited
pick(const struct book *book, const json_t *row, bool own)
{
	struct book_waited first = { .due = doc_time(row, "due_at") };
	stamp now = book_now(book);
	size_t late = 0;
	size_t i;
	json_t *each;

	json_array_foreach(doc_list(row, "waiting_for"), i, each)
	{
		struct book_waited next = { .entry = each,
			.mine = own && may_be_me(row) && book_is_me(book, each),
			.due = doc_time(each, "due_at") };

		first.for_me = first.for_me || next.mine;
		late += next.due != STAMP_NONE && next.due < now;
		if (!first.entry || comes_first(&next, &first)) {
			first.entry = next.entry;
			first.mine = next.mine;
			first.due = next.due;
		}
	}
	first.others = i > 0 ? i - 1 : 0;
	first.others_late =
		late > (size_t)(first.entry && first.due != STAMP_NONE && first.due < now);
	/* What others are waited for without a limit of their own has the case's. */
	if (first.entry && !first.mine && first.due == STAMP_NONE) {
		first.due = doc_time(row, "due_at");
	}
	first.late = first.due != STAMP_NONE && first.due < now &&
		(first.entry || doc_flag(row, "overdue"));
	return first;
}

struct book_waited
book_waited(const struct book *book, const json_t *row)
{
	return pick(book, row, true);
}

struct book_waited
book_waited_of_all(const struct book *book, const json_t *row)
{
	return pick(book, row, false);
}

/* What is done where a suspicion waits: either of two steps settles it. */
static bool
is_suspicion(struct book *book, const char *step)
{
	return strcmp(doc_text(book_step_record(book, step), "effect"), "confirm-suspicion") == 0;
}

const char *
book_awaited_step(struct book *book, const char *step)
{
	return is_suspicion(book, step) ? _("Settle the suspicion") : book_step(book, step);
}

const char *
book_short_awaited_step(struct book *book, const char *step)
{
	return is_suspicion(book, step) ? _("Settle doubt") : book_short_step(book, step);
}

static void
add_waited(struct book *book, const json_t *waiting, bool whole, struct str *out)
{
	const char *person = doc_text(waiting, "person");

	if (person[0]) {
		book_short_person(book, person, out);
	} else {
		str_add(out,
			whole ? book_role(book, doc_text(waiting, "role"))
			      : book_short_role(book, doc_text(waiting, "role")));
	}
}

/* --- one of them, in a column ------------------------------------------------------ */

/* " +2", and "!" behind it when somebody of them is late. */
static void
add_others(const struct book_waited *waited, struct str *out)
{
	if (waited->others > 0) {
		str_addf(out, " +%zu%s", waited->others, waited->others_late ? "!" : "");
	}
}

/* "Hasegawa: Acknowledge": of a name that is too long as much as leaves the step whole. */
static void
add_fitted(const char *who, const char *step, int cols, struct str *out)
{
	int room = cols - paint_width(step) - 2;

	if (room >= NAME_LEAST && paint_width(who) > room) {
		text_fit_dots(out, who, strlen(who), room);
	} else {
		str_add(out, who);
	}
	str_addf(out, ": %s", step);
}

void
book_waited_words(
	struct book *book, const struct book_waited *waited, int cols, struct str *ret_words)
{
	const char *step = doc_text(waited->entry, "step");
	struct str who = STR_INIT;
	struct str tail = STR_INIT;
	const char *words = book_awaited_step(book, step);
	int room;

	if (waited->mine) {
		str_add(&who, _("you"));
	} else {
		add_waited(book, waited->entry, false, &who);
	}
	add_others(waited, &tail);
	room = cols - paint_width(str_text(&tail));
	if (paint_width(str_text(&who)) + 2 + paint_width(words) > room) {
		words = book_short_awaited_step(book, step);
	}
	/* A whole name says more than how many others there are, unless one of them is late. */
	if (paint_width(str_text(&who)) + 2 + paint_width(words) > room && !waited->others_late) {
		str_clear(&tail);
		room = cols;
	}
	add_fitted(str_text(&who), words, room, ret_words);
	str_add(ret_words, str_text(&tail));
	str_release(&who);
	str_release(&tail);
}

/* --- all of them --------------------------------------------------------------------- */

/* How a group is written: roles and step whole, only the step, neither, of names the first. */
enum names { NAMES_WHOLE, NAMES_ROLES, NAMES_SHORT, NAMES_FIRST };

/*
 * The entries of one step from `at` on: "佐藤, 高橋: instruct", or the first and how
 * many more; returns the next one.
 */
static size_t
add_group(struct book *book, const json_t *waiting, size_t at, enum names names, struct str *out)
{
	const json_t *first = json_array_get(waiting, at);
	const char *step = doc_text(first, "step");
	size_t i = at;

	for (; i < json_array_size(waiting); i++) {
		const json_t *each = json_array_get(waiting, i);

		if (strcmp(doc_text(each, "step"), step) != 0) {
			break;
		}
		if (i == at || names != NAMES_FIRST) {
			str_add(out, i > at ? _(", ") : "");
			add_waited(book, each, names == NAMES_WHOLE, out);
		}
	}
	if (names == NAMES_FIRST && i > at + 1) {
		str_addf(out, " +%zu", i - at - 1);
	}
	str_addf(out, ": %s",
		names <= NAMES_ROLES ? book_awaited_step(book, step)
				     : book_short_awaited_step(book, step));
	return i;
}

static void
add_all(struct book *book, const json_t *waiting, enum names names, struct str *out)
{
	size_t at = 0;

	while (at < json_array_size(waiting)) {
		str_add(out, at > 0 ? "; " : "");
		at = add_group(book, waiting, at, names, out);
	}
}

void
book_waiting_all(struct book *book, const json_t *waiting, struct str *out)
{
	add_all(book, waiting, NAMES_WHOLE, out);
}

/* Adds one group as it fits into `room`; false: it does not. */
static bool
add_if_fits(struct book *book, const json_t *waiting, size_t at, int cols, struct str *out)
{
	int room = cols - paint_width(str_text(out));

	for (int names = NAMES_SHORT; names <= NAMES_FIRST; names++) {
		struct str part = STR_INIT;
		size_t next;
		bool fits;

		str_add(&part, at > 0 ? "; " : "");
		next = add_group(book, waiting, at, (enum names)names, &part);
		fits = paint_width(str_text(&part)) <=
			room - (next < json_array_size(waiting) ? MORE_COLS : 0);
		/* The first is shown in any case, cut where it is painted. */
		if (fits || (at == 0 && names == NAMES_FIRST)) {
			str_add(out, str_text(&part));
		}
		str_release(&part);
		if (fits) {
			return true;
		}
	}
	return at == 0;
}

/* The first entry behind those of the same step as the one at `at`. */
static size_t
next_group(const json_t *waiting, size_t at)
{
	const char *step = doc_text(json_array_get(waiting, at), "step");
	size_t i = at;

	while (i < json_array_size(waiting) &&
		strcmp(doc_text(json_array_get(waiting, i), "step"), step) == 0) {
		i++;
	}
	return i;
}

/* As many groups as there is room for, then how many more people wait. */
static void
add_some(struct book *book, const json_t *waiting, int cols, struct str *out)
{
	size_t n = json_array_size(waiting);
	size_t at = 0;

	while (at < n && add_if_fits(book, waiting, at, cols, out)) {
		at = next_group(waiting, at);
	}
	if (at < n) {
		str_addf(out, " +%zu", n - at);
	}
}

/* The one whose limit is shown first, then those of the same step: a new reference. */
static json_t *
in_order(const struct book *book, const json_t *row)
{
	const json_t *first = book_waited(book, row).entry;
	json_t *all = json_array();
	size_t i;
	json_t *each;

	if (first) {
		json_array_append(all, (json_t *)(uintptr_t)first);
	}
	for (int same = 1; same >= 0; same--) {
		json_array_foreach(doc_list(row, "waiting_for"), i, each)
		{
			bool alike = strcmp(doc_text(each, "step"), doc_text(first, "step")) == 0;

			if (each != first && alike == (same == 1)) {
				json_array_append(all, each);
			}
		}
	}
	return all;
}

void
book_waiting_fit(struct book *book, const json_t *row, int cols, struct str *out)
{
	json_t *waiting = in_order(book, row);
	struct str text = STR_INIT;

	for (int names = NAMES_WHOLE; names <= NAMES_ROLES; names++) {
		str_clear(&text);
		add_all(book, waiting, (enum names)names, &text);
		if (paint_width(str_text(&text)) <= cols) {
			break;
		}
	}
	if (paint_width(str_text(&text)) > cols) {
		str_clear(&text);
		add_some(book, waiting, cols, &text);
	}
	str_add(out, str_text(&text));
	str_release(&text);
	json_decref(waiting);
}
