/* SPDX-License-Identifier: MIT */
/*
 * What the engine remembers of ends that went out: one value in the store, JSON:
 * {"head": the newest end, "line": as it travels, "pending": file and syslog were not told yet,
 *  "messages": {TARGET: id of the message with it}, "took": {WITNESS: {"seq", "at"}},
 *  "file_fault", "fault": English, "" none, "config": {"file", "syslog"} as it was recorded}.
 */
#ifndef TOBAN_DESK_WITNESS_STATE_H
#define TOBAN_DESK_WITNESS_STATE_H

#include "call.h"

#define WITNESS_STATE "witness"

/* An entry of the subject "desk": where ends go beside the receivers of messages. */
#define WITNESS_SET "witness-set"

struct witness_state {
	const char *text; /* as it is stored; "" there is none yet */
	json_t *json;     /* kept by the call; an object */
	stamp made_at;    /* STAMP_NONE: none was made */
	int64_t made_seq;
	const char *line;
	bool pending;
	bool in_syslog; /* the pending one was handed to syslog */
	const char *file_fault;
	const char *fault;
};

/* Reads it; a value that cannot be read is as good as none. */
enum err witness_state_read(struct call *call, struct witness_state *ret_state);

/* Records a change of file or syslog, once. */
enum err witness_state_configured(struct call *call, struct witness_state *state);

/*
 * The text of the state with a new end, for its transaction: what receivers have taken of the one
 * before is kept.
 */
enum err witness_state_made(struct call *call, const struct witness_state *state, json_t *head,
	const struct outbox_list *outbox, const char **ret_text);

/* File and syslog were told; `fault` of the file, NULL none: then it is tried again. */
enum err witness_state_told(struct call *call, struct witness_state *state, const char *fault);

/* No end could be made, and why. */
enum err witness_state_fault(struct call *call, struct witness_state *state, const char *fault);

/* Adds to "took" which of the newest messages were taken meanwhile. */
enum err witness_state_gather(struct call *call, json_t *state);

#endif
