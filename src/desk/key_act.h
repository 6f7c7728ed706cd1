/* SPDX-License-Identifier: MIT */
/*
 * One act on a key (key.propose, .approve, .refuse, .revoke): what it is about, what has to be
 * signed, and its entry.
 */
#ifndef TOBAN_DESK_KEY_ACT_H
#define TOBAN_DESK_KEY_ACT_H

#include "keys.h"

struct key_act {
	const char *kind;         /* KEY_... */
	struct ssh_public public; /* of a proposal */
	char fingerprint[SSH_FINGERPRINT_SIZE];
	const char *line;    /* of a proposal */
	const char *comment; /* of a proposal; "" none */
	const char *person;  /* whose key it is */
	const char *why;     /* "" none */
	int64_t proposal;    /* 0 in a proposal */
	bool first;          /* approved unsigned: nobody who approves can sign */
	bool own_proof;      /* signed by the very key it is about */
	bool may_be_unsigned;
	const char *event; /* id of the entry; set by key_act_start() */
	bool event_given;
};

/* Takes the id of the argument `event`, or makes one.  ERR_NOMEM. */
enum err key_act_start(struct call *call, struct key_act *act);

/*
 * The entry that was made under this id already, as an answer with "repeated": true; D103 when
 * the id is another's.  ERR_NOT_FOUND without a document: there is none.
 */
enum err key_act_repeated(struct call *call, const struct key_act *act, json_t **ret_result);

/*
 * Records the act, once it is judged by `keys`.  Checks the argument `signature`; without one
 * ends the call with D320 and the text to sign, unless it may be unsigned.  ERR_CONFLICT
 * without a document: another entry about keys came between, judge anew.
 */
enum err key_act_record(
	struct call *call, const struct keys *keys, struct key_act *act, json_t **ret_result);

#endif
