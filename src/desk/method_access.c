/* SPDX-License-Identifier: MIT */
/*
 * Reading who was refused, and who broke a glass.
 */
#include "access.h"
#include "doc.h"
#include "method.h"

#define LIMIT_DEFAULT 200

/* Of a case they may know that there is one, and nothing else. */
static void
withhold(json_t *doc)
{
	json_t *body = json_object_get(doc, "body");

	json_object_del(body, "incident");
	json_object_del(body, "why");
	json_object_del(body, "step");
	json_object_set_new(doc, "withheld", json_true());
}

/* The newest first, as every long list is read. */
enum err
method_access_log(struct call *call, json_t **ret_result)
{
	struct event_list events = { NULL, 0 };
	json_t *log = call_keep(call, json_array());
	enum err e = store_subject_newest(call->store, call->arena, SUBJECT_ACCESS,
		(size_t)arg_count(call, "limit", LIMIT_DEFAULT), &events);

	for (size_t i = 0; !e && i < events.n; i++) {
		enum row_sight sight = ROW_HIDDEN;

		e = access_sight(call, &events.items[i], &sight);
		if (!e && sight != ROW_HIDDEN) {
			json_t *doc = doc_event(call, &events.items[i]);

			if (sight == ROW_RESTRICTED) {
				withhold(doc);
			}
			json_array_append_new(log, doc);
		}
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	*ret_result = json_pack("{s:s, s:O}", "id", SUBJECT_ACCESS, "log", log);
	return ERR_OK;
}
