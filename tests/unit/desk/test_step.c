/* SPDX-License-Identifier: MIT */
/*
 * Taking steps while others do: conflicts, --expect, retried ids, drafts,
 * and who is awaited.
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

static void
act__expect_of_before_a_step__conflict(void **state)
{
	struct fixture f;
	json_t *answer;
	json_t *error = NULL;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	answer = ok(&f, "dc-owner", "incident.show", "{'id':'26-0001'}");
	assert_int_equal(json_integer_value(json_object_get(answer, "seq")), 3);
	drop(answer);
	/* What the desk adds, and having looked, is no change. */
	drop(ok(&f, "dc-owner", "incident.seen", "{'id':'26-0001'}"));
	drop(ok(&f, "dc-operator-1", "incident.act",
		"{'id':'26-0001','step':'note','fields':{'text':'n'},'expect':3}"));
	error = refusal(
		&f, "dc-owner", "incident.act", "{'id':'26-0001','step':'acknowledge','expect':3}");
	assert_string_equal(text_at(error, "code"), "D204");
	assert_string_equal(text_at(error, "class"), "conflict");
	assert_int_equal(door_exit_status(error), 5);
	assert_non_null(strstr(text_at(error, "text"), "Haruka Mori"));
	drop(error);
	drop(ok(&f, "dc-owner", "incident.act",
		"{'id':'26-0001','step':'acknowledge','expect':5}"));
	free(id);
	fixture_stop(&f);
}

static void
act__same_event_id_twice__recorded_once(void **state)
{
	static const char again[] =
		"{'id':'26-0001','step':'acknowledge','event':'EV-1','fields':{}}";
	struct fixture f;
	json_t *first;
	json_t *second;
	char *id;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	id = report(&f);
	first = ok(&f, "dc-owner", "incident.act", again);
	second = ok(&f, "dc-owner", "incident.act", again);
	assert_null(json_object_get(first, "repeated"));
	assert_true(json_is_true(json_object_get(second, "repeated")));
	assert_true(json_equal(json_object_get(first, "seq"), json_object_get(second, "seq")));
	assert_true(json_equal(
		json_object_get(first, "row_hash"), json_object_get(second, "row_hash")));
	assert_true(json_equal(json_object_get(first, "state"), json_object_get(second, "state")));
	drop(first);
	drop(second);
	refused(&f, "dc-deputy-1", "incident.act", again, "D103");
	free(id);
	fixture_stop(&f);
}

static void
report__same_id_twice__one_incident(void **state)
{
	static const char again[] =
		"{'id':'R-1','fields':{'title':'t','situation':'s','contact':'c','answers':{"
		"'service-disruption':'yes'}}}";
	struct fixture f;
	json_t *first;
	json_t *second;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	first = ok(&f, "dc-operator-1", "incident.report", again);
	second = ok(&f, "dc-operator-1", "incident.report", again);
	assert_string_equal(text_at(first, "id"), text_at(second, "id"));
	assert_string_equal(text_at(first, "category"), text_at(second, "category"));
	assert_true(json_is_true(json_object_get(second, "repeated")));
	drop(first);
	drop(second);
	first = ok(&f, "dc-operator-1", "incident.list", NULL);
	assert_int_equal(json_array_size(json_object_get(first, "incidents")), 1);
	drop(first);
	fixture_stop(&f);
}

/* --- a store on which somebody is always faster --------------------------------------- */

static void
act__somebody_faster__judged_again(void **state)
{
	struct fixture f;
	struct store *other = NULL;
	struct desk *second = NULL;
	struct desk_parts parts;
	json_t *answer;
	char *id;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	id = report(&f);
	assert_int_equal(store_sqlite_open(f.path, NULL, &other), ERR_OK);
	parts = (struct desk_parts){ .store = other,
		.clock = f.clock,
		.procedure = f.procedure,
		.secrets = f.secrets,
		.evidence_dir = f.evidence,
		.protection = "open-file" };
	assert_int_equal(desk_new(&parts, &second), ERR_OK);
	for (int i = 0; i < 5; i++) {
		struct desk *mine = f.desk;

		drop(act(&f, "dc-operator-1", id, "note", "{'text':'one'}"));
		f.desk = second;
		drop(act(&f, "dc-operator-1", id, "note", "{'text':'two'}"));
		f.desk = mine;
	}
	answer = ok(&f, "dc-operator-1", "incident.log", "{'id':'26-0001'}");
	assert_int_equal(json_array_size(json_object_get(answer, "log")), 11);
	drop(answer);
	desk_free(second);
	store_close(other);
	free(id);
	fixture_stop(&f);
}

static void
act__refusals__codes_and_who(void **state)
{
	struct fixture f;
	json_t *error = NULL;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	assert_string_equal(act_code(&f, "dc-operator-1", id, "acknowledge", NULL), "D301");
	assert_string_equal(act_code(&f, "dc-owner", id, "close", NULL), "D301");
	assert_string_equal(act_code(&f, "office-head", id, "close", NULL), "D401");
	assert_string_equal(act_code(&f, "auditor-1", id, "note", "{'text':'x'}"), "D306");
	assert_string_equal(act_code(&f, "admin", id, "note", "{'text':'x'}"), "D307");
	assert_string_equal(act_code(&f, "dc-owner", id, "explode", NULL), "D103");
	assert_string_equal(act_code(&f, "dc-owner", id, "report", NULL), "D103");
	assert_string_equal(act_code(&f, "dc-owner", "26-9999", "note", NULL), "D304");
	assert_string_equal(act_code(&f, "dc-owner", "org", "note", NULL), "D304");
	assert_string_equal(
		act_code(&f, "dc-owner", id, "instruct", "{'to':['dc-operator-1']}"), "D101");
	assert_string_equal(act_code(&f, "dc-owner", id, "acknowledge", "{'x':1}"), "D106");
	error = refusal(&f, "dc-operator-1", "incident.act", "{'id':'26-0001','step':'instruct'}");
	assert_string_equal(text_at(error, "code"), "D301");
	assert_true(json_array_size(json_object_get(error, "who")) > 0);
	assert_int_equal(door_exit_status(error), 4);
	drop(error);
	free(id);
	fixture_stop(&f);
}

static void
steps__menu_and_options__agree_with_act(void **state)
{
	struct fixture f;
	json_t *answer;
	json_t *step;
	size_t i;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	answer = ok(&f, "dc-operator-1", "incident.steps", "{'id':'26-0001'}");
	json_array_foreach(json_object_get(answer, "steps"), i, step)
	{
		bool allowed = json_is_true(json_object_get(step, "allowed"));

		assert_true(allowed == (text_at(step, "code")[0] == '\0'));
		assert_true(allowed == (text_at(step, "why")[0] == '\0'));
		if (!allowed) {
			assert_string_equal(
				act_code(&f, "dc-operator-1", id, text_at(step, "step"), NULL),
				text_at(step, "code"));
		}
	}
	drop(answer);
	answer = ok(&f, "dc-owner", "incident.steps", "{'id':'26-0001','form':'instruct'}");
	assert_non_null(json_object_get(json_object_get(answer, "options"), "to"));
	assert_non_null(json_object_get(json_object_get(answer, "form"), "fields"));
	drop(answer);
	refused(&f, "dc-owner", "incident.steps", "{'id':'26-0001','form':'nothing'}", "D103");
	free(id);
	fixture_stop(&f);
}

static void
seen__chain_only__once(void **state)
{
	static const char id_args[] = "{'id':'26-0001'}";
	static const struct {
		const char *person;
		bool recorded;
	} rows[] = { { "dc-operator-1", false }, { "dc-owner", true }, { "dc-owner", false },
		{ "auditor-1", false } };
	struct fixture f;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *answer = ok(&f, rows[i].person, "incident.seen", id_args);

		assert_true(rows[i].recorded == json_is_true(json_object_get(answer, "recorded")));
		drop(answer);
	}
	free(id);
	fixture_stop(&f);
}

/* --- drafts ------------------------------------------------------------------------------- */

static void
draft__saved_and_sent__gone(void **state)
{
	struct fixture f;
	json_t *answer;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	answer = ok(&f, "dc-operator-1", "draft.save",
		"{'form':'report','fields':{'title':'Half a tit'}}");
	assert_string_equal(text_at(answer, "draft"), "D-1");
	drop(answer);
	drop(ok(&f, "dc-operator-1", "draft.save",
		"{'draft':'D-1','form':'report','fields':{'title':'A title'}}"));
	refused(&f, "dc-operator-1", "draft.save",
		"{'draft':'D-1','expect':'of before','form':'report','fields':{}}", "D205");
	refused(&f, "dc-operator-2", "draft.load", "{'draft':'D-1'}", "D304");
	refused(&f, "dc-operator-2", "draft.drop", "{'draft':'D-1'}", "D304");
	refused(&f, "dc-operator-2", "draft.save", "{'draft':'D-1','form':'report','fields':{}}",
		"D304");
	answer = ok(&f, "dc-operator-1", "draft.load", "{'draft':'D-1'}");
	assert_string_equal(text_at(json_object_get(answer, "fields"), "title"), "A title");
	drop(answer);
	drop(ok(&f, "dc-operator-1", "incident.report",
		"{'draft':'D-1','fields':{'title':'A "
		"title','situation':'s','contact':'c','answers':{"
		"'service-disruption':'yes'}}}"));
	answer = ok(&f, "dc-operator-1", "draft.list", NULL);
	assert_int_equal(json_array_size(json_object_get(answer, "drafts")), 0);
	drop(answer);
	fixture_stop(&f);
}

/* Whether the step that sends D-1, as `hash` says it is, kept it. */
static bool
kept(struct fixture *f, const char *method, const char *rest, const char *hash)
{
	char args[512];
	json_t *answer;
	bool is_kept;

	snprintf(args, sizeof(args), "{'draft':'D-1','draft_hash':'%s',%s}", hash, rest);
	answer = ok(f, "dc-operator-1", method, args);
	is_kept = json_is_true(json_object_get(answer, "draft_kept"));
	drop(answer);
	return is_kept;
}

static void
draft__sent_after_it_went_on__kept(void **state)
{
	static const char report_rest[] =
		"'fields':{'title':'t','situation':'s','contact':'c','answers':{"
		"'service-disruption':'yes'}}";
	static const char note_rest[] =
		"'id':'26-0001','step':'note','event':'EV-1','fields':{'text':'n'}";
	struct fixture f;
	json_t *seen;
	json_t *now;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	seen = ok(&f, "dc-operator-1", "draft.save", "{'form':'report','fields':{'title':'t'}}");
	now = ok(&f, "dc-operator-1", "draft.save",
		"{'draft':'D-1','form':'report','fields':{'title':'t and more'}}");
	assert_true(kept(&f, "incident.report", report_rest, text_at(seen, "hash")));
	assert_true(kept(&f, "incident.act", note_rest, text_at(seen, "hash")));
	/* Sent again, as it is now: what is recorded under the id are the other words. */
	assert_true(kept(&f, "incident.act", note_rest, text_at(now, "hash")));
	assert_true(kept(&f, "handover.give", "'text':'h'", text_at(seen, "hash")));
	drop(seen);
	seen = ok(&f, "dc-operator-1", "draft.load", "{'draft':'D-1'}");
	assert_string_equal(text_at(json_object_get(seen, "fields"), "title"), "t and more");
	assert_false(kept(&f, "incident.report", report_rest, text_at(now, "hash")));
	refused(&f, "dc-operator-1", "draft.load", "{'draft':'D-1'}", "D304");
	drop(seen);
	drop(now);
	fixture_stop(&f);
}

/* Saves `len` letters as dc-operator-2; an error document where it is refused. */
static void
save_long(struct fixture *f, size_t len, const char *draft, const char *code)
{
	char *args = malloc(len + 200);
	int at = snprintf(args, 200, "{%s'form':'report','fields':{'title':'", draft);

	memset(args + at, 'x', len);
	memcpy(args + at + len, "'}}", 4);
	if (code) {
		refused(f, "dc-operator-2", "draft.save", args, code);
	} else {
		drop(ok(f, "dc-operator-2", "draft.save", args));
	}
	free(args);
}

static void
draft__too_long_together__not_kept(void **state)
{
	struct fixture f;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	for (int i = 0; i < 4; i++) {
		save_long(&f, 900 * 1024, "", NULL);
	}
	save_long(&f, 900 * 1024, "", "D382");
	save_long(&f, 950 * 1024, "'draft':'D-1',", NULL); /* its old self makes room for it */
	drop(ok(&f, "dc-operator-1", "draft.save", "{'form':'report','fields':{'title':'t'}}"));
	drop(ok(&f, "dc-operator-2", "draft.drop", "{'draft':'D-2'}"));
	save_long(&f, 900 * 1024, "", NULL);
	fixture_stop(&f);
}

static void
draft__too_many__not_kept(void **state)
{
	static const char report[] = "{'attach':['/tmp/a'],'fields':{'title':'t','situation':'s',"
				     "'contact':'c','answers':{'service-disruption':'yes'}}}";
	static const char *who = "dc-operator-1";
	struct fixture f;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	for (int i = 0; i < 200; i++) {
		drop(ok(&f, who, "draft.save", "{'form':'report','fields':{}}"));
	}
	refused(&f, who, "draft.save", "{'form':'report','fields':{}}", "D382");
	refused(&f, who, "incident.report", report, "D382"); /* each file would be a draft */
	drop(ok(&f, who, "draft.save", "{'draft':'D-7','form':'report','fields':{'title':'t'}}"));
	drop(ok(&f, who, "draft.drop", "{'draft':'D-7'}"));
	drop(ok(&f, who, "incident.report", report));
	refused(&f, who, "draft.save", "{'form':'report','fields':{}}", "D382");
	/* The draft that is sent makes room for that of its file. */
	drop(ok(&f, who, "incident.report",
		"{'draft':'D-8','attach':['/tmp/a'],'fields':{'title':'t','situation':'s',"
		"'contact':'c','answers':{'service-disruption':'yes'}}}"));
	fixture_stop(&f);
}

/* Who takes a step back gets its text as a draft in any case: they may go on with it. */
static void
draft__one_too_many_by_taking_back__goes_on(void **state)
{
	/* Nobody is told at once of it. */
	static const char calm[] =
		"{'answers':{'business-disruption':'no','service-disruption':'no',"
		"'information-impairment':'yes','security-breach':'no',"
		"'control-failure':'no','major-accident':'no'}}";
	static const char *who = "dc-owner";
	struct fixture f;
	json_t *answer;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	free(report_with(&f, "dc-operator-1", calm));
	for (int i = 0; i < 200; i++) {
		drop(ok(&f, who, "draft.save", "{'form':'report','fields':{}}"));
	}
	drop(act(&f, who, "26-0001", "instruct",
		"{'to':['dc-operator-1'],'text':'t','due':'4h'}"));
	answer = ok(&f, who, "incident.take-back", "{'id':'26-0001'}");
	assert_string_equal(text_at(answer, "draft"), "D-201");
	drop(answer);
	drop(ok(&f, who, "draft.save",
		"{'draft':'D-201','form':'instruct','subject':'26-0001',"
		"'fields':{'text':'t, u'}}"));
	drop(ok(&f, who, "draft.save", "{'draft':'D-7','form':'report','fields':{'title':'t'}}"));
	refused(&f, who, "draft.save", "{'form':'report','fields':{}}", "D382");
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(act__expect_of_before_a_step__conflict),
		cmocka_unit_test(act__same_event_id_twice__recorded_once),
		cmocka_unit_test(report__same_id_twice__one_incident),
		cmocka_unit_test(act__somebody_faster__judged_again),
		cmocka_unit_test(act__refusals__codes_and_who),
		cmocka_unit_test(steps__menu_and_options__agree_with_act),
		cmocka_unit_test(seen__chain_only__once),
		cmocka_unit_test(draft__saved_and_sent__gone),
		cmocka_unit_test(draft__sent_after_it_went_on__kept),
		cmocka_unit_test(draft__too_long_together__not_kept),
		cmocka_unit_test(draft__too_many__not_kept),
		cmocka_unit_test(draft__one_too_many_by_taking_back__goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
