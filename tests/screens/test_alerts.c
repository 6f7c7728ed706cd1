/* SPDX-License-Identifier: MIT */
/*
 * Alerts of other systems on the screen: read, reported, linked, put aside.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "live.h"

static struct vt *
start_at_the_alerts(const struct desk *desk)
{
	struct str out = STR_INIT;
	struct vt *vt;

	live_call(desk, "alert.intake",
		"{\"source\":\"json\",\"document\":{\"alerts\":["
		"{\"key\":\"d1\",\"title\":\"ディスク障害 rack C-12\",\"text\":\"raid "
		"2\",\"place\":\"room 3\"},"
		"{\"key\":\"d2\",\"title\":\"Link \\u202edown\",\"status\":\"resolved\"}]}}",
		&out);
	str_release(&out);
	vt = live_start(desk, "dc-operator-1");
	vt_keys(vt, "8");
	vt_expect(vt, "Waiting to be judged 2 | firing 1");
	return vt;
}

static bool
answers(const struct desk *desk, const char *method, const char *args, const char *text)
{
	struct str out = STR_INIT;
	bool found;

	live_call(desk, method, args, &out);
	found = strstr(str_text(&out), text) != NULL;
	str_release(&out);
	return found;
}

static void
alert__reported__carries_its_text_and_is_judged_when_sent(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = start_at_the_alerts(desk);

	vt_keys(vt, "<Down>");
	vt_expect(vt, "raid 2");
	vt_keys(vt, "p");
	vt_expect(vt, "question 1 of 6");
	vt_keys(vt, "nynnnn<Enter>");
	vt_expect(vt, "[ディスク障害 rack C-12");
	assert_true(answers(desk, "alert.list", "{\"state\":\"open\"}", "\"A-1\""));
	vt_keys(vt, "<Tab><Tab>ext. 1<C-s>y");
	vt_expect(vt, "The report is recorded.");
	assert_true(answers(desk, "alert.show", "{\"id\":\"A-1\"}", "\"incident\": \"26-0001\""));
	vt_free(vt);
}

static void
alert__put_aside__wants_a_reason_and_keeps_a_refused_one(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = start_at_the_alerts(desk);

	vt_keys(vt, "x<Enter>");
	assert_true(answers(desk, "alert.list", "{\"state\":\"open\"}", "\"A-2\""));
	vt_keys(vt, "xa test of<Esc>");
	vt_keys(vt, "x the link<Enter>"); /* what was left stands there */
	vt_expect(vt, "A-2 is put aside.");
	assert_true(answers(desk, "alert.show", "{\"id\":\"A-2\"}", "a test of the link"));
	vt_expect(vt, "Waiting to be judged 1 | firing 1");
	vt_keys(vt, "c");
	vt_expect(vt, "All alerts 2");
	vt_expect(vt, "put aside");
	vt_free(vt);
}

static void
alert__linked__opens_its_case(void **state)
{
	struct desk *desk = *state;
	struct str out = STR_INIT;
	struct vt *vt;

	live_call(desk, "incident.report",
		"{\"fields\":{\"title\":\"rack\",\"situation\":\"s\",\"contact\":\"c\","
		"\"answers\":{\"service-disruption\":\"yes\"}}}",
		&out);
	str_release(&out);
	vt = start_at_the_alerts(desk);
	vt_keys(vt, "<Down>l");
	vt_expect(vt, "Link the alert with which case?");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "A-1 is linked with 26-0001.");
	vt_keys(vt, "c<Down>o");
	vt_expect(vt, "CONTACT CHAIN");
	vt_free(vt);
}

#define ON_A_DESK(test) cmocka_unit_test_setup_teardown(test, live_setup, live_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_DESK(alert__reported__carries_its_text_and_is_judged_when_sent),
		ON_A_DESK(alert__put_aside__wants_a_reason_and_keeps_a_refused_one),
		ON_A_DESK(alert__linked__opens_its_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
