/* SPDX-License-Identifier: MIT */
/*
 * Who came to a door that was shut, and who broke a glass: entries of the subject
 * "access", read by auditors, the office head and administrators alone.  Private to
 * the desk layer.
 */
#ifndef TOBAN_DESK_ACCESS_H
#define TOBAN_DESK_ACCESS_H

#include "call.h"
#include "sight.h"

/* Kinds of entries. */
#define ACCESS_REFUSED "refused"

/* The `method` of a refused session; no method is called so. */
#define ACCESS_SESSION "session"

/*
 * Fills in an entry of the subject by the caller (the desk where nobody is registered) for a
 * batch of one's own; takes over `body`, which may name a case as "incident".  Without its
 * subject_seq: access_turn() gives that, anew for each try.  ERR_NOMEM.
 */
enum err access_event(struct call *call, const char *kind, json_t *body, struct event *ret_event);
enum err access_turn(struct call *call, struct event *event);
/* Writes an entry of access_event() alone, as access_record() does. */
enum err access_commit(struct call *call, struct event *event);

/*
 * Records one such entry now.  Whoever calls goes on whatever comes of it: a failure is
 * logged and returned, and leaves no error document.
 */
enum err access_record(struct call *call, const char *kind, json_t *body);

/*
 * A call ended with this error document.  When the desk records refusals and it is one, it is
 * written down: at once, or if the same was refused within a minute, with the next one or the
 * end of that minute (`times` says how many one entry stands for); so many rows a person at
 * most, what is beyond is counted.  Never fails, and changes nothing of the refusal.
 */
void access_refused(struct call *call, const char *method, const json_t *error);

/* Writes down what was only counted and is a minute old; with `all` everything. */
void access_flush(struct call *call, bool all);

struct refusal_book;
void refusal_book_free(struct refusal_book *book); /* NULL allowed */

/*
 * How an entry of the subject stands to the caller: ROW_SEEN, ROW_RESTRICTED (all but the
 * case and what is said about it) or ROW_HIDDEN (nothing: it tells of a case from which they
 * are kept, or they may not read the subject at all).
 */
enum err access_sight(struct call *call, const struct event *event, enum row_sight *ret_sight);

#endif
