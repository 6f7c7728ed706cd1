/* SPDX-License-Identifier: MIT */
/*
 * What the desk does by itself, on a machine whose clocks the test moves (F21): each
 * act exactly once, at its time as it really passed, whatever the wall clock says.
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
#include "toban/desk/engine.h"
#include "toban/store/wake.h"

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define YEAR (INT64_C(365) * 24 * HOUR)
#define NIGHT 180 /* minutes watched */
#define ACTS_MAX 200

/* A machine: real time passes on both clocks, a jump moves the one on the wall. */
struct world {
	struct fixture f;
	int64_t uptime_ms;
	const char *boot;
};

static void
world_start(struct world *w, enum fixture_store kind)
{
	*w = (struct world){ .uptime_ms = 5 * HOUR, .boot = "first" };
	fixture_start(&w->f, kind);
}

static void
pass(struct world *w, int64_t ms)
{
	w->f.now += ms;
	w->uptime_ms += ms;
}

/* One look of an engine; its acts, a new reference. */
static json_t *
look(struct world *w, bool *ret_jumped)
{
	struct clock_reading reading = { w->f.now, w->uptime_ms, w->boot };
	struct clock_turn turn = { .acts = json_array() };

	assert_int_equal(desk_clock_turn(w->f.desk, &reading, &turn), ERR_OK);
	assert_int_equal(turn.n_acts, json_array_size(turn.acts));
	assert_true(turn.next_wake == STAMP_NONE || turn.next_wake > w->f.now);
	if (ret_jumped) {
		*ret_jumped = turn.jumped;
	}
	return turn.acts;
}

/* What was done in which minute. */
struct act_row {
	int minute;
	char id[16];
	char kind[24];
};

struct diary {
	struct act_row rows[ACTS_MAX];
	size_t n;
};

static void
write_down(struct diary *diary, int minute, json_t *acts)
{
	size_t i;
	json_t *act;

	json_array_foreach(acts, i, act)
	{
		struct act_row *row = &diary->rows[diary->n++];

		assert_in_range(diary->n, 1, ACTS_MAX);
		*row = (struct act_row){ .minute = minute };
		snprintf(row->id, sizeof(row->id), "%s", text_at(act, "id"));
		snprintf(row->kind, sizeof(row->kind), "%s", text_at(act, "kind"));
	}
	json_decref(acts);
}

/* The wall clock moves by `delta` after `minute`. */
struct jump {
	const char *name;
	int minute;
	int64_t delta;
};

/* Watches a night from the report on; what was recorded of the clock is checked by minute. */
static void
watch_night(struct world *w, const struct jump *jumps, size_t n, struct diary *diary)
{
	size_t seen = 0;

	for (int minute = 1; minute <= NIGHT; minute++) {
		bool jumped = false;
		bool expected = false;

		pass(w, MINUTE);
		for (size_t i = 0; i < n; i++) {
			if (jumps[i].minute == minute) {
				w->f.now += jumps[i].delta;
				expected = true;
			}
		}
		write_down(diary, minute, look(w, &jumped));
		assert_int_equal(jumped, expected);
		seen += jumped;
	}
	assert_int_equal(seen, n);
}

static void
assert_same_diary(const struct diary *a, const struct diary *b, const char *name)
{
	for (size_t i = 0; i < a->n && i < b->n; i++) {
		const struct act_row *x = &a->rows[i];
		const struct act_row *y = &b->rows[i];

		if (x->minute != y->minute || strcmp(x->id, y->id) || strcmp(x->kind, y->kind)) {
			fail_msg("%s: act %zu: %s %s at %d, expected %s %s at %d", name, i, y->id,
				y->kind, y->minute, x->id, x->kind, x->minute);
		}
	}
	assert_int_equal(a->n, b->n);
}

static void
assert_sound(struct world *w)
{
	json_t *answer = ok(&w->f, "auditor-1", "ledger.verify", "{'rebuild': true}");

	if (!json_is_true(json_object_get(answer, "ok"))) {
		char *text = json_dumps(answer, JSON_INDENT(1));

		print_error("%s\n", text);
		free(text);
	}
	assert_true(json_is_true(json_object_get(answer, "ok")));
	json_decref(answer);
}

/* The entries about the clock, by order; each delta is checked. */
static void
assert_jumps(struct world *w, const struct jump *jumps, size_t n)
{
	struct event_list events = { NULL, 0 };

	assert_int_equal(store_subject(w->f.store, w->f.arena, SUBJECT_CLOCK, &events), ERR_OK);
	assert_int_equal(events.n, n);
	for (size_t i = 0; i < n; i++) {
		json_t *body = json_loads(events.items[i].body, 0, NULL);

		assert_string_equal(events.items[i].kind, "clock-jump");
		assert_string_equal(events.items[i].actor, ACTOR_DESK);
		assert_true(json_integer_value(json_object_get(body, "delta_ms")) ==
			jumps[i].delta);
		assert_true(*text_at(body, "from") && *text_at(body, "to"));
		json_decref(body);
	}
}

/* A night that is as any other: what must come whatever the clock does. */
static void
plain_night(enum fixture_store kind, struct diary *diary)
{
	struct world w;

	world_start(&w, kind);
	free(report(&w.f));
	json_decref(look(&w, NULL));
	watch_night(&w, NULL, 0, diary);
	assert_sound(&w);
	fixture_stop(&w.f);
	assert_in_range(diary->n, 3, ACTS_MAX);
	assert_string_equal(diary->rows[0].kind, "remind");
}

static void
night_with(enum fixture_store kind, const struct jump *jumps, size_t n, const struct diary *plain)
{
	struct diary diary = { .n = 0 };
	struct world w;

	world_start(&w, kind);
	free(report(&w.f));
	json_decref(look(&w, NULL));
	watch_night(&w, jumps, n, &diary);
	assert_same_diary(plain, &diary, jumps[0].name);
	assert_jumps(&w, jumps, n);
	assert_sound(&w);
	fixture_stop(&w.f);
}

static int64_t
until(const char *time)
{
	stamp at = 0;

	assert_int_equal(stamp_parse(time, &at), ERR_OK);
	return at - INT64_C(1795000000000); /* when the fixture's clock begins */
}

static void
f21__clock_jumps__no_deadline_comes_sooner_or_later_or_twice(void **state)
{
	static const int minutes[] = { 1, 7, 29, 31 };
	const struct jump cases[] = {
		{ "ten years back", 0, -10 * YEAR },
		{ "ten years on", 0, 10 * YEAR },
		{ "an hour back", 0, -HOUR },
		{ "an hour on", 0, HOUR },
		{ "31 s back", 0, -31000 },
		{ "1970", 0, until("1970-01-01T00:00:10Z") },
		{ "before the end of 32 bits", 0, until("2038-01-19T03:10:00Z") },
		{ "a leap day", 0, until("2028-02-29T23:50:00+09:00") },
		{ "the end of a year in Japan", 0, until("2026-12-31T23:55:00+09:00") },
	};
	struct diary plain = { .n = 0 };

	(void)state;
	plain_night(ON_MEMORY, &plain);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (size_t k = 0; k < ARRAY_LEN(minutes); k++) {
			struct jump jump = cases[i];

			jump.minute = minutes[k];
			night_with(ON_MEMORY, &jump, 1, &plain);
		}
	}
}

static void
f21__a_clock_that_will_not_rest__changes_nothing(void **state)
{
	const struct jump jumps[] = {
		{ "to and fro", 2, 10 * YEAR },
		{ "", 3, -20 * YEAR },
		{ "", 6, 10 * YEAR },
		{ "", 30, -HOUR },
		{ "", 31, 2 * HOUR },
		{ "", 90, -HOUR },
	};
	struct diary plain = { .n = 0 };

	(void)state;
	plain_night(ON_SQLITE, &plain);
	night_with(ON_SQLITE, jumps, ARRAY_LEN(jumps), &plain);
}

/* Less than 30 s is a clock that is kept right; but they add up. */
static void
f21__small_steps__count_when_they_have_become_large(void **state)
{
	struct world w;
	bool jumped = true;

	(void)state;
	world_start(&w, ON_MEMORY);
	json_decref(look(&w, NULL));
	for (int i = 0; i < 2; i++) {
		w.f.now += 14000;
		pass(&w, MINUTE);
		json_decref(look(&w, &jumped));
		assert_false(jumped);
	}
	w.f.now += 14000;
	json_decref(look(&w, &jumped));
	assert_true(jumped);
	assert_jumps(&w, &(struct jump){ "", 0, 42000 }, 1);
	fixture_stop(&w.f);
}

/* Nobody watched: the machine went on, and its clock was set meanwhile. */
static void
f21__a_jump_while_no_engine_ran__is_seen_by_the_next(void **state)
{
	struct world w;
	json_t *acts;
	bool jumped = false;

	(void)state;
	world_start(&w, ON_SQLITE);
	json_decref(look(&w, NULL));
	free(report(&w.f));
	w.f.now += 10 * YEAR;
	pass(&w, 2 * MINUTE);
	fixture_reopen(&w.f);
	acts = look(&w, &jumped);
	assert_true(jumped);
	assert_int_equal(json_array_size(acts), 0); /* two minutes passed, not ten years */
	json_decref(acts);
	assert_sound(&w);
	fixture_stop(&w.f);
}

/* How long a machine was off nobody can know; that its clock went back is plain. */
static void
f21__a_new_start_of_the_machine__jumps_only_back(void **state)
{
	struct world w;
	bool jumped = true;

	(void)state;
	world_start(&w, ON_MEMORY);
	json_decref(look(&w, NULL));
	w.boot = "second";
	w.uptime_ms = 1000;
	w.f.now += 3 * 24 * HOUR;
	json_decref(look(&w, &jumped));
	assert_false(jumped);
	w.boot = "third";
	w.f.now = 5000;
	json_decref(look(&w, &jumped));
	assert_true(jumped);
	pass(&w, MINUTE);
	json_decref(look(&w, &jumped));
	assert_false(jumped);
	fixture_stop(&w.f);
}

/* A crash between the entry and the note of it, and another jump before the next look. */
static void
f21__killed_after_the_entry__records_only_what_came_since(void **state)
{
	const struct jump jumps[] = { { "", 0, HOUR }, { "", 0, -2 * HOUR } };
	const char *before = NULL;
	struct world w;
	bool jumped = false;

	(void)state;
	world_start(&w, ON_MEMORY);
	json_decref(look(&w, NULL));
	assert_int_equal(store_engine_get(w.f.store, w.f.arena, "clock", &before), ERR_OK);
	w.f.now += HOUR;
	json_decref(look(&w, NULL));
	assert_int_equal(store_engine_put(w.f.store, "clock", before), ERR_OK);
	json_decref(look(&w, &jumped));
	assert_false(jumped);
	assert_int_equal(store_engine_put(w.f.store, "clock", before), ERR_OK);
	w.f.now -= 2 * HOUR;
	json_decref(look(&w, &jumped));
	assert_true(jumped);
	assert_jumps(&w, jumps, 2);
	fixture_stop(&w.f);
}

/* A week without an engine: the ladder goes on from where it was, one stage at a time. */
static void
downtime__long__is_no_storm(void **state)
{
	struct diary diary = { .n = 0 };
	struct world w;

	(void)state;
	world_start(&w, ON_MEMORY);
	free(report(&w.f));
	json_decref(look(&w, NULL));
	pass(&w, 7 * 24 * HOUR);
	write_down(&diary, 0, look(&w, NULL));
	assert_in_range(diary.n, 1, 3);
	for (size_t i = 0; i < diary.n; i++) {
		for (size_t k = 0; k < i; k++) {
			assert_string_not_equal(diary.rows[i].kind, diary.rows[k].kind);
		}
	}
	assert_sound(&w);
	fixture_stop(&w.f);
}

static void
promise__answered__is_not_kept_any_more(void **state)
{
	struct world w;
	struct diary diary = { .n = 0 };
	char *id;

	(void)state;
	world_start(&w, ON_MEMORY);
	id = report(&w.f);
	pass(&w, 5 * MINUTE);
	write_down(&diary, 5, look(&w, NULL));
	assert_int_equal(diary.n, 1);
	drop(act(&w.f, "dc-owner", id, "acknowledge", "{}"));
	for (int minute = 6; minute < 10; minute++) {
		pass(&w, MINUTE);
		write_down(&diary, minute, look(&w, NULL));
	}
	assert_int_equal(diary.n, 1);
	free(id);
	fixture_stop(&w.f);
}

/* --expect and "the last step" are of people: what the desk adds is no change. */
static void
act__by_the_desk__is_no_change_to_a_person(void **state)
{
	struct world w;
	json_t *answer;
	char *id;
	json_int_t seq;

	(void)state;
	world_start(&w, ON_MEMORY);
	id = report(&w.f);
	answer = ok_doc(&w.f, "dc-owner", "incident.show", json_pack("{s:s}", "id", id));
	seq = json_integer_value(json_object_get(answer, "seq"));
	json_decref(answer);
	pass(&w, 6 * MINUTE);
	json_decref(look(&w, NULL));
	answer = ok_doc(&w.f, "dc-owner", "incident.act",
		json_pack("{s:s, s:s, s:{}, s:I}", "id", id, "step", "acknowledge", "fields",
			"expect", seq));
	json_decref(answer);
	free(id);
	fixture_stop(&w.f);
}

/* --- what is stored ------------------------------------------------------------------ */

static void
put_wake(struct world *w, const char *id, stamp wake_at)
{
	struct incident_row row;
	struct store_batch batch = { .incidents = &row, .n_incidents = 1 };

	assert_int_equal(store_incident(w->f.store, w->f.arena, id, &row), ERR_OK);
	row.wake_at = wake_at;
	assert_int_equal(store_commit(w->f.store, &batch), ERR_OK);
}

/* The rows of an older version have no wake: the first look makes them. */
static void
wake__of_a_desk_without_any__is_made_at_the_first_look(void **state)
{
	struct world w;
	stamp wake = STAMP_NONE;
	char *id;

	(void)state;
	world_start(&w, ON_SQLITE);
	id = report(&w.f);
	put_wake(&w, id, STAMP_NONE);
	assert_int_equal(store_engine_put(w.f.store, "wakes", NULL), ERR_OK);
	assert_sound(&w); /* not made yet is not wrong */
	fixture_reopen(&w.f);
	json_decref(look(&w, NULL));
	assert_int_equal(store_next_wake(w.f.store, &wake), ERR_OK);
	assert_true(wake != STAMP_NONE);
	assert_sound(&w);
	free(id);
	fixture_stop(&w.f);
}

static void
wake__tampered_with__is_named_by_the_verifier(void **state)
{
	struct world w;
	json_t *answer;
	const char *text;
	char *id;

	(void)state;
	world_start(&w, ON_MEMORY);
	id = report(&w.f);
	put_wake(&w, id, w.f.now + YEAR);
	answer = ok(&w.f, "auditor-1", "ledger.verify", "{'rebuild': true}");
	assert_true(json_is_false(json_object_get(answer, "ok")));
	text = text_at(json_array_get(json_object_get(answer, "problems"), 0), "text");
	assert_non_null(strstr(text, "wake_at"));
	json_decref(answer);
	free(id);
	fixture_stop(&w.f);
}

/* A row that says "now" for no reason must not keep the engine awake. */
static void
wake__without_a_reason__is_put_right_by_the_look(void **state)
{
	struct world w;
	char *id;

	(void)state;
	world_start(&w, ON_MEMORY);
	id = report(&w.f);
	put_wake(&w, id, w.f.now - 1);
	json_decref(look(&w, NULL)); /* asks for a wake to come */
	assert_sound(&w);
	free(id);
	fixture_stop(&w.f);
}

/* --- two at once ---------------------------------------------------------------------- */

static void
engines__two_on_one_desk__do_nothing_twice(void **state)
{
	struct world w;
	struct world other;
	struct desk_parts parts;
	size_t n = 0;

	(void)state;
	world_start(&w, ON_SQLITE);
	for (int i = 0; i < 10; i++) {
		free(report(&w.f));
	}
	other = w;
	parts = (struct desk_parts){ .clock = clock_fixed(&w.f.now),
		.procedure = w.f.procedure,
		.secrets = w.f.secrets,
		.protection = "open-file" };
	assert_int_equal(store_sqlite_open(w.f.path, NULL, &parts.store), ERR_OK);
	assert_int_equal(desk_new(&parts, &other.f.desk), ERR_OK);
	for (int minute = 1; minute <= 40; minute++) {
		json_t *acts[2];

		pass(&w, MINUTE);
		other.f.now = w.f.now;
		other.uptime_ms = w.uptime_ms;
		acts[0] = look(minute % 2 ? &w : &other, NULL);
		acts[1] = look(minute % 2 ? &other : &w, NULL);
		assert_int_equal(json_array_size(acts[1]), 0);
		n += json_array_size(acts[0]);
		json_decref(acts[0]);
		json_decref(acts[1]);
	}
	assert_true(n > 0 && n % 10 == 0);
	assert_sound(&w);
	desk_free(other.f.desk);
	store_close(parts.store);
	fixture_stop(&w.f);
}

/* Whoever looks after the desk is asked in between whether to go on. */
static void
turn__with_very_many_due__ends_in_between(void **state)
{
	struct world w;
	struct clock_turn turn = { .acts = NULL };
	struct clock_reading reading;
	size_t n = 0;
	int turns = 0;

	(void)state;
	world_start(&w, ON_MEMORY);
	for (int i = 0; i < 400; i++) {
		free(report(&w.f));
	}
	pass(&w, 5 * MINUTE);
	reading = (struct clock_reading){ w.f.now, w.uptime_ms, w.boot };
	do {
		assert_int_equal(desk_clock_turn(w.f.desk, &reading, &turn), ERR_OK);
		n += turn.n_acts;
		turns++;
	} while (turn.more);
	assert_int_equal(n, 400);
	assert_in_range(turns, 2, 10);
	assert_true(turn.next_wake > w.f.now);
	desk_read_only(w.f.desk);
	assert_int_equal(desk_clock_turn(w.f.desk, &reading, &turn), ERR_DENIED);
	fixture_stop(&w.f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(f21__clock_jumps__no_deadline_comes_sooner_or_later_or_twice),
		cmocka_unit_test(f21__a_clock_that_will_not_rest__changes_nothing),
		cmocka_unit_test(f21__small_steps__count_when_they_have_become_large),
		cmocka_unit_test(f21__a_jump_while_no_engine_ran__is_seen_by_the_next),
		cmocka_unit_test(f21__a_new_start_of_the_machine__jumps_only_back),
		cmocka_unit_test(f21__killed_after_the_entry__records_only_what_came_since),
		cmocka_unit_test(downtime__long__is_no_storm),
		cmocka_unit_test(promise__answered__is_not_kept_any_more),
		cmocka_unit_test(act__by_the_desk__is_no_change_to_a_person),
		cmocka_unit_test(wake__of_a_desk_without_any__is_made_at_the_first_look),
		cmocka_unit_test(wake__tampered_with__is_named_by_the_verifier),
		cmocka_unit_test(wake__without_a_reason__is_put_right_by_the_look),
		cmocka_unit_test(engines__two_on_one_desk__do_nothing_twice),
		cmocka_unit_test(turn__with_very_many_due__ends_in_between),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
