/* SPDX-License-Identifier: MIT */
/*
 * Handovers: what the entries tell, and who may do what.
 */
#include <string.h>

#include "shipped.h"
#include "toban/core/handover.h"

#define GIVEN "{\"sheet\":{},\"text\":\"quiet\",\"to\":null}"

/* An entry of a department, the newest first in an array. */
static struct event
entry(int64_t seq, const char *kind, const char *actor, const char *body)
{
	return (struct event){
		.seq = seq, .subject_seq = seq, .kind = kind, .actor = actor, .body = body
	};
}

static void
fold__given__is_pending_until_its_end(void **state)
{
	const struct event events[] = {
		entry(4, HANDOVER_GIVEN, "ann", GIVEN),
		entry(3, HANDOVER_ACCEPTED, "bob", "{\"seq\":2,\"text\":\"\"}"),
		entry(2, HANDOVER_GIVEN, "ann", GIVEN),
		entry(1, HANDOVER_WITHDRAWN, "ann", "{\"seq\":9}"), /* begun before what was read */
	};
	struct arena *arena = arena_new();
	struct handover_list list = { NULL };

	(void)state;
	assert_int_equal(handover_fold(arena, events, 4, &list), ERR_OK);
	assert_int_equal(list.n, 2);
	assert_ptr_equal(handover_pending(&list), &list.items[0]);
	assert_int_equal(list.subject_seq, 4);
	assert_string_equal(list.items[0].text, "quiet");
	assert_null(list.items[0].to);
	assert_int_equal(list.items[1].state, HANDOVER_IS_ACCEPTED);
	assert_int_equal(list.items[1].seq, 2);
	assert_string_equal(list.items[1].end_by, "bob");
	handover_release(&list);

	assert_int_equal(handover_fold(arena, events + 1, 3, &list), ERR_OK);
	assert_null(handover_pending(&list));
	handover_release(&list);
	assert_int_equal(handover_fold(arena, events, 0, &list), ERR_OK);
	assert_null(handover_pending(&list));
	handover_release(&list);
	arena_free(arena);
}

static void
fold__entries_that_tell_no_handovers__are_corrupt(void **state)
{
	static const struct {
		const char *kind;
		const char *body;
	} rows[][2] = {
		/* the newest first */
		{ { HANDOVER_ACCEPTED, "{\"seq\":7}" }, { HANDOVER_GIVEN, GIVEN } },
		{ { HANDOVER_ACCEPTED, "{\"seq\":1}" }, { HANDOVER_WITHDRAWN, "{\"seq\":1}" } },
		{ { HANDOVER_GIVEN, GIVEN }, { HANDOVER_GIVEN, GIVEN } },
		{ { HANDOVER_ACCEPTED, "{\"seq\":1}" }, { HANDOVER_GIVEN, "{\"text\":\"\"}" } },
		{ { HANDOVER_ACCEPTED, "{\"seq\":1}" }, { HANDOVER_GIVEN, NULL } },
		{ { HANDOVER_ACCEPTED, "[]" }, { HANDOVER_GIVEN, GIVEN } },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct event events[] = {
			entry(2, rows[i][0].kind, "bob", rows[i][0].body),
			entry(1, rows[i][1].kind, "ann", rows[i][1].body),
		};
		struct handover_list list = { NULL };

		assert_int_equal(handover_fold(arena, events, 2, &list), ERR_CORRUPT);
	}
	arena_free(arena);
}

enum judged { GIVE, ACCEPT, WITHDRAW };

static const char *
judge(const struct shipped *s, enum judged what, const char *person, const struct handover *pending)
{
	static enum err (*const judges[])(struct arena *, const struct handover_context *,
		const struct person *, struct step_verdict *) = {
		[GIVE] = handover_judge_give,
		[ACCEPT] = handover_judge_accept,
		[WITHDRAW] = handover_judge_withdraw,
	};
	const struct handover_context context = { s->org, "datacentre", pending };
	struct step_verdict verdict = { false };

	assert_int_equal(
		judges[what](s->arena, &context, org_person(s->org, person), &verdict), ERR_OK);
	assert_int_equal(verdict.allowed, verdict.code[0] == '\0');
	assert_int_equal(verdict.allowed, verdict.why[0] == '\0');
	for (size_t i = 0; i < verdict.who.n; i++) {
		/* Who is named could really do it. */
		assert_true(
			handover_is_member(org_person(s->org, verdict.who.items[i]), "datacentre"));
		assert_string_not_equal(verdict.who.items[i], person);
	}
	return verdict.code;
}

static void
judge__each_way__is_for_its_people(void **state)
{
	static const struct {
		enum judged what;
		const char *person;
		bool pending; /* given by dc-operator-1 */
		const char *code;
	} rows[] = {
		{ GIVE, "dc-operator-1", false, "" },
		{ GIVE, "dc-owner", false, "" },
		{ GIVE, "dc-owner", true, "D405" },
		{ GIVE, "ga-owner", false, "D301" },
		{ GIVE, "auditor-1", false, "D306" },
		{ GIVE, "admin", false, "D307" },
		{ ACCEPT, "dc-owner", false, "D406" },
		{ ACCEPT, "dc-owner", true, "" },
		{ ACCEPT, "dc-operator-2", true, "" },
		{ ACCEPT, "dc-operator-1", true, "D312" },
		{ ACCEPT, "ga-owner", true, "D301" },
		{ ACCEPT, "auditor-1", true, "D306" },
		{ WITHDRAW, "dc-operator-1", true, "" },
		{ WITHDRAW, "dc-operator-1", false, "D406" },
		{ WITHDRAW, "dc-owner", true, "D301" },
	};
	const struct handover given = { .seq = 5, .by = "dc-operator-1" };
	struct shipped *shipped = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_string_equal(judge(shipped, rows[i].what, rows[i].person,
					    rows[i].pending ? &given : NULL),
			rows[i].code);
	}
}

static void
difference__of_two_sheets__names_new_gone_and_moved(void **state)
{
	json_t *before =
		json_loads("{\"incidents\":[{\"id\":\"1\",\"last_step\":1},"
			   "{\"id\":\"2\",\"last_step\":2},{\"id\":\"3\",\"last_step\":3}]}",
			0, NULL);
	json_t *after =
		json_loads("{\"incidents\":[{\"id\":\"1\",\"last_step\":1},"
			   "{\"id\":\"3\",\"last_step\":9},{\"id\":\"4\",\"last_step\":8}]}",
			0, NULL);
	json_t *wanted =
		json_loads("{\"new\":[\"4\"],\"gone\":[\"2\"],\"moved\":[\"3\"]}", 0, NULL);
	json_t *found = handover_difference(before, after);

	(void)state;
	assert_true(json_equal(found, wanted));
	json_decref(before);
	json_decref(after);
	json_decref(wanted);
	json_decref(found);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(fold__given__is_pending_until_its_end),
		cmocka_unit_test(fold__entries_that_tell_no_handovers__are_corrupt),
		cmocka_unit_test(judge__each_way__is_for_its_people),
		cmocka_unit_test(difference__of_two_sheets__names_new_gone_and_moved),
	};

	return cmocka_run_group_tests_name("handover", tests, shipped_load, shipped_unload);
}
