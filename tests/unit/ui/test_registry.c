/* SPDX-License-Identifier: MIT */
/*
 * The action tables of all screens: no two actions on one key, no key of every
 * screen taken silently, no letter promised while letters are text, every name
 * once, every word in both languages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "keymap.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

enum { LABEL_COLS = 24 };

static int faults;

static void
fault(const char *screen, const char *action, const char *what)
{
	print_error("%s: %s: %s\n", screen, action, what);
	faults++;
}

static bool
is_printable(int code)
{
	return code >= ' ' && code < 0x7f;
}

static bool
uses(const struct action *a, int code)
{
	return code != K_NONE && (a->key == code || a->alias == code);
}

static bool
shares_key(const struct action *a, const struct action *b)
{
	return uses(b, a->key) || uses(b, a->alias);
}

/* Against the rows behind it in its own table. */
static void
check_rest(const char *screen, const struct action *a)
{
	if (a->alias && a->alias == a->key) {
		fault(screen, a->name, "its alias is its key");
	}
	for (const struct action *b = a + 1; b->name; b++) {
		if (shares_key(a, b)) {
			fault(screen, a->name, b->name);
		}
		if (strcmp(a->name, b->name) == 0) {
			fault(screen, a->name, "named twice");
		}
	}
}

/* Esc and q close what lies on top: what that means, a screen may say itself. */
static bool
takes_over(const struct action *a, const struct action *g)
{
	const int keys[] = { a->key, a->alias };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (keys[i] != K_ESC && keys[i] != 'q' && uses(g, keys[i])) {
			return true;
		}
	}
	return false;
}

static void
check_globals(const char *screen, const struct action *a)
{
	if (uses(a, '?') || uses(a, K_CTRL('C'))) {
		fault(screen, a->name, "takes a key that is the same everywhere");
	}
	for (const struct action *g = globals_actions(); g->name; g++) {
		if (takes_over(a, g) && !(a->flags & ACTION_OVER)) {
			fault(screen, a->name, g->name);
		}
	}
}

static void
check_words(const char *screen, const struct action *a)
{
	for (const char *c = a->name; *c; c++) {
		if (!((*c >= 'a' && *c <= 'z') || *c == '-')) {
			fault(screen, a->name, "a name is small letters and -");
			break;
		}
	}
	if (!a->label || !a->label[0] || !a->help || !a->help[0] || !a->run) {
		fault(screen, a->name, "label, help or function is missing");
		return;
	}
	if (strlen(a->label) > LABEL_COLS) {
		fault(screen, a->name, "the label is too long for the footer");
	}
	if (strcmp(_(a->label), a->label) == 0 || strcmp(_(a->help), a->help) == 0) {
		fault(screen, a->name, "label or help is not translated");
	}
}

static void
check_table(const char *screen, const struct action *table, bool global)
{
	for (const struct action *a = table; a->name; a++) {
		bool only_letters = is_printable(a->key) && (!a->alias || is_printable(a->alias));

		check_rest(screen, a);
		check_words(screen, a);
		if (!global) {
			check_globals(screen, a);
		}
		if (only_letters && a->flags & ACTION_TEXT) {
			fault(screen, a->name, "a letter cannot work while letters are text");
		}
		if (a->flags & ACTION_FINAL && is_printable(a->key)) {
			fault(screen, a->name, "final, but on a plain key");
		}
	}
}

static void
tables__all_screens__have_no_conflict(void **state)
{
	(void)state;
	faults = 0;
	check_table("everywhere", globals_actions(), true);
	for (const struct screen_ops *const *s = registry_screens(); *s; s++) {
		check_table((*s)->name, (*s)->actions, false);
	}
	assert_int_equal(faults, 0);
}

static void
registry__every_name__finds_its_screen(void **state)
{
	(void)state;
	for (const struct screen_ops *const *s = registry_screens(); *s; s++) {
		assert_ptr_equal(registry_find((*s)->name), *s);
		assert_non_null((*s)->actions);
	}
	assert_null(registry_find("nowhere"));
}

/* What a file of keys is answered with; "" for one that is taken. */
static const struct {
	const char *text;
	const char *code;
	int line;
} keymaps[] = {
	{ "[board]\nreport = r\nclock = F6\ndrop = D\n[everywhere]\nrefresh = Ctrl-R\n", "", 0 },
	{ "[bord]\nreport = r\n", "D603", 1 },
	{ "[board]\nreprot = r\n", "D603", 2 },
	{ "[board]\nreport = Alt-x\n", "D603", 2 },
	{ "[everywhere]\nhelp = F2\n", "D604", 2 },
	{ "[board]\nreport = q\n", "D604", 2 },
	{ "[board]\nreport = j\n", "D604", 2 },
	{ "[report]\nsend = s\n", "D604", 2 },
	{ "[confirm]\nchoose = A\n", "D604", 2 },
	{ "[board]\nreport = a\n", "D605", 2 },
	{ "[board]\n\nreport = 7\n", "D605", 3 },
	{ "[everywhere]\nmessages = n\n", "D605", 2 },
	{ "[everywhere]\ncommand = c\n", "D604", 2 },
};

static void
keymap__faults__are_found_with_line_and_code(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keymaps); i++) {
		struct arena *arena = arena_new();
		struct ini_problems problems = { .arena = arena };
		struct str text = STR_INIT;
		struct keymap map;

		str_add(&text, keymaps[i].text);
		assert_int_equal(keymap_read(arena, &problems, "keys.ini", &text, &map), ERR_OK);
		if (keymaps[i].code[0] == '\0') {
			assert_int_equal(problems.n, 0);
			assert_int_equal(map.n, 4);
			/* The chosen key takes the place of both of the table. */
			assert_null(keymap_find(&map, board_ops.actions, K_DELETE));
			assert_string_equal(
				keymap_find(&map, board_ops.actions, 'r')->name, "report");
			assert_null(keymap_find(&map, board_ops.actions, 'n'));
			assert_string_equal(
				keymap_find(&map, globals_actions(), K_CTRL('R'))->name, "refresh");
		} else {
			assert_int_not_equal(problems.n, 0);
			assert_string_equal(problems.items[0].expected, keymaps[i].code);
			assert_int_equal(problems.items[0].line, keymaps[i].line);
		}
		str_release(&text);
		arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables__all_screens__have_no_conflict),
		cmocka_unit_test(registry__every_name__finds_its_screen),
		cmocka_unit_test(keymap__faults__are_found_with_line_and_code),
	};

	i18n_start(LANG_JA, getenv("CATALOGUES"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
