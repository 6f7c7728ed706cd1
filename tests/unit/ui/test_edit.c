/* SPDX-License-Identifier: MIT */
/*
 * The editor: every key on Japanese, composed and hostile text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "edit.h"

/* Keys in one string: characters, and marks for the others. */
struct mark {
	char letter;
	int code;
};

static const struct mark marks[] = {
	{ '<', K_LEFT },
	{ '>', K_RIGHT },
	{ '^', K_UP },
	{ 'v', K_DOWN },
	{ '[', K_HOME },
	{ ']', K_END },
	{ '-', K_BACKSPACE },
	{ '=', K_DELETE },
	{ '!', K_UNDO },
	{ '/', K_ENTER },
	{ '{', K_CTRL('U') },
	{ '}', K_CTRL('K') },
	{ '~', K_CTRL('W') },
};

static enum edit_reply
press(struct edit *edit, int code)
{
	return edit_key(edit, &(struct key){ .code = code });
}

static int
decode(const char **keys)
{
	const unsigned char *b = (const unsigned char *)*keys;
	int n = b[0] < 0x80 ? 1 : b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : 4;
	int ch = n == 1 ? b[0] : b[0] & (0x7f >> n);

	for (int i = 1; i < n; i++) {
		ch = ch << 6 | (b[i] & 0x3f);
	}
	*keys += n;
	return ch;
}

static void
type(struct edit *edit, const char *keys)
{
	while (*keys) {
		int code = decode(&keys);

		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
			if (code == marks[i].letter) {
				code = marks[i].code;
				break;
			}
		}
		(void)press(edit, code);
	}
}

struct typing_case {
	const char *name;
	bool area;
	int cols;
	const char *preset;
	const char *keys;
	const char *expected;
};

static const struct typing_case typing_cases[] = {
	{ "kanji into a narrow line", false, 10, "", "情報漏えいが発生した可能性",
		"情報漏えいが発生した可能性" },
	{ "mixed into a narrow line", false, 10, "", "a情報b漏えcいが発生した",
		"a情報b漏えcいが発生した" },
	{ "backspace deletes the last", false, 10, "", "顧客の誤送信--", "顧客の誤" },
	{ "backspace in ascii", false, 10, "", "abcdefghij-", "abcdefghi" },
	{ "insert at the start", false, 10, "いうえお", "[あ", "あいうえお" },
	{ "delete under the caret", false, 10, "あいう", "[>=", "あう" },
	{ "home and end", false, 10, "あい", "[x]y", "xあいy" },
	{ "left and right by clusters", false, 10, "が\xe3\x82\x99ぎ", "<<x", "xが\xe3\x82\x99ぎ" },
	{ "dakuten joins its letter", false, 20, "", "か\xe3\x82\x99x", "がx" },
	{ "accent joins its letter", false, 20, "", "e\xcc\x81x", "\xc3\xa9x" },
	{ "a name is not normalised", false, 20, "", "\xef\xa8\x99", "\xef\xa8\x99" },
	{ "ten kanji into an area", true, 11, "", "一二三四五六七八九十", "一二三四五六七八九十" },
	{ "enter in an area", true, 10, "ab", "</c", "a\ncb" },
	{ "up and down keep the column", true, 20, "一二三\nab\n四五六", "^^x",
		"一二三x\nab\n四五六" },
	{ "up through a short row", true, 20, "abcdef\n\nghijkl", "^^x", "abcdefx\n\nghijkl" },
	{ "wrapped rows count as rows", true, 4, "一二三四", "^x", "一x二三四" },
	{ "end of a wrapped row", true, 4, "一二三四", "^[]x", "一x二三四" },
	{ "undo takes typing back", false, 20, "ab", "cd!", "ab" },
	{ "undo of a deletion", false, 20, "あい", "-!", "あい" },
	{ "undo twice", true, 20, "", "a/b!!", "" },
	{ "cut before the caret", false, 20, "あいう", "<{", "う" },
	{ "cut behind the caret", false, 20, "あいう", "[>}", "あ" },
	{ "cut a word", false, 20, "one two", "~", "one " },
	{ "preset longer than the field", false, 4, "十三文字もある長い文字列", "-",
		"十三文字もある長い文字" },
};

static void
edit__keys__give_exactly_the_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(typing_cases) / sizeof(typing_cases[0]); i++) {
		const struct typing_case *c = &typing_cases[i];
		struct edit edit;

		edit_init(&edit, c->area, 0);
		edit_set(&edit, c->preset);
		edit_layout(&edit, c->cols);
		type(&edit, c->keys);
		if (strcmp(edit_text(&edit), c->expected) != 0) {
			print_error("case: %s\n", c->name);
		}
		assert_string_equal(edit_text(&edit), c->expected);
		edit_release(&edit);
	}
}

static void
edit__arrow_at_the_edge__lets_the_form_move(void **state)
{
	struct edit edit;

	(void)state;
	edit_init(&edit, true, 0);
	edit_set(&edit, "a\nb");
	edit_layout(&edit, 10);
	assert_int_equal(press(&edit, K_DOWN), EDIT_EDGE);
	assert_int_equal(press(&edit, K_UP), EDIT_MOVED);
	assert_int_equal(press(&edit, K_UP), EDIT_EDGE);
	edit_release(&edit);
}

static void
edit__limit__counts_characters_and_keeps_the_rest(void **state)
{
	struct edit edit;
	const char *paste = "四五六";

	(void)state;
	edit_init(&edit, false, 4);
	type(&edit, "一二三");
	assert_int_equal(
		edit_key(&edit, &(struct key){ K_PASTE, paste, strlen(paste) }), EDIT_FULL);
	assert_string_equal(edit_text(&edit), "一二三四");
	assert_int_equal(press(&edit, 'x'), EDIT_FULL);
	assert_string_equal(edit_text(&edit), "一二三四");
	edit_release(&edit);
}

static void
edit__paste__leaves_controls_out_and_says_so(void **state)
{
	static const char paste[] = "a\x1b[1m\r\nb\tc\xc2\x9b"
				    "d\x7f";
	struct edit line;
	struct edit area;
	struct key key = { K_PASTE, paste, sizeof(paste) - 1 };

	(void)state;
	edit_init(&line, false, 0);
	edit_init(&area, true, 0);
	assert_int_equal(edit_key(&line, &key), EDIT_CLEANED);
	assert_string_equal(edit_text(&line), "a[1m b cd");
	assert_int_equal(edit_key(&area, &key), EDIT_CLEANED);
	assert_string_equal(edit_text(&area), "a[1m\nb\tcd");
	edit_release(&line);
	edit_release(&area);
}

static void
edit__control_in_stored_text__is_kept_and_crossed_in_one_step(void **state)
{
	struct edit edit;

	(void)state;
	edit_init(&edit, false, 0);
	edit_set(&edit,
		"a\xe2\x80\xae"
		"b");
	edit_layout(&edit, 20);
	type(&edit, "<<x");
	assert_string_equal(edit_text(&edit),
		"ax\xe2\x80\xae"
		"b");
	edit_release(&edit);
}

static void
edit__large_paste__undoes_in_one_step(void **state)
{
	struct edit edit;
	struct str text = STR_INIT;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		str_add(&text, "長い文章の一行です。\n");
	}
	edit_init(&edit, true, 0);
	type(&edit, "始め");
	assert_int_equal(
		edit_key(&edit, &(struct key){ K_PASTE, str_text(&text), text.len }), EDIT_CHANGED);
	assert_int_equal(edit_rows(&edit, 40), 5001);
	type(&edit, "!");
	assert_string_equal(edit_text(&edit), "始め");
	str_release(&text);
	edit_release(&edit);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edit__keys__give_exactly_the_text),
		cmocka_unit_test(edit__arrow_at_the_edge__lets_the_form_move),
		cmocka_unit_test(edit__limit__counts_characters_and_keeps_the_rest),
		cmocka_unit_test(edit__paste__leaves_controls_out_and_says_so),
		cmocka_unit_test(edit__control_in_stored_text__is_kept_and_crossed_in_one_step),
		cmocka_unit_test(edit__large_paste__undoes_in_one_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
