/* SPDX-License-Identifier: MIT */
/*
 * The desk: the use cases behind the door.  Authority is decided here and
 * nowhere above.  docs/methods.md lists every method with its documents.
 */
#ifndef TOBAN_DESK_DESK_H
#define TOBAN_DESK_DESK_H

#include <stdbool.h>

#include "toban/base/clock.h"
#include "toban/base/pin_hash.h"
#include "toban/core/org.h"
#include "toban/core/procedure.h"
#include "toban/desk/door.h"
#include "toban/notify/secret.h"
#include "toban/store/store.h"

struct desk; /* opaque */

/* How signed ends of the ledger leave the house (docs/witness.md). */
struct witness_parts {
	const char *key_path; /* the desk's own key, made when first needed; NULL: none is signed */
	const char *key_given; /* a credential that goes before it, only read; NULL none */
	const char *file;      /* each end is appended to it; NULL none */
	bool to_syslog;
	bool by_service; /* what is not named here is not wanted any more */
};

/* What main puts together; everything is borrowed and must outlive the desk. */
struct desk_parts {
	struct store *store;
	struct clock clock;
	const struct procedure *procedure; /* as loaded from shipped and site files */
	struct secrets *secrets; /* signing secrets of targets */
	const char *evidence_dir; /* where attached files are kept, created on first use */
	const char *engine_path; /* the lock of who runs the clocks; NULL: nobody can */
	const char *protection; /* "open-file" in embedded mode (docs/security.md) */
	struct witness_parts witness;
	bool record_refusals;   /* calls that are refused become entries: for a service */
	bool service; /* others speak through this process: nothing that they name is opened */
	/*
	 * The key that PINs are kept under, PIN_KEY_BYTES in locked memory; NULL: this desk
	 * keeps none, and no shared console can use it (only a service has one).
	 */
	const uint8_t *pin_key;
	enum pin_cost pin_cost;
	bool pins_beside; /* calls may end with ERR_LATER: desk_door_awaits() */
	/* Adds the shell of an account of this machine; false: there is none.  NULL: not asked. */
	bool (*shell_of)(const char *login, struct str *out);
};

/*
 * Who speaks.  A login that is a post's begins without a person: session.open gives it one,
 * by name and PIN, and session.close, or minutes without a person's call, takes it away.
 */
struct session {
	const char *person; /* id; NULL: known to the desk by nothing but `login` */
	const char *login;  /* Unix account; "#4711" one that has no name, which is nobody's */
	bool claimed;       /* `person` was only claimed (--as): sound in a trial desk alone */
};

/*
 * Writes the first entries of a new ledger: the organisation and the
 * procedure.  `creator` is the Unix account, registered as login of the first
 * administrator when the organisation names no login at all.
 */
enum err desk_found(struct store *store, const struct clock *clock,
	const struct procedure *procedure, const struct org *org, const char *creator);

/*
 * Opens a desk on a store: reads the organisation, records changed definitions
 * of the procedure.  ERR_NOT_FOUND: the store holds no organisation yet.
 */
enum err desk_new(const struct desk_parts *parts, struct desk **ret_desk);
void desk_free(struct desk *desk); /* NULL allowed */

/*
 * From now on nothing is written to the store but what a person keeps for their own
 * screen (what they have read, how they want it): other writing methods fail with D310.
 */
void desk_read_only(struct desk *desk);

const struct org *desk_org(const struct desk *desk);

/*
 * Makes a door for one session; strings of `session` are copied.  Free with
 * desk_door_free(), before the desk.  ERR_DENIED with *ret_error when the session's claim is
 * not allowed (--as outside a trial desk, unknown person), or when the login is a post's and
 * this desk keeps no PINs; that is recorded like a refused call (method "session").
 */
enum err desk_door_new(struct desk *desk, const struct session *session, struct door *ret_door,
	json_t **ret_error);
void desk_door_free(struct door *door);

/* What a call that returned ERR_LATER, with nothing else, waits for: {"keyed","hash"}, new. */
json_t *desk_door_awaits(const struct door *door);
/* What came of it, or NULL: the call does it itself.  The same call is then made again. */
void desk_door_heard(const struct door *door, const json_t *outcome);
/* The look; in any process, without a desk.  {"fits": bool}, a new reference. */
json_t *desk_look(const json_t *order);

/*
 * Drops whatever the desk keeps in memory of what it read: to be called when a
 * group of writes did not come to be (store_group_end()).  The next call reads anew.
 */
void desk_forget(struct desk *desk);

/*
 * Who a door stands for, told to another process of this program that opens the desk anew;
 * never taken from a client.  A new object; NULL without memory.
 */
json_t *desk_door_seat(const struct door *door);
/* The same door there; fails as desk_door_new() does when the person is gone meanwhile. */
enum err desk_door_seated(
	struct desk *desk, const json_t *seat, struct door *ret_door, json_t **ret_error);

/* One row of the method table: the source of docs, completions and the authority test. */
enum method_kind { METHOD_READ, METHOD_WRITE };
enum method_who {
	WHO_ANYONE, /* even unregistered: emergency help, version */
	WHO_STAFF,  /* every registered person, auditors included */
	WHO_ACTOR,  /* registered and neither auditor nor administrator */
	WHO_AUDIT,  /* auditors, the office and administrators */
	WHO_WATCH,  /* auditors, the office head and administrators */
	WHO_RIGHTS, /* the office head and administrators */
	WHO_ADMIN   /* administrators */
};

struct method {
	const char *name;
	enum method_kind kind;
	enum method_who who;
	const char *args;    /* e.g. "{id, form?}" */
	const char *summary; /* N_() sentence */
};

/*
 * The table of authority as the door applies it under a procedure: {"callers": [WORD],
 * "methods": [{"method","kind","who","cells": {CALLER: code or ""},"rule" (what is asked beyond
 * it)/null}],"parts": [WORD],"states": [{"state","open"}],"steps": authority_steps()}.  A new
 * reference; NULL without memory.
 */
json_t *desk_authority(const struct procedure *procedure);

/* All methods, ended by a row whose name is NULL. */
const struct method *desk_methods(void);

#endif
