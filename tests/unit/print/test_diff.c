/* SPDX-License-Identifier: MIT */
/*
 * The difference of two texts: what it shows, and that both texts can be put
 * together from it again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "toban/base/str.h"
#include "toban/print/diff.h"

/* The lines as a reader sees them: " same", "-removed", "+added". */
static void
expect_lines(const char *before, const char *after, const char *expected, size_t changes)
{
	struct arena *arena = arena_new();
	struct str seen = STR_INIT;
	struct diff diff;

	assert_non_null(arena);
	assert_int_equal(diff_texts(arena, before, after, &diff), ERR_OK);
	for (size_t i = 0; i < diff.n; i++) {
		str_add_char(&seen, " -+"[diff.lines[i].kind]);
		str_add_n(&seen, diff.lines[i].text, diff.lines[i].len);
		str_add_char(&seen, '|');
	}
	assert_string_equal(str_text(&seen), expected);
	assert_int_equal(diff.changes, changes);
	str_release(&seen);
	arena_free(arena);
}

static void
diff__equal_texts__have_no_change(void **state)
{
	(void)state;
	expect_lines("", "", "", 0);
	expect_lines("One. Two.", "One. Two.", " One.| Two.|", 0);
}

static void
diff__one_clause_of_three__is_removed_then_added(void **state)
{
	(void)state;
	expect_lines("One. Two. Three.", "One. Deux. Three.", " One.|-Two.|+Deux.| Three.|", 1);
	expect_lines("影響 210 名。流出は不明。連絡済み。",
		"影響 214 名。流出は不明。連絡済み。手順を守る。",
		"-影響 210 名。|+影響 214 名。| 流出は不明。| 連絡済み。|+手順を守る。|", 2);
}

static void
diff__lines_without_sentences__are_cut_at_newlines(void **state)
{
	(void)state;
	expect_lines("a\nb\nc\n", "a\nc\n", " a|-b| c|", 1);
	expect_lines("3.5 GB lost", "3.5 GB lost", " 3.5 GB lost|", 0);
}

static void
diff__from_or_to_nothing__is_all_added_or_removed(void **state)
{
	(void)state;
	expect_lines("", "a\nb", "+a|+b|", 1);
	expect_lines("a\nb", "", "-a|-b|", 1);
}

/* What ended a text is the same when more follows it. */
static void
diff__text_behind_the_last_clause__is_added_alone(void **state)
{
	(void)state;
	expect_lines("One.\nTwo.", "One.\nTwo.\nThree.", " One.| Two.|+Three.|", 1);
	expect_lines("One.\nTwo.\nThree.", "One.\nTwo.", " One.| Two.|-Three.|", 1);
	expect_lines("One. ", "One.", " One.|", 0);
	expect_lines(
		"誤り。確認せず。", "誤り。確認せず。\n手順。", " 誤り。| 確認せず。|+手順。|", 1);
}

static void
diff__blanks_alone__are_a_change(void **state)
{
	(void)state;
	expect_lines("a\nb", "a\n\nb", "-a|+a| b|", 1);
}

/* A small generator of its own: the same texts on every machine. */
static unsigned
next(unsigned *seed)
{
	*seed = *seed * 1103515245U + 12345U;
	return *seed >> 16;
}

/* Up to eleven lines of one letter each. */
static void
random_text(unsigned *seed, struct str *out)
{
	size_t n = next(seed) % 12;

	for (size_t k = 0; k < n; k++) {
		str_add_char(out, (char)('a' + next(seed) % 4));
		str_add_char(out, '\n');
	}
}

/* All lines but those of one kind, put together again. */
static void
expect_without(const struct diff *diff, enum diff_kind without, const char *expected)
{
	struct str got = STR_INIT;

	for (size_t i = 0; i < diff->n; i++) {
		if (diff->lines[i].kind != without) {
			str_add_n(&got, diff->lines[i].text, diff->lines[i].len);
			str_add_char(&got, '\n');
		}
	}
	assert_string_equal(str_text(&got), expected);
	str_release(&got);
}

static void
diff__any_two_texts__give_both_back(void **state)
{
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 400; round++) {
		struct str before = STR_INIT;
		struct str after = STR_INIT;
		struct arena *arena = arena_new();
		struct diff diff;

		random_text(&seed, &before);
		random_text(&seed, &after);
		assert_non_null(arena);
		assert_int_equal(
			diff_texts(arena, str_text(&before), str_text(&after), &diff), ERR_OK);
		expect_without(&diff, DIFF_ADDED, str_text(&before));
		expect_without(&diff, DIFF_REMOVED, str_text(&after));
		assert_true(
			(diff.changes == 0) == (strcmp(str_text(&before), str_text(&after)) == 0));
		str_release(&before);
		str_release(&after);
		arena_free(arena);
	}
}

/* More clauses than the table may have: still both texts, nothing left out. */
static void
diff__very_long_texts__are_told_as_replaced(void **state)
{
	struct str before = STR_INIT;
	struct str after = STR_INIT;
	struct arena *arena = arena_new();
	struct diff diff;

	(void)state;
	str_add(&before, "same\n");
	str_add(&after, "same\n");
	for (int i = 0; i < 2000; i++) {
		str_addf(&before, "b%d\n", i);
		str_addf(&after, "a%d\n", i);
	}
	assert_int_equal(diff_texts(arena, str_text(&before), str_text(&after), &diff), ERR_OK);
	assert_int_equal(diff.n, 1 + 2000 + 2000);
	assert_int_equal(diff.changes, 1);
	str_release(&before);
	str_release(&after);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(diff__equal_texts__have_no_change),
		cmocka_unit_test(diff__one_clause_of_three__is_removed_then_added),
		cmocka_unit_test(diff__lines_without_sentences__are_cut_at_newlines),
		cmocka_unit_test(diff__from_or_to_nothing__is_all_added_or_removed),
		cmocka_unit_test(diff__text_behind_the_last_clause__is_added_alone),
		cmocka_unit_test(diff__blanks_alone__are_a_change),
		cmocka_unit_test(diff__any_two_texts__give_both_back),
		cmocka_unit_test(diff__very_long_texts__are_told_as_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
