/* SPDX-License-Identifier: MIT */
/*
 * The telephone at an incident: who comes next, and that a call is recorded once, by
 * two plain keys or by one function key, never by a single letter.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "live.h"

static int
count(const char *text, const char *word)
{
	int n = 0;

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) {
		n++;
	}
	return n;
}

/* The calls on record. */
static int
calls_of(const struct desk *desk)
{
	struct str out = STR_INIT;
	int n;

	live_call(desk, "incident.show", "{\"id\":\"26-0001\"}", &out);
	n = count(str_text(&out), "\"outcome\": \"");
	/* Each stands in the list of calls and in its entry of the log. */
	assert_int_equal(n % 2, 0);
	str_release(&out);
	return n / 2;
}

/* Without an engine: what it records when somebody is not reached would race with the keys. */
static struct vt *
start(const struct desk *desk)
{
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-operator-1",
		"--lang", "en", NULL };
	const char *env[] = { "TOBAN_AMBIGUOUS=1", "TOBAN_ENGINE=off", desk->run_dir,
		desk->state_dir, NULL };

	return vt_start(&(struct vt_options){ .argv = argv, .env = env, .rows = 24, .cols = 80 });
}

static struct vt *
start_at_the_telephone(const struct desk *desk)
{
	struct str out = STR_INIT;
	struct vt *vt;

	live_call(desk, "incident.report",
		"{\"fields\":{\"title\":\"rack\",\"situation\":\"s\",\"contact\":\"c\","
		"\"answers\":{\"service-disruption\":\"yes\"}}}",
		&out);
	str_release(&out);
	vt = start(desk);
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "t:telephone");
	vt_keys(vt, "t");
	vt_expect(vt, "CALL NOW");
	return vt;
}

static void
call__chosen_by_letter__is_recorded_by_enter_alone(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = start_at_the_telephone(desk);

	vt_expect(vt, "Masao Ishikawa   security officer");
	vt_expect(vt, "0 3  -  5 5 5 0  -  0 1 0 3");
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "Choose first what came of the call");
	vt_keys(vt, "rnve");
	assert_int_equal(calls_of(desk), 0);
	vt_keys(vt, "n<Enter>");
	vt_expect(vt, "Recorded: Masao Ishikawa, No answer. Next: Yumiko Endo.");
	assert_int_equal(calls_of(desk), 1);
	/* The next call begins without an outcome. */
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "Choose first what came of the call");
	assert_int_equal(calls_of(desk), 1);
	vt_free(vt);
}

/* One key for whoever has the receiver in one hand; who was tried comes again at the end. */
static void
call__by_function_key__goes_on_to_the_next(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = start_at_the_telephone(desk);

	vt_keys(vt, "<F7>");
	vt_expect(vt, "Next: Yumiko Endo.");
	vt_keys(vt, "<F8>");
	vt_expect(vt, "Next: Takeshi Hara.");
	vt_keys(vt, "<F9>");
	vt_expect(vt, "Recorded: Takeshi Hara, Refused.");
	assert_int_equal(calls_of(desk), 3);
	vt_free(vt);
}

static void
call__of_a_chosen_person__is_theirs(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = start_at_the_telephone(desk);
	struct str out = STR_INIT;

	vt_keys(vt, "<Down><Down>");
	vt_expect(vt, "0 3  -  5 5 5 0  -  0 1 0 5");
	vt_keys(vt, "<F6>");
	vt_expect(vt, "Recorded: Takeshi Hara, Reached. Next: Masao Ishikawa.");
	live_call(desk, "incident.show", "{\"id\":\"26-0001\"}", &out);
	assert_non_null(strstr(str_text(&out), "\"to\": \"dc-deputy-2\""));
	str_release(&out);
	vt_free(vt);
}

/* Somebody else records a call while one is under way: it stays with whom it began. */
static void
call__under_way__stays_with_whom_it_began(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = start_at_the_telephone(desk);
	struct str out = STR_INIT;

	live_call(desk, "incident.act",
		"{\"id\":\"26-0001\",\"step\":\"call\",\"fields\":{\"to\":\"dc-owner\","
		"\"number\":\"1\",\"outcome\":\"no-answer\"}}",
		&out);
	str_release(&out);
	vt_wait_text(vt, "called once");
	vt_expect(vt, "0 3  -  5 5 5 0  -  0 1 0 3");
	vt_keys(vt, "<F8>");
	vt_expect(vt, "Recorded: Masao Ishikawa, Voicemail. Next: Yumiko Endo.");
	vt_expect(vt, "0 3  -  5 5 5 0  -  0 1 0 4");
	vt_free(vt);
}

/* Whoever is involved is not called, and hears of it from nobody. */
static void
call__of_the_involved__is_not_offered(void **state)
{
	struct desk *desk = *state;
	const char *argv[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "office-staff-1",
		"act", "26-0001", "involve", "--set", "person=dc-owner", "--set", "why=x", NULL };
	struct str out = STR_INIT;
	struct vt *vt = start_at_the_telephone(desk);

	vt_keys(vt, "q");
	assert_int_equal(live_run(argv, &out), 0);
	str_release(&out);
	vt_keys(vt, "t");
	vt_expect(vt, "IN THIS ORDER");
	vt_refuse(vt, "Ishikawa");
	vt_free(vt);
}

#define ON_A_DESK(test) cmocka_unit_test_setup_teardown(test, live_setup, live_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_DESK(call__chosen_by_letter__is_recorded_by_enter_alone),
		ON_A_DESK(call__by_function_key__goes_on_to_the_next),
		ON_A_DESK(call__of_a_chosen_person__is_theirs),
		ON_A_DESK(call__under_way__stays_with_whom_it_began),
		ON_A_DESK(call__of_the_involved__is_not_offered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
