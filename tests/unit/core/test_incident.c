/* SPDX-License-Identifier: MIT */
/*
 * Folding: what the record says after each event, and that no record, however
 * somebody changed it, makes the fold crash.
 */
#include "incident_world.h"

#include <stdlib.h>
#include <string.h>

#define FUZZ_SEED 20261123U
#define FUZZ_ROUNDS 4000

static void
incident__fold__of_nothing_or_of_no_report(void **state)
{
	struct world *w = *state;
	struct incident inc;
	static const char *const bodies[] = {
		NULL,
		"",
		"[]",
		"1",
		"{",
		"{}",
		"{\"fields\":{},\"state\":1}",
		"{\"fields\":[],\"state\":\"reported\"}",
		"{\"fields\":{},\"state\":\"reported\"}",
		"{\"fields\":{},\"state\":\"reported\",\"department\":\"sales\"}",
		"{\"fields\":{},\"fields\":{},\"state\":\"reported\"}",
	};

	world_clear(w);
	assert_int_equal(incident_fold(w->arena, w->procedure, NULL, 0, &inc), ERR_CORRUPT);
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		assert_int_equal(world_append(w, "dc-owner", "report", bodies[i]), ERR_CORRUPT);
	}
	assert_int_equal(world_append(w, "dc-owner", "acknowledge",
				 "{\"fields\":{},\"state\":\"received\"}"),
		ERR_CORRUPT);
	assert_int_equal(
		world_append(w, "dc-owner", "seen", "{\"link\":1,\"state\":\"x\"}"), ERR_CORRUPT);
	assert_int_equal(w->n, 0);
}

static void
incident__fold__refuses_what_contradicts_itself(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_report(w);
	assert_int_equal(world_append(w, "dc-owner", "report", w->events[0].body), ERR_CORRUPT);
	assert_int_equal(world_append(w, "dc-owner", "apply",
				 "{\"fields\":{\"measure\":\"M1\",\"department\":\"sales\"},"
				 "\"state\":\"reported\"}"),
		ERR_CORRUPT);
	assert_int_equal(
		world_append(w, "dc-owner", "note", "{\"state\":\"reported\"}"), ERR_CORRUPT);
	assert_int_equal(w->n, 1);
}

static void
incident__fold__tells_what_was_reported(void **state)
{
	struct world *w = *state;
	const struct incident *inc = &w->incident;

	world_clear(w);
	world_do(w, "dc-operator-1", "report",
		"{'title': 'T', 'situation': 'S', 'contact': 'C', 'confidential': true,"
		" 'found_at': '2026-11-22T21:30:00+09:00', 'answers': {'service-disruption': 'yes',"
		" 'security-breach': 'yes'}, 'primary': 'security-breach'}",
		"reported");
	assert_string_equal(inc->id, WORLD_ID);
	assert_string_equal(inc->title, "T");
	assert_string_equal(inc->contact, "C");
	assert_string_equal(inc->finder, "dc-operator-1");
	assert_string_equal(inc->department, "datacentre");
	assert_string_equal(inc->category, "security-breach");
	assert_int_equal(inc->categories.n, 2);
	assert_true(inc->confidential);
	assert_int_equal(inc->found_at, w->now - 30 * MINUTE);
	assert_int_equal(inc->reported_at, w->now);
	assert_int_equal(inc->state_at, w->now);
	assert_true(*inc->reason.in[LANG_EN] && *inc->reason.in[LANG_JA]);
	assert_true(*inc->table_version);
	assert_int_equal(inc->n_reviews, 7);
	assert_int_equal(json_array_size(inc->store), 1);
	assert_int_equal(
		json_array_size(json_object_get(
			json_object_get(json_array_get(inc->store, 0), "verdict"), "asked")),
		6);
}

/* What --expect compares: steps of people, not what the desk adds or the screen notes. */
static void
incident__fold__counts_only_steps_of_people(void **state)
{
	struct world *w = *state;
	int64_t step;

	world_clear(w);
	world_report(w);
	step = w->incident.last_step_seq;
	assert_int_equal(step, w->incident.last_seq);
	w->now += MINUTE;
	assert_int_equal(
		world_append(w, "dc-owner", "seen", "{\"link\":1,\"state\":\"reported\"}"), ERR_OK);
	assert_int_equal(w->incident.contacts[0].seen_at, w->now);
	assert_int_equal(world_append(w, ACTOR_DESK, "escalate",
				 "{\"fields\":{},\"state\":\"reported\",\"notified\":[{\"person\":"
				 "\"office-head\",\"role\":\"office-head\",\"link\":2,\"due_at\":"
				 "\"2026-11-23T00:00:00+09:00\"}]}"),
		ERR_OK);
	assert_true(w->incident.escalated);
	assert_int_equal(w->incident.last_step_seq, step);
	assert_int_equal(w->incident.last_seq, step + 2);
	assert_int_equal(w->incident.subject_seq, 3);
	world_do(w, "dc-owner", "acknowledge", "", "received");
	assert_int_equal(w->incident.last_step_seq, step + 3);
}

/* The desk folds an event before the store gives it its number. */
static void
incident__fold__of_an_event_not_stored_yet(void **state)
{
	struct world *w = *state;
	struct incident inc;

	world_clear(w);
	world_walk(w, "result-reported");
	w->events[w->n - 1].seq = 0;
	assert_int_equal(incident_fold(w->arena, w->procedure, w->events, w->n, &inc), ERR_OK);
	assert_int_equal(inc.last_seq, w->events[w->n - 2].seq + 1);
	assert_int_equal(inc.result.seq, inc.last_seq);
	incident_release(&inc);
	incident_release(&inc);
}

/* The short way says the same as the long one, also where an erasure changes old bodies. */
static void
incident__fold_next__says_the_same(void **state)
{
	struct world *w = *state;
	struct incident before;
	struct incident after;

	world_clear(w);
	world_walk(w, "approved");
	world_do(w, "office-head", "erase", "{'seq': 11, 'why': 'Asked for.'}", "approved");
	assert_int_equal(
		incident_fold(w->arena, w->procedure, w->events, w->n - 1, &before), ERR_OK);
	assert_int_equal(
		incident_fold_next(w->arena, w->procedure, &before, &w->events[w->n - 1], &after),
		ERR_OK);
	assert_true(json_equal(after.store, w->incident.store));
	assert_string_equal(after.title, "[erased]");
	assert_string_not_equal(before.title, "[erased]");
	assert_int_equal(after.n_events, w->n);
	assert_null(after.events[0].body);
	assert_non_null(after.events[1].body);
	assert_non_null(before.events[0].body);
	assert_int_equal(after.last_seq, w->incident.last_seq);
	assert_int_equal(after.due_at, w->incident.due_at);
	incident_release(&before);
	assert_string_equal(after.result.approved_by, "office-staff-1");
	assert_string_equal(after.state, "approved");
	incident_release(&after);
}

/* Both cases tell the same of everything that guards, clocks and lists look at. */
static void
assert_same_case(const struct incident *a, const struct incident *b)
{
	assert_string_equal(a->state, b->state);
	assert_string_equal(a->category, b->category);
	assert_int_equal(a->major, b->major);
	assert_int_equal(a->escalated, b->escalated);
	assert_int_equal(a->confidential, b->confidential);
	assert_int_equal(a->round, b->round);
	assert_int_equal(a->n_contacts, b->n_contacts);
	assert_int_equal(a->n_instructions, b->n_instructions);
	assert_int_equal(a->n_responses, b->n_responses);
	assert_int_equal(a->n_measures, b->n_measures);
	assert_int_equal(a->n_clocks, b->n_clocks);
	assert_int_equal(a->n_links, b->n_links);
	assert_int_equal(a->n_evidence, b->n_evidence);
	assert_int_equal(a->result.version, b->result.version);
	assert_true((a->result.approved_by == NULL) == (b->result.approved_by == NULL));
	assert_true((a->result.returned_why == NULL) == (b->result.returned_why == NULL));
	assert_int_equal(a->prevention_studied, b->prevention_studied);
	assert_int_equal(a->due_at, b->due_at);
	assert_int_equal(a->state_at, b->state_at);
	for (size_t i = 0; i < a->n_reviews; i++) {
		assert_true((a->reviews[i].verdict == NULL) == (b->reviews[i].verdict == NULL));
	}
	for (size_t i = 0; i < a->n_contacts; i++) {
		assert_int_equal(a->contacts[i].acknowledged_at, b->contacts[i].acknowledged_at);
	}
}

/* `n` events and one that takes the last of them back; seq 0: it names that one. */
static enum err
fold_taken_back(struct world *w, size_t n, int64_t seq, struct incident *ret)
{
	struct event events[WORLD_EVENTS];
	struct incident before = { 0 };
	enum err e;

	assert_true(n > 1);
	memcpy(events, w->events, n * sizeof(*events));
	assert_int_equal(incident_fold(w->arena, w->procedure, events, n - 1, &before), ERR_OK);
	events[n] = events[n - 1];
	events[n].seq = events[n - 1].seq + 1;
	events[n].subject_seq = (int64_t)n + 1;
	events[n].kind = KIND_TAKEN_BACK;
	events[n].body = arena_printf(w->arena, "{\"fields\":{\"seq\":%lld},\"state\":\"%s\"}",
		(long long)(seq ? seq : events[n - 1].seq), before.state);
	e = incident_fold(w->arena, w->procedure, events, n + 1, ret);
	incident_release(&before);
	return e;
}

/* Every kind of step of the ordinary case: taken back, it is as if it had not been. */
static void
incident__taken_back__is_as_if_it_had_not_been(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_walk(w, "verified");
	assert_true(w->n > 12);
	for (size_t n = 2; n <= w->n; n++) {
		struct incident before;
		struct incident after;

		assert_int_equal(
			incident_fold(w->arena, w->procedure, w->events, n - 1, &before), ERR_OK);
		assert_int_equal(fold_taken_back(w, n, 0, &after), ERR_OK);
		assert_same_case(&before, &after);
		assert_true(after.voided[n - 1]);
		assert_false(after.voided[n - 2]);
		/* Whoever looked before it was taken back must look again. */
		assert_int_equal(after.last_step_seq, w->events[n - 1].seq + 1);
		assert_int_equal(after.last_seq, after.last_step_seq);
		assert_int_equal(after.subject_seq, n + 1);
		incident_release(&before);
		incident_release(&after);
	}
}

/* A forged entry cannot make an older decision vanish. */
static void
incident__taken_back__of_an_older_entry__voids_nothing(void **state)
{
	struct world *w = *state;
	struct incident after;

	world_clear(w);
	world_walk(w, "approved");
	assert_int_equal(fold_taken_back(w, w->n, w->events[w->n - 2].seq, &after), ERR_OK);
	for (size_t i = 0; i < after.n_events; i++) {
		assert_false(after.voided[i]);
	}
	assert_string_equal(after.result.approved_by, "office-staff-1");
	incident_release(&after);
}

static void
incident__report_taken_back__keeps_the_text_and_waits_for_nobody(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_report(w);
	assert_int_equal(world_append(w, "dc-operator-1", KIND_TAKEN_BACK,
				 "{\"fields\":{\"seq\":11},\"state\":\"dismissed\"}"),
		ERR_OK);
	assert_string_equal(w->incident.state, "dismissed");
	assert_true(w->incident.title[0]);
	assert_int_equal(w->incident.due_at, STAMP_NONE);
	assert_int_equal(w->incident.n_clocks, 0);
	assert_string_equal(world_awaited(w), "");
}

static void
take_back__only_what_was_sent__and_nothing_urgent(void **state)
{
	struct world *w = *state;
	const struct flow *flow = &w->procedure->incident_flow;
	const char *const urgent[] = { "business-disruption", "service-disruption" };
	struct incident inc;

	world_clear(w);
	world_report(w);
	inc = w->incident;
	for (size_t i = 0; i < flow->n_steps; i++) {
		const struct flow_step *step = &flow->steps[i];

		assert_int_equal(step_take_back_ms(w->procedure, step, &inc),
			step->confirm == CONFIRM_SEND && !step_is_signed(step) ? 10000 : 0);
	}
	inc.major = MAJOR_PROPOSED;
	assert_int_equal(
		step_take_back_ms(w->procedure, flow_find_step(flow, "instruct"), &inc), 0);
	inc.major = MAJOR_REFUSED;
	assert_int_equal(
		step_take_back_ms(w->procedure, flow_find_step(flow, "instruct"), &inc), 10000);
	for (size_t i = 0; i < 2; i++) {
		inc.category = urgent[i];
		assert_int_equal(
			step_take_back_ms(w->procedure, flow_find_step(flow, "instruct"), &inc), 0);
	}
}

static void
incident__fold__is_due_when_the_next_thing_is(void **state)
{
	struct world *w = *state;

	world_clear(w);
	world_report(w);
	assert_int_equal(w->incident.due_at, w->now + 30 * MINUTE);
	w->now += 10 * MINUTE;
	world_do(w, "dc-owner", "acknowledge", "", "received");
	assert_int_equal(w->incident.due_at, w->now + 30 * MINUTE);
	world_do(w, "dc-owner", "instruct",
		"{'to': ['dc-operator-2'], 'text': 't', 'due': '2026-11-23T06:00:00+09:00'}",
		"instructed");
	assert_int_equal(w->incident.due_at, w->now + 7 * HOUR + 50 * MINUTE);
	world_do(w, "dc-operator-2", "respond", "{'text': 't'}", "instructed");
	assert_int_equal(w->incident.due_at, STAMP_NONE);
	world_do(w, "dc-owner", "report-result", "{'cause': 'c', 'actions': 'a'}",
		"result-reported");
	assert_int_equal(w->incident.due_at, w->now + 3 * DAY);
}

static void
incident__result_hash__differs_by_each_part(void **state)
{
	json_t *fields = json_pack("{s:s}", "cause", "c");
	json_t *other = json_pack("{s:s}", "cause", "d");
	struct hash first;
	struct hash next;
	const struct {
		const char *id;
		int round;
		int version;
		const json_t *fields;
	} rows[] = {
		{ "26-0002", 1, 1, fields },
		{ "26-0001", 2, 1, fields },
		{ "26-0001", 1, 2, fields },
		{ "26-0001", 1, 1, other },
	};

	(void)state; /* needs no desk */
	assert_int_equal(incident_result_hash("26-0001", 1, 1, fields, &first), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(incident_result_hash(rows[i].id, rows[i].round, rows[i].version,
					 rows[i].fields, &next),
			ERR_OK);
		assert_memory_not_equal(&first, &next, sizeof(first));
	}
	json_decref(fields);
	json_decref(other);
}

/* --- hostile records ----------------------------------------------------------------- */

static unsigned
draw(unsigned *seed, unsigned below)
{
	*seed = *seed * 1664525U + 1013904223U;
	return (*seed >> 8) % below;
}

static json_t *
odd_value(unsigned *seed)
{
	switch (draw(seed, 9)) {
	case 0:
		return json_null();
	case 1:
		return json_integer(INT64_MIN);
	case 2:
		return json_integer((int64_t)draw(seed, 40));
	case 3:
		return json_string("");
	case 4:
		return json_string("dc-owner");
	case 5:
		return json_array();
	case 6:
		return json_pack("[{s:i},n,[],s]", "link", 1, "M1");
	case 7:
		return json_true();
	default:
		return json_object();
	}
}

/* Changes one value somewhere in the document: another kind, or gone. */
static void
spoil(json_t *value, unsigned *seed)
{
	size_t size = json_is_object(value) ? json_object_size(value) : json_array_size(value);
	size_t at = size ? draw(seed, (unsigned)size) : 0;
	void *iter;

	if (json_is_array(value) && size) {
		json_t *item = json_array_get(value, at);
		if (json_is_object(item) && draw(seed, 4)) {
			spoil(item, seed);
		} else {
			json_array_set_new(value, at, odd_value(seed));
		}
		return;
	}
	if (!json_is_object(value) || !size) {
		return;
	}
	iter = json_object_iter(value);
	while (at--) {
		iter = json_object_iter_next(value, iter);
	}
	if ((json_is_object(json_object_iter_value(iter)) ||
		    json_is_array(json_object_iter_value(iter))) &&
		draw(seed, 4)) {
		spoil(json_object_iter_value(iter), seed);
	} else if (draw(seed, 3)) {
		json_object_iter_set_new(value, iter, odd_value(seed));
	} else {
		json_object_del(value, json_object_iter_key(iter));
	}
}

/* Asks everything of an incident that could be folded: nothing of it may crash either. */
static void
ask_everything(struct world *w, const struct incident *inc)
{
	struct step_context context = {
		.procedure = w->procedure,
		.org = w->org,
		.incident = inc,
		.person = org_person(w->org, "office-staff-2"),
		.now = w->now,
	};
	const struct flow *flow = &w->procedure->incident_flow;
	const struct awaited *items;
	struct step_verdict verdict;
	size_t n;

	for (size_t i = 0; i < flow->n_steps; i++) {
		assert_int_equal(
			step_judge(w->arena, &context, &flow->steps[i], NULL, &verdict), ERR_OK);
	}
	assert_int_equal(step_awaited(w->arena, &context, &items, &n), ERR_OK);
}

static char *
spoilt(const char *body, unsigned *seed)
{
	json_t *value = json_loads(body, 0, NULL);
	char *text;

	for (unsigned i = draw(seed, 3) + 1; i > 0; i--) {
		spoil(value, seed);
	}
	text = json_dumps(value, JSON_COMPACT);
	json_decref(value);
	assert_non_null(text);
	return text;
}

static void
incident__fold__survives_any_change_of_the_record(void **state)
{
	struct world *w = *state;
	unsigned seed = FUZZ_SEED;
	size_t folded = 0;
	size_t refused = 0;

	world_clear(w);
	world_walk(w, "verified");
	for (size_t i = 0; i < FUZZ_ROUNDS; i++) {
		struct event *event = &w->events[draw(&seed, (unsigned)w->n)];
		const char *kept = event->body;
		char *changed = spoilt(kept, &seed);
		struct incident inc = { 0 };
		size_t n = 1 + draw(&seed, (unsigned)w->n);
		enum err e;
		event->body = changed;
		e = incident_fold(w->arena, w->procedure, w->events, n, &inc);
		if (e) {
			assert_int_equal(e, ERR_CORRUPT);
			refused++;
		} else {
			ask_everything(w, &inc);
			incident_release(&inc);
			folded++;
		}
		event->body = kept;
		free(changed);
	}
	assert_true(folded > FUZZ_ROUNDS / 10);
	assert_true(refused > FUZZ_ROUNDS / 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(incident__fold__of_nothing_or_of_no_report),
		cmocka_unit_test(incident__fold__refuses_what_contradicts_itself),
		cmocka_unit_test(incident__fold__tells_what_was_reported),
		cmocka_unit_test(incident__fold__counts_only_steps_of_people),
		cmocka_unit_test(incident__fold__of_an_event_not_stored_yet),
		cmocka_unit_test(incident__fold_next__says_the_same),
		cmocka_unit_test(incident__taken_back__is_as_if_it_had_not_been),
		cmocka_unit_test(incident__taken_back__of_an_older_entry__voids_nothing),
		cmocka_unit_test(incident__report_taken_back__keeps_the_text_and_waits_for_nobody),
		cmocka_unit_test(take_back__only_what_was_sent__and_nothing_urgent),
		cmocka_unit_test(incident__fold__is_due_when_the_next_thing_is),
		cmocka_unit_test(incident__result_hash__differs_by_each_part),
		cmocka_unit_test(incident__fold__survives_any_change_of_the_record),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
