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
	vt_keys(vt, "9f");
	vt_expect(vt, "findings (f)");
	vt_expect(vt, "was never confirmed.");
	vt_keys(vt, "q");
	vt_expect(vt, "Away     Nobody has an absence now.");
	vt_free(vt);
}

static void
absence__entered__is_recorded_and_ended(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = live_start(desk, "dc-operator-1");

	vt_keys(vt, "9b");
	vt_expect(vt, "*Who is away  Haruka Mori");
	vt_keys(vt, "<C-s>");
	vt_expect(vt, "marked with !");
	vt_keys(vt, "yesterday<C-s>");
	vt_expect(vt, "This time has passed already.");
	vt_keys(vt, "<C-u>5d<Tab><F3>endo<Enter>family<C-s>");
	vt_expect(vt, "Yumiko Endo stands in?");
	assert_false(answers(desk, "org.show", "{}", "\"stand_in\": \"dc-deputy-1\""));
	vt_keys(vt, "y");
	vt_expect(vt, "The absence is recorded: entry");
	vt_expect(vt, "Haruka Mori  until");
	assert_true(answers(desk, "org.show", "{}", "\"stand_in\": \"dc-deputy-1\""));
	assert_true(answers(desk, "draft.list", "{}", "\"drafts\": []"));
	vt_keys(vt, "e");
	vt_expect(vt, "End an absence");
	vt_keys(vt, "y");
	vt_expect(vt, "Haruka Mori is back.");
	vt_expect(vt, "Nobody has an absence now.");
	vt_free(vt);
}

static void
absence__of_others__is_refused_with_who_could(void **state)
{
	struct desk *desk = *state;
	struct vt *vt;

	call_as(desk, "dc-operator-2", "person.absent", "{\"until\":\"+9d\"}");
	vt = live_start(desk, "dc-operator-1");
	vt_keys(vt, "9ey");
	vt_expect(vt, "Who can: Kenji Okada, Masao Ishikawa");
	vt_expect(vt, "Kenji Okada  until");
	vt_free(vt);
}

static void
absence__left__is_kept_and_continued(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = live_start(desk, "dc-operator-1");

	vt_keys(vt, "9b2026<Esc>");
	vt_expect(vt, "kept as draft D-1");
	vt_keys(vt, "b");
	vt_expect(vt, "This is your draft D-1, continued.");
	vt_expect(vt, "[2026 ");
	vt_keys(vt, "<Esc>1<End>");
	vt_expect(vt, "Absence");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "This is your draft D-1, continued.");
	vt_free(vt);
}

static void
roster__of_a_day__is_overruled_and_put_back(void **state)
{
	struct desk *desk = *state;
	struct vt *vt;

	set_roster(desk);
	vt = live_start(desk, "dc-operator-1");
	vt_keys(vt, "9r");
	vt_expect(vt, "can: Masao Ishikawa");
	vt_free(vt);
	vt = live_start(desk, "dc-owner");
	vt_keys(vt, "9<Right>r");
	vt_expect(vt, "*On duty");
	vt_keys(vt, "<F3>okada<Enter><Tab><Tab><Tab>9x<C-s>y");
	vt_expect(vt, "is no time of the day");
	vt_expect(vt, "it is marked with !");
	vt_keys(vt, "<C-u>09:00<C-s>");
	vt_expect(vt, "09:00: Kenji Okada? It overrules");
	vt_keys(vt, "y");
	vt_expect(vt, "The roster is overruled: entry");
	vt_expect(vt, "00:00-09:00 Okada");
	vt_keys(vt, "xy");
	vt_expect(vt, "The roster holds again on that day.");
	vt_refuse(vt, "Okada");
	vt_free(vt);
}

static void
ways__of_oneself__are_added_confirmed_and_taken_off(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = live_start(desk, "dc-operator-1");

	vt_keys(vt, "7w");
	vt_expect(vt, "03-5550-0101             ! never confirmed");
	vt_keys(vt, "cy");
	vt_expect(vt, "03-5550-0101 is confirmed as of today.");
	vt_refuse(vt, "never confirmed");
	vt_keys(vt, "n090-5550-9999<C-s>y");
	vt_expect(vt, "The way of contact is recorded: entry");
	vt_expect(vt, "090-5550-9999            ! never confirmed");
	vt_keys(vt, "<Home>xy");
	vt_expect(vt, "03-5550-0101 is taken off the list.");
	vt_keys(vt, "<Esc><Esc><F3>mori");
	vt_expect(vt, "090-5550-9999");
	vt_expect(vt, "never confirmed");
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
		ON_A_DESK(absence__entered__is_recorded_and_ended),
		ON_A_DESK(absence__of_others__is_refused_with_who_could),
		ON_A_DESK(absence__left__is_kept_and_continued),
		ON_A_DESK(roster__of_a_day__is_overruled_and_put_back),
		ON_A_DESK(ways__of_oneself__are_added_confirmed_and_taken_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
