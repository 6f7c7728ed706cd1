/* SPDX-License-Identifier: MIT */
/*
 * How witnesses do: who they are, and what they took when.
 */
#include <string.h>

#include "doc.h"
#include "method.h"
#include "target.h"
#include "toban/base/attr.h"
#include "toban/core/head.h"
#include "witness.h"
#include "witness_state.h"

/* A daily end, and an hour for it to be made and taken. */
#define LATELY_MS (HEAD_DAILY_MS + INT64_C(3600000))

static void
add(struct witnesses *list, const json_t *took, struct witness witness)
{
	const json_t *mark = json_object_get(took, witness.name);

	witness.seq = json_integer_value(json_object_get(mark, "seq"));
	witness.at = mark ? json_integer_value(json_object_get(mark, "at")) : STAMP_NONE;
	list->items[list->n++] = witness;
}

/* Why the newest message to a receiver was not taken; "": it was, or is on its way. */
static enum err
message_fault(struct call *call, const json_t *messages, const char *target, const char **ret_fault)
{
	const char *id = json_string_value(json_object_get(messages, target));
	struct outbox_row row;
	enum err e = id ? store_outbox_message(call->store, call->arena, id, &row) : ERR_NOT_FOUND;

	*ret_fault = "";
	if (!e && strcmp(row.state, "sent") != 0 &&
		(row.attempts > 0 || strcmp(row.state, "waiting") != 0)) {
		/* What it answered is for those who may see the outbox. */
		*ret_fault = strcmp(row.state, "waiting") == 0 ? "not delivered yet" : "given up";
	}
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err
witness_list(struct call *call, struct witnesses *ret_witnesses)
{
	struct target_list targets = { NULL, 0 };
	struct witness_state state;
	const json_t *config;
	const json_t *took;
	enum err e = witness_state_read(call, &state);

	e = e ? e : witness_state_gather(call, state.json);
	e = e ? e : store_targets(call->store, call->arena, &targets);
	if (e) {
		return e;
	}
	*ret_witnesses = (struct witnesses){
		.items = arena_array(call->arena, targets.n + 2, sizeof(*ret_witnesses->items)),
		.made_at = state.made_at,
		.made_seq = state.made_seq,
		.fault = state.fault,
	};
	if (!ret_witnesses->items) {
		return ERR_NOMEM;
	}
	took = json_object_get(state.json, "took");
	config = json_object_get(state.json, "config");
	for (size_t i = 0; !e && i < targets.n; i++) {
		const struct target_row *target = &targets.items[i];
		struct witness witness = { .name = target->name, .kind = target->kind };

		if (target->active && target_is_witness(target)) {
			e = message_fault(call, json_object_get(state.json, "messages"),
				target->name, &witness.fault);
			add(ret_witnesses, took, witness);
		}
	}
	if (json_is_string(json_object_get(config, "file"))) {
		add(ret_witnesses, took,
			(struct witness){
				.name = "file", .kind = "file", .fault = state.file_fault });
	}
	if (json_is_true(json_object_get(config, "syslog"))) {
		add(ret_witnesses, took,
			(struct witness){ .name = "syslog", .kind = "syslog", .fault = "" });
	}
	return e;
}

bool
witness_took(const struct witnesses *witnesses, stamp now)
{
	for (size_t i = 0; i < witnesses->n; i++) {
		const struct witness *witness = &witnesses->items[i];

		if (witness->at != STAMP_NONE && now - witness->at <= LATELY_MS &&
			strcmp(witness->kind, "syslog") != 0) {
			return true;
		}
	}
	return false;
}

static json_t *
doc_witness(struct call *call, const struct witness *witness)
{
	return json_pack("{s:s, s:s, s:I, s:o, s:s}", "name", witness->name, "kind", witness->kind,
		"seq", (json_int_t)witness->seq, "at", json_of_time(call, witness->at), "fault",
		witness->fault);
}

enum err
witness_add_doc(struct call *call, json_t *doc)
{
	const char *protection = call->desk->parts.protection;
	struct witnesses witnesses = { NULL, 0 };
	json_t *items = json_array();
	json_t *row;
	enum err e = items ? witness_list(call, &witnesses) : ERR_NOMEM;

	/* Who they are is for those who may see the receivers; the word is for everybody. */
	for (size_t i = 0; !e && method_sees_outbox(call) && i < witnesses.n; i++) {
		json_array_append_new(items, doc_witness(call, &witnesses.items[i]));
	}
	if (!e && strcmp(protection, "owned") == 0 && witness_took(&witnesses, call->now)) {
		protection = "owned-witnessed";
	}
	row = json_pack("{s:o, s:I, s:s, s:o}", "at",
		json_of_time(call, e ? STAMP_NONE : witnesses.made_at), "seq",
		(json_int_t)witnesses.made_seq, "fault", e ? "" : witnesses.fault, "to", items);
	if (!e &&
		(json_object_set_new(doc, "protection", json_string(protection)) != 0 ||
			json_object_set(doc, "witness", row) != 0)) {
		e = ERR_NOMEM;
	}
	json_decref(row);
	return e;
}
