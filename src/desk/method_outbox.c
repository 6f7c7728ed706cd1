/* SPDX-License-Identifier: MIT */
/*
 * Messages on their way out: looking, and sending stopped ones again.
 */
#include <string.h>

#include "call.h"
#include "doc.h"
#include "method.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define LIMIT_DEFAULT 50
#define RETRY_MOST 1000 /* messages of one state looked through for one retry */

static const char *const states[] = { "waiting", "sent", "dead", "stopped" };

static json_t *
doc_message(const struct call *call, const struct outbox_row *row)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:b, s:s, s:i, s:o, s:o, s:i, s:s}", "id", row->id,
		"target", row->target, "type", row->type, "subject", row->subject, "urgent",
		row->urgent, "state", row->state, "attempts", row->attempts, "created_at",
		json_of_time(call, row->created_at), "next_at", json_of_time(call, row->next_at),
		"last_status", row->last_status, "last_answer", row->last_answer);
}

static bool
is_state(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		if (strcmp(states[i], word) == 0) {
			return true;
		}
	}
	return false;
}

enum err
method_outbox_list(struct call *call, json_t **ret_result)
{
	const char *state = arg_text(call, "state");
	struct outbox_list list = { NULL, 0 };
	json_t *items;
	enum err e;

	if (state && !is_state(state)) {
		return call_fail_field(
			call, "D103", "state", _("A message is waiting, sent, dead or stopped."));
	}
	e = store_outbox(call->store, call->arena, state,
		(size_t)arg_count(call, "limit", LIMIT_DEFAULT), &list);
	if (e) {
		return call_fail_store(call, e, false);
	}
	items = json_array();
	for (size_t i = 0; i < list.n; i++) {
		json_array_append_new(items, doc_message(call, &list.items[i]));
	}
	*ret_result = json_pack("{s:o}", "messages", items);
	return ERR_OK;
}

static bool
wants_retry(const struct call *call, const struct outbox_row *row)
{
	const char *id = arg_text(call, "id");
	const char *target = arg_text(call, "target");

	return (!id || strcmp(row->id, id) == 0) && (!target || strcmp(row->target, target) == 0);
}

/* Makes the wanted messages of one state due now; adds to *n_retried. */
static enum err
retry_state(struct call *call, const char *state, size_t *n_retried)
{
	struct outbox_list list = { NULL, 0 };
	size_t n = 0;
	enum err e = store_outbox(call->store, call->arena, state, RETRY_MOST, &list);

	if (e) {
		return call_fail_store(call, e, false);
	}
	for (size_t i = 0; i < list.n; i++) {
		struct outbox_row *row = &list.items[i];

		if (wants_retry(call, row)) {
			row->state = "waiting";
			row->attempts = 0; /* the plan of attempts begins anew */
			row->next_at = call->now;
			row->changed_at = call->now;
			list.items[n++] = *row;
		}
	}
	*n_retried += n;
	e = n ? store_outbox_put(call->store, list.items, n) : ERR_OK;
	return e ? call_fail_store(call, e, true) : ERR_OK;
}

enum err
method_outbox_retry(struct call *call, json_t **ret_result)
{
	/* What was sent is not sent again: receivers would act twice. */
	static const char *const unsent[] = { "waiting", "dead", "stopped" };
	size_t n = 0;

	if (!arg_text(call, "id") && !arg_text(call, "target")) {
		return call_fail_field(call, "D101", "id", _("Name a message or a receiver."));
	}
	for (size_t i = 0; i < ARRAY_LEN(unsent); i++) {
		enum err e = retry_state(call, unsent[i], &n);

		if (e) {
			return e;
		}
	}
	if (n == 0) {
		return call_fail(call, "D504");
	}
	*ret_result = json_pack("{s:I}", "retried", (json_int_t)n);
	return ERR_OK;
}
