/* SPDX-License-Identifier: MIT */
/*
 * Seats: what one door stands on.  At an account of one's own the account is the person.
 * At a post nobody sits until name and PIN were given, and again when nobody used it for the
 * post's idle minutes.
 *
 * What counts as use: session.open, session.keep, pin.set, and every method that writes to
 * the record or keeps a draft.  Reading does not, nor do marks of what was read: a screen reads
 * by itself when others write.  A screen says session.keep when a key was pressed.
 */
#ifndef TOBAN_DESK_SEAT_H
#define TOBAN_DESK_SEAT_H

#include "call.h"

struct seat {
	struct desk *desk;
	const struct org *org;       /* in which the next two were found */
	const struct post *post;     /* NULL: an account of somebody's own */
	const struct person *person; /* NULL: not registered, or nobody sits at the post */
	char *login;
	char *claimed;      /* id given by --as; NULL none */
	char *seated;       /* id of who sits at the post; NULL nobody */
	const char *locked; /* why nobody does: start, closed, idle, reset; "" somebody does */
	bool must_change;   /* sat down with a PIN that is good once */
	stamp opened_at;
	stamp used_at;     /* by a person */
	bool elsewhere;    /* its session is another process's, which records its end */
	unsigned pins;     /* desk->pins when the next was looked at */
	char pin_hash[PIN_HASH_SIZE]; /* of the PIN that was given */
	struct pin_beside *beside;    /* a look for it that is under way; NULL: none */
};

/* ERR_DENIED with its document when the session may not begin. */
enum err seat_new(struct desk *desk, const struct session *session, struct seat **ret_seat,
	json_t **ret_error);
/* What another process must know to make the same seat, and that seat there (desk_door_seat()). */
json_t *seat_describe(const struct seat *seat);
enum err seat_new_described(struct desk *desk, const json_t *described, struct seat **ret_seat,
	json_t **ret_error);
/* Records that whoever sits there left.  NULL allowed. */
void seat_free(struct seat *seat);

/* Whose own account it is, whatever was claimed; NULL: nobody's. */
const struct person *seat_owner(const struct seat *seat);

/* Finds out who sits there at this call, and locks the post when it is time. */
enum err seat_begin(struct call *call);

/* The code by which the method is refused where nobody sits; NULL: it is not. */
const char *seat_refusal(const struct call *call, const struct method *method);

/* Refuses with that code. */
enum err seat_fail(struct call *call, const char *code);

/* Notes that a person used the method. */
void seat_use(struct call *call, const struct method *method);

/* Somebody sits down from now on.  ERR_NOMEM. */
enum err seat_take(struct call *call, const struct person *person, const char *pin_hash);
/* The PIN of who sits there is another now, by their own hand. */
void seat_keep_pin(struct seat *seat, const char *pin_hash);
/* Nobody sits there from now on; `why` as in `locked`. Records it. */
enum err seat_leave(struct call *call, const char *why);

/* When it locks if nobody uses it; STAMP_NONE: it does not, or is. */
stamp seat_locks_at(const struct seat *seat);

#endif
