/* SPDX-License-Identifier: MIT */
/*
 * Writing and reading back, over both engines.
 */
#include <string.h>

#include "fixture.h"
#include "toban/base/attr.h"

static void
commit__append__reads_back_what_was_written(void **state)
{
	struct fixture *f = *state;
	struct event event = fixture_event("step-1", "26-0001", 1);
	struct event_list list;
	const struct event *got;

	event.post = "console-2";
	assert_int_equal(fixture_commit_event(f->store, &event), ERR_OK);
	assert_int_equal(event.seq, 1);
	assert_int_equal(store_subject(f->store, f->arena, "26-0001", &list), ERR_OK);
	assert_int_equal(list.n, 1);
	got = &list.items[0];
	assert_int_equal(got->seq, 1);
	assert_string_equal(got->id, "step-1");
	assert_string_equal(got->subject, "26-0001");
	assert_int_equal(got->subject_seq, 1);
	assert_int_equal(got->at, event.at);
	assert_int_equal(got->happened_at, event.happened_at);
	assert_string_equal(got->actor, event.actor);
	assert_string_equal(got->post, "console-2");
	assert_string_equal(got->kind, event.kind);
	assert_string_equal(got->form, event.form);
	assert_string_equal(got->form_version, event.form_version);
	assert_string_equal(got->body, event.body);
	assert_int_equal(got->canon, LEDGER_CANON);
	assert_memory_equal(got->nonce, event.nonce, NONCE_BYTES);
	assert_memory_equal(&got->commitment, &event.commitment, HASH_BYTES);
	assert_memory_equal(&got->prev_hash, &event.prev_hash, HASH_BYTES);
	assert_memory_equal(&got->row_hash, &event.row_hash, HASH_BYTES);
}

static void
commit__time_not_said__stays_unsaid(void **state)
{
	struct fixture *f = *state;
	struct event event = fixture_event("step-1", "26-0001", 1);
	struct event got;

	event.happened_at = STAMP_NONE;
	assert_int_equal(fixture_commit_event(f->store, &event), ERR_OK);
	assert_int_equal(store_event_by_id(f->store, f->arena, "step-1", &got), ERR_OK);
	assert_true(got.happened_at == STAMP_NONE);
}

static void
commit__batch__chains_all_its_events(void **state)
{
	struct fixture *f = *state;
	struct event events[] = { fixture_event("a", "26-0001", 1),
		fixture_event("b", "26-0002", 1), fixture_event("c", "26-0001", 2) };
	struct store_batch batch = { .events = events, .n_events = ARRAY_LEN(events) };
	struct ledger_problems problems;
	struct ledger_head head;

	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	assert_int_equal(events[2].seq, 3);
	assert_int_equal(store_head(f->store, &head), ERR_OK);
	assert_int_equal(head.seq, 3);
	assert_int_equal(head.at, events[2].at);
	assert_memory_equal(&head.row_hash, &events[2].row_hash, HASH_BYTES);
	problems = fixture_walk(f->store, f->arena, &head);
	assert_int_equal(problems.n, 0);
}

static void
commit__stale_turn__is_a_conflict_and_writes_nothing(void **state)
{
	struct fixture *f = *state;
	struct event late = fixture_event("late", "26-0001", 2);
	struct event early = fixture_event("early", "26-0001", 5);
	struct event events[] = { fixture_event("x", "26-0002", 1),
		fixture_event("y", "26-0001", 2) };
	struct store_batch batch = { .events = events, .n_events = ARRAY_LEN(events) };
	struct ledger_head head;
	struct event_list list;

	fixture_append(f->store, "26-0001", 1, 2);
	assert_int_equal(fixture_commit_event(f->store, &late), ERR_CONFLICT);
	assert_int_equal(fixture_commit_event(f->store, &early), ERR_CONFLICT);
	assert_int_equal(store_commit(f->store, &batch), ERR_CONFLICT);
	assert_int_equal(store_head(f->store, &head), ERR_OK);
	assert_int_equal(head.seq, 2);
	assert_int_equal(store_subject(f->store, f->arena, "26-0002", &list), ERR_OK);
	assert_int_equal(list.n, 0);
}

static void
commit__known_id__is_recognised_before_the_conflict(void **state)
{
	struct fixture *f = *state;
	struct event event = fixture_event("step-1", "26-0001", 1);
	struct event again = fixture_event("step-1", "26-0001", 1);
	struct event found;

	assert_int_equal(fixture_commit_event(f->store, &event), ERR_OK);
	assert_int_equal(fixture_commit_event(f->store, &again), ERR_EXISTS);
	assert_int_equal(store_event_by_id(f->store, f->arena, "step-1", &found), ERR_OK);
	assert_int_equal(found.seq, 1);
	assert_int_equal(store_event_by_id(f->store, f->arena, "step-2", &found), ERR_NOT_FOUND);
}

static enum err
seal_title(struct store_batch *batch, void *ctx)
{
	struct incident_row *row = ctx;

	if (batch->events[0].seq != 1) {
		return ERR_CORRUPT;
	}
	row->title = "sealed";
	row->last_seq = batch->events[0].seq;
	return ERR_OK;
}

static void
commit__seal_hook__may_finish_the_rows(void **state)
{
	struct fixture *f = *state;
	struct event event = fixture_event("step-1", "26-0001", 1);
	struct incident_row row = fixture_incident("26-0001", FIXTURE_NOW);
	struct incident_row got;
	struct store_batch batch = { .events = &event,
		.n_events = 1,
		.incidents = &row,
		.n_incidents = 1,
		.seal = seal_title,
		.seal_ctx = &row };

	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	assert_int_equal(store_incident(f->store, f->arena, "26-0001", &got), ERR_OK);
	assert_string_equal(got.title, "sealed");
}

static enum err
seal_refuse(struct store_batch *batch, void *ctx)
{
	(void)batch;
	(void)ctx;
	return ERR_NOMEM;
}

static void
commit__seal_hook_fails__nothing_is_written(void **state)
{
	struct fixture *f = *state;
	struct event event = fixture_event("step-1", "26-0001", 1);
	struct store_batch batch = { .events = &event, .n_events = 1, .seal = seal_refuse };
	struct ledger_head head;

	assert_int_equal(store_commit(f->store, &batch), ERR_NOMEM);
	assert_int_equal(store_head(f->store, &head), ERR_OK);
	assert_int_equal(head.seq, 0);
	assert_true(head.at == STAMP_NONE);
}

static void
commit__rows_refused__takes_the_events_back(void **state)
{
	struct fixture *f = *state;
	struct event first = fixture_event("a", "26-0001", 1);
	struct event second = fixture_event("b", "26-0001", 2);
	struct outbox_row message = fixture_message("m-1", FIXTURE_NOW, false);
	struct store_batch batch = {
		.events = &first, .n_events = 1, .outbox = &message, .n_outbox = 1
	};
	struct ledger_head head;

	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	batch.events = &second;
	assert_int_equal(store_commit(f->store, &batch), ERR_INVALID); /* the message id is taken */
	assert_int_equal(store_head(f->store, &head), ERR_OK);
	assert_int_equal(head.seq, 1);
}

static void
subject_newest__gives_the_last_of_one_subject_newest_first(void **state)
{
	struct fixture *f = *state;
	struct event_list list;

	for (int i = 0; i < 5; i++) {
		fixture_append(f->store, "26-0001", i + 1, 1);
		fixture_append(f->store, "26-0002", i + 1, 1);
	}
	assert_int_equal(store_subject_newest(f->store, f->arena, "26-0001", 2, &list), ERR_OK);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.items[0].subject_seq, 5);
	assert_int_equal(list.items[1].subject_seq, 4);
	assert_string_equal(list.items[1].subject, "26-0001");
	assert_int_equal(store_subject_newest(f->store, f->arena, "26-0001", 99, &list), ERR_OK);
	assert_int_equal(list.n, 5);
	assert_int_equal(list.items[4].subject_seq, 1);
	assert_int_equal(store_subject_newest(f->store, f->arena, "26-0404", 2, &list), ERR_OK);
	assert_int_equal(list.n, 0);
}

static void
subject_last__gives_the_turn_of_the_last(void **state)
{
	struct fixture *f = *state;
	int64_t last = -1;

	for (int i = 0; i < 3; i++) {
		fixture_append(f->store, "26-0001", i + 1, 1);
	}
	fixture_append(f->store, "26-0002", 1, 1);
	assert_int_equal(store_subject_last(f->store, "26-0001", &last), ERR_OK);
	assert_int_equal(last, 3);
	assert_int_equal(store_subject_last(f->store, "26-0404", &last), ERR_OK);
	assert_int_equal(last, 0);
}

static void
commit__erase__takes_the_body_and_keeps_the_chain(void **state)
{
	struct fixture *f = *state;
	struct event erase = fixture_event("erase", "26-0001", 4);
	struct store_batch batch = { .events = &erase, .n_events = 1, .erase_seq = 2 };
	struct ledger_problems problems;
	struct event_list list;

	fixture_append(f->store, "26-0001", 1, 3);
	erase.kind = "erase";
	erase.body = "{\"fields\":{\"seq\":2,\"why\":\"law\"}}";
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	assert_int_equal(store_events(f->store, f->arena, 1, 1, &list), ERR_OK);
	assert_null(list.items[0].body);
	problems = fixture_walk(f->store, f->arena, NULL);
	assert_int_equal(problems.n, 0);
}

static void
commit__erase_without_its_event__is_refused(void **state)
{
	struct fixture *f = *state;
	struct event note = fixture_event("note", "26-0001", 2);
	struct store_batch batch = { .events = &note, .n_events = 1, .erase_seq = 1 };
	struct event_list list;

	fixture_append(f->store, "26-0001", 1, 1);
	assert_int_equal(store_commit(f->store, &batch), ERR_INVALID);
	assert_int_equal(store_events(f->store, f->arena, 0, 10, &list), ERR_OK);
	assert_int_equal(list.n, 1);
	assert_non_null(list.items[0].body);
}

static void
events__pages__give_every_row_once(void **state)
{
	struct fixture *f = *state;
	struct event_list list;
	int64_t after = 0;
	int seen = 0;

	fixture_append(f->store, "26-0001", 1, 25);
	do {
		assert_int_equal(store_events(f->store, f->arena, after, 10, &list), ERR_OK);
		for (size_t i = 0; i < list.n; i++) {
			assert_int_equal(list.items[i].seq, after + 1);
			after = list.items[i].seq;
			seen++;
		}
	} while (list.n > 0);
	assert_int_equal(seen, 25);
}

static void
subject__unknown__is_empty(void **state)
{
	struct fixture *f = *state;
	struct event_list list = { .n = 9 };

	assert_int_equal(store_subject(f->store, f->arena, "26-0404", &list), ERR_OK);
	assert_int_equal(list.n, 0);
}

static void
last_number__prefixes__counts_numbers_not_texts(void **state)
{
	static const char *const subjects[] = { "26-0007", "26-9999", "26-10000", "26-00x1", "org",
		"T26-0003", "25-99999", "26-" };
	static const struct {
		const char *prefix;
		int64_t number;
	} cases[] = { { "26-", 10000 }, { "T26-", 3 }, { "25-", 99999 }, { "24-", 0 } };
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(subjects); i++) {
		fixture_append(f->store, subjects[i], 1, 1);
	}
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t number = -1;

		assert_int_equal(store_last_number(f->store, cases[i].prefix, &number), ERR_OK);
		assert_int_equal(number, cases[i].number);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(commit__append__reads_back_what_was_written),
		cmocka_unit_test(commit__time_not_said__stays_unsaid),
		cmocka_unit_test(commit__batch__chains_all_its_events),
		cmocka_unit_test(commit__stale_turn__is_a_conflict_and_writes_nothing),
		cmocka_unit_test(commit__known_id__is_recognised_before_the_conflict),
		cmocka_unit_test(commit__seal_hook__may_finish_the_rows),
		cmocka_unit_test(commit__seal_hook_fails__nothing_is_written),
		cmocka_unit_test(commit__rows_refused__takes_the_events_back),
		cmocka_unit_test(subject_newest__gives_the_last_of_one_subject_newest_first),
		cmocka_unit_test(subject_last__gives_the_turn_of_the_last),
		cmocka_unit_test(commit__erase__takes_the_body_and_keeps_the_chain),
		cmocka_unit_test(commit__erase_without_its_event__is_refused),
		cmocka_unit_test(events__pages__give_every_row_once),
		cmocka_unit_test(subject__unknown__is_empty),
		cmocka_unit_test(last_number__prefixes__counts_numbers_not_texts),
	};

	return fixture_run_both("commit", tests, ARRAY_LEN(tests));
}
