/* SPDX-License-Identifier: MIT */
/*
 * An engine without a desk: see promise_sim.h.
 */
#include "promise_sim.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/str.h"

static struct step_context
context_of(const struct sim *sim)
{
	return (struct step_context){
		.procedure = sim->world->procedure,
		.org = sim->world->org,
		.incident = &sim->world->incident,
		.duty = sim->world->duty,
		.now = sim->world->now,
	};
}

void
sim_begin(struct sim *sim, struct world *world)
{
	*sim = (struct sim){ .world = world, .start = world->now };
}

stamp
sim_wake(const struct sim *sim)
{
	struct step_context context = context_of(sim);
	struct promise_world world = { &context, sim->jumps, sim->n_jumps };

	return promise_wake(&world);
}

static void
add_text(struct str *line, const json_t *body, const char *key)
{
	const char *text = json_string_value(json_object_get(body, key));

	if (text) {
		str_addf(line, " %s", text);
	}
}

/* "+5 remind link 1: dc-owner@0 dc-deputy-1@1" */
static const char *
line_of(const struct sim *sim, const struct promise_act *act)
{
	struct world *w = sim->world;
	struct str line = STR_INIT;
	char date[STAMP_SIZE];
	const char *copy;

	if (sim->dated) {
		stamp_format_short(w->now, w->org->offset_min, date);
		str_addf(&line, "%s %s", date, act->kind);
	} else {
		str_addf(&line, "+%lld %s",
			(long long)((w->now - sim->set_by - sim->start) / MINUTE), act->kind);
	}
	add_text(&line, act->body, "watch");
	if (json_object_get(act->body, "link")) {
		str_addf(&line, " %lld",
			(long long)json_integer_value(json_object_get(act->body, "link")));
	}
	add_text(&line, act->body, "key");
	add_text(&line, act->body, "department");
	str_add_char(&line, ':');
	for (size_t i = 0; i < act->n_notices; i++) {
		const struct notice *n = &act->notices[i];
		str_addf(&line, " %s", n->person);
		if (n->link) {
			str_addf(&line, "@%d", n->link);
		}
	}
	copy = arena_strdup(w->arena, str_text(&line));
	str_release(&line);
	return copy;
}

static void
record(struct sim *sim, const struct promise_act *act)
{
	struct world *w = sim->world;
	struct sim_act *kept = &sim->acts[sim->n];
	char *body = json_dumps(act->body, JSON_COMPACT | JSON_SORT_KEYS);

	assert_non_null(body);
	assert_true(sim->n < SIM_ACTS);
	assert_true(act->wanted_at <= w->now);
	assert_string_equal(act->state, w->incident.state);
	*kept = (struct sim_act){ .line = line_of(sim, act),
		.kind = act->kind,
		.at = w->now,
		.lasted = w->now - sim->set_by,
		.urgent = act->urgent };
	memcpy(kept->id, act->id, sizeof(kept->id));
	for (size_t i = 0; i < sim->n; i++) {
		if (!strcmp(sim->acts[i].id, act->id)) {
			fail_msg("twice: %s / %s", sim->acts[i].line, kept->line);
		}
	}
	sim->n++;
	json_decref(act->body);
	assert_int_equal(world_append(w, ACTOR_DESK, kept->kind, body), ERR_OK);
	free(body);
}

size_t
sim_run(struct sim *sim)
{
	size_t n = 0;

	for (;; n++) {
		struct step_context context = context_of(sim);
		struct promise_world world = { &context, sim->jumps, sim->n_jumps };
		struct promise_act act;
		stamp wake = promise_wake(&world);
		bool due = wake != STAMP_NONE && wake <= sim->world->now;

		assert_int_equal(promise_next(sim->world->arena, &world, &act), ERR_OK);
		assert_int_equal(due, act.kind != NULL);
		if (!act.kind) {
			return n;
		}
		assert_int_equal(act.wanted_at, wake);
		record(sim, &act);
		if (n >= SIM_MOST_AT_ONCE) {
			fail_msg("a storm: %s", sim->acts[sim->n - 1].line);
		}
	}
}

void
sim_until(struct sim *sim, stamp until)
{
	struct world *w = sim->world;

	for (stamp wake = sim_wake(sim); wake != STAMP_NONE && wake <= until;
		wake = sim_wake(sim)) {
		w->now = wake > w->now ? wake : w->now;
		assert_true(sim_run(sim) > 0);
	}
	w->now = until > w->now ? until : w->now;
}

void
sim_set_clock(struct sim *sim, int64_t delta_ms)
{
	struct world *w = sim->world;

	assert_true(sim->n_jumps < SIM_JUMPS);
	w->foreign++;
	w->now += delta_ms;
	sim->set_by += delta_ms;
	/* The entry that says so stands right before whatever comes next. */
	sim->jumps[sim->n_jumps++] =
		(struct clock_jump){ .seq = (int64_t)w->n + 10 + w->foreign, .delta_ms = delta_ms };
}

void
sim_expect(const struct sim *sim, size_t from, const char *const *lines)
{
	size_t i = from;

	for (; lines[i - from]; i++) {
		if (i >= sim->n || strcmp(sim->acts[i].line, lines[i - from]) != 0) {
			break;
		}
	}
	if (!lines[i - from] && i == sim->n) {
		return;
	}
	for (size_t k = from; k < sim->n; k++) {
		print_error("\t\t\"%s\",\n", sim->acts[k].line);
	}
	fail_msg("line %zu: wanted \"%s\"", i, lines[i - from] ? lines[i - from] : "no more");
}
