/* SPDX-License-Identifier: MIT */
/*
 * A shared console for tests: a post of a desk that is no trial, and its door.
 */
#ifndef TOBAN_TESTS_POST_DESK_H
#define TOBAN_TESTS_POST_DESK_H

#include "fixture.h"
#include "toban/base/pin_hash.h"

#define MINUTE 60000
#define PIN "720416"

struct post_desk {
	struct fixture f;
	struct door door;
};

/* The key that the PINs of these desks are kept under. */
extern const uint8_t post_key[PIN_KEY_BYTES];

/* A door of the account "dc-console". */
struct door post_door(struct fixture *f);

/* A desk at which dc-operator-1 has the PIN above; post_stop() ends it. */
void post_start(struct post_desk *d, enum fixture_store kind);
/* The same with PINs that cost so much. */
void post_start_at(struct post_desk *d, enum fixture_store kind, enum pin_cost cost);
void post_stop(struct post_desk *d);

/* Calls through the post's door: the answer or the error, a new reference. */
json_t *post_call(struct post_desk *d, const char *method, const char *args, enum err *ret);

/* The answer of a call that must be carried out. */
json_t *post_ok(struct post_desk *d, const char *method, const char *args);

/* The code of the answer; "" when it was carried out.  Static until the next call. */
const char *post_code(struct post_desk *d, const char *method, const char *args);

/* The same of session.open. */
const char *post_open_code(struct post_desk *d, const char *person, const char *pin);

/* How many entries of the subject "access" are of this kind, and the newest of them. */
size_t post_entries(struct post_desk *d, const char *kind, struct event *ret_newest);
size_t post_count(struct post_desk *d, const char *kind);

#endif
