/* SPDX-License-Identifier: MIT */
/*
 * Duty on the screen: who is there, who is away, what is entered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "live.h"

static void
call_as(const struct desk *desk, const char *person, const char *method, const char *args)
{
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", person, "call",
		method, args, NULL };
	struct str out = STR_INIT;

	assert_int_equal(live_run(argv, &out), 0);
	str_release(&out);
}

/* Day and night the first deputy has duty. */
static void
set_roster(const struct desk *desk)
{
	call_as(desk, "dc-owner", "roster.set",
		"{\"rows\":[{\"when\":\"daily\",\"from\":\"00:00\",\"to\":\"24:00\","
		"\"person\":\"dc-deputy-1\"}]}");
}

static void
duty__opened__shows_who_is_there_and_who_stands_in(void **state)
{
	struct desk *desk = *state;
	struct vt *vt;

	set_roster(desk);
	call_as(desk, "dc-deputy-2", "person.absent",
		"{\"until\":\"+9d\",\"stand_in\":\"dc-deputy-1\"}");
	vt = live_start(desk, "dc-operator-1");
	vt_keys(vt, "9");
	vt_expect(vt, "Now      Yumiko Endo  03-5550-0104");
	vt_expect(vt, "Takeshi Hara  until");
	vt_expect(vt, "stands in: Endo");
	vt_keys(vt, "<Right>");
	vt_expect(vt, "00:00-24:00 Endo");
	vt_keys(vt, "t");
	vt_expect(vt, "Yumiko Endo       03-5550-0104   on duty");
	vt_keys(vt, "<Esc>d");
	vt_expect(vt, "Of which department?");
	vt_keys(vt, "sales<Enter>");
	vt_expect(vt, "There is no roster: the officers alone are told.");
	vt_expect(vt, "Kazuo Noda");
	vt_free(vt);
}

static void
duty__entered_elsewhere__is_seen_at_once(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = live_start(desk, "dc-operator-1");

	vt_keys(vt, "9");
	vt_expect(vt, "There is no roster");
	set_roster(desk);
	vt_wait_text(vt, "Now      Yumiko Endo");
	call_as(desk, "dc-deputy-1", "person.absent", "{\"until\":\"+9d\"}");
	vt_wait_text(vt, "! GAP: nobody is on duty");
	vt_wait_text(vt, "the deputies stand in");
	vt_free(vt);
}

static void
findings__are_for_those_who_can_mend_them(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = live_start(desk, "dc-operator-1");

	vt_keys(vt, "9f");
	vt_expect(vt, "What is to be mended is shown to officers");
	vt_free(vt);
	vt = live_start(desk, "dc-owner");
	vt_keys(vt, "9");
	vt_expect(vt, "findings (f)");
	vt_keys(vt, "f");
	vt_expect(vt, "was never confirmed.");
	vt_keys(vt, "q");
	vt_expect(vt, "Away     Nobody has an absence now.");
	vt_free(vt);
}

#define ON_A_DESK(test) cmocka_unit_test_setup_teardown(test, live_setup, live_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_DESK(duty__opened__shows_who_is_there_and_who_stands_in),
		ON_A_DESK(duty__entered_elsewhere__is_seen_at_once),
		ON_A_DESK(findings__are_for_those_who_can_mend_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
