/* SPDX-License-Identifier: MIT */
/*
 * What the desk says when the store refuses, is too busy, or does not know:
 * never "recorded" when it is not, never "not recorded" when it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/store/engine.h"
#include "fixture.h"
#include "toban/base/attr.h"

/* The memory store with a commit that fails as told; one test at a time. */
static struct {
	const struct engine *real;
	struct engine engine;
	enum err answer;
	int times;
	bool written; /* it was written before the failure was told */
} faulty;

static enum err
faulty_commit(struct store *store, struct store_batch *batch)
{
	if (faulty.times == 0) {
		return faulty.real->commit(store, batch);
	}
	faulty.times--;
	if (faulty.written) {
		assert_int_equal(faulty.real->commit(store, batch), ERR_OK);
	}
	return faulty.answer;
}

static void
make_faulty(struct fixture *f, enum err answer, int times, bool written)
{
	faulty.real = f->store->engine;
	faulty.engine = *f->store->engine;
	faulty.engine.commit = faulty_commit;
	faulty.answer = answer;
	faulty.times = times;
	faulty.written = written;
	f->store->engine = &faulty.engine;
}

static void
make_sound(struct fixture *f)
{
	f->store->engine = faulty.real;
}

static size_t
entries(struct fixture *f)
{
	json_t *answer = ok(f, "dc-owner", "incident.log", "{'id':'26-0001'}");
	size_t n = json_array_size(json_object_get(answer, "log"));

	drop(answer);
	return n;
}

static const struct {
	enum err answer;
	int times;
	bool written;
	const char *code; /* "" recorded */
	int exit_status;
} faults[] = {
	{ ERR_BUSY, 1, false, "D410", 7 },
	{ ERR_FULL, 1, false, "D411", 7 },
	{ ERR_IO, 1, false, "D411", 7 },
	{ ERR_CORRUPT, 1, false, "D411", 7 },
	{ ERR_UNKNOWN, 1, false, "D411", 7 },
	{ ERR_UNKNOWN, 1, true, "", 0 },
	{ ERR_CONFLICT, 3, false, "", 0 },
	{ ERR_CONFLICT, 1000, false, "D410", 7 },
};

static void
act__store_fails__says_what_is_true(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		bool recorded = faults[i].code[0] == '\0';
		struct fixture f;
		char *id;

		fixture_start(&f, ON_MEMORY);
		id = report(&f);
		make_faulty(&f, faults[i].answer, faults[i].times, faults[i].written);
		if (recorded) {
			drop(act(&f, "dc-operator-1", id, "note", "{'text':'x'}"));
		} else {
			json_t *error = refusal(&f, "dc-operator-1", "incident.act",
				"{'id':'26-0001','step':'note','fields':{'text':'x'}}");

			assert_string_equal(text_at(error, "code"), faults[i].code);
			assert_int_equal(door_exit_status(error), faults[i].exit_status);
			drop(error);
		}
		make_sound(&f);
		assert_int_equal(entries(&f), recorded ? 2 : 1);
		free(id);
		fixture_stop(&f);
	}
}

static void
report__store_fails__says_what_is_true(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		bool recorded = faults[i].code[0] == '\0';
		struct fixture f;
		json_t *list;

		fixture_start(&f, ON_MEMORY);
		make_faulty(&f, faults[i].answer, faults[i].times, faults[i].written);
		if (recorded) {
			free(report(&f));
		} else {
			refused(&f, "dc-operator-1", "incident.report",
				"{'fields':{'title':'t','situation':'s','contact':'c','answers':{"
				"'service-disruption':'yes'}}}",
				faults[i].code);
		}
		make_sound(&f);
		list = ok(&f, "dc-owner", "incident.list", NULL);
		assert_int_equal(
			json_array_size(json_object_get(list, "incidents")), recorded ? 1 : 0);
		drop(list);
		fixture_stop(&f);
	}
}

/* Somebody takes a step between the judgement and the commit: judged again, and refused. */
static enum err
commit_after_another(struct store *store, struct store_batch *batch)
{
	if (faulty.times > 0) {
		struct event event = batch->events[0];
		struct store_batch first = { .events = &event,
			.n_events = 1,
			.incidents = batch->incidents,
			.n_incidents = batch->n_incidents };

		faulty.times--;
		event.id = "FASTER";
		event.actor = "dc-deputy-1";
		assert_int_equal(faulty.real->commit(store, &first), ERR_OK);
	}
	return faulty.real->commit(store, batch);
}

static void
act__somebody_faster_with_expect__named(void **state)
{
	struct fixture f;
	json_t *error;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	make_faulty(&f, ERR_OK, 1, false);
	faulty.engine.commit = commit_after_another;
	error = refusal(
		&f, "dc-owner", "incident.act", "{'id':'26-0001','step':'acknowledge','expect':3}");
	assert_string_equal(text_at(error, "code"), "D204");
	assert_int_equal(json_integer_value(json_object_get(error, "seq")), 4);
	drop(error);
	make_sound(&f);
	assert_int_equal(entries(&f), 2);
	free(id);
	fixture_stop(&f);
}

/* F04: that a refusal cannot be written down makes it no less a refusal, and it is not lost. */
static void
refusal__not_writable__is_refused_and_counted(void **state)
{
	struct fixture f;
	json_t *log;
	const json_t *body;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	f.record_refusals = true;
	fixture_reopen(&f);
	make_faulty(&f, ERR_FULL, 1000, false);
	for (int i = 0; i < 5; i++) {
		refused(&f, "dc-owner", "target.remove", "{'name':'x'}", "D301");
	}
	make_sound(&f);
	f.now += 61000;
	drop(ok(&f, "dc-owner", "incident.counts", "{}"));
	log = ok(&f, "auditor-1", "access.log", "{}");
	assert_int_equal(json_array_size(json_object_get(log, "log")), 1);
	body = json_object_get(json_array_get(json_object_get(log, "log"), 0), "body");
	assert_int_equal(json_integer_value(json_object_get(body, "times")), 5);
	drop(log);
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(act__store_fails__says_what_is_true),
		cmocka_unit_test(report__store_fails__says_what_is_true),
		cmocka_unit_test(act__somebody_faster_with_expect__named),
		cmocka_unit_test(refusal__not_writable__is_refused_and_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
