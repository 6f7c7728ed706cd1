/* SPDX-License-Identifier: MIT */
/*
 * Acts: see promise_act.h.  The entry's id is made of what is promised, not of
 * when it happens or who is told: two engines that work it out make the same one.
 */
#include "promise_act.h"

#include <string.h>

#include "promise_tell.h"
#include "effect_body.h"
#include "toban/core/event.h"
#include "toban/base/str.h"

#define ID_DIGITS 40

/* --- the entry -------------------------------------------------------------------------- */

static enum err
make_id(const struct acting *a, char out[PROMISE_ID_SIZE])
{
	const struct promise *p = a->promise;
	bool once = p->once || !strcmp(a->planned.kind, KIND_OVERDUE);
	struct str text = STR_INIT;
	struct hash hash;
	char hex[HASH_HEX_SIZE];
	bool failed;

	str_addf(&text, "%s\n%s\n%d\n%s\n%s\n%lld\n", a->world->context->incident->id, p->watch,
		p->link, p->key, p->department, (long long)p->since);
	/* By what was to come: to whom a ladder turns may hang on who is there, it turns once. */
	str_addf(&text, "%s\n%d\n%d", once ? a->planned.kind : "", a->planned.phase, a->planned.n);
	failed = text.failed;
	hash_of(str_text(&text), text.len, &hash);
	str_release(&text);
	hash_hex(&hash, hex);
	memcpy(out, EVENT_ID_CLOCK, strlen(EVENT_ID_CLOCK));
	memcpy(out + strlen(EVENT_ID_CLOCK), hex, ID_DIGITS);
	out[strlen(EVENT_ID_CLOCK) + ID_DIGITS] = '\0';
	return failed ? ERR_NOMEM : ERR_OK;
}

static enum err
set_number(json_t *body, const char *key, int64_t value)
{
	return value ? body_set(body, key, json_integer(value)) : ERR_OK;
}

static enum err
set_word(json_t *body, const char *key, const char *value)
{
	return *value ? body_set_text(body, key, value) : ERR_OK;
}

/* What was watched, how far the ladder is, who was told. */
static enum err
make_body(struct acting *a)
{
	const struct promise *p = a->promise;
	json_t *body = a->t.body;
	enum err e = body_set_text(body, "state", a->t.state);

	e = e ? e : body_set_text(body, "watch", p->watch);
	e = e ? e : set_number(body, "link", p->link);
	e = e ? e : set_word(body, "key", p->key);
	e = e ? e : set_word(body, "department", p->department);
	e = e ? e : body_set(body, "since", json_integer(p->since));
	e = e ? e : set_number(body, "phase", a->stage.phase);
	e = e ? e : set_number(body, "n", a->stage.n);
	if (!e && p->due != STAMP_NONE) {
		e = body_set_stamp(body, "limit_at", p->due, taking_offset(&a->t));
	}
	return e ? e : effect_write_notices(&a->t);
}

static enum err
hand_over(struct acting *a, struct promise_act *act)
{
	const char **message = arena_alloc(a->t.arena, sizeof(*message));

	act->kind = a->stage.kind;
	act->wanted_at = a->stage.at;
	act->state = arena_strdup(a->t.arena, a->t.state); /* outlives the incident */
	act->urgent = incident_is_urgent(a->world->context->procedure, a->world->context->incident);
	act->body = a->t.body;
	act->notices = a->t.notices.items;
	act->n_notices = a->t.notices.n;
	act->messages = message;
	act->n_messages = 1;
	if (!message || !act->state) {
		return ERR_NOMEM;
	}
	*message = arena_printf(a->t.arena, "clock.%s", act->kind);
	return *message ? make_id(a, act->id) : ERR_NOMEM;
}

enum err
promise_do(struct arena *arena, const struct promise_world *world, const struct promise *promise,
	const struct promise_stage *stage, struct promise_act *ret_act)
{
	struct step_context context = *world->context;
	struct promise_act act = { .kind = NULL };
	struct acting a = {
		.t = {
			.arena = arena,
			.context = &context,
			.drill = context.incident->drill,
			.body = json_object(),
			.state = context.incident->state,
		},
		.world = world,
		.promise = promise,
		.planned = *stage,
		.stage = *stage,
	};
	enum err e;

	context.person = NULL; /* nobody acts but the desk */
	e = a.t.body ? taking_places(&a.t) : ERR_NOMEM;
	if (!e) {
		e = promise_tell(&a);
	}
	if (!e) {
		e = make_body(&a);
	}
	if (!e) {
		e = hand_over(&a, &act);
	}
	if (e) {
		json_decref(a.t.body);
		return e;
	}
	*ret_act = act;
	return ERR_OK;
}
