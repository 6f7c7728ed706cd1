/* SPDX-License-Identifier: MIT */
/*
 * Looks at PINs that others do: see pin_beside.h, and docs/wire.md for who they are.
 */
#include "pin_beside.h"

#include <stdio.h>
#include <string.h>

#include "pin.h"
#include "seat.h"
#include "toban/base/locked.h"

enum err
pin_beside_ask(struct call *call, const struct pin_secret *secret, const char *hash)
{
	size_t size = strlen(secret->person) + 1;
	struct pin_beside *beside = locked_new(sizeof(*beside) + size);

	if (!beside) {
		return ERR_NOMEM;
	}
	beside->counted_at = call->now;
	beside->post = call->seat->post;
	pin_hash_keyed(secret, beside->keyed);
	(void)snprintf(beside->hash, sizeof(beside->hash), "%s", hash);
	memcpy(beside->name, secret->person, size);
	call->seat->beside = beside;
	return ERR_LATER;
}

bool
pin_beside_fits(const struct pin_beside *beside)
{
	return beside->heard ? beside->fits : pin_hash_fits_keyed(beside->keyed, beside->hash);
}

void
pin_beside_free(struct pin_beside *beside)
{
	locked_free(beside);
}

void
pin_beside_abandon(struct call *call)
{
	struct pin_beside *beside = call->seat->beside;
	json_t *error = call->error;

	if (!beside) {
		return;
	}
	call->error = NULL;
	(void)pin_fail(call, beside->name); /* nobody is there to be told */
	json_decref(call->error);
	call->error = error;
	call->seat->beside = NULL;
	pin_beside_free(beside);
}

json_t *
desk_door_awaits(const struct door *door)
{
	const struct seat *seat = door->ctx;

	return seat->beside
		? json_pack("{s:s, s:s}", "keyed", seat->beside->keyed, "hash", seat->beside->hash)
		: NULL;
}

void
desk_door_heard(const struct door *door, const json_t *outcome)
{
	const struct seat *seat = door->ctx;
	const json_t *fits = json_object_get(outcome, "fits");

	if (seat->beside && json_is_boolean(fits)) {
		seat->beside->heard = true;
		seat->beside->fits = json_is_true(fits);
	}
}

json_t *
desk_look(const json_t *order)
{
	const char *keyed = json_string_value(json_object_get(order, "keyed"));
	const char *hash = json_string_value(json_object_get(order, "hash"));

	return json_pack("{s:b}", "fits", keyed && hash && pin_hash_fits_keyed(keyed, hash));
}
