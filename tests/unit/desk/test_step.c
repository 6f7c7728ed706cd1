/* SPDX-License-Identifier: MIT */
/*
 * Taking steps while others do: conflicts, --expect, retried ids, drafts,
 * evidence, and who is awaited.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* --- evidence ------------------------------------------------------------------------------ */

static void
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
evidence__a_file__kept_by_its_hash(void **state)
{
	/* SHA-256 of "abc" (FIPS 180-4, example B.1) */
	static const char sha[] =
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	struct fixture f;
	char path[128];
	char kept[256];
	char fields[192];
	struct stat st;
	json_t *shown;
	json_t *row;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	snprintf(path, sizeof(path), "%s/abc.txt", f.dir);
	write_file(path, "abc");
	snprintf(fields, sizeof(fields), "{'file':'%s'}", path);
	drop(act(&f, "dc-operator-1", id, "evidence", fields));
	snprintf(kept, sizeof(kept), "%s/ba/%s", f.evidence, sha);
	assert_int_equal(stat(kept, &st), 0);
	assert_int_equal(st.st_size, 3);
	assert_int_equal(st.st_mode & 0777, 0600);
	shown = ok(&f, "dc-owner", "incident.show", "{'id':'26-0001'}");
	row = json_array_get(json_object_get(shown, "evidence"), 0);
	assert_string_equal(text_at(row, "name"), "abc.txt");
	assert_string_equal(text_at(row, "sha256"), sha);
	assert_int_equal(json_integer_value(json_object_get(row, "size")), 3);
	drop(shown);
	free(id);
	fixture_stop(&f);
}

static void
evidence__a_file_changed_later__found_by_the_verifier(void **state)
{
	static const char sha[] =
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	struct fixture f;
	char path[128];
	char kept[256];
	char fields[192];
	json_t *found;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	snprintf(path, sizeof(path), "%s/abc.txt", f.dir);
	write_file(path, "abc");
	snprintf(fields, sizeof(fields), "{'file':'%s'}", path);
	drop(act(&f, "dc-operator-1", id, "evidence", fields));
	found = ok(&f, "dc-owner", "ledger.verify", "{}");
	assert_true(json_is_true(json_object_get(found, "ok")));
	drop(found);
	snprintf(kept, sizeof(kept), "%s/ba/%s", f.evidence, sha);
	write_file(kept, "abd");
	found = ok(&f, "dc-owner", "ledger.verify", "{}");
	assert_false(json_is_true(json_object_get(found, "ok")));
	assert_string_equal(
		text_at(json_array_get(json_object_get(found, "problems"), 0), "kind"), "evidence");
	drop(found);
	/* A copy of the desk file alone is whole. */
	assert_int_equal(unlink(kept), 0);
	found = ok(&f, "dc-owner", "ledger.verify", "{}");
	assert_true(json_is_true(json_object_get(found, "ok")));
	drop(found);
	free(id);
	fixture_stop(&f);
}

static void
evidence__what_is_no_file__refused(void **state)
{
	struct fixture f;
	char fifo[128];
	char fields[192];
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	snprintf(fifo, sizeof(fifo), "%s/fifo", f.dir);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	snprintf(fields, sizeof(fields), "{'file':'%s'}", fifo);
	assert_string_equal(act_code(&f, "dc-operator-1", id, "evidence", fields), "D107");
	snprintf(fields, sizeof(fields), "{'file':'%s'}", f.dir);
	assert_string_equal(act_code(&f, "dc-operator-1", id, "evidence", fields), "D107");
	assert_string_equal(
		act_code(&f, "dc-operator-1", id, "evidence", "{'file':'/no/such'}"), "D107");
	assert_string_equal(act_code(&f, "dc-operator-1", id, "evidence",
				    "{'file':{'name':'x','size':1,'sha256':'y'}}"),
		"D102");
	assert_string_equal(act_code(&f, "dc-operator-1", id, "evidence", "{}"), "D101");
	/* A file is not taken in for somebody who may not attach one. */
	assert_string_equal(act_code(&f, "sales-owner", id, "evidence", fields), "D301");
	free(id);
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
		cmocka_unit_test(evidence__a_file__kept_by_its_hash),
		cmocka_unit_test(evidence__a_file_changed_later__found_by_the_verifier),
		cmocka_unit_test(evidence__what_is_no_file__refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
