/* SPDX-License-Identifier: MIT */
/*
 * Drafts, targets and the outbox, over both engines.
 */
#include <string.h>

#include "fixture.h"
#include "toban/base/attr.h"

static struct draft_row
draft_of(const char *person, int64_t number, const char *body)
{
	return (struct draft_row){ .number = number,
		.person = person,
		.form = "report",
		.subject = "",
		.body = body,
		.saved_at = FIXTURE_NOW };
}

static int64_t
put_draft(struct store *store, const char *person, int64_t number, const char *body)
{
	struct draft_row draft = draft_of(person, number, body);
	int64_t given = 0;

	assert_int_equal(store_draft_put(store, &draft, &given), ERR_OK);
	return given;
}

static void
draft__put__is_numbered_replaced_and_listed_newest_first(void **state)
{
	struct fixture *f = *state;
	struct draft_list list;

	assert_int_equal(put_draft(f->store, "ann", 0, "{\"a\":1}"), 1);
	assert_int_equal(put_draft(f->store, "bob", 0, "{}"), 2);
	assert_int_equal(put_draft(f->store, "ann", 0, "{\"b\":1}"), 3);
	assert_int_equal(put_draft(f->store, "ann", 1, "{\"a\":2}"), 1);
	assert_int_equal(store_drafts(f->store, f->arena, "ann", &list), ERR_OK);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.items[0].number, 3);
	assert_int_equal(list.items[1].number, 1);
	assert_string_equal(list.items[1].body, "{\"a\":2}");
	assert_string_equal(list.items[1].form, "report");
	assert_int_equal(list.items[1].saved_at, FIXTURE_NOW);
}

static void
draft__that_went_on__is_not_replaced(void **state)
{
	struct fixture *f = *state;
	struct draft_row draft = draft_of("ann", 1, "{\"mine\":1}");
	int64_t number = 0;
	struct draft_list list;

	assert_int_equal(put_draft(f->store, "ann", 0, "{\"first\":1}"), 1);
	assert_int_equal(put_draft(f->store, "ann", 1, "{\"other\":1}"), 1);
	draft.before = "{\"first\":1}";
	assert_int_equal(store_draft_put(f->store, &draft, &number), ERR_CONFLICT);
	assert_int_equal(store_drafts(f->store, f->arena, "ann", &list), ERR_OK);
	assert_string_equal(list.items[0].body, "{\"other\":1}");
	draft.before = "{\"other\":1}";
	assert_int_equal(store_draft_put(f->store, &draft, &number), ERR_OK);
}

static void
draft__of_another_person__is_not_found(void **state)
{
	struct fixture *f = *state;
	struct draft_row draft = draft_of("bob", 1, "{}");
	int64_t number = 0;
	struct draft_list list;

	assert_int_equal(put_draft(f->store, "ann", 0, "{}"), 1);
	assert_int_equal(store_draft_put(f->store, &draft, &number), ERR_NOT_FOUND);
	assert_int_equal(store_draft_drop(f->store, "bob", 1), ERR_NOT_FOUND);
	assert_int_equal(store_drafts(f->store, f->arena, "ann", &list), ERR_OK);
	assert_int_equal(list.n, 1);
}

static void
draft__dropped__never_gives_its_number_again(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(put_draft(f->store, "ann", 0, "{}"), 1);
	assert_int_equal(store_draft_drop(f->store, "ann", 1), ERR_OK);
	assert_int_equal(store_draft_drop(f->store, "ann", 1), ERR_NOT_FOUND);
	assert_int_equal(put_draft(f->store, "ann", 0, "{}"), 2);
}

static void
draft__sent_by_a_batch__goes_with_its_commit(void **state)
{
	struct fixture *f = *state;
	struct event wrong = fixture_event("a", "26-0001", 2);
	struct event right = fixture_event("a", "26-0001", 1);
	struct store_batch batch = { .events = &wrong, .n_events = 1, .drop_draft = 1 };
	struct draft_list list;

	assert_int_equal(put_draft(f->store, "ann", 0, "{}"), 1);
	assert_int_equal(store_commit(f->store, &batch), ERR_CONFLICT);
	assert_int_equal(store_drafts(f->store, f->arena, "ann", &list), ERR_OK);
	assert_int_equal(list.n, 1);
	batch.events = &right;
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	assert_int_equal(store_drafts(f->store, f->arena, "ann", &list), ERR_OK);
	assert_int_equal(list.n, 0);
}

static void
draft__that_went_on__stays_when_its_batch_commits(void **state)
{
	struct fixture *f = *state;
	struct event first = fixture_event("a", "26-0001", 1);
	struct event second = fixture_event("b", "26-0001", 2);
	struct store_batch batch = {
		.events = &first, .n_events = 1, .drop_draft = 1, .drop_body = "{\"first\":1}"
	};
	struct draft_list list;

	assert_int_equal(put_draft(f->store, "ann", 0, "{\"other\":1}"), 1);
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	assert_int_equal(store_drafts(f->store, f->arena, "ann", &list), ERR_OK);
	assert_int_equal(list.n, 1);
	batch.events = &second;
	batch.drop_body = "{\"other\":1}";
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	assert_int_equal(store_drafts(f->store, f->arena, "ann", &list), ERR_OK);
	assert_int_equal(list.n, 0);
}

/* What has to be gone on with is there if, and only if, what it follows is. */
static void
draft__added_by_a_batch__comes_with_its_commit(void **state)
{
	struct fixture *f = *state;
	struct event wrong = fixture_event("a", "26-0001", 2);
	struct event right = fixture_event("a", "26-0001", 1);
	struct draft_row drafts[] = { draft_of("ann", 0, "{\"n\":1}"),
		draft_of("ann", 0, "{\"n\":2}") };
	struct store_batch batch = {
		.events = &wrong, .n_events = 1, .drop_draft = 1, .drafts = drafts, .n_drafts = 2
	};
	struct draft_list list;

	assert_int_equal(put_draft(f->store, "ann", 0, "{}"), 1);
	assert_int_equal(store_commit(f->store, &batch), ERR_CONFLICT);
	assert_int_equal(store_drafts(f->store, f->arena, "ann", &list), ERR_OK);
	assert_int_equal(list.n, 1);
	batch.events = &right;
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	assert_int_equal(store_drafts(f->store, f->arena, "ann", &list), ERR_OK);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.items[0].number, 3);
	assert_string_equal(list.items[0].body, "{\"n\":2}");
	assert_int_equal(list.items[1].number, 2);
	assert_string_equal(list.items[1].body, "{\"n\":1}");
}

static void
preference__put__is_kept_by_person_and_name(void **state)
{
	struct fixture *f = *state;
	struct preference_list list;

	assert_int_equal(store_preference_put(f->store, "bob", "clock", "rest"), ERR_OK);
	assert_int_equal(store_preference_put(f->store, "ann", "language", "ja"), ERR_OK);
	assert_int_equal(store_preference_put(f->store, "ann", "clock", "rest"), ERR_OK);
	assert_int_equal(store_preference_put(f->store, "ann", "clock", "absolute"), ERR_OK);
	assert_int_equal(store_preferences(f->store, f->arena, "ann", &list), ERR_OK);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.items[0].name, "clock");
	assert_string_equal(list.items[0].value, "absolute");
	assert_string_equal(list.items[1].name, "language");
	assert_string_equal(list.items[1].value, "ja");
}

static void
preference__removed__is_gone_for_its_person_alone(void **state)
{
	struct fixture *f = *state;
	struct preference_list list;

	assert_int_equal(store_preference_put(f->store, "ann", "clock", "rest"), ERR_OK);
	assert_int_equal(store_preference_put(f->store, "bob", "clock", "rest"), ERR_OK);
	assert_int_equal(store_preference_put(f->store, "ann", "clock", NULL), ERR_OK);
	assert_int_equal(store_preference_put(f->store, "ann", "clock", NULL), ERR_OK);
	assert_int_equal(store_preferences(f->store, f->arena, "ann", &list), ERR_OK);
	assert_int_equal(list.n, 0);
	assert_int_equal(store_preferences(f->store, f->arena, "bob", &list), ERR_OK);
	assert_int_equal(list.n, 1);
}

static void
intake__put__is_kept_by_file_and_person(void **state)
{
	struct fixture *f = *state;
	const struct intake_row rows[] = {
		{ "aa", "ann", "one", 3, FIXTURE_NOW },
		{ "aa", "bob", "two", 3, FIXTURE_NOW + 1 },
		{ "bb", "ann", "three", 4, FIXTURE_NOW + 2 },
		{ "aa", "ann", "one again", 3, FIXTURE_NOW + 3 },
	};
	struct intake_list list;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(store_intake_put(f->store, &rows[i]), ERR_OK);
	}
	assert_int_equal(store_intakes(f->store, f->arena,
				 &(struct intake_filter){ .sha256 = "aa" }, &list),
		ERR_OK);
	assert_int_equal(list.n, 2);
	assert_int_equal(store_intakes(f->store, f->arena,
				 &(struct intake_filter){ .before = FIXTURE_NOW + 3 }, &list),
		ERR_OK);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.items[0].name, "two");
	assert_int_equal(list.items[1].size, 4);
	assert_int_equal(store_intake_drop(f->store, "bb", "ann"), ERR_OK);
	assert_int_equal(store_intake_drop(f->store, "bb", "ann"), ERR_OK);
	assert_int_equal(store_intakes(f->store, f->arena,
				 &(struct intake_filter){ .person = "ann" }, &list),
		ERR_OK);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.items[0].name, "one again");
	assert_int_equal(list.items[0].at, FIXTURE_NOW + 3);
}

static struct look
look_of(struct store *store, const char *person, const char *subject)
{
	struct look look = { .seq = -1 };

	assert_int_equal(store_look(store, person, subject, &look), ERR_OK);
	return look;
}

static void
look__entries_by_others__are_counted_from_the_mark_on(void **state)
{
	struct fixture *f = *state;
	struct event own = fixture_event("own", "26-0001", 4);
	struct event seen = fixture_event("seen", "26-0001", 5);

	fixture_append(f->store, "26-0001", 1, 3);
	fixture_append(f->store, "26-0002", 1, 2);
	assert_int_equal(look_of(f->store, "ann", "26-0001").seq, 0);
	assert_int_equal(look_of(f->store, "ann", "26-0001").changed, 3);
	assert_int_equal(look_of(f->store, "ann", "26-0009").changed, 0);
	assert_int_equal(store_look_put(f->store, "ann", "26-0001", 2, FIXTURE_NOW), ERR_OK);
	assert_int_equal(look_of(f->store, "ann", "26-0001").changed, 1);
	own.actor = "ann";
	seen.kind = "seen";
	assert_int_equal(fixture_commit_event(f->store, &own), ERR_OK);
	assert_int_equal(fixture_commit_event(f->store, &seen), ERR_OK);
	assert_int_equal(look_of(f->store, "ann", "26-0001").changed, 1);
	assert_int_equal(look_of(f->store, "bob", "26-0001").changed, 4);
	assert_int_equal(look_of(f->store, "ann", "26-0002").changed, 2);
}

static void
look__put_again__never_goes_back(void **state)
{
	struct fixture *f = *state;

	fixture_append(f->store, "26-0001", 1, 3);
	assert_int_equal(store_look_put(f->store, "ann", "26-0001", 3, FIXTURE_NOW), ERR_OK);
	assert_int_equal(
		store_look_put(f->store, "ann", "26-0001", 1, FIXTURE_NOW + 60000), ERR_OK);
	assert_int_equal(look_of(f->store, "ann", "26-0001").at, FIXTURE_NOW);
	assert_int_equal(look_of(f->store, "bob", "26-0001").at, STAMP_NONE);
	assert_int_equal(look_of(f->store, "ann", "26-0001").seq, 3);
	assert_int_equal(look_of(f->store, "ann", "26-0001").changed, 0);
}

static void
target__put_again__replaces_by_name(void **state)
{
	struct fixture *f = *state;
	struct target_row rows[] = {
		{ "mail", "webhook", "https://b.example/", "*", false, false, true, FIXTURE_NOW,
			"generic", "", "" },
		{ "chat", "webhook", "http://a.example/", "crisis", true, false, true, FIXTURE_NOW,
			"slack", "short", "ann", true },
		{ "mail", "webhook", "https://c.example/", "*", false, true, false, FIXTURE_NOW,
			"teams", "", "" },
	};
	struct store_batch batch = { .targets = rows, .n_targets = ARRAY_LEN(rows) };
	struct target_list list;

	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	assert_int_equal(store_targets(f->store, f->arena, &list), ERR_OK);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.items[0].name, "chat");
	assert_true(list.items[0].allow_http);
	assert_true(list.items[0].active);
	assert_string_equal(list.items[0].format, "slack");
	assert_string_equal(list.items[0].template, "short");
	assert_string_equal(list.items[0].person, "ann");
	assert_true(list.items[0].stopped);
	assert_false(list.items[1].stopped);
	assert_string_equal(list.items[1].format, "teams");
	assert_string_equal(list.items[1].template, "");
	assert_string_equal(list.items[1].url, "https://c.example/");
	assert_true(list.items[1].allow_private);
	assert_false(list.items[1].active);
	assert_string_equal(list.items[1].kind, "webhook");
	assert_string_equal(list.items[1].events, "*");
}

/* Five messages; the names tell what becomes of them. */
static void
put_messages(struct store *store)
{
	struct outbox_row rows[] = {
		fixture_message("plain-old", FIXTURE_NOW - 10, false),
		fixture_message("urgent-new", FIXTURE_NOW - 5, true),
		fixture_message("later", FIXTURE_NOW + 50, true),
		fixture_message("sent", FIXTURE_NOW - 20, true),
		fixture_message("plain-new", FIXTURE_NOW - 30, false),
	};
	struct store_batch batch = { .outbox = rows, .n_outbox = ARRAY_LEN(rows) };

	rows[3].state = "sent";
	rows[3].next_at = STAMP_NONE;
	assert_int_equal(store_commit(store, &batch), ERR_OK);
}

static void
outbox__due__gives_urgent_ones_first_then_the_oldest(void **state)
{
	struct fixture *f = *state;
	struct outbox_list list;
	stamp next = 0;

	assert_int_equal(store_outbox_next(f->store, &next), ERR_OK);
	assert_true(next == STAMP_NONE);
	put_messages(f->store);
	assert_int_equal(store_outbox_due(f->store, f->arena, FIXTURE_NOW, 10, &list), ERR_OK);
	assert_int_equal(list.n, 3);
	assert_string_equal(list.items[0].id, "urgent-new");
	assert_string_equal(list.items[1].id, "plain-old");
	assert_string_equal(list.items[2].id, "plain-new");
	assert_int_equal(store_outbox_due(f->store, f->arena, FIXTURE_NOW, 1, &list), ERR_OK);
	assert_int_equal(list.n, 1);
	assert_int_equal(store_outbox_next(f->store, &next), ERR_OK);
	assert_int_equal(next, FIXTURE_NOW - 30);
}

/* Commits messages of entry 7 and one of none. */
static void
put_held(struct store *store, const char *state, int attempts)
{
	struct outbox_row rows[] = {
		fixture_message("held-1", FIXTURE_NOW, false),
		fixture_message("held-2", FIXTURE_NOW, false),
		fixture_message("other", FIXTURE_NOW, false),
	};
	struct store_batch batch = { .outbox = rows, .n_outbox = ARRAY_LEN(rows) };

	rows[0].withdraw_seq = 7;
	rows[1].withdraw_seq = 7;
	rows[1].state = state;
	rows[1].attempts = attempts;
	assert_int_equal(store_commit(store, &batch), ERR_OK);
}

static size_t
messages_left(struct fixture *f)
{
	struct outbox_list list;

	assert_int_equal(store_outbox(f->store, f->arena, NULL, 10, &list), ERR_OK);
	return list.n;
}

static void
outbox__withdrawn__goes_unsent_with_its_entry(void **state)
{
	struct fixture *f = *state;
	struct event event = fixture_event("take-back", "26-0001", 1);
	struct store_batch batch = { .events = &event, .n_events = 1, .withdraw_seq = 7 };

	put_held(f->store, "waiting", 0);
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	assert_int_equal(messages_left(f), 1);
}

/* One that was tried may have arrived: then nothing at all is written. */
static void
outbox__withdrawn_too_late__writes_nothing(void **state)
{
	struct fixture *f = *state;
	struct event event = fixture_event("take-back", "26-0001", 1);
	struct store_batch batch = { .events = &event, .n_events = 1, .withdraw_seq = 7 };
	struct ledger_head before;
	struct ledger_head after;

	put_held(f->store, "waiting", 1);
	assert_int_equal(store_head(f->store, &before), ERR_OK);
	assert_int_equal(store_commit(f->store, &batch), ERR_DENIED);
	assert_int_equal(store_head(f->store, &after), ERR_OK);
	assert_int_equal(before.seq, after.seq);
	assert_int_equal(messages_left(f), 3);
}

static void
look__looker__is_the_first_other_one(void **state)
{
	struct fixture *f = *state;
	struct look_want want = { "me", "26-0001", 5 };
	struct looker looker = { NULL, STAMP_NONE };

	assert_int_equal(store_look_put(f->store, "me", "26-0001", 9, FIXTURE_NOW), ERR_OK);
	assert_int_equal(store_look_put(f->store, "old", "26-0001", 4, FIXTURE_NOW), ERR_OK);
	assert_int_equal(store_look_put(f->store, "far", "26-0002", 9, FIXTURE_NOW), ERR_OK);
	assert_int_equal(store_looker(f->store, f->arena, &want, &looker), ERR_NOT_FOUND);
	assert_int_equal(store_look_put(f->store, "late", "26-0001", 7, FIXTURE_NOW + 9), ERR_OK);
	assert_int_equal(store_look_put(f->store, "early", "26-0001", 5, FIXTURE_NOW + 3), ERR_OK);
	assert_int_equal(store_looker(f->store, f->arena, &want, &looker), ERR_OK);
	assert_string_equal(looker.person, "early");
	assert_int_equal(looker.at, FIXTURE_NOW + 3);
}

static void
outbox__outcomes__are_recorded_together(void **state)
{
	struct fixture *f = *state;
	struct outbox_row outcomes[] = { fixture_message("urgent-new", STAMP_NONE, true),
		fixture_message("plain-old", FIXTURE_NOW + 99, false) };
	struct outbox_list list;

	put_messages(f->store);
	outcomes[0].state = "sent";
	outcomes[0].attempts = 1;
	outcomes[0].last_status = 204;
	outcomes[0].last_answer = "thanks";
	outcomes[0].body = "never kept";
	outcomes[1].attempts = 3;
	assert_int_equal(store_outbox_put(f->store, outcomes, ARRAY_LEN(outcomes)), ERR_OK);
	assert_int_equal(store_outbox_due(f->store, f->arena, FIXTURE_NOW, 10, &list), ERR_OK);
	assert_int_equal(list.n, 1);
	assert_int_equal(store_outbox(f->store, f->arena, "sent", 10, &list), ERR_OK);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.items[0].id, "sent");
	assert_string_equal(list.items[1].id, "urgent-new");
	assert_int_equal(list.items[1].last_status, 204);
	assert_string_equal(list.items[1].last_answer, "thanks");
	/* What was delivered is kept nowhere: an erasure could not reach it. */
	assert_string_equal(list.items[1].body, "");
	assert_true(list.items[1].next_at == STAMP_NONE);
}

static void
try_once(struct store *store, const char *state, int status, stamp at)
{
	struct outbox_row row = fixture_message("plain-old", STAMP_NONE, false);

	row.state = state;
	row.last_status = status;
	row.last_answer = status ? "no" : "silence";
	row.tried_at = at;
	assert_int_equal(store_outbox_put(store, &row, 1), ERR_OK);
}

static void
delivery__each_attempt__is_a_row_and_a_retry_by_hand_is_none(void **state)
{
	struct fixture *f = *state;
	struct delivery_list list;
	struct outbox_row row = { 0 };

	put_messages(f->store);
	try_once(f->store, "waiting", 503, FIXTURE_NOW + 1);
	try_once(f->store, "dead", 0, FIXTURE_NOW + 2);
	try_once(f->store, "waiting", 0, 0); /* by hand: nothing was tried */
	try_once(f->store, "sent", 204, FIXTURE_NOW + 3);
	assert_int_equal(store_deliveries(f->store, f->arena, "plain-old", &list), ERR_OK);
	assert_int_equal(list.n, 3);
	assert_int_equal(list.items[0].attempt, 1);
	assert_int_equal(list.items[0].status, 503);
	assert_string_equal(list.items[0].outcome, "waiting");
	assert_string_equal(list.items[0].answer, "no");
	assert_int_equal(list.items[1].at, FIXTURE_NOW + 2);
	assert_string_equal(list.items[1].outcome, "dead");
	assert_int_equal(list.items[2].attempt, 3);
	assert_string_equal(list.items[2].outcome, "sent");
	assert_int_equal(store_deliveries(f->store, f->arena, "later", &list), ERR_OK);
	assert_int_equal(list.n, 0);
	assert_int_equal(store_outbox_message(f->store, f->arena, "plain-old", &row), ERR_OK);
	assert_string_equal(row.state, "sent");
	assert_int_equal(row.last_status, 204);
	assert_int_equal(
		store_outbox_message(f->store, f->arena, "unknown", &row), ERR_NOT_FOUND);
}

static void
outbox__given_up__counts_what_somebody_could_still_get(void **state)
{
	struct fixture *f = *state;
	struct target_row target = { "gone", "webhook", "https://b.example/", "*", false, false,
		true, FIXTURE_NOW, "generic", "", "" };
	struct outbox_row rows[3] = { fixture_message("a", FIXTURE_NOW, false),
		fixture_message("b", FIXTURE_NOW, false),
		fixture_message("c", FIXTURE_NOW, false) };
	struct store_batch batch = {
		.outbox = rows, .n_outbox = 3, .targets = &target, .n_targets = 1
	};
	int64_t count = -1;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		rows[i].target = "gone";
	}
	rows[0].state = "dead";
	rows[1].state = "stopped";
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	assert_int_equal(store_outbox_given_up(f->store, NULL, 1000, &count), ERR_OK);
	assert_int_equal(count, 2);
	assert_int_equal(store_outbox_given_up(f->store, NULL, 1, &count), ERR_OK);
	assert_int_equal(count, 1);
	target.active = false;
	batch = (struct store_batch){ .targets = &target, .n_targets = 1 };
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	assert_int_equal(store_outbox_given_up(f->store, NULL, 1000, &count), ERR_OK);
	assert_int_equal(count, 0);
}

static void
outbox__outcome_of_an_unknown_message__records_none(void **state)
{
	struct fixture *f = *state;
	struct outbox_row outcomes[] = { fixture_message("urgent-new", STAMP_NONE, true),
		fixture_message("unknown", STAMP_NONE, false) };
	struct outbox_list list;

	put_messages(f->store);
	outcomes[0].state = "dead";
	assert_int_equal(store_outbox_put(f->store, outcomes, ARRAY_LEN(outcomes)), ERR_NOT_FOUND);
	assert_int_equal(store_outbox(f->store, f->arena, "dead", 10, &list), ERR_OK);
	assert_int_equal(list.n, 0);
}

static void
outbox__list__is_newest_first_and_cut(void **state)
{
	struct fixture *f = *state;
	struct outbox_list list;

	put_messages(f->store);
	assert_int_equal(store_outbox(f->store, f->arena, NULL, 2, &list), ERR_OK);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.items[0].id, "plain-new");
	assert_string_equal(list.items[1].id, "sent");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(draft__put__is_numbered_replaced_and_listed_newest_first),
		cmocka_unit_test(draft__of_another_person__is_not_found),
		cmocka_unit_test(draft__that_went_on__is_not_replaced),
		cmocka_unit_test(draft__dropped__never_gives_its_number_again),
		cmocka_unit_test(draft__sent_by_a_batch__goes_with_its_commit),
		cmocka_unit_test(draft__that_went_on__stays_when_its_batch_commits),
		cmocka_unit_test(draft__added_by_a_batch__comes_with_its_commit),
		cmocka_unit_test(preference__put__is_kept_by_person_and_name),
		cmocka_unit_test(preference__removed__is_gone_for_its_person_alone),
		cmocka_unit_test(intake__put__is_kept_by_file_and_person),
		cmocka_unit_test(look__entries_by_others__are_counted_from_the_mark_on),
		cmocka_unit_test(look__put_again__never_goes_back),
		cmocka_unit_test(target__put_again__replaces_by_name),
		cmocka_unit_test(outbox__due__gives_urgent_ones_first_then_the_oldest),
		cmocka_unit_test(outbox__withdrawn__goes_unsent_with_its_entry),
		cmocka_unit_test(outbox__withdrawn_too_late__writes_nothing),
		cmocka_unit_test(look__looker__is_the_first_other_one),
		cmocka_unit_test(outbox__outcomes__are_recorded_together),
		cmocka_unit_test(outbox__outcome_of_an_unknown_message__records_none),
		cmocka_unit_test(
			delivery__each_attempt__is_a_row_and_a_retry_by_hand_is_none),
		cmocka_unit_test(outbox__given_up__counts_what_somebody_could_still_get),
		cmocka_unit_test(outbox__list__is_newest_first_and_cut),
	};

	return fixture_run_both("rows", tests, ARRAY_LEN(tests));
}
