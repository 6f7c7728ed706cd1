/* SPDX-License-Identifier: MIT */
/*
 * Sitting down at a shared console, and getting up.
 */
#include <string.h>

#include "sitting.h"
#include "call.h"
#include "doc.h"
#include "method.h"
#include "pin.h"
#include "seat.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

/* What is kept of the caller's own PIN; null when there is none. */
static enum err
doc_pin(struct call *call, json_t **ret_doc)
{
	struct pin_row row;
	enum err e = call->person
		? store_pin(call->store, call->arena, call->person->id, &row)
		: ERR_NOT_FOUND;

	if (e && e != ERR_NOT_FOUND) {
		return call_fail_store(call, e, false);
	}
	*ret_doc = e ? json_null()
		     : json_pack("{s:o, s:s, s:b}", "set_at", json_of_time(call, row.set_at),
				       "set_by", row.set_by, "once", row.once);
	return ERR_OK;
}

json_t *
doc_post(const struct post *post)
{
	return post ? json_pack("{s:s, s:o, s:s, s:i}", "id", post->id, "name",
			      json_of_words(&post->name), "department", post->department,
			      "idle_min", post->idle_min)
		    : json_null();
}

enum err
method_session_show(struct call *call, json_t **ret_result)
{
	const struct seat *seat = call->seat;
	bool locked = seat->post && !seat->person;
	json_t *pin = NULL;
	enum err e = doc_pin(call, &pin);

	if (e) {
		return e;
	}
	*ret_result = json_pack("{s:o, s:s?, s:b, s:s?, s:b, s:o, s:o}", "post",
		doc_post(seat->post), "person", call->person ? call->person->id : NULL, "locked",
		locked, "why", locked ? seat->locked : NULL, "must_change", seat->must_change,
		"locks_at", json_of_time(call, seat_locks_at(seat)), "pin", pin);
	return ERR_OK;
}

static enum err
record_opened(struct call *call, const char *person, struct pin_look *look)
{
	json_t *body = json_pack("{s:b}", "once", look->row.once);
	const struct sitting sitting = {
		.kind = "session-opened",
		.actor = person,
		.body = body,
		.pins = &look->change,
	};

	pin_say_unchecked(call, look, body);
	return sitting_record(call, &sitting);
}

enum err
method_session_open(struct call *call, json_t **ret_result)
{
	const char *name = arg_text(call, "person");
	struct pin_look look;
	enum err e;

	if (!call->seat->post) {
		return call_fail(call, "D338");
	}
	e = pin_look(call, name, arg_text(call, "pin"), true, &look);
	if (e) {
		return e;
	}
	if (call->seat->seated) {
		e = seat_leave(call, "taken");
	}
	e = e ? e : record_opened(call, name, &look);
	e = e ? e : seat_take(call, org_person(call->org, name), look.row.hash);
	if (e) {
		return e;
	}
	call->seat->must_change = look.row.once;
	return method_session_show(call, ret_result);
}

enum err
method_session_close(struct call *call, json_t **ret_result)
{
	enum err e;

	if (!call->seat->post) {
		return call_fail(call, "D338");
	}
	e = call->seat->seated ? seat_leave(call, "closed") : ERR_OK;
	return e ? e : method_session_show(call, ret_result);
}

enum err
method_session_keep(struct call *call, json_t **ret_result)
{
	*ret_result = json_pack(
		"{s:o}", "locks_at", json_of_time(call, seat_locks_at(call->seat)));
	return ERR_OK;
}
