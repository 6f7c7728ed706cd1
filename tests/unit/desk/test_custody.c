/* SPDX-License-Identifier: MIT */
/*
 * Attached files handed out, measured, hidden, swept; and what each of it leaves in
 * the log.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "files.h"
#include "toban/base/attr.h"
#include "toban/desk/engine.h"

#define DAY_MS INT64_C(86400000)

/* --- handing out ----------------------------------------------------------------------- */

/* Whether the attached file is shown as damaged. */
static bool
is_damaged(struct fixture *f)
{
	json_t *show;
	const json_t *damaged = json_object_get(files_shown(f, "dc-owner", &show), "damaged");
	bool is = json_is_true(damaged);

	drop(show);
	return is;
}

static void
open__a_file__read_only_and_recorded_once_a_minute(void **state)
{
	struct fixture f;
	char text[8] = "";
	json_t *answer;
	json_t *show;
	const json_t *entry;
	int64_t seq;
	int fd;
	char *id;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	id = report(&f);
	seq = files_attach(&f, "dc-operator-1", id);
	answer = files_call(&f, "auditor-1", "evidence.open", seq);
	fd = (int)json_integer_value(json_object_get(answer, "fd"));
	assert_int_equal(read(fd, text, sizeof(text)), 3);
	assert_string_equal(text, "abc");
	assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
	assert_int_equal(close(fd), 0);
	drop(answer);
	entry = json_array_get(json_object_get(files_shown(&f, "dc-owner", &show), "custody"), 0);
	assert_string_equal(text_at(entry, "kind"), "evidence-opened");
	assert_string_equal(text_at(entry, "by"), "auditor-1");
	drop(show);
	for (int i = 0; i < 3; i++) {
		static const char *const people[] = { "auditor-1", "dc-owner", "auditor-1" };

		answer = files_call(&f, people[i], "evidence.open", seq);
		assert_int_equal(close((int)json_integer_value(json_object_get(answer, "fd"))), 0);
		drop(answer);
		f.now += 30000;
	}
	/* The auditor's within the minute is one with the first, the one after it is not. */
	assert_int_equal(files_custody(&f, "evidence-opened"), 3);
	free(id);
	fixture_stop(&f);
}

/* Custody changes nothing for those who work on the case. */
static void
open__between_look_and_step__no_conflict(void **state)
{
	struct fixture f;
	json_t *answer;
	json_t *counts;
	int64_t seq;
	char args[160];
	char *id;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	id = report(&f);
	seq = files_attach(&f, "dc-operator-1", id);
	drop(ok_doc(&f, "dc-owner", "incident.look",
		json_pack("{s:s, s:I}", "id", id, "seq", (json_int_t)seq)));
	answer = files_call(&f, "auditor-1", "evidence.open", seq);
	assert_int_equal(close((int)json_integer_value(json_object_get(answer, "fd"))), 0);
	drop(answer);
	drop(files_call(&f, "office-head", "evidence.check", seq));
	counts = ok(&f, "dc-owner", "incident.show", "{'id':'26-0001'}");
	assert_string_equal(text_at(counts, "state"), "reported");
	drop(counts);
	snprintf(args, sizeof(args), "{'id':'26-0001','step':'acknowledge','expect':%lld}",
		(long long)seq);
	drop(ok(&f, "dc-owner", "incident.act", args));
	answer = ok(&f, "dc-owner", "ledger.verify", "{'rebuild':true}");
	assert_true(json_is_true(json_object_get(answer, "ok")));
	drop(answer);
	free(id);
	fixture_stop(&f);
}

static void
open__exported__recorded_as_that(void **state)
{
	struct fixture f;
	json_t *answer;
	int64_t seq;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	seq = files_attach(&f, "dc-operator-1", id);
	answer = ok_doc(&f, "dc-owner", "evidence.open",
		json_pack("{s:s, s:I, s:b}", "id", id, "seq", (json_int_t)seq, "export", true));
	assert_int_equal(close((int)json_integer_value(json_object_get(answer, "fd"))), 0);
	drop(answer);
	assert_int_equal(files_custody(&f, "evidence-exported"), 1);
	assert_int_equal(files_custody(&f, "evidence-opened"), 0);
	free(id);
	fixture_stop(&f);
}

static void
open__changed_or_missing__not_handed_out(void **state)
{
	struct fixture f;
	char kept[256];
	char args[64];
	int64_t seq;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	seq = files_attach(&f, "dc-operator-1", id);
	snprintf(args, sizeof(args), "{'id':'26-0001','seq':%lld}", (long long)seq);
	files_kept(&f, kept, sizeof(kept));
	assert_int_equal(chmod(kept, 0600), 0);
	files_write(kept, "abd");
	refused(&f, "dc-owner", "evidence.open", args, "D372");
	assert_int_equal(files_custody(&f, "evidence-damaged"), 1);
	assert_int_equal(files_custody(&f, "evidence-opened"), 0);
	assert_true(is_damaged(&f));
	assert_int_equal(unlink(kept), 0);
	refused(&f, "dc-owner", "evidence.open", args, "D375");
	/* A link to something else is not followed. */
	assert_int_equal(symlink("/etc/passwd", kept), 0);
	refused(&f, "dc-owner", "evidence.open", args, "D413");
	free(id);
	fixture_stop(&f);
}

static void
check__whole_and_damaged__recorded_once_a_day(void **state)
{
	struct fixture f;
	char kept[256];
	json_t *answer;
	int64_t seq;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	seq = files_attach(&f, "dc-operator-1", id);
	answer = files_call(&f, "dc-owner", "evidence.check", seq);
	assert_string_equal(text_at(answer, "state"), "whole");
	drop(answer);
	drop(files_call(&f, "office-head", "evidence.check", seq));
	assert_int_equal(files_custody(&f, "evidence-measured"), 1);
	files_kept(&f, kept, sizeof(kept));
	assert_int_equal(chmod(kept, 0600), 0);
	files_write(kept, "abd");
	answer = files_call(&f, "dc-owner", "evidence.check", seq);
	assert_string_equal(text_at(answer, "state"), "damaged");
	assert_false(json_is_true(json_object_get(answer, "ok")));
	drop(answer);
	drop(files_call(&f, "dc-owner", "evidence.check", seq));
	assert_int_equal(files_custody(&f, "evidence-damaged"), 1);
	/* Put back from a backup: what is whole again is said at once. */
	files_write(kept, "abc");
	drop(files_call(&f, "dc-owner", "evidence.check", seq));
	assert_int_equal(files_custody(&f, "evidence-measured"), 2);
	assert_false(is_damaged(&f));
	f.now += DAY_MS;
	drop(files_call(&f, "dc-owner", "evidence.check", seq));
	assert_int_equal(files_custody(&f, "evidence-measured"), 3);
	assert_int_equal(unlink(kept), 0);
	answer = files_call(&f, "dc-owner", "evidence.check", seq);
	assert_string_equal(text_at(answer, "state"), "missing");
	drop(answer);
	free(id);
	fixture_stop(&f);
}

/* The verifier and the desk agree about what is damaged. */
static void
verify__a_file_changed_later__found(void **state)
{
	struct fixture f;
	char kept[256];
	char moved[256];
	json_t *found;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	(void)files_attach(&f, "dc-operator-1", id);
	found = ok(&f, "dc-owner", "ledger.verify", "{}");
	assert_true(json_is_true(json_object_get(found, "ok")));
	drop(found);
	files_kept(&f, kept, sizeof(kept));
	assert_int_equal(chmod(kept, 0600), 0);
	files_write(kept, "abd");
	found = ok(&f, "dc-owner", "ledger.verify", "{}");
	assert_false(json_is_true(json_object_get(found, "ok")));
	assert_string_equal(
		text_at(json_array_get(json_object_get(found, "problems"), 0), "kind"), "evidence");
	drop(found);
	/* Taken away; of a copy of the desk file alone, which is whole, the folder is not there. */
	assert_int_equal(unlink(kept), 0);
	found = ok(&f, "dc-owner", "ledger.verify", "{}");
	assert_string_equal(
		text_at(json_array_get(json_object_get(found, "problems"), 0), "kind"), "evidence");
	drop(found);
	snprintf(moved, sizeof(moved), "%s/moved", f.dir);
	assert_int_equal(rename(f.evidence, moved), 0);
	found = ok(&f, "dc-owner", "ledger.verify", "{}");
	assert_true(json_is_true(json_object_get(found, "ok")));
	drop(found);
	assert_int_equal(rename(moved, f.evidence), 0);
	free(id);
	fixture_stop(&f);
}

/* --- who sees ---------------------------------------------------------------------------- */

static void
hidden_case__its_evidence__is_as_none(void **state)
{
	static const char *const methods[] = { "evidence.open", "evidence.check" };
	struct fixture f;
	json_t *list;
	char args[64];
	int64_t seq;
	char *id;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	id = report(&f);
	seq = files_attach(&f, "dc-operator-1", id);
	drop(act(&f, "office-head", id, "involve", "{'person':'dc-deputy-2','why':'x'}"));
	snprintf(args, sizeof(args), "{'id':'26-0001','seq':%lld}", (long long)seq);
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		refused(&f, "dc-deputy-2", methods[i], args, "D304");
	}
	list = ok(&f, "dc-deputy-2", "evidence.list", "{}");
	assert_int_equal(json_array_size(json_object_get(list, "files")), 0);
	assert_true(json_is_null(json_object_get(list, "next")));
	drop(list);
	list = ok(&f, "dc-owner", "evidence.list", "{}");
	assert_int_equal(json_array_size(json_object_get(list, "files")), 1);
	assert_string_equal(
		text_at(json_array_get(json_object_get(list, "files"), 0), "id"), "26-0001");
	drop(list);
	assert_int_equal(files_custody(&f, "evidence-opened"), 0);
	free(id);
	fixture_stop(&f);
}

/* Between two pieces the reader became involved: the last piece hands nothing out. */
static void
open__hidden_meanwhile__not_handed_out(void **state)
{
	struct fixture f;
	json_t *answer;
	json_t *value;
	json_t *fields;
	char args[96];
	int64_t seq;
	int fd;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	fd = files_large(&f, FILES_LARGE);
	value = files_begin(&f, "dc-operator-1", fd);
	while (json_object_get(value, "continue")) {
		json_t *go = json_pack("{s:s}", "continue", text_at(value, "continue"));

		drop(value);
		value = ok_doc(&f, "dc-operator-1", "evidence.put", go);
	}
	fields = json_pack(
		"{s:s, s:s, s:{s:o}}", "id", id, "step", "evidence", "fields", "file", value);
	answer = ok_doc(&f, "dc-operator-1", "incident.act", fields);
	seq = json_integer_value(json_object_get(answer, "seq"));
	drop(answer);
	answer = files_call(&f, "dc-deputy-2", "evidence.open", seq);
	snprintf(args, sizeof(args), "{'continue':'%s'}", text_at(answer, "continue"));
	drop(answer);
	drop(act(&f, "office-head", id, "involve", "{'person':'dc-deputy-2','why':'x'}"));
	drop(ok(&f, "dc-deputy-2", "evidence.open", args));
	refused(&f, "dc-deputy-2", "evidence.open", args, "D304");
	assert_int_equal(files_custody(&f, "evidence-opened"), 0);
	assert_int_equal(close(fd), 0);
	free(id);
	fixture_stop(&f);
}

/* --- how long it stays -------------------------------------------------------------------- */

static void
turn(struct fixture *f)
{
	const struct clock_reading reading = { f->now, 0, "" };
	struct clock_turn turn = { .acts = NULL };

	assert_int_equal(desk_clock_turn(f->desk, &reading, &turn), ERR_OK);
}

static void
sweep__nobody_attached_it__gone_after_some_days(void **state)
{
	struct fixture f;
	char fields[256];
	char *id;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	id = report(&f);
	drop(files_put(&f, "dc-operator-1", "abc.txt", "abc"));
	f.now += 7 * DAY_MS - 1000;
	turn(&f);
	assert_true(files_is_kept(&f));
	f.now += 2000;
	snprintf(fields, sizeof(fields), FILES_NAMED, files_sha);
	assert_string_equal(act_code(&f, "dc-operator-1", id, "evidence", fields), "D370");
	f.now += DAY_MS;
	turn(&f);
	assert_false(files_is_kept(&f));
	free(id);
	fixture_stop(&f);
}

static void
sweep__attached_or_drafted__stays(void **state)
{
	struct fixture f;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	(void)files_attach(&f, "dc-operator-1", id);
	drop(files_put(&f, "dc-owner", "same.txt", "abc")); /* and not attached */
	f.now += 9 * DAY_MS;
	turn(&f);
	assert_true(files_is_kept(&f));
	fixture_stop(&f);
	free(id);

	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	drop(files_put(&f, "dc-operator-1", "abc.txt", "abc"));
	drop(ok(&f, "dc-operator-1", "draft.save",
		"{'form':'evidence','subject':'26-0001','fields':{'file':{'name':'abc.txt','size':"
		"3,"
		"'sha256':'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'}}}"));
	f.now += 9 * DAY_MS;
	turn(&f);
	assert_true(files_is_kept(&f));
	/* What the draft names can be sent. */
	drop(act(&f, "dc-operator-1", id, "evidence",
		"{'file':{'name':'abc.txt','size':3,'sha256':"
		"'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'}}"));
	free(id);
	fixture_stop(&f);
}

/* --- the doctor ----------------------------------------------------------------------------- */

static bool
doctor_is_content(struct fixture *f)
{
	json_t *check =
		answer_row(ok(f, "admin", "admin.doctor", "{}"), "checks", "name", "evidence");
	bool content = json_is_true(json_object_get(check, "ok"));

	drop(check);
	return content;
}

static void
doctor__missing_open_and_nobodys_files__named(void **state)
{
	struct fixture f;
	char kept[256];
	char other[256];
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	assert_true(doctor_is_content(&f));
	(void)files_attach(&f, "dc-operator-1", id);
	drop(files_put(&f, "dc-operator-1", "waits", "and was not attached"));
	assert_true(doctor_is_content(&f));
	files_kept(&f, kept, sizeof(kept));
	snprintf(other, sizeof(other), "%s/gone", f.dir);
	assert_int_equal(rename(kept, other), 0);
	assert_false(doctor_is_content(&f));
	assert_int_equal(rename(other, kept), 0);
	assert_int_equal(chmod(kept, 0644), 0);
	assert_false(doctor_is_content(&f));
	assert_int_equal(chmod(kept, 0400), 0);
	assert_true(doctor_is_content(&f));
	snprintf(other, sizeof(other), "%s/ba/%.63s0", f.evidence, files_sha);
	files_write(other, "x");
	assert_int_equal(chmod(other, 0400), 0);
	assert_false(doctor_is_content(&f));
	free(id);
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open__a_file__read_only_and_recorded_once_a_minute),
		cmocka_unit_test(open__between_look_and_step__no_conflict),
		cmocka_unit_test(open__exported__recorded_as_that),
		cmocka_unit_test(open__changed_or_missing__not_handed_out),
		cmocka_unit_test(check__whole_and_damaged__recorded_once_a_day),
		cmocka_unit_test(verify__a_file_changed_later__found),
		cmocka_unit_test(hidden_case__its_evidence__is_as_none),
		cmocka_unit_test(open__hidden_meanwhile__not_handed_out),
		cmocka_unit_test(sweep__nobody_attached_it__gone_after_some_days),
		cmocka_unit_test(sweep__attached_or_drafted__stays),
		cmocka_unit_test(doctor__missing_open_and_nobodys_files__named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
