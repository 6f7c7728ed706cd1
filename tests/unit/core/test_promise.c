/* SPDX-License-Identifier: MIT */
/*
 * Tests of promises: what the desk does by itself, and when.
 */
#include <stdlib.h>
#include <string.h>

#include "incident_world.h"
#include "toban/core/promise.h"

static stamp
wake(struct world *w)
{
	struct step_context context = {
		.procedure = w->procedure,
		.org = w->org,
		.incident = &w->incident,
		.now = w->now,
	};
	struct promise_world world = { .context = &context };

	return promise_wake(&world);
}

/* Does the one thing that is due, as an engine does; false: nothing is. */
static bool
run(struct world *w, struct promise_act *ret_act)
{
	struct step_context context = {
		.procedure = w->procedure,
		.org = w->org,
		.incident = &w->incident,
		.now = w->now,
	};
	struct promise_world world = { .context = &context };
	char *body;

	assert_int_equal(promise_next(w->arena, &world, ret_act), ERR_OK);
	if (!ret_act->kind) {
		return false;
	}
	body = json_dumps(ret_act->body, JSON_COMPACT | JSON_SORT_KEYS);
	assert_non_null(body);
	json_decref(ret_act->body);
	assert_int_equal(world_append(w, ACTOR_DESK, ret_act->kind, body), ERR_OK);
	free(body);
	return true;
}

static void
promise__link__is_called_to_mind(void **state)
{
	struct world *w = *state;
	struct promise_act first;
	struct promise_act second;
	stamp reported;

	world_clear(w);
	world_report(w);
	reported = w->now;
	assert_int_equal(wake(w), reported + 5 * MINUTE);
	assert_false(run(w, &first));
	w->now = wake(w);
	assert_true(run(w, &first));
	assert_string_equal(first.kind, KIND_REMIND);
	assert_string_equal(first.notices[0].person, "dc-owner");
	assert_string_equal(first.messages[0], "clock.remind");
	assert_false(run(w, &second));
	assert_int_equal(wake(w), reported + 6 * MINUTE);
	w->now = wake(w);
	assert_true(run(w, &second));
	assert_string_not_equal(first.id, second.id);
	world_do(w, "dc-owner", "acknowledge", "", "received");
	assert_int_equal(wake(w), STAMP_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(promise__link__is_called_to_mind),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
