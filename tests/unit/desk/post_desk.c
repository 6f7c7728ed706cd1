/* SPDX-License-Identifier: MIT */
/*
 * A shared console for tests: see post_desk.h.
 */
#include "post_desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

const uint8_t post_key[PIN_KEY_BYTES] = "a key of thirty-two bytes, fixed";

struct door
post_door(struct fixture *f)
{
	const struct session session = { .login = "dc-console" };
	struct door door;
	json_t *error = NULL;

	assert_int_equal(desk_door_new(f->desk, &session, &door, &error), ERR_OK);
	return door;
}

void
post_start(struct post_desk *d, enum fixture_store kind)
{
	post_start_at(d, kind, PIN_COST_LEAST);
}

void
post_start_at(struct post_desk *d, enum fixture_store kind, enum pin_cost cost)
{
	fixture_start(&d->f, kind);
	d->f.pin_key = post_key;
	d->f.pin_cost = cost;
	fixture_reopen(&d->f);
	drop(ok(&d->f, "dc-operator-1", "pin.set", "{'pin':'" PIN "'}"));
	d->door = post_door(&d->f);
}

void
post_stop(struct post_desk *d)
{
	desk_door_free(&d->door);
	fixture_stop(&d->f);
}

json_t *
post_call(struct post_desk *d, const char *method, const char *args, enum err *ret)
{
	json_t *json = args ? doc(args) : NULL;
	json_t *result = NULL;
	json_t *error = NULL;

	*ret = d->door.call(d->door.ctx, method, json, &result, &error);
	json_decref(json);
	return *ret ? error : result;
}

json_t *
post_ok(struct post_desk *d, const char *method, const char *args)
{
	enum err e;
	json_t *answer = post_call(d, method, args, &e);

	if (e) {
		print_error("%s: %s\n", method, text_at(answer, "code"));
	}
	assert_int_equal(e, ERR_OK);
	return answer;
}

const char *
post_code(struct post_desk *d, const char *method, const char *args)
{
	static char code[8];
	enum err e;
	json_t *answer = post_call(d, method, args, &e);

	snprintf(code, sizeof(code), "%s", e ? text_at(answer, "code") : "");
	json_decref(answer);
	return code;
}

const char *
post_open_code(struct post_desk *d, const char *person, const char *pin)
{
	char args[200];

	snprintf(args, sizeof(args), "{'person':'%s','pin':'%s'}", person, pin);
	return post_code(d, "session.open", args);
}

size_t
post_entries(struct post_desk *d, const char *kind, struct event *ret_newest)
{
	struct event_list events = { NULL, 0 };
	size_t n = 0;

	assert_int_equal(store_subject(d->f.store, d->f.arena, SUBJECT_ACCESS, &events), ERR_OK);
	for (size_t i = 0; i < events.n; i++) {
		if (strcmp(events.items[i].kind, kind) == 0) {
			n++;
			*ret_newest = events.items[i];
		}
	}
	return n;
}

size_t
post_count(struct post_desk *d, const char *kind)
{
	struct event event;

	return post_entries(d, kind, &event);
}
