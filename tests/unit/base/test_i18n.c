/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/base/i18n.c, with a catalogue made from test_i18n.po.  The
 * argument is its path; it is copied to where gettext looks for it.
 */
#include <langinfo.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"

/* Set once by main() before the tests run, because cmocka passes no arguments. */
static const char *catalogue;
static char dir[] = "/tmp/toban-i18n-XXXXXX";

static const char *const folders[] = { "ja", "ja/LC_MESSAGES" };

static int
setup(void **state)
{
	char path[128];

	(void)state;
	if (mkdtemp(dir) == NULL) {
		return -1;
	}
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, folders[i]);
		if (mkdir(path, 0700) != 0) {
			return -1;
		}
	}
	(void)snprintf(path, sizeof(path), "%s/ja/LC_MESSAGES/toban.mo", dir);
	return symlink(catalogue, path);
}

static int
teardown(void **state)
{
	char path[128];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/ja/LC_MESSAGES/toban.mo", dir);
	(void)unlink(path);
	for (size_t i = ARRAY_LEN(folders); i-- > 0;) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, folders[i]);
		(void)rmdir(path);
	}
	return rmdir(dir);
}

/* What ssh, cron, services and forwarded foreign locales leave in the environment. */
static void
i18n_start__any_environment__speaks_the_language_asked_for(void **state)
{
	static const char *const environments[] = { "C", "POSIX", "C.UTF-8", "ja_JP.eucJP",
		"xx_YY.UTF-8", "" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(environments); i++) {
		assert_int_equal(setenv("LC_ALL", environments[i], 1), 0);
		assert_int_equal(setenv("LANGUAGE", "de", 1), 0);
		i18n_start(LANG_JA, dir);
		assert_int_equal(i18n_lang(), LANG_JA);
		assert_string_equal(_("incident"), "事象");
		assert_string_equal(P_("{n} incident", "{n} incidents", 1), "事象 {n} 件");
		assert_string_equal(nl_langinfo(CODESET), "UTF-8");
		i18n_start(LANG_EN, dir);
		assert_int_equal(i18n_lang(), LANG_EN);
		assert_string_equal(_("incident"), "incident");
		assert_string_equal(P_("{n} incident", "{n} incidents", 2), "{n} incidents");
	}
}

static void
i18n_start__missing_catalogue__leaves_english(void **state)
{
	(void)state;
	i18n_start(LANG_JA, "/nonexistent");
	assert_string_equal(_("incident"), "incident");
	i18n_start(LANG_JA, NULL);
	assert_string_equal(
		_("incident of a text no catalogue has"), "incident of a text no catalogue has");
}

static void
i18n_start__numbers__keep_their_dot(void **state)
{
	char text[16];

	(void)state;
	i18n_start(LANG_JA, dir);
	(void)snprintf(text, sizeof(text), "%.1f", 0.5);
	assert_string_equal(text, "0.5");
	assert_string_equal(setlocale(LC_NUMERIC, NULL), "C");
}

static void
lang_word__both_languages__is_the_word_of_files(void **state)
{
	(void)state;
	assert_string_equal(lang_word(LANG_EN), "en");
	assert_string_equal(lang_word(LANG_JA), "ja");
	assert_string_equal(lang_word(LANG_COUNT), "en");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(i18n_start__any_environment__speaks_the_language_asked_for),
		cmocka_unit_test(i18n_start__missing_catalogue__leaves_english),
		cmocka_unit_test(i18n_start__numbers__keep_their_dot),
		cmocka_unit_test(lang_word__both_languages__is_the_word_of_files),
	};

	if (argc != 2) {
		return 2;
	}
	catalogue = realpath(argv[1], NULL);
	return catalogue == NULL ? 2 : cmocka_run_group_tests(tests, setup, teardown);
}
