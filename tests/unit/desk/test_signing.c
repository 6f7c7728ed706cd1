/* SPDX-License-Identifier: MIT */
/*
 * Signed decisions at a real desk: what is refused at the door, and what the verifier says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "signer.h"
#include "toban/base/attr.h"
#include "toban/core/decision.h"

#define CASE "26-0001"
#define RESULT "{'cause':'c','damage':'d','actions':'a','text':'t'}"
#define STEP_APPROVE "approve-result"

static struct pair staff_1;
static struct pair staff_2;
static struct pair head;

/* A case whose result waits for approval; the office can sign. */
static void
start(struct fixture *f, enum fixture_store kind)
{
	fixture_start_real(f, kind);
	give_key(f, "office-staff-1", &staff_1);
	give_key(f, "office-staff-2", &staff_2);
	give_key(f, "office-head", &head);
	free(report(f));
	drop(act(f, "dc-owner", CASE, "instruct",
		"{'to':['dc-operator-1'],'text':'isolate','due':'4h'}"));
	drop(act(f, "dc-operator-1", CASE, "respond", "{'text':'done'}"));
	drop(act(f, "dc-owner", CASE, "report-result", RESULT));
}

static void
expect_problems(struct fixture *f, const char *expected)
{
	char *found = problems(f);

	assert_string_equal(found, expected);
	free(found);
}

/* The code with which an act of these arguments is refused; they are dropped. */
static void
expect_refused(struct fixture *f, const char *person, json_t *args, const char *code)
{
	json_t *error = NULL;

	assert_int_not_equal(act_signed(f, person, args, &error), ERR_OK);
	assert_string_equal(text_at(error, "code"), code);
	json_decref(error);
	json_decref(args);
}

static void
decision__unsigned__is_refused_with_the_text(void **state)
{
	struct fixture f;
	json_t *sign;
	const char *text;
	struct hash hash;
	char hex[HASH_HEX_SIZE];

	(void)state;
	start(&f, ON_MEMORY);
	sign = text_to_sign(&f, "office-staff-1", CASE, STEP_APPROVE, NULL);
	text = text_at(sign, "text");
	assert_non_null(strstr(text,
		"\nsubject 7:26-0001\nstep 14:approve-result\n"
		"actor 14:office-staff-1\n"));
	assert_non_null(strstr(text, "\nstate 8:approved\n"));
	hash_of(text, strlen(text), &hash);
	hash_hex(&hash, hex);
	assert_string_equal(text_at(sign, "hash"), hex);
	assert_int_equal(json_array_size(json_object_get(sign, "keys")), 1);
	assert_string_equal(json_string_value(json_array_get(json_object_get(sign, "keys"), 0)),
		staff_1.fingerprint);
	json_decref(sign);
	/* Nothing was recorded by asking. */
	assert_string_equal(act_code(&f, "office-staff-1", CASE, STEP_APPROVE, NULL), "D320");
	expect_problems(&f, "");
	fixture_stop(&f);
}

static void
decision__without_a_key__is_told_how_to_come_by_one(void **state)
{
	struct fixture f;
	json_t *error;

	(void)state;
	fixture_start_real(&f, ON_MEMORY);
	free(report(&f));
	error = refusal(&f, "office-head", "incident.act",
		"{'id':'26-0001','step':'decide-major','fields':{'major':'yes'}}");
	assert_string_equal(text_at(error, "code"), "D320");
	assert_non_null(strstr(text_at(error, "text"), "no key"));
	assert_non_null(strstr(text_at(error, "what_to_do"), "toban key propose"));
	json_decref(error);
	fixture_stop(&f);
}

static void
decision__signed__is_recorded_with_its_proof(void **state)
{
	struct fixture f;
	json_t *show;
	const json_t *row;

	(void)state;
	for (int kind = ON_MEMORY; kind <= ON_SQLITE; kind++) {
		start(&f, (enum fixture_store)kind);
		drop(decide(&f, &staff_1, CASE, STEP_APPROVE, "{'why':'it fits'}"));
		show = ok(&f, "auditor-1", "incident.show", "{'id':'26-0001'}");
		assert_string_equal(text_at(show, "state"), "approved");
		assert_int_equal(json_array_size(json_object_get(show, "signatures")), 1);
		row = json_array_get(json_object_get(show, "signatures"), 0);
		assert_string_equal(text_at(row, "kind"), STEP_APPROVE);
		assert_string_equal(text_at(row, "by"), "office-staff-1");
		assert_string_equal(text_at(row, "key"), staff_1.fingerprint);
		assert_int_equal(strlen(text_at(row, "hash")), 64);
		json_decref(show);
		expect_problems(&f, "");
		fixture_stop(&f);
	}
}

/* The whole way: each signed step of a case. */
static void
decisions__of_a_whole_case__verify(void **state)
{
	static const char *const reviews[][2] = { { "result", "office-staff-1" },
		{ "policy", "office-staff-1" }, { "regulations", "office-staff-1" },
		{ "guidelines", "office-staff-1" }, { "risk-assessment", "dc-owner" },
		{ "applicability", "dc-owner" }, { "operation", "dc-owner" } };
	struct fixture f;

	(void)state;
	start(&f, ON_SQLITE);
	drop(decide(&f, &head, CASE, "decide-major", "{'major':'no','why':'x'}"));
	drop(decide(&f, &staff_1, CASE, "return-result", "{'why':'more'}"));
	f.now += 3600000;
	drop(act(&f, "dc-owner", CASE, "report-result", RESULT));
	drop(decide(&f, &staff_2, CASE, STEP_APPROVE, NULL));
	drop(act(&f, "office-staff-1", CASE, "plan-prevention",
		"{'measures':[{'key':'M1','text':'lock','due':'30d','effect_on':'60d',"
		"'departments':['datacentre']}]}"));
	for (size_t i = 0; i < ARRAY_LEN(reviews); i++) {
		char fields[200];

		snprintf(fields, sizeof(fields),
			"{'item':'%s','verdict':'no-change','text':'it fits'}", reviews[i][0]);
		drop(act(&f, reviews[i][1], CASE, "review-item", fields));
	}
	drop(act(&f, "dc-owner", CASE, "apply",
		"{'measure':'M1','department':'datacentre','evidence':'photo'}"));
	drop(act(&f, "office-staff-2", CASE, "accept",
		"{'measure':'M1','department':'datacentre'}"));
	drop(decide(&f, &head, CASE, "close", "{'text':'done'}"));
	f.now += INT64_C(61) * 86400000;
	drop(decide(
		&f, &staff_2, CASE, "verify-effect", "{'verdict':'effective','text':'it works'}"));
	drop(decide(&f, &staff_1, CASE, "reopen", "{'why':'again'}"));
	expect_problems(&f, "");
	drop(decide(&f, &head, CASE, "erase", "{'seq':9,'why':'law'}"));
	expect_problems(&f, "");
	fixture_stop(&f);
}

/* --- what is refused ------------------------------------------------------------------------ */

static void
signature__that_does_not_do__is_refused(void **state)
{
	struct fixture f;
	struct pair stranger;
	json_t *sign;
	json_t *other;
	json_t *args;
	char *armored;

	(void)state;
	start(&f, ON_MEMORY);
	pair_make(&stranger);
	sign = text_to_sign(&f, "office-staff-1", CASE, STEP_APPROVE, NULL);
	expect_refused(&f, "office-staff-1", signed_args(CASE, STEP_APPROVE, NULL, sign, &stranger),
		"D351");
	expect_refused(&f, "office-staff-1", signed_args(CASE, STEP_APPROVE, NULL, sign, &staff_2),
		"D351");
	/* What was signed is what is recorded: other fields, another step, another person. */
	expect_refused(&f, "office-staff-1",
		signed_args(CASE, STEP_APPROVE, "{'why':'else'}", sign, &staff_1), "D350");
	expect_refused(&f, "office-staff-1",
		signed_args(CASE, "return-result", "{'why':'x'}", sign, &staff_1), "D350");
	expect_refused(&f, "office-staff-2", signed_args(CASE, STEP_APPROVE, NULL, sign, &staff_2),
		"D350");
	/* Another namespace: what was signed as a mail or a file is no decision. */
	args = signed_args(CASE, STEP_APPROVE, NULL, sign, &staff_1);
	armored = pair_sign(&staff_1, "file", text_at(sign, "text"));
	json_object_set_new(args, "signature", json_string(armored));
	free(armored);
	expect_refused(&f, "office-staff-1", args, "D353");
	args = signed_args(CASE, STEP_APPROVE, NULL, sign, &staff_1);
	json_object_set_new(args, "signature", json_string("hello"));
	expect_refused(&f, "office-staff-1", args, "D350");
	/* Without the ticket the text cannot be made. */
	args = signed_args(CASE, STEP_APPROVE, NULL, sign, &staff_1);
	json_object_del(args, "event");
	expect_refused(&f, "office-staff-1", args, "D350");
	/* A text of another call has another salt and another id. */
	other = text_to_sign(&f, "office-staff-1", CASE, STEP_APPROVE, NULL);
	args = signed_args(CASE, STEP_APPROVE, NULL, sign, &staff_1);
	json_object_set(args, "event", json_object_get(other, "event"));
	expect_refused(&f, "office-staff-1", args, "D350");
	json_decref(other);
	json_decref(sign);
	expect_problems(&f, "");
	assert_string_equal(act_code(&f, "office-staff-1", CASE, STEP_APPROVE, NULL), "D320");
	fixture_stop(&f);
}

static void
signature__by_a_revoked_key__is_refused(void **state)
{
	struct fixture f;
	json_t *sign;

	(void)state;
	start(&f, ON_MEMORY);
	sign = text_to_sign(&f, "office-staff-1", CASE, STEP_APPROVE, NULL);
	revoke_key(&f, "office-staff-1", &staff_1);
	expect_refused(&f, "office-staff-1", signed_args(CASE, STEP_APPROVE, NULL, sign, &staff_1),
		"D352");
	json_decref(sign);
	fixture_stop(&f);
}

static void
signature__of_an_older_state__is_a_conflict_with_the_new_text(void **state)
{
	struct fixture f;
	json_t *sign;
	json_t *args;
	json_t *error = NULL;
	json_t *fresh;

	(void)state;
	start(&f, ON_MEMORY);
	sign = text_to_sign(&f, "office-staff-1", CASE, STEP_APPROVE, NULL);
	drop(act(&f, "dc-owner", CASE, "note", "{'text':'wait'}"));
	args = signed_args(CASE, STEP_APPROVE, NULL, sign, &staff_1);
	assert_int_equal(act_signed(&f, "office-staff-1", args, &error), ERR_CONFLICT);
	assert_string_equal(text_at(error, "code"), "D204");
	assert_string_equal(text_at(error, "by"), "dc-owner");
	json_decref(args);
	json_decref(sign);
	/* What the desk itself adds does not count; and the new text does. */
	fresh = json_object_get(error, "sign");
	drop(ok(&f, "dc-owner", "incident.seen", "{'id':'26-0001'}"));
	args = signed_args(CASE, STEP_APPROVE, NULL, fresh, &staff_1);
	drop(ok_doc(&f, "office-staff-1", "incident.act", args));
	json_decref(error);
	expect_problems(&f, "");
	fixture_stop(&f);
}

static void
signature__of_yesterday__is_refused_and_asked_anew(void **state)
{
	struct fixture f;
	json_t *sign;
	json_t *args;
	json_t *error = NULL;

	(void)state;
	start(&f, ON_MEMORY);
	sign = text_to_sign(&f, "office-staff-1", CASE, STEP_APPROVE, NULL);
	f.now += DECISION_VALID_MS;
	args = signed_args(CASE, STEP_APPROVE, NULL, sign, &staff_1);
	assert_int_equal(act_signed(&f, "office-staff-1", args, &error), ERR_CONFLICT);
	assert_string_equal(text_at(error, "code"), "D354");
	json_decref(args);
	args = signed_args(CASE, STEP_APPROVE, NULL, json_object_get(error, "sign"), &staff_1);
	drop(ok_doc(&f, "office-staff-1", "incident.act", args));
	json_decref(error);
	json_decref(sign);
	expect_problems(&f, "");
	fixture_stop(&f);
}

/* The same call again is the same entry; the signature serves for no other. */
static void
signature__replayed__records_nothing(void **state)
{
	struct fixture f;
	json_t *sign;
	json_t *args;
	json_t *answer;
	int64_t seq;

	(void)state;
	start(&f, ON_MEMORY);
	sign = text_to_sign(&f, "office-staff-1", CASE, "return-result", "{'why':'more'}");
	args = signed_args(CASE, "return-result", "{'why':'more'}", sign, &staff_1);
	answer = ok_doc(&f, "office-staff-1", "incident.act", json_incref(args));
	seq = json_integer_value(json_object_get(answer, "seq"));
	json_decref(answer);
	drop(act(&f, "dc-owner", CASE, "report-result", RESULT));
	answer = ok_doc(&f, "office-staff-1", "incident.act", json_incref(args));
	assert_int_equal(json_integer_value(json_object_get(answer, "seq")), seq);
	assert_true(json_is_true(json_object_get(answer, "repeated")));
	json_decref(answer);
	json_decref(args);
	answer = ok(&f, "auditor-1", "incident.show", "{'id':'26-0001'}");
	assert_string_equal(text_at(answer, "state"), "result-reported");
	json_decref(answer);
	/* Under a ticket of today the old signature is of another text. */
	{
		json_t *now =
			text_to_sign(&f, "office-staff-1", CASE, "return-result", "{'why':'more'}");

		args = signed_args(CASE, "return-result", "{'why':'more'}", sign, &staff_1);
		json_object_set(args, "event", json_object_get(now, "event"));
		json_decref(now);
	}
	expect_refused(&f, "office-staff-1", args, "D350");
	json_decref(sign);
	expect_problems(&f, "");
	fixture_stop(&f);
}

/* At a trial desk nobody must sign; whoever wants to can, and is checked. */
/* A form that was open for hours is sent, and sent again because the answer was lost. */
static void
unsigned_step__sent_again_long_after_its_id__is_recorded_once(void **state)
{
	struct fixture f;
	json_t *args = doc("{'id':'26-0001','step':'note','fields':{'text':'seen'}}");
	char id[NEW_ID_SIZE];
	int64_t seqs[2];

	(void)state;
	start(&f, ON_MEMORY);
	random_id(f.now - (stamp)5 * 3600000, id);
	json_object_set_new(args, "event", json_string(id));
	for (size_t i = 0; i < ARRAY_LEN(seqs); i++) {
		json_t *answer = ok_doc(&f, "dc-owner", "incident.act", json_incref(args));

		seqs[i] = json_integer_value(json_object_get(answer, "seq"));
		assert_int_equal(json_is_true(json_object_get(answer, "repeated")), i == 1);
		json_decref(answer);
	}
	assert_int_equal(seqs[0], seqs[1]);
	json_decref(args);
	fixture_stop(&f);
}

static void
trial_desk__signature__is_optional_and_checked(void **state)
{
	struct fixture f;
	json_t *error = NULL;
	json_t *args = json_pack("{s:s, s:s, s:{s:s, s:s}, s:b}", "id", CASE, "step",
		"decide-major", "fields", "major", "no", "why", "x", "sign", true);
	json_t *sign;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	give_key(&f, "office-head", &head);
	free(report(&f));
	assert_int_equal(act_signed(&f, "office-head", args, &error), ERR_DENIED);
	assert_string_equal(text_at(error, "code"), "D320");
	sign = json_object_get(error, "sign");
	expect_refused(&f, "office-head",
		signed_args(CASE, "decide-major", "{'major':'no','why':'x'}", sign, &staff_1),
		"D351");
	drop(ok_doc(&f, "office-head", "incident.act",
		signed_args(CASE, "decide-major", "{'major':'no','why':'x'}", sign, &head)));
	json_decref(error);
	json_decref(args);
	drop(act(&f, "office-head", CASE, "decide-major", "{'major':'yes','why':'y'}"));
	expect_problems(&f, "");
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decision__unsigned__is_refused_with_the_text),
		cmocka_unit_test(decision__without_a_key__is_told_how_to_come_by_one),
		cmocka_unit_test(decision__signed__is_recorded_with_its_proof),
		cmocka_unit_test(decisions__of_a_whole_case__verify),
		cmocka_unit_test(signature__that_does_not_do__is_refused),
		cmocka_unit_test(signature__by_a_revoked_key__is_refused),
		cmocka_unit_test(signature__of_an_older_state__is_a_conflict_with_the_new_text),
		cmocka_unit_test(signature__of_yesterday__is_refused_and_asked_anew),
		cmocka_unit_test(signature__replayed__records_nothing),
		cmocka_unit_test(unsigned_step__sent_again_long_after_its_id__is_recorded_once),
		cmocka_unit_test(trial_desk__signature__is_optional_and_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
