/* SPDX-License-Identifier: MIT */
/*
 * PINs: choosing one's own, and what an administrator does for somebody who forgot it.
 */
#include <string.h>

#include "sitting.h"
#include "call.h"
#include "doc.h"
#include "method.h"
#include "pin.h"
#include "pin_limit.h"
#include "seat.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/locked.h"

/* --- one's own --------------------------------------------------------------------------- */

/*
 * At an account of one's own the account is the proof.  At a post the old PIN is, so that
 * nobody changes it who finds a console that was left open; but for one that is good once, which
 * was given a moment ago.
 */
static enum err
prove_old(struct call *call, struct pin_look *ret_look)
{
	const char *old = arg_text(call, "old");

	if (!call->seat->post || call->seat->must_change) {
		*ret_look = (struct pin_look){ .change = { .n_tries = 0 } };
		return ERR_OK;
	}
	if (!old) {
		return call_fail(call, "D339");
	}
	return pin_look(call, call->person->id, old, false, ret_look);
}

/* A PIN that was given out once, or the old one, is no new one. */
static enum err
check_new(struct call *call, const char *pin)
{
	const struct pin_secret secret = { call->desk->parts.pin_key, call->person->id, pin };
	const char *fault = pin_fault(pin);
	struct pin_row row;
	enum err e;

	if (fault) {
		return call_fail_field(call, "D335", "pin", fault);
	}
	e = pin_take_turns(call, call->person->id);
	if (e) {
		return e;
	}
	e = store_pin(call->store, call->arena, call->person->id, &row);
	if (e == ERR_NOT_FOUND) {
		return ERR_OK;
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	return pin_hash_fits(&secret, row.hash)
		? call_fail_field(call, "D335", "pin", _("That is the PIN you have."))
		: ERR_OK;
}

static enum err
set_own(struct call *call, struct pin_look *proof, const char *pin)
{
	struct pin_row row;
	struct pin_change change = proof->change;
	const struct sitting sitting = {
		.kind = "pin-set",
		.actor = call->person->id,
		.body = json_pack("{s:s}", "person", call->person->id),
		.pins = &change,
	};
	enum err e = pin_row_make(call, call->person->id, pin, false, &row);

	if (e) {
		json_decref(sitting.body);
		return e;
	}
	change.pin = &row;
	e = sitting_record(call, &sitting);
	if (!e) {
		/* Who set it goes on; whoever else sits with the old one gets up. */
		call->desk->pins++;
		call->seat->must_change = false;
		seat_keep_pin(call->seat, row.hash);
	}
	return e;
}

enum err
method_pin_set(struct call *call, json_t **ret_result)
{
	const char *pin = arg_text(call, "pin");
	struct pin_look proof;
	enum err e = pin_served(call);

	e = e ? e : prove_old(call, &proof);
	e = e ? e : check_new(call, pin);
	e = e ? e : set_own(call, &proof, pin);
	return e ? e : method_session_show(call, ret_result);
}

/* --- somebody else's ------------------------------------------------------------------------ */

static enum err
find_person(struct call *call, const struct person **ret_person)
{
	const struct person *person = org_person(call->org, arg_text(call, "person"));

	if (!person) {
		return call_fail_field(
			call, "D107", "person", _("There is no such person; look up the id."));
	}
	*ret_person = person;
	return ERR_OK;
}

static enum err
record_reset(struct call *call, const struct person *person, const struct pin_row *row)
{
	const struct pin_try clear = pin_try_clear(call, person->id);
	const struct pin_change change = { row, &clear, 1 };
	const struct sitting sitting = {
		.kind = "pin-reset",
		.actor = call->person->id,
		.body = json_pack("{s:s}", "person", person->id),
		.pins = &change,
	};

	return sitting_record(call, &sitting);
}

enum err
method_pin_reset(struct call *call, json_t **ret_result)
{
	const struct person *person = NULL;
	char pin[PIN_MADE_SIZE];
	struct pin_row row;
	enum err e = pin_served(call);

	e = e ? e : find_person(call, &person);
	if (e) {
		return e;
	}
	do {
		pin_make(pin);
	} while (pin_fault(pin));
	e = pin_row_make(call, person->id, pin, true, &row);
	e = e ? e : record_reset(call, person, &row);
	if (!e) {
		call->desk->pins++;
		*ret_result = json_pack("{s:s, s:s, s:o}", "person", person->id, "pin", pin,
			"good_until", json_of_time(call, call->now + PIN_ONCE_MS));
	}
	locked_wipe(pin, sizeof(pin));
	return e;
}

/* The name whose tries are meant: that of a person or of a post. */
static enum err
find_tried(struct call *call, const char **ret_name)
{
	const char *id = arg_text(call, "post");
	const struct post *post = id ? org_post(call->org, id) : NULL;
	const struct person *person = NULL;
	enum err e;

	if (id && !post) {
		return call_fail_field(call, "D107", "post", _("There is no such post."));
	}
	if (post) {
		*ret_name = pin_post_name(call, post);
		return ERR_OK;
	}
	if (!arg_text(call, "person")) {
		return call_fail_field(call, "D101", "person", _("Say who, or which post."));
	}
	e = find_person(call, &person);
	if (!e) {
		*ret_name = person->id;
	}
	return e;
}

enum err
method_pin_unlock(struct call *call, json_t **ret_result)
{
	const char *name = NULL;
	enum err e = pin_served(call);

	e = e ? e : find_tried(call, &name);
	if (e) {
		return e;
	}
	const struct pin_try clear = pin_try_clear(call, name);
	const struct pin_change change = { NULL, &clear, 1 };
	const struct sitting sitting = {
		.kind = "pin-unlocked",
		.actor = call->person->id,
		.body = json_pack("{s:s?, s:s?}", "person", arg_text(call, "person"), "post",
			arg_text(call, "post")),
		.pins = &change,
	};
	e = sitting_record(call, &sitting);
	if (!e) {
		*ret_result = json_pack("{s:s?, s:s?}", "person", arg_text(call, "person"), "post",
			arg_text(call, "post"));
	}
	return e;
}

/* --- the list ------------------------------------------------------------------------------ */

static const struct pin_row *
find_row(const struct pin_list *rows, const char *person)
{
	for (size_t i = 0; i < rows->n; i++) {
		if (strcmp(rows->items[i].person, person) == 0) {
			return &rows->items[i];
		}
	}
	return NULL;
}

static json_t *
doc_posts(const struct call *call, const struct person *person)
{
	json_t *posts = json_array();

	for (size_t i = 0; i < call->org->n_posts; i++) {
		if (post_admits(&call->org->posts[i], person)) {
			json_array_append_new(posts, json_string(call->org->posts[i].id));
		}
	}
	return posts;
}

static enum err
add_person(struct call *call, const struct person *person, const struct pin_row *row, json_t *list)
{
	struct pin_try try;
	stamp until = STAMP_NONE;
	enum err e = pin_try_read(call, person->id, &try);

	if (e) {
		return call_fail_store(call, e, false);
	}
	if (pin_limit_gate(&try, PIN_HOUR_PERSON, call->now, &until) != PIN_GATE_LOCKED) {
		until = STAMP_NONE;
	}
	json_array_append_new(list,
		json_pack("{s:s, s:o, s:b, s:b, s:o, s:o}", "person", person->id, "posts",
			doc_posts(call, person), "has_pin", row != NULL, "once", row && row->once,
			"set_at", json_of_time(call, row ? row->set_at : STAMP_NONE),
			"locked_until", json_of_time(call, until)));
	return ERR_OK;
}

enum err
method_pin_list(struct call *call, json_t **ret_result)
{
	struct pin_list rows = { NULL, 0 };
	json_t *list = call_keep(call, json_array());
	enum err e = pin_served(call);

	if (e) {
		return e;
	}
	e = store_pins(call->store, call->arena, &rows);
	if (e) {
		return call_fail_store(call, e, false);
	}
	for (size_t i = 0; !e && i < call->org->n_people; i++) {
		const struct person *person = &call->org->people[i];

		e = add_person(call, person, find_row(&rows, person->id), list);
	}
	if (!e) {
		*ret_result = json_pack("{s:O}", "people", list);
	}
	return e;
}
