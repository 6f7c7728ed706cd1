/* SPDX-License-Identifier: MIT */
/*
 * How a person types: faults, texts, pastes, choices and files in the forms of
 * a real desk.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "live.h"

/* At the form of a report; all questions are answered. */
static struct vt *
start_report(const struct desk *desk)
{
	struct vt *vt = live_start(desk, "dc-operator-1");

	vt_keys(vt, "nyunnnn<Enter>");
	vt_expect(vt, "step 2 of 2");
	return vt;
}

static int
caret_row(struct vt *vt)
{
	int row;
	int col;

	vt_cursor(vt, &row, &col, NULL);
	return row;
}

/* --- faults ---------------------------------------------------------------------------- */

static void
faults__after_sending__are_counted_and_gone_through(void **state)
{
	struct vt *vt = start_report(*state);
	int first;
	int second;

	vt_refuse(vt, "Ctrl-N");
	vt_keys(vt, "<C-s>");
	vt_expect(vt, "3 fields need your attention");
	vt_expect(vt, "Ctrl-N:next !");
	first = caret_row(vt);
	vt_keys(vt, "<C-n>");
	second = caret_row(vt);
	assert_true(second > first);
	vt_keys(vt, "<C-n>");
	assert_true(caret_row(vt) > second);
	vt_keys(vt, "<C-n>");
	assert_int_equal(caret_row(vt), first);
	/* A mended field is passed by. */
	vt_keys(vt, "t<C-n>s<C-n>");
	vt_expect(vt, "Ctrl-N:next !");
	vt_keys(vt, "1");
	vt_refuse(vt, "Ctrl-N");
	vt_refuse(vt, "! This must");
	vt_keys(vt, "<C-n>");
	vt_expect(vt, "No field of this form is marked.");
	vt_free(vt);
}

#define ON_A_DESK(test) cmocka_unit_test_setup_teardown(test, live_setup, live_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_DESK(faults__after_sending__are_counted_and_gone_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
