/* SPDX-License-Identifier: MIT */
/*
 * Trying a receiver before the night it is needed: a test message.
 */
#include <stdlib.h>

#include "call.h"
#include "method.h"
#include "target.h"
#include "toban/base/hash.h"
#include "toban/notify/notify.h"

enum err
method_target_test(struct call *call, json_t **ret_result)
{
	struct target_row target;
	struct ledger_head head;
	char id[NEW_ID_SIZE];
	const struct event event = { .id = id,
		.subject = SUBJECT_DESK,
		.at = call->now,
		.happened_at = STAMP_NONE,
		.actor = call->person->id,
		.post = call->post,
		.kind = "desk.test",
		.form = "",
		.form_version = "",
		.body = "{}" };
	const struct message_source source = { .procedure = call->procedure,
		.org = call->org,
		.event = &event,
		.head = &head,
		.type = "desk.test" };
	struct outbox_row row = { .type = source.type,
		.subject = "",
		.created_at = call->now,
		.next_at = call->now,
		.state = "waiting",
		.last_answer = "",
		.changed_at = call->now };
	struct store_batch batch = { .outbox = &row, .n_outbox = 1 };
	char *body;
	enum err e = target_find(call, arg_text(call, "name"), &target);

	if (e == ERR_NOT_FOUND) {
		return call_fail(call, "D501");
	}
	if (!e) {
		e = store_head(call->store, &head);
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	random_id(call->now, id);
	row.id = arena_printf(call->arena, "msg_%s", id);
	row.target = target.name;
	body = message_body(&source);
	row.body = body;
	e = body && row.id ? store_commit(call->store, &batch) : ERR_NOMEM;
	free(body);
	if (e) {
		return call_fail_store(call, e, true);
	}
	*ret_result = json_pack("{s:s}", "id", row.id);
	return ERR_OK;
}
