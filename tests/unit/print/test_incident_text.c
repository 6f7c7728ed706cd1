/* SPDX-License-Identifier: MIT */
/*
 * Tests of the printed incident report.  The first argument is the folder of
 * the documents and of the papers expected of them, the second the catalogue.
 * With TOBAN_WRITE_PAPERS set the papers are written anew: look at the change
 * before it is kept.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"
#include "toban/print/print.h"

#define PAGE_COLS 78

/* Set once by main() before the tests run, because cmocka passes no arguments. */
static const char *data_dir;
static char *catalogue;
static char locale_dir[] = "/tmp/toban-print-XXXXXX";

static const char *const folders[] = { "ja", "ja/LC_MESSAGES" };

static int
setup(void **state)
{
	char path[256];
	(void)state;
	if (!mkdtemp(locale_dir)) {
		return -1;
	}
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", locale_dir, folders[i]);
		if (mkdir(path, 0700) != 0) {
			return -1;
		}
	}
	(void)snprintf(path, sizeof(path), "%s/ja/LC_MESSAGES/toban.mo", locale_dir);
	return symlink(catalogue, path);
}

static int
teardown(void **state)
{
	char path[256];
	(void)state;
	(void)snprintf(path, sizeof(path), "%s/ja/LC_MESSAGES/toban.mo", locale_dir);
	(void)unlink(path);
	for (size_t i = ARRAY_LEN(folders); i > 0; i--) {
		(void)snprintf(path, sizeof(path), "%s/%s", locale_dir, folders[i - 1]);
		(void)rmdir(path);
	}
	return rmdir(locale_dir);
}

static json_t *
load(void)
{
	char path[512];
	(void)snprintf(path, sizeof(path), "%s/incident.json", data_dir);
	json_t *all = json_load_file(path, 0, NULL);
	assert_non_null(all);
	return all;
}

static void
print(const json_t *all, enum lang lang, struct str *out)
{
	struct print_sources sources = {
		.incident = json_object_get(all, "incident"),
		.procedure = json_object_get(all, "procedure"),
		.desk = json_object_get(all, "desk"),
		.org = json_object_get(all, "org"),
	};
	i18n_start(lang, locale_dir);
	assert_int_equal(print_incident_text(&sources, out), ERR_OK);
}

static void
read_paper(const char *path, struct str *out)
{
	char block[4096];
	size_t n;
	FILE *stream = fopen(path, "re");
	assert_non_null(stream);
	while ((n = fread(block, 1, sizeof(block), stream)) > 0) {
		str_add_n(out, block, n);
	}
	assert_int_equal(fclose(stream), 0);
}

static void
write_paper(const char *path, const struct str *text)
{
	FILE *stream = fopen(path, "we");
	assert_non_null(stream);
	assert_int_equal(fwrite(str_text(text), 1, text->len, stream), text->len);
	assert_int_equal(fclose(stream), 0);
}

static void
check_paper(enum lang lang)
{
	char path[512];
	struct str paper = STR_INIT;
	struct str expected = STR_INIT;
	json_t *all = load();
	(void)snprintf(path, sizeof(path), "%s/incident.%s.txt", data_dir, lang_word(lang));
	print(all, lang, &paper);
	if (getenv("TOBAN_WRITE_PAPERS")) {
		write_paper(path, &paper);
	}
	read_paper(path, &expected);
	assert_string_equal(str_text(&paper), str_text(&expected));
	str_release(&paper);
	str_release(&expected);
	json_decref(all);
}

static void
print_incident_text__writes_the_report__english(void **state)
{
	(void)state;
	check_paper(LANG_EN);
}

static void
print_incident_text__writes_the_report__japanese(void **state)
{
	(void)state;
	check_paper(LANG_JA);
}

/* Every row fits the page, ends without blanks, and holds nothing that is not shown as it is. */
static void
check_rows(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		struct str shown = STR_INIT;
		text_show(&shown, text, len, TEXT_LINE);
		assert_int_equal(shown.len, len);
		assert_memory_equal(str_text(&shown), text, len);
		if (text_width(text, len) > PAGE_COLS) {
			fail_msg("too wide: %.*s", (int)len, text);
		}
		assert_true(len == 0 || text[len - 1] != ' ');
		str_release(&shown);
		text += len;
		assert_int_equal(*text, '\n');
		text++;
	}
}

/* Puts `text` into every string below `value`, as far as it is a value. */
static void
poison(json_t *value, const char *text)
{
	void *it = json_object_iter(value);
	for (; it; it = json_object_iter_next(value, it)) {
		json_t *member = json_object_iter_value(it);
		if (json_is_string(member)) {
			json_object_iter_set_new(value, it, json_string(text));
		} else {
			poison(member, text);
		}
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		json_t *member = json_array_get(value, i);
		if (json_is_string(member)) {
			json_array_set_new(value, i, json_string(text));
		} else {
			poison(member, text);
		}
	}
}

static const char *const hostile[] = {
	"\x1b]0;owned\x07\x1b[2J",
	"\u202egnp.exe",
	"a\u200b\u2066b\u2069",
	"\r\n8. Entries of the ledger\r\n   99  fine",
	"nul-ish \x01\x02\x7f\xc2\x9b"
	"31m",
	"\u0300\u0301\u0302\u0303\u0304\u0305",
	"縦\u3099\u3099\u3099\u3099\u3099\u3099\u3099",
	"a\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000"
	"\u3000\u3000\u3000"
	"\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000"
	"\u3000b",
	"=cmd|' /C calc'!A0",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	"a",
	"漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢"
	"字",
	"{name} {id} {title} %s %n",
};

static void
print_incident_text__makes_hostile_text_harmless__in_every_member(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		for (enum lang lang = LANG_EN; lang < LANG_COUNT; lang++) {
			struct str paper = STR_INIT;
			json_t *all = load();
			poison(all, hostile[i]);
			print(all, lang, &paper);
			check_rows(str_text(&paper));
			str_release(&paper);
			json_decref(all);
		}
	}
}

static void
print_incident_text__cannot_be_given_a_false_heading__by_a_line_break(void **state)
{
	struct str paper = STR_INIT;
	json_t *all = load();
	(void)state;
	poison(json_object_get(all, "incident"), "x\n8. Entries of the ledger\n(9) forged");
	print(all, LANG_EN, &paper);
	assert_null(strstr(str_text(&paper), "\n8. Entries of the ledger"));
	assert_null(strstr(str_text(&paper), "\n(9) forged"));
	str_release(&paper);
	json_decref(all);
}

/* A row of marks is there exactly when its document says so. */
static void
print_incident_text__marks_drill_trial_and_confidential__only_when_it_is(void **state)
{
	static const struct {
		const char *part;
		const char *key;
		const char *mark;
	} marks[] = {
		{ "incident", "drill", "DRILL" },
		{ "incident", "confidential", "CONFIDENTIAL" },
		{ "desk", "trial", "TRIAL DESK" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		json_t *all = load();
		struct str paper = STR_INIT;
		print(all, LANG_EN, &paper);
		assert_non_null(strstr(str_text(&paper), marks[i].mark));
		str_clear(&paper);
		json_object_set_new(
			json_object_get(all, marks[i].part), marks[i].key, json_false());
		print(all, LANG_EN, &paper);
		assert_null(strstr(str_text(&paper), marks[i].mark));
		str_release(&paper);
		json_decref(all);
	}
}

static void
print_incident_text__invents_nothing__when_documents_are_missing(void **state)
{
	struct str paper = STR_INIT;
	json_t *incident = json_pack("{s:s}", "id", "26-0007");
	struct print_sources sources = { .incident = incident };
	(void)state;
	i18n_start(LANG_EN, locale_dir);
	assert_int_equal(print_incident_text(&sources, &paper), ERR_OK);
	assert_non_null(strstr(str_text(&paper), "26-0007"));
	assert_null(strstr(str_text(&paper), "Finder"));
	assert_non_null(strstr(str_text(&paper), "Not reported yet."));
	check_rows(str_text(&paper));
	str_release(&paper);
	json_decref(incident);
}

static void
print_incident_text__says_why_no_measure_is_needed__from_the_plan(void **state)
{
	struct str paper = STR_INIT;
	json_t *all = load();
	json_t *incident = json_object_get(all, "incident");
	(void)state;
	json_object_set_new(incident, "measures", json_array());
	json_array_append_new(json_object_get(incident, "log"),
		json_pack("{s:i, s:s, s:s, s:s, s:s, s:{s:{s:[], s:s}}}", "seq", 20, "at",
			"2026-11-25T09:00:00+09:00", "actor", "office-staff-1", "kind",
			"plan-prevention", "row_hash", "", "body", "fields", "measures", "why",
			"One of a kind."));
	print(all, LANG_EN, &paper);
	assert_non_null(strstr(str_text(&paper), "No measure is planned."));
	assert_non_null(strstr(str_text(&paper), "Reason                One of a kind."));
	str_release(&paper);
	json_decref(all);
}

static void
print_incident_text__tells_of_an_erased_entry__without_its_words(void **state)
{
	struct str paper = STR_INIT;
	json_t *all = load();
	json_t *event = json_array_get(json_object_get(json_object_get(all, "incident"), "log"), 6);
	(void)state;
	assert_string_equal(json_string_value(json_object_get(event, "kind")), "note");
	json_object_set_new(event, "body", json_null());
	print(all, LANG_EN, &paper);
	assert_non_null(strstr(str_text(&paper), "erased on a legal ground"));
	str_release(&paper);
	json_decref(all);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(print_incident_text__writes_the_report__english),
		cmocka_unit_test(print_incident_text__writes_the_report__japanese),
		cmocka_unit_test(print_incident_text__makes_hostile_text_harmless__in_every_member),
		cmocka_unit_test(
			print_incident_text__cannot_be_given_a_false_heading__by_a_line_break),
		cmocka_unit_test(
			print_incident_text__marks_drill_trial_and_confidential__only_when_it_is),
		cmocka_unit_test(print_incident_text__invents_nothing__when_documents_are_missing),
		cmocka_unit_test(print_incident_text__says_why_no_measure_is_needed__from_the_plan),
		cmocka_unit_test(print_incident_text__tells_of_an_erased_entry__without_its_words),
	};
	if (argc != 3) {
		(void)fputs("usage: test_incident_text DATA-FOLDER CATALOGUE\n", stderr);
		return 2;
	}
	data_dir = argv[1];
	/* The link in the test's folder must not depend on where that is. */
	catalogue = realpath(argv[2], NULL);
	int failed = cmocka_run_group_tests(tests, setup, teardown);
	free(catalogue);
	return failed;
}
