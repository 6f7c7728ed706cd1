/* SPDX-License-Identifier: MIT */
/*
 * The handover of a shift through the door: what is on the sheet, what is
 * recorded of it, who gives and who accepts, and what the verifier says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "toban/base/attr.h"
#include "toban/core/handover.h"

#define HOUR INT64_C(3600000)

/* The section of a document's sheet. */
static const json_t *
section(const json_t *answer, const char *key)
{
	return json_object_get(json_object_get(answer, "sheet"), key);
}

static size_t
rows(struct fixture *f, const char *person, const char *key)
{
	json_t *answer = ok(f, person, "handover.sheet", NULL);
	size_t n = json_array_size(section(answer, key));

	drop(answer);
	return n;
}

static json_int_t
restricted(struct fixture *f, const char *person)
{
	json_t *answer = ok(f, person, "handover.sheet", NULL);
	json_int_t n = json_integer_value(section(answer, "restricted"));

	drop(answer);
	return n;
}

/* Hands over as dc-operator-1; the entry's number. */
static json_int_t
give(struct fixture *f, const char *args)
{
	json_t *answer = ok(f, "dc-operator-1", "handover.give", args);
	json_int_t seq = json_integer_value(json_object_get(answer, "seq"));

	drop(answer);
	return seq;
}

/* Accepts as `person`; "" or the code it is refused with. Static until the next call. */
static const char *
accept(struct fixture *f, const char *person, json_int_t seq, const char *more)
{
	static char code[8];
	struct door door = fixture_door(f, person);
	json_t *args = doc(more);
	json_t *result = NULL;
	json_t *error = NULL;

	json_object_set_new(args, "seq", json_integer(seq));
	code[0] = '\0';
	if (door.call(door.ctx, "handover.accept", args, &result, &error)) {
		snprintf(code, sizeof(code), "%s", text_at(error, "code"));
	}
	json_decref(result);
	json_decref(error);
	json_decref(args);
	desk_door_free(&door);
	return code;
}

static bool
whole(struct fixture *f)
{
	json_t *answer = ok(f, "auditor-1", "ledger.verify", "{'rebuild':true}");
	bool is = json_is_true(json_object_get(answer, "ok"));

	drop(answer);
	return is;
}

static void
sheet__tells__what_is_open_and_who_was_not_reached(void **state)
{
	struct fixture f;
	char *id;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	id = report(&f);
	assert_int_equal(rows(&f, "dc-operator-2", "incidents"), 1);
	assert_int_equal(rows(&f, "dc-operator-2", "calls"), 0);
	drop(act(&f, "dc-operator-1", id, "call", "{'to':'dc-owner','outcome':'no-answer'}"));
	drop(act(&f, "dc-operator-1", id, "call", "{'to':'dc-deputy-1','outcome':'voicemail'}"));
	assert_int_equal(rows(&f, "dc-operator-2", "calls"), 2);
	drop(act(&f, "dc-operator-1", id, "call", "{'to':'dc-owner','outcome':'reached'}"));
	assert_int_equal(rows(&f, "dc-operator-2", "calls"), 1);
	/* Nothing of it waits for another department. */
	assert_int_equal(rows(&f, "legal-owner", "incidents"), 0);
	free(id);
	fixture_stop(&f);
}

static void
give__then_accept__are_two_entries_with_a_notice_between(void **state)
{
	struct fixture f;
	json_int_t seq;
	json_t *answer;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	free(report(&f));
	seq = give(&f, "{'text':'Quiet night.','to':'dc-operator-2'}");
	answer = ok(&f, "dc-operator-2", "incident.counts", NULL);
	assert_true(json_is_true(json_object_get(json_object_get(answer, "handover"), "mine")));
	drop(answer);
	answer = ok(&f, "dc-owner", "incident.counts", NULL);
	assert_true(json_is_false(json_object_get(json_object_get(answer, "handover"), "mine")));
	drop(answer);
	answer = ok(&f, "legal-owner", "incident.counts", NULL);
	assert_true(json_is_null(json_object_get(answer, "handover")));
	drop(answer);

	assert_string_equal(accept(&f, "dc-operator-1", seq, "{}"), "D312");
	assert_string_equal(accept(&f, "legal-owner", seq, "{'department':'datacentre'}"), "D301");
	assert_string_equal(accept(&f, "auditor-1", seq, "{'department':'datacentre'}"), "D306");
	assert_string_equal(accept(&f, "admin", seq, "{'department':'datacentre'}"), "D307");
	assert_string_equal(accept(&f, "dc-operator-2", seq + 1, "{}"), "D406");
	/* Another than the named one says why. */
	assert_string_equal(accept(&f, "dc-owner", seq, "{}"), "D101");
	assert_string_equal(accept(&f, "dc-owner", seq, "{'text':'He is ill.'}"), "");
	assert_string_equal(accept(&f, "dc-operator-2", seq, "{}"), "D406");

	fixture_reopen(&f);
	answer = ok(&f, "dc-operator-1", "handover.list", NULL);
	assert_string_equal(
		text_at(json_array_get(json_object_get(answer, "handovers"), 0), "ended_by"),
		"dc-owner");
	drop(answer);
	assert_true(whole(&f));
	fixture_stop(&f);
}

static void
give__twice_and_withdrawn__follows_the_rules(void **state)
{
	struct fixture f;
	json_t *args;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	args = json_pack("{s:I}", "seq", (json_int_t)give(&f, "{}"));
	refused(&f, "dc-owner", "handover.give", NULL, "D405");
	refused(&f, "legal-owner", "handover.give", "{'department':'datacentre'}", "D301");
	refused(&f, "dc-owner", "handover.withdraw", "{'seq':3}", "D301");
	drop(ok_doc(&f, "dc-operator-1", "handover.withdraw", args));
	refused(&f, "dc-operator-1", "handover.give", "{'to':'dc-operator-1'}", "D107");
	refused(&f, "dc-operator-1", "handover.give", "{'to':'legal-owner'}", "D107");
	refused(&f, "dc-operator-1", "handover.give", "{'department':'nowhere'}", "D107");
	refused(&f, "legal-owner", "handover.list", "{'department':'datacentre'}", "D301");
	drop(ok(&f, "auditor-1", "handover.list", "{'department':'datacentre'}"));
	drop(ok(&f, "office-staff-1", "handover.sheet", "{'department':'datacentre'}"));
	assert_true(whole(&f));
	fixture_stop(&f);
}

static void
give__sent_again_under_its_id__is_recorded_once(void **state)
{
	struct fixture f;
	json_t *again;
	json_int_t seq;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	seq = give(&f, "{'event':'mine-1'}");
	again = ok(&f, "dc-operator-1", "handover.give", "{'event':'mine-1'}");
	assert_int_equal(json_integer_value(json_object_get(again, "seq")), seq);
	assert_true(json_is_true(json_object_get(again, "repeated")));
	drop(again);
	refused(&f, "dc-owner", "handover.give", "{'event':'mine-1'}", "D103");
	fixture_stop(&f);
}

static void
accept__what_changed_since__is_shown_first(void **state)
{
	struct fixture f;
	json_t *shown;
	json_t *args;
	json_int_t seq;
	char *id;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	id = report(&f);
	seq = give(&f, "{}");
	shown = ok(&f, "dc-owner", "handover.show", NULL);
	args = json_pack("{s:I, s:O}", "seq", seq, "hash",
		json_object_get(json_object_get(shown, "handover"), "hash"));
	drop(shown);
	/* Time alone changes nothing; a step does. */
	f.now += 2 * HOUR;
	drop(act(&f, "dc-owner", id, "acknowledge", "{}"));
	free(report(&f));
	{
		struct door door = fixture_door(&f, "dc-operator-2");
		json_t *result = NULL;
		json_t *error = NULL;

		assert_int_not_equal(
			door.call(door.ctx, "handover.accept", args, &result, &error), ERR_OK);
		assert_string_equal(text_at(error, "code"), "D205");
		json_decref(error);
		desk_door_free(&door);
	}
	json_decref(args);
	shown = ok(&f, "dc-operator-2", "handover.show", NULL);
	args = json_object_get(json_object_get(shown, "handover"), "since");
	assert_int_equal(json_array_size(json_object_get(args, "new")), 1);
	assert_int_equal(json_array_size(json_object_get(args, "moved")), 1);
	assert_int_equal(json_array_size(json_object_get(args, "gone")), 0);
	args = json_pack("{s:I, s:O}", "seq", seq, "hash",
		json_object_get(json_object_get(shown, "handover"), "hash"));
	drop(shown);
	drop(ok_doc(&f, "dc-operator-2", "handover.accept", args));
	free(id);
	fixture_stop(&f);
}

/* Whether any entry of the ledger's handovers holds the text, as `person` may export it. */
static bool
exported(struct fixture *f, const char *person, const char *text)
{
	json_t *answer = ok(f, person, "ledger.export", NULL);
	bool found = false;
	json_t *event;
	size_t i;

	json_array_foreach(json_object_get(answer, "events"), i, event)
	{
		const char *subject = json_string_value(json_object_get(event, "subject"));
		char *body = json_dumps(json_object_get(event, "body"), JSON_ENCODE_ANY);

		found = found || (subject && handover_is_subject(subject) && strstr(body, text));
		free(body);
	}
	drop(answer);
	return found;
}

static void
record__of_a_restricted_case__holds_a_number_alone(void **state)
{
	struct fixture f;
	json_t *shown;
	char *secret;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	secret = report_with(&f, "dc-operator-1", "{'title':'Secret','confidential':true}");
	free(report(&f));
	/* The finder sees it on the sheet; who may not see it learns that there is one. */
	assert_int_equal(rows(&f, "dc-operator-1", "incidents"), 2);
	assert_int_equal(restricted(&f, "dc-operator-1"), 0);
	assert_int_equal(rows(&f, "dc-operator-2", "incidents"), 1);
	assert_int_equal(restricted(&f, "dc-operator-2"), 1);
	(void)give(&f, "{}");
	assert_false(exported(&f, "auditor-1", secret));
	assert_false(exported(&f, "auditor-1", "Secret"));
	assert_false(exported(&f, "auditor-1", "Rack C-12")); /* no title at all is recorded */
	assert_true(exported(&f, "auditor-1", "26-0002"));
	assert_true(exported(&f, "dc-operator-2", "26-0002"));
	assert_false(exported(&f, "legal-owner", "26-0002"));
	shown = ok(&f, "dc-operator-2", "handover.show", NULL);
	assert_int_equal(json_integer_value(section(shown, "restricted")), 1);
	assert_int_equal(json_array_size(section(shown, "incidents")), 1);
	drop(shown);
	free(secret);
	fixture_stop(&f);
}

static void
record__of_a_case_somebody_was_named_in_later__is_closed_to_them(void **state)
{
	struct fixture f;
	json_t *shown;
	char *id;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	(void)give(&f, "{}");
	id = report(&f);
	assert_string_equal(accept(&f, "dc-owner", 3, "{}"), "");
	assert_true(exported(&f, "dc-operator-2", id)); /* new since then */
	(void)give(&f, "{}");
	drop(act(&f, "office-staff-1", id, "involve",
		"{'person':'dc-operator-2','why':'His badge.'}"));
	assert_false(exported(&f, "dc-operator-2", id)); /* neither sheet nor acceptance */
	assert_true(exported(&f, "dc-owner", id));
	shown = ok(&f, "dc-operator-2", "handover.show", NULL);
	assert_int_equal(json_array_size(section(shown, "incidents")), 0);
	assert_int_equal(json_integer_value(section(shown, "restricted")), 0);
	assert_int_equal(
		json_array_size(json_object_get(
			json_object_get(json_object_get(shown, "handover"), "since"), "moved")),
		0);
	drop(shown);
	assert_int_equal(restricted(&f, "dc-operator-2"), 0);
	free(id);
	fixture_stop(&f);
}

/* Writes an entry past the rules, as a tampering program could that keeps the chain. */
static void
forge(struct fixture *f, int64_t subject_seq, const char *kind, const char *actor, const char *body)
{
	struct event event = { .id = kind,
		.subject = SUBJECT_HANDOVER "datacentre",
		.subject_seq = subject_seq,
		.at = f->now,
		.happened_at = STAMP_NONE,
		.actor = actor,
		.post = "",
		.kind = kind,
		.form = "",
		.form_version = "",
		.body = body };
	struct store_batch batch = { .events = &event, .n_events = 1 };

	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
}

static void
verify__an_acceptance_by_the_giver__is_named(void **state)
{
	static const char *const actors[][2] = { { HANDOVER_ACCEPTED, "dc-operator-1" },
		{ HANDOVER_WITHDRAWN, "dc-operator-2" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(actors); i++) {
		struct fixture f;
		char body[64];

		fixture_start(&f, ON_SQLITE);
		snprintf(body, sizeof(body), "{\"seq\":%lld}", (long long)give(&f, "{}"));
		assert_true(whole(&f));
		forge(&f, 2, actors[i][0], actors[i][1], body);
		assert_false(whole(&f));
		fixture_stop(&f);
	}
}

static void
verify__an_end_without_its_beginning__is_named_and_the_board_still_opens(void **state)
{
	struct fixture f;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	(void)give(&f, "{}");
	forge(&f, 2, HANDOVER_ACCEPTED, "dc-owner", "{\"seq\":999}");
	assert_false(whole(&f));
	drop(ok(&f, "dc-owner", "incident.counts", NULL));
	forge(&f, 3, HANDOVER_GIVEN, "dc-owner", "{\"text\":\"no sheet\"}");
	drop(ok(&f, "dc-owner", "incident.counts", NULL));
	fixture_stop(&f);
}

static void
give__receivers_that_want_it__are_told_how_much_and_not_what(void **state)
{
	struct fixture f;
	struct outbox_list out;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	drop(ok(&f, "admin", "target.add",
		"{'name':'a','url':'https://example.org/a','events':['handover.*']}"));
	drop(ok(&f, "admin", "target.add", "{'name':'b','url':'https://example.org/b'}"));
	free(report(&f));
	free(report_with(&f, "dc-operator-1", "{'title':'Secret','confidential':true}"));
	f.now += HOUR;
	(void)give(&f, "{'text':'Key under the mat.','to':'dc-owner'}");
	assert_int_equal(store_outbox(f.store, f.arena, NULL, 10, &out), ERR_OK);
	assert_int_equal(out.n, 1);
	assert_string_equal(out.items[0].target, "a");
	assert_string_equal(out.items[0].type, "handover.given");
	assert_false(out.items[0].urgent);
	assert_non_null(strstr(out.items[0].body, "\"open\":1,\"late\":1"));
	assert_non_null(strstr(out.items[0].body, "Open: 1, late: 1."));
	assert_null(strstr(out.items[0].body, "mat"));
	assert_null(strstr(out.items[0].body, "26-000"));
	fixture_stop(&f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sheet__tells__what_is_open_and_who_was_not_reached),
		cmocka_unit_test(give__then_accept__are_two_entries_with_a_notice_between),
		cmocka_unit_test(give__twice_and_withdrawn__follows_the_rules),
		cmocka_unit_test(give__sent_again_under_its_id__is_recorded_once),
		cmocka_unit_test(accept__what_changed_since__is_shown_first),
		cmocka_unit_test(record__of_a_restricted_case__holds_a_number_alone),
		cmocka_unit_test(record__of_a_case_somebody_was_named_in_later__is_closed_to_them),
		cmocka_unit_test(give__receivers_that_want_it__are_told_how_much_and_not_what),
		cmocka_unit_test(verify__an_acceptance_by_the_giver__is_named),
		cmocka_unit_test(
			verify__an_end_without_its_beginning__is_named_and_the_board_still_opens),
	};

	return cmocka_run_group_tests_name("handover", tests, NULL, NULL);
}
