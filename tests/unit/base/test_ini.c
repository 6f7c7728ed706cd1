/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/base/ini.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "toban/base/arena.h"
#include "toban/base/attr.h"
#include "toban/base/ini.h"
#include "toban/base/str.h"
#include "toban/base/text.h"

static int
setup(void **state)
{
	*state = arena_new();
	return *state == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static void
ini_parse__every_form__is_read(void **state)
{
	static const char text[] = "\xef\xbb\xbf# a comment\r\n"
				   "\r\n"
				   "[step report]\r\n"
				   "Label=Report an incident\r\n"
				   "Label[ja] =\t事象を報告する \r\n"
				   "  Help[en] = two\\nlines, a \\\\ and a = ; # sign\r\n"
				   "Empty=\r\n"
				   "   # another comment\n"
				   "[ policy ]\n"
				   "[step  two words ]\n"
				   "A.b-c_1=x";
	struct ini_problems problems = { .arena = *state };
	struct ini_file file = { 0 };
	const struct ini_section *s = NULL;

	assert_int_equal(ini_parse("x.flow", text, sizeof(text) - 1, &problems, &file), ERR_OK);
	assert_int_equal(problems.n + problems.lost, 0);
	assert_string_equal(file.path, "x.flow");
	assert_int_equal(file.n_sections, 3);
	s = ini_find(&file, "step", "report");
	assert_ptr_equal(s, &file.sections[0]);
	assert_int_equal(s->line, 3);
	assert_int_equal(s->n_entries, 4);
	assert_int_equal(s->entries[1].line, 5);
	assert_int_equal(s->entries[1].lang, LANG_JA);
	assert_string_equal(ini_get(s, "Label", LANG_EN), "Report an incident");
	assert_string_equal(ini_get(s, "Label", LANG_JA), "事象を報告する");
	assert_string_equal(ini_get(s, "Help", LANG_JA), "two\nlines, a \\ and a = ; # sign");
	assert_string_equal(ini_get(s, "Empty", LANG_EN), "");
	assert_null(ini_get(s, "label", LANG_EN));
	assert_string_equal(ini_find(&file, "policy", NULL)->name, "");
	assert_int_equal(ini_find(&file, "policy", NULL)->n_entries, 0);
	assert_string_equal(file.sections[2].name, "two words");
	assert_string_equal(ini_get(&file.sections[2], "A.b-c_1", LANG_EN), "x");
	assert_ptr_equal(ini_find(&file, "step", NULL), s);
	assert_null(ini_find(&file, "step", "other"));
}

/* The promise of struct ini_entry: a key stands once in a section and language. */
static void
assert_keys_unique(const struct ini_section *s)
{
	for (size_t i = 0; i < s->n_entries; i++) {
		for (size_t j = 0; j < i; j++) {
			assert_false(s->entries[i].lang == s->entries[j].lang &&
				strcmp(s->entries[i].key, s->entries[j].key) == 0);
		}
	}
}

/* One fault each; the entry Good must be read all the same. */
static void
ini_parse__one_fault__names_line_and_expectation(void **state)
{
#define ROW(s, line, word)                                                                         \
	{                                                                                          \
		s, sizeof(s) - 1, line, word                                                       \
	}
	static const struct {
		const char *text;
		size_t len;
		int line;
		const char *word; /* a part of text or expectation */
	} rows[] = {
		ROW("Key=1\n[s]\nGood=1\n", 1, "outside of any section"),
		ROW("[s]\nGood=1\nwords\n", 3, "Key=value"),
		ROW("[s]\nGood=1\n=x\n", 3, "is no key"),
		ROW("[s]\nGood=1\nTwo words=x\n", 3, "is no key"),
		ROW("[s]\nGood=1\nキー=x\n", 3, "is no key"),
		ROW("[s]\nGood=1\nKey[fr]=x\n", 3, "language"),
		ROW("[s]\nGood=1\nKey[]=x\n", 3, "language"),
		ROW("[s]\nGood=1\nKey[ja=x\n", 3, "language"),
		ROW("[s]\nGood=1\nKey[ja]x=x\n", 3, "language"),
		ROW("[s]\nGood=1\n[ja]=x\n", 3, "[kind name]"),
		ROW("[s]\nGood=1\nA=1\nA=2\n", 4, "already given in line 3"),
		ROW("[s]\nGood=1\nA[ja]=1\nA=3\nA[ja]=2\n", 5, "A[ja] was already given"),
		ROW("[s]\nGood=1\nA=\\t\n", 3, "line break"),
		ROW("[s]\nGood=1\nA=end\\\n", 3, "line break"),
		ROW("[s]\nGood=1\n[t\nA=1\nA=1\n", 3, "not closed"),
		ROW("[s]\nGood=1\n[\n", 3, "not closed"),
		ROW("[s]\nGood=1\n[]\n", 3, "[kind name]"),
		ROW("[s]\nGood=1\n[  ]\n", 3, "[kind name]"),
		ROW("[s]\nGood=1\n[a b] ]\n", 3, "[kind name]"),
		ROW("[s]\nGood=1\nA=\xff\n", 3, "UTF-8"),
		ROW("[s]\nGood=1\nA=\xc0\xaf\n", 3, "UTF-8"),
		ROW("[s]\nGood=1\nA=a\0b\n", 3, "NUL"),
		ROW("[s]\nGood=1\nA=a\x1b[2J\n", 3, "control character at byte 4"),
		ROW("[s]\nGood=1\nA=a\rb\n", 3, "control character"),
		ROW("[s]\nGood=1\nA=\xc2\x9b\n", 3, "control character"),
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ini_problems problems = { .arena = *state };
		struct ini_file file = { 0 };
		const struct ini_problem *p = NULL;

		assert_int_equal(
			ini_parse("p", rows[i].text, rows[i].len, &problems, &file), ERR_INVALID);
		assert_int_equal(problems.n, 1);
		p = &problems.items[0];
		assert_string_equal(p->path, "p");
		assert_int_equal(p->line, rows[i].line);
		if (strstr(p->text, rows[i].word) == NULL &&
			strstr(p->expected, rows[i].word) == NULL) {
			fail_msg("row %zu: \"%s\" (%s) lacks \"%s\"", i, p->text, p->expected,
				rows[i].word);
		}
		assert_string_equal(ini_get(ini_find(&file, "s", NULL), "Good", LANG_EN), "1");
		assert_keys_unique(ini_find(&file, "s", NULL));
	}
}

static void
ini_parse__many_faults__all_reported_in_one_reading(void **state)
{
	struct ini_problems problems = { .arena = *state };
	struct ini_file file = { 0 };
	struct str text = STR_INIT;

	str_add(&text, "[s]\n");
	for (int i = 0; i < 100; i++) {
		str_add(&text, "no entry\n");
	}
	assert_int_equal(ini_parse("p", text.data, text.len, &problems, &file), ERR_INVALID);
	assert_int_equal(problems.n, 100);
	assert_int_equal(problems.items[99].line, 101);
	str_release(&text);
}

static void
ini_parse__long_lines__read_up_to_64_kib(void **state)
{
	struct ini_problems problems = { .arena = *state };
	struct ini_file file = { 0 };
	struct str text = STR_INIT;

	str_add(&text, "[s]\nA=");
	str_add_repeat(&text, 'x', 65536 - 2);
	str_add(&text, "\nB=");
	str_add_repeat(&text, 'x', 65536 - 1);
	str_add(&text, "\nC=1\n");
	assert_int_equal(ini_parse("p", text.data, text.len, &problems, &file), ERR_INVALID);
	assert_int_equal(problems.n, 1);
	assert_int_equal(problems.items[0].line, 3);
	assert_int_equal(strlen(ini_get(&file.sections[0], "A", LANG_EN)), 65534);
	assert_null(ini_get(&file.sections[0], "B", LANG_EN));
	assert_string_equal(ini_get(&file.sections[0], "C", LANG_EN), "1");
	str_release(&text);
}

static void
ini_parse__same_key_in_other_sections_and_languages__is_no_double(void **state)
{
	static const char text[] = "[s a]\nK=1\nK[ja]=2\n[s a]\nK=3\n";
	struct ini_problems problems = { .arena = *state };
	struct ini_file file = { 0 };

	assert_int_equal(ini_parse("p", text, sizeof(text) - 1, &problems, &file), ERR_OK);
	assert_int_equal(file.n_sections, 2);
	assert_string_equal(ini_get(&file.sections[1], "K", LANG_JA), "3");
}

static void
ini_parse__nothing__is_an_empty_file(void **state)
{
	struct ini_problems problems = { .arena = *state };
	struct ini_file file = { .n_sections = 9 };

	assert_int_equal(ini_parse("p", "", 0, &problems, &file), ERR_OK);
	assert_int_equal(file.n_sections, 0);
	assert_null(ini_find(&file, "s", NULL));
}

static void
ini_report__hostile_words__are_made_harmless(void **state)
{
	struct ini_problems problems = { .arena = *state };

	ini_report(&problems, "p", 0, "", "bad \"%s\"", "\x1b[31m\xe2\x80\xae");
	assert_string_equal(problems.items[0].text, "bad \"<U+001B>[31m<U+202E>\"");
}

/* Bytes that make the reader busy, drawn by a fixed generator: the same everywhere. */
static void
ini_parse__random_bytes__never_breaks(void **state)
{
	static const char *const pieces[] = { "[", "]", "=", "\n", "\r\n", "#", "\\", "\\n", "ja",
		"[ja]", "Key", " ", "\t", "値", "\xff", "\xe3\x81", "\x1b", "[kind name]\n",
		"K=v\n" };
	uint32_t seed = 20261122;

	for (int round = 0; round < 3000; round++) {
		struct ini_problems problems = { .arena = *state };
		struct ini_file file = { 0 };
		struct str text = STR_INIT;
		enum err e = ERR_OK;

		for (int i = 0; i < 60; i++) {
			seed = seed * 1664525 + 1013904223;
			str_add(&text, pieces[(seed >> 16) % ARRAY_LEN(pieces)]);
		}
		/* An exact copy, so that the sanitizer sees a read past the end. */
		char *exact = malloc(text.len);

		assert_non_null(exact);
		memcpy(exact, text.data, text.len);
		e = ini_parse("p", exact, text.len, &problems, &file);
		assert_int_equal(e, problems.n > 0 ? ERR_INVALID : ERR_OK);
		for (size_t s = 0; s < file.n_sections; s++) {
			assert_keys_unique(&file.sections[s]);
			for (size_t k = 0; k < file.sections[s].n_entries; k++) {
				const struct ini_entry *entry = &file.sections[s].entries[k];

				assert_true(entry->line > 0 && entry->key[0] != '\0');
				assert_true(utf8_valid(entry->value, strlen(entry->value)));
			}
		}
		free(exact);
		str_release(&text);
		arena_clear(*state);
	}
}

#define WITH_ARENA(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_ARENA(ini_parse__every_form__is_read),
		WITH_ARENA(ini_parse__one_fault__names_line_and_expectation),
		WITH_ARENA(ini_parse__many_faults__all_reported_in_one_reading),
		WITH_ARENA(ini_parse__long_lines__read_up_to_64_kib),
		WITH_ARENA(ini_parse__same_key_in_other_sections_and_languages__is_no_double),
		WITH_ARENA(ini_parse__nothing__is_an_empty_file),
		WITH_ARENA(ini_report__hostile_words__are_made_harmless),
		WITH_ARENA(ini_parse__random_bytes__never_breaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
