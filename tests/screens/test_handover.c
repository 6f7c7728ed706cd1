/* SPDX-License-Identifier: MIT */
/*
 * The handover of a shift by keys, on the real program and a real desk file,
 * in both languages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "walk.h"

struct shift_words {
	const char *lang;
	const char *pending; /* row 2 of the board */
	const char *own;     /* who handed over does not accept */
	const char *yours;   /* after the acceptance */
	const char *before;  /* the history */
};

static void
hand_over(const struct walk_desk *desk, const struct shift_words *words)
{
	struct vt *vt = walk_start(desk, words->lang);

	walk_sit(vt, "dc-operator-1");
	vt_keys(vt, "4h<Tab>盤Bは触らない");
	/* Esc keeps the remark; the key comes back to it. */
	vt_keys(vt, "<Esc>h");
	vt_expect(vt, "盤Bは触らない");
	vt_keys(vt, "<C-s><Tab><Enter>1");
	vt_expect(vt, words->pending);
	vt_keys(vt, "4o");
	vt_expect(vt, words->own);
	vt_expect(vt, "D312");
	vt_free(vt);
}

static void
take_over(const struct walk_desk *desk, const struct shift_words *words)
{
	struct vt *vt = walk_start(desk, words->lang);

	walk_sit(vt, "dc-operator-2");
	vt_expect(vt, words->pending);
	/* It is among what waits for this person, and Enter leads to it. */
	vt_keys(vt, "2<Enter>");
	vt_expect(vt, "盤Bは触らない");
	/* The button that changes nothing is the first. */
	vt_keys(vt, "o<Enter>");
	vt_refuse(vt, words->yours);
	vt_keys(vt, "o<Tab><Enter>");
	vt_expect(vt, words->yours);
	vt_expect(vt, words->before);
	vt_keys(vt, "1");
	vt_refuse(vt, words->pending);
	vt_free(vt);
}

static void
shift__handed_over_and_accepted__in_both_languages(void **state)
{
	static const struct shift_words words[] = {
		{ "en", "handover: Mori > anybody 22:41", "You cannot accept it",
			"The shift is yours", "accepted by Okada" },
		{ "ja", "引継ぎ中: 森 > 部門の誰か 22:41", "引き受けられません",
			"当番を引き受けました", "引受け: 岡田" },
	};
	const struct walk_desk *desk = *state;
	const char *verify[] = { getenv("TOBAN"), "--desk", desk->path, "verify", "--rebuild",
		NULL };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		hand_over(desk, &words[i]);
		take_over(desk, &words[i]);
	}
	assert_int_equal(walk_run(verify), 0);
}

static void
shift__to_a_named_person__is_accepted_by_another_with_a_reason(void **state)
{
	const struct walk_desk *desk = *state;
	const char *give[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-operator-1",
		"handover", "give", "--to", "dc-operator-2", NULL };
	struct vt *vt;

	assert_int_equal(walk_run(give), 0);
	vt = walk_start(desk, "en");
	walk_sit(vt, "dc-deputy-1");
	vt_expect(vt, "handover: Mori > Okada 22:41");
	vt_keys(vt, "4o<C-s>");
	vt_expect(vt, "Why in another's place");
	vt_refuse(vt, "[ Take over ]"); /* the reason is missing */
	vt_keys(vt, "He is ill.<C-s><Tab><Enter>");
	vt_expect(vt, "accepted by Endo");
	vt_free(vt);
}

static void
shift__step_taken_after_it_was_read__is_shown_before_the_acceptance(void **state)
{
	const struct walk_desk *desk = *state;
	const char *give[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-operator-1",
		"handover", "give", NULL };
	const char *report[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "dc-operator-1",
		"call", "incident.report",
		"{\"fields\":{\"title\":\"Fan dead\",\"situation\":\"x\",\"contact\":\"1\","
		"\"answers\":{\"service-disruption\":\"yes\"}}}",
		NULL };
	struct vt *vt;

	assert_int_equal(walk_run(give), 0);
	vt = walk_start(desk, "en");
	walk_sit(vt, "dc-operator-2");
	vt_keys(vt, "4o");
	vt_expect(vt, "[ Take over ]");
	assert_int_equal(walk_run(report), 0); /* while the question stands */
	vt_keys(vt, "<Tab><Enter>");
	vt_expect(vt, "D205");
	vt_expect(vt, "New since    26-0001  Fan dead");
	vt_keys(vt, "o<Tab><Enter>");
	vt_expect(vt, "The shift is yours");
	vt_free(vt);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(shift__handed_over_and_accepted__in_both_languages,
			walk_setup, walk_teardown),
		cmocka_unit_test_setup_teardown(
			shift__to_a_named_person__is_accepted_by_another_with_a_reason, walk_setup,
			walk_teardown),
		cmocka_unit_test_setup_teardown(
			shift__step_taken_after_it_was_read__is_shown_before_the_acceptance,
			walk_setup, walk_teardown),
	};

	return cmocka_run_group_tests_name("handover", tests, NULL, NULL);
}
