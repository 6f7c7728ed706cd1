/* SPDX-License-Identifier: MIT */
/*
 * Leaving the organisation: see org_leave.h.
 */
#include "org_leave.h"

#include "access.h"
#include "pin.h"

/* While it is put together. */
struct leaving {
	struct call *call;
	const char **ended; /* who had a PIN */
	size_t n_ended;
	struct pin_try *tries;
	size_t n_tries;
};

static enum err
add(struct leaving *leaving, const char *person)
{
	struct call *call = leaving->call;
	struct pin_row row;
	enum err e = store_pin(call->store, call->arena, person, &row);

	if (!e) {
		leaving->ended[leaving->n_ended++] = row.person;
	}
	if (call->desk->parts.pin_key) {
		leaving->tries[leaving->n_tries++] = pin_try_clear(call, person);
	}
	return e && e != ERR_NOT_FOUND ? call_fail_store(call, e, true) : ERR_OK;
}

static enum err
add_all(struct leaving *leaving, const json_t *people)
{
	const json_t *change;
	size_t i;
	enum err e = ERR_OK;

	json_array_foreach((json_t *)(uintptr_t)people, i, change)
	{
		bool other = json_object_get(change, "removed") || json_object_get(change, "added");

		if (!e && other) {
			e = add(leaving, json_string_value(json_object_get(change, "person")));
		}
	}
	return e;
}

static json_t *
body_of(const struct leaving *leaving)
{
	json_t *list = json_array();

	for (size_t i = 0; i < leaving->n_ended; i++) {
		json_array_append_new(list, json_string(leaving->ended[i]));
	}
	return json_pack("{s:o}", "people", list);
}

enum err
org_leave(struct call *call, const json_t *people, struct org_leave *ret_leave)
{
	size_t n = json_array_size(people) + 1;
	struct leaving leaving = {
		.call = call,
		.ended = arena_array(call->arena, n, sizeof(*leaving.ended)),
		.tries = arena_array(call->arena, n, sizeof(*leaving.tries)),
	};
	enum err e = leaving.ended && leaving.tries ? add_all(&leaving, people) : ERR_NOMEM;

	if (e) {
		return e;
	}
	*ret_leave = (struct org_leave){
		.pins = { .tries = leaving.tries,
			.n_tries = leaving.n_tries,
			.ended = { leaving.ended, leaving.n_ended } },
		.has_entry = leaving.n_ended > 0,
	};
	return ret_leave->has_entry
		? access_event(call, "pin-ended", body_of(&leaving), &ret_leave->entry)
		: ERR_OK;
}
