/* SPDX-License-Identifier: MIT */
/*
 * Messages on their way out: looking, and sending stopped ones again.
 */
#include <string.h>

#include "call.h"
#include "doc.h"
#include "method.h"
#include "sight.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define LIMIT_DEFAULT 50
#define ASK_MORE 4 /* times as many, where some are none of the caller's business */
#define RETRY_MOST 1000 /* messages of one state looked through for one retry */

static const char *const states[] = { "waiting", "sent", "dead", "stopped" };

/*
 * Of a case somebody may not read neither the number is told nor what happened in it: the step,
 * that it is urgent, or the answer of a receiver, who may repeat what was sent.
 */
#define TYPE_UNSEEN "restricted"

static json_t *
doc_message(const struct call *call, const struct outbox_row *row, enum row_sight sight)
{
	bool seen = sight == ROW_SEEN;

	return json_pack("{s:s, s:s, s:s, s:s, s:b, s:s, s:i, s:o, s:o, s:i, s:s}", "id", row->id,
		"target", row->target, "type", seen ? row->type : TYPE_UNSEEN, "subject",
		seen ? row->subject : "", "urgent", seen && row->urgent, "state", row->state,
		"attempts", row->attempts, "created_at", json_of_time(call, row->created_at),
		"next_at", json_of_time(call, row->next_at), "last_status", row->last_status,
		"last_answer", seen ? row->last_answer : "");
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

/*
 * The newest `limit` messages but those about cases that do not exist for the caller: a list that
 * they made shorter would tell of them.
 */
static enum err
list_messages(struct call *call, const char *state, size_t limit, json_t *items)
{
	struct outbox_list list = { NULL, 0 };
	enum err e = ERR_OK;

	for (size_t ask = limit;; ask *= ASK_MORE) {
		e = store_outbox(call->store, call->arena, state, ask, &list);
		(void)json_array_clear(items); /* cannot fail */
		for (size_t i = 0; !e && i < list.n && json_array_size(items) < limit; i++) {
			enum row_sight sight = ROW_HIDDEN;

			e = case_sight(call, list.items[i].subject, &sight);
			if (!e && sight != ROW_HIDDEN) {
				json_array_append_new(
					items, doc_message(call, &list.items[i], sight));
			}
		}
		if (e || list.n < ask || json_array_size(items) == limit) {
			return e;
		}
	}
}

enum err
method_outbox_list(struct call *call, json_t **ret_result)
{
	size_t limit = (size_t)arg_count(call, "limit", LIMIT_DEFAULT);
	const char *state = arg_text(call, "state");
	json_t *items;
	enum err e;

	if (state && !is_state(state)) {
		return call_fail_field(
			call, "D103", "state", _("A message is waiting, sent, dead or stopped."));
	}
	items = call_keep(call, json_array());
	e = items ? list_messages(call, state, limit, items) : ERR_NOMEM;
	if (e) {
		return call_fail_store(call, e, false);
	}
	*ret_result = json_pack("{s:O}", "messages", items);
	return ERR_OK;
}

/* --- one message --------------------------------------------------------------------------- */

static json_t *
doc_deliveries(const struct call *call, const struct delivery_list *list, enum row_sight sight)
{
	json_t *items = json_array();

	for (size_t i = 0; i < list->n; i++) {
		const struct delivery_row *row = &list->items[i];

		json_array_append_new(items,
			json_pack("{s:i, s:o, s:i, s:s, s:s}", "attempt", row->attempt, "at",
				json_of_time(call, row->at), "status", row->status, "outcome",
				row->outcome, "answer", sight == ROW_SEEN ? row->answer : ""));
	}
	return items;
}

enum err
method_outbox_show(struct call *call, json_t **ret_result)
{
	struct delivery_list deliveries = { NULL, 0 };
	struct outbox_row row;
	json_t *message = NULL;
	enum row_sight sight = ROW_HIDDEN;
	enum err e = store_outbox_message(call->store, call->arena, arg_text(call, "id"), &row);

	/*
	 * The text of a message about a case is for those who may read the case; that there
	 * is a message, and what became of it, is for whoever looks after them.
	 */
	if (!e) {
		e = case_sight(call, row.subject, &sight);
	}
	if (e == ERR_NOT_FOUND || (!e && sight == ROW_HIDDEN)) {
		return call_fail(call, "D504");
	}
	e = e ? e : store_deliveries(call->store, call->arena, row.id, &deliveries);
	if (e) {
		return call_fail_store(call, e, false);
	}
	if (sight == ROW_SEEN && row.body[0]) {
		message = json_loads(row.body, 0, NULL);
	}
	*ret_result = doc_message(call, &row, sight);
	if (*ret_result &&
		(json_object_set_new(*ret_result, "message", message ? message : json_null()) ||
			json_object_set_new(*ret_result, "deliveries",
				doc_deliveries(call, &deliveries, sight)))) {
		json_decref(*ret_result);
		*ret_result = NULL;
	}
	return *ret_result ? ERR_OK : ERR_NOMEM;
}

/* --- sending again --------------------------------------------------------------------------- */

/* What a retry is asked for. */
struct retry {
	const char *target; /* NULL: any */
	bool given_up_only; /* what still waits comes by itself */
	struct target_list targets;
	size_t n_retried;
};

/* A receiver that is gone takes nothing: its messages would only stop again. */
static bool
takes_messages(const struct retry *retry, const char *name)
{
	for (size_t i = 0; i < retry->targets.n; i++) {
		if (strcmp(retry->targets.items[i].name, name) == 0) {
			return retry->targets.items[i].active;
		}
	}
	return false;
}

/* The plan of attempts begins anew. */
static void
row_renew(const struct call *call, struct outbox_row *row)
{
	row->state = "waiting";
	row->attempts = 0;
	row->next_at = call->now;
	row->changed_at = call->now;
}

/* Makes the wanted messages of one state due now. */
static enum err
retry_state(struct call *call, const char *state, struct retry *retry)
{
	struct outbox_list list = { NULL, 0 };
	size_t n = 0;
	enum err e = store_outbox(call->store, call->arena, state, RETRY_MOST, &list);

	for (size_t i = 0; !e && i < list.n; i++) {
		struct outbox_row *row = &list.items[i];
		enum row_sight sight = ROW_HIDDEN;

		e = case_sight(call, row->subject, &sight);
		if (!e && sight != ROW_HIDDEN &&
			(!retry->target || strcmp(row->target, retry->target) == 0) &&
			takes_messages(retry, row->target)) {
			row_renew(call, row);
			list.items[n++] = *row;
		}
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	retry->n_retried += n;
	e = n ? store_outbox_put(call->store, list.items, n) : ERR_OK;
	return e ? call_fail_store(call, e, true) : ERR_OK;
}

static enum err
retry_many(struct call *call, struct retry *retry)
{
	/* What was sent is not sent again: receivers would act twice. */
	static const char *const unsent[] = { "waiting", "dead", "stopped" };
	enum err e = store_targets(call->store, call->arena, &retry->targets);

	if (e) {
		return call_fail_store(call, e, false);
	}
	for (size_t i = retry->given_up_only; !e && i < ARRAY_LEN(unsent); i++) {
		e = retry_state(call, unsent[i], retry);
	}
	return e;
}

static enum err
retry_one(struct call *call, const char *id, struct retry *retry)
{
	struct outbox_row row;
	enum row_sight sight = ROW_HIDDEN;
	enum err e = store_outbox_message(call->store, call->arena, id, &row);

	e = e ? e : case_sight(call, row.subject, &sight);
	if (e == ERR_NOT_FOUND ||
		(!e && (strcmp(row.state, "sent") == 0 || sight == ROW_HIDDEN))) {
		return ERR_OK;
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	row_renew(call, &row);
	retry->n_retried = 1;
	e = store_outbox_put(call->store, &row, 1);
	return e ? call_fail_store(call, e, true) : ERR_OK;
}

enum err
method_outbox_retry(struct call *call, json_t **ret_result)
{
	const char *id = arg_text(call, "id");
	struct retry retry = { .target = arg_text(call, "target"),
		.given_up_only = arg_flag(call, "given_up") };
	enum err e;

	if (!id && !retry.target && !retry.given_up_only) {
		return call_fail_field(call, "D101", "id", _("Name a message or a receiver."));
	}
	e = id ? retry_one(call, id, &retry) : retry_many(call, &retry);
	if (e) {
		return e;
	}
	if (retry.n_retried == 0) {
		return call_fail(call, "D504");
	}
	*ret_result = json_pack("{s:I}", "retried", (json_int_t)retry.n_retried);
	return ERR_OK;
}
