/* SPDX-License-Identifier: MIT */
/*
 * F34: what people wrote commands no terminal and hides nothing.  A corpus goes
 * through reports, notes and drafts; then the screens are opened, and the bytes
 * the program wrote are searched.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "live.h"

/* As JSON writes them; bare C0 and C1 controls are refused by the desk already. */
static const char *const corpus[] = { "\\u202ereversed", "zero\\u200bwidth", "\\ufeffbom",
	"\\u2066iso\\u2069", "rtl\\u200fmark", "tag\\udb40\\udc41end", "line\\u2028sep",
	"\\ufff9note", "q\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301",
	"ﾊﾞﾝｸ ＡＢＣ", "○※→±", "\\u0378unassigned", "%s %n {name} [JA 3]", "\\udbff\\udfff" };

/* What must never reach a terminal, in UTF-8. */
static const char *const forbidden[] = { "\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac",
	"\xe2\x80\xad", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8",
	"\xe2\x81\xa9", "\xe2\x80\x8b", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x80\xa8",
	"\xef\xbb\xbf", "\xf3\xa0\x81", "\xef\xbf\xb9" };

static void
report(const struct desk *desk, const char *text)
{
	struct str args = STR_INIT;
	struct str out = STR_INIT;

	str_addf(&args,
		"{\"fields\": {\"title\": \"%s\", \"situation\": \"%s\", \"contact\": \"%s\", "
		"\"place\": \"%s\", \"answers\": {\"business-disruption\": \"no\", "
		"\"service-disruption\": \"yes\", \"information-impairment\": \"no\", "
		"\"security-breach\": \"no\", \"control-failure\": \"no\", "
		"\"major-accident\": \"no\"}}}",
		text, text, text, text);
	live_call(desk, "incident.report", str_text(&args), &out);
	str_release(&args);
	str_release(&out);
}

static void
draft(const struct desk *desk, const char *text)
{
	struct str args = STR_INIT;
	struct str out = STR_INIT;

	str_addf(&args, "{\"form\": \"report\", \"fields\": {\"title\": \"%s\"}}", text);
	live_call(desk, "draft.save", str_text(&args), &out);
	str_release(&args);
	str_release(&out);
}

/* The harness itself fails on any control that is not curses' own. */
static void
expect_harmless(struct vt *vt)
{
	size_t len = 0;
	const char *raw = vt_raw(vt, &len);

	assert_int_equal(strlen(raw), len);
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		if (strstr(raw, forbidden[i])) {
			print_error("forbidden %zu was written\n", i);
			fail();
		}
	}
}

/* Every row's page, its steps and a note form, in two sizes. */
static void
look_at_everything(struct vt *vt, int rows)
{
	for (int i = 0; i < rows; i++) {
		vt_keys(vt, "<Enter>");
		vt_keys(vt, "<Tab><PgDn><PgUp>");
		vt_keys(vt, "q");
		vt_keys(vt, "a<Esc>");
		vt_keys(vt, "<Down>");
	}
	vt_keys(vt, "m<Esc>");
	vt_keys(vt, "g");
}

static void
hostile__text_in_every_place__reaches_no_terminal(void **state)
{
	struct desk *desk = *state;
	int n = (int)(sizeof(corpus) / sizeof(corpus[0]));
	struct vt *vt;

	for (int i = 0; i < n; i++) {
		report(desk, corpus[i]);
	}
	draft(desk, corpus[0]);
	vt = live_start(desk, "dc-operator-1");
	vt_expect(vt, "<U+202E>");
	vt_refuse(vt, "No incident");
	look_at_everything(vt, n);
	vt_resize(vt, 48, 160);
	look_at_everything(vt, n);
	vt_paste(vt, "\xe2\x80\xaepasted outside");
	vt_keys(vt, "nyunnnn<Enter>");
	vt_paste(vt, "\xe2\x80\xaepasted\xe2\x81\xa6 inside \xf3\xa0\x81\x81");
	vt_expect(vt, "<U+202E>pasted<U+2066>");
	expect_harmless(vt);
	vt_free(vt);
}

/* Whoever can name a case must not be able to hide who acts here, and on what kind of desk. */
static void
hostile__long_title__hides_neither_person_nor_kind_of_desk(void **state)
{
	static const char *const titles[] = {
		"a title that goes on and on and on and on and on and on and on and on "
		"and on and on and on and on",
		"長い件名が続いて続いて続いて続いて続いて続いて続いて続いて"
		"続いて続いて続いて続いて続いて続いて",
	};
	static const int cols[] = { 60, 80, 132 };
	struct desk *desk = *state;
	struct vt *vt;

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		report(desk, titles[i]);
	}
	vt = live_start(desk, "dc-operator-1");
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		vt_keys(vt, i == 0 ? "<Enter>" : "q<Down><Enter>");
		for (size_t size = 0; size < sizeof(cols) / sizeof(cols[0]); size++) {
			vt_resize(vt, cols[size] == 60 ? 16 : 24, cols[size]);
			assert_non_null(strstr(vt_row(vt, 0), " toban 26-000"));
			assert_non_null(strstr(vt_row(vt, 0), "... "));
			assert_non_null(strstr(vt_row(vt, 0), "TRIAL, open file  Haruka Mori"));
		}
	}
	vt_free(vt);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(hostile__text_in_every_place__reaches_no_terminal,
			live_setup, live_teardown),
		cmocka_unit_test_setup_teardown(
			hostile__long_title__hides_neither_person_nor_kind_of_desk, live_setup,
			live_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
