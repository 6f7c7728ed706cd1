/* SPDX-License-Identifier: MIT */
/*
 * The editor: every key on Japanese, composed and hostile text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
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
	{ '@', K_CTRL('Y') },
	{ '?', K_REDO },
	{ '(', K_WORD_LEFT },
	{ ')', K_WORD_RIGHT },
	{ '`', K_TEXT_HOME },
	{ '$', K_TEXT_END },
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
	{ "cut a Japanese word", false, 40, "東京データ", "~", "東京" },
	{ "words to the left", false, 40, "one two", "((x", "xone two" },
	{ "words to the right", false, 40, "one two", "[)x", "onex two" },
	{ "kanji, kana and letters are words", false, 40, "顧客データのPCを", "((((x",
		"顧客xデータのPCを" },
	{ "signs are between words", false, 40, "東京、大阪", "((x", "東京x、大阪" },
	{ "yank what was cut", false, 40, "one two", "~[@", "twoone " },
	{ "cuts in a row are one", false, 40, "one two", "~~x@", "xone two" },
	{ "cut at the end joins lines", true, 40, "ab\ncd", "^]}", "abcd" },
	{ "redo", false, 20, "", "ab!?", "ab" },
	{ "redo ends with a new key", false, 20, "", "ab!c?", "c" },
	{ "undo by words", false, 40, "", "one two!", "one" },
	{ "undo by sentences", false, 40, "", "送信。停止!", "送信" },
	{ "deletions in a row are one step", false, 20, "あいう", "--!", "あいう" },
	{ "undo of a joined dakuten", false, 20, "か", "\xe3\x82\x99!", "か" },
	{ "to the very start and end", true, 20, "a\nb", "`x$y", "xa\nby" },
	{ "a joined emoji is one", false, 20,
		"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb"
		"a",
		"<-", "a" },
	{ "a flag is one", false, 20,
		"\xf0\x9f\x87\xaf\xf0\x9f\x87\xb5"
		"a",
		"<-", "a" },
	{ "a variant is one with its letter", false, 20, "葛\xf3\xa0\x84\x80x", "--", "" },
	{ "half-width kana keeps its mark", false, 20, "ｶﾞｷ", "--", "" },
	{ "preset longer than the field", false, 4, "十三文字もある長い文字列", "-",
		"十三文字もある長い文字" },
};

static void
edit__keys__give_exactly_the_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(typing_cases) / sizeof(typing_cases[0]); i++) {
		const struct typing_case *c = &typing_cases[i];
		struct str killed = STR_INIT;
		struct edit edit;

		edit_init(&edit, c->area, 0);
		edit.killed = &killed;
		edit_set(&edit, c->preset);
		edit_layout(&edit, c->cols);
		type(&edit, c->keys);
		if (strcmp(edit_text(&edit), c->expected) != 0) {
			print_error("case: %s\n", c->name);
		}
		assert_string_equal(edit_text(&edit), c->expected);
		edit_release(&edit);
		str_release(&killed);
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

/* A small random source of its own, so that a failure can be repeated. */
static unsigned
roll(unsigned *seed, unsigned n)
{
	*seed = *seed * 1103515245U + 12345U;
	return (*seed >> 16) % n;
}

/* What joins what is the hard part: marks, joiners, halves of flags, variants. */
static const int letters[] = { 'a', 'b', ' ', 0x3042, 0x304b, 0x3099, 0x301, 0x65, 0x200d, 0x1f469,
	0x1f4bb, 0x1f1ef, 0x1f1f5, 0xe0100, 0x845b, 0xff76, 0xff9e, 0x3001, 0x300c, K_ENTER };
static const int movers[] = { K_LEFT, K_RIGHT, K_UP, K_DOWN, K_HOME, K_END, K_WORD_LEFT,
	K_WORD_RIGHT, K_TEXT_HOME, K_TEXT_END, K_PGUP, K_PGDN };
static const int cutters[] = { K_BACKSPACE, K_DELETE, K_CTRL('W'), K_CTRL('K'), K_CTRL('U'),
	K_CTRL('Y') };

static void
random_key(struct edit *edit, unsigned *seed)
{
	static const char paste[] = "貼り付け\n\xe3\x82\x99"
				    "e\xcc\x81";

	switch (roll(seed, 8)) {
	case 0:
	case 1:
		(void)press(edit, movers[roll(seed, sizeof(movers) / sizeof(movers[0]))]);
		break;
	case 2:
		(void)press(edit, cutters[roll(seed, sizeof(cutters) / sizeof(cutters[0]))]);
		break;
	case 3:
		if (roll(seed, 4) == 0) {
			(void)edit_key(edit, &(struct key){ K_PASTE, paste, sizeof(paste) - 1 });
		}
		break;
	default:
		(void)press(edit, letters[roll(seed, sizeof(letters) / sizeof(letters[0]))]);
		break;
	}
}

static void
assert_sound(const struct edit *edit)
{
	const char *text = edit_text(edit);

	assert_true(utf8_valid(text, edit->text.len));
	assert_true(edit->caret <= edit->text.len);
	if (edit->caret > 0) {
		size_t start = text_prev(text, edit->text.len, edit->caret);

		assert_int_equal(text_next(text, edit->text.len, start), edit->caret);
	}
}

enum { RANDOM_KEYS = 400, RANDOM_RUNS = 60 };

static void
edit__random_keys__undo_and_redo_pass_the_very_texts(void **state)
{
	char *texts[RANDOM_KEYS + 1];

	(void)state;
	for (unsigned run = 0; run < RANDOM_RUNS; run++) {
		unsigned seed = run + 1;
		struct str killed = STR_INIT;
		struct edit edit;
		size_t n = 0;

		edit_init(&edit, run % 3 != 0, 0);
		edit.killed = &killed;
		edit_layout(&edit, 12);
		edit.seen = 3;
		texts[n++] = strdup("");
		for (int i = 0; i < RANDOM_KEYS; i++) {
			random_key(&edit, &seed);
			edit_rest(&edit);
			assert_sound(&edit);
			if (strcmp(texts[n - 1], edit_text(&edit)) != 0) {
				texts[n++] = strdup(edit_text(&edit));
			}
		}
		for (size_t i = n; i-- > 0;) {
			assert_string_equal(edit_text(&edit), texts[i]);
			while (edit.undo.at > 0 && strcmp(edit_text(&edit), texts[i]) == 0) {
				(void)press(&edit, K_UNDO);
				assert_sound(&edit);
			}
		}
		for (size_t i = 0; i < n; i++) {
			assert_string_equal(edit_text(&edit), texts[i]);
			while (edit.undo.at < edit.undo.n &&
				strcmp(edit_text(&edit), texts[i]) == 0) {
				(void)press(&edit, K_REDO);
			}
			free(texts[i]);
		}
		edit_release(&edit);
		str_release(&killed);
	}
}

/* A model so simple that it must be right: an array of letters that never join. */
static void
edit__random_keys__agree_with_an_array_of_letters(void **state)
{
	unsigned seed = 7;
	char model[RANDOM_KEYS * 4 + 1] = "";
	size_t n = 0;
	size_t at = 0;
	struct edit edit;

	(void)state;
	edit_init(&edit, false, 0);
	for (int i = 0; i < RANDOM_KEYS * 4; i++) {
		char letter = (char)('a' + roll(&seed, 26));

		switch (roll(&seed, 6)) {
		case 0:
			(void)press(&edit, K_LEFT);
			at -= at > 0;
			break;
		case 1:
			(void)press(&edit, K_RIGHT);
			at += at < n;
			break;
		case 2:
			(void)press(&edit, K_BACKSPACE);
			if (at > 0) {
				memmove(model + at - 1, model + at, n - at + 1);
				at--;
				n--;
			}
			break;
		default:
			(void)press(&edit, letter);
			memmove(model + at + 1, model + at, n - at + 1);
			model[at++] = letter;
			n++;
			break;
		}
		assert_string_equal(edit_text(&edit), model);
		assert_int_equal(edit.caret, at);
	}
	edit_release(&edit);
}

static void
edit__undo__keeps_to_its_bound(void **state)
{
	struct str text = STR_INIT;
	struct edit edit;

	(void)state;
	str_add_repeat(&text, 'x', 1 << 20);
	edit_init(&edit, true, 0);
	for (int i = 0; i < 12; i++) {
		(void)edit_key(&edit, &(struct key){ K_PASTE, str_text(&text), text.len });
		assert_true(edit.undo.bytes <= UNDO_BYTES_MAX);
	}
	assert_int_equal(edit.text.len, (size_t)12 << 20);
	(void)press(&edit, K_UNDO);
	assert_int_equal(edit.text.len, (size_t)11 << 20);
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
		cmocka_unit_test(edit__random_keys__undo_and_redo_pass_the_very_texts),
		cmocka_unit_test(edit__random_keys__agree_with_an_array_of_letters),
		cmocka_unit_test(edit__undo__keeps_to_its_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
