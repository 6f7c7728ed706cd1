/* SPDX-License-Identifier: MIT */
/*
 * Looking at who is there: the nightly check, and the entries themselves.
 */
#include "call.h"
#include "doc.h"
#include "duty.h"
#include "method.h"

#define DAYS_DEFAULT 30
#define LIMIT_DEFAULT 200

enum err
method_duty_check(struct call *call, json_t **ret_result)
{
	return duty_findings(call, (int)arg_count(call, "days", DAYS_DEFAULT), ret_result);
}

/* The newest first, as every long list is read. */
enum err
method_duty_log(struct call *call, json_t **ret_result)
{
	struct event_list events = { NULL, 0 };
	enum err e = store_subject_newest(call->store, call->arena, SUBJECT_DUTY,
		(size_t)arg_count(call, "limit", LIMIT_DEFAULT), &events);

	if (e) {
		return call_fail_store(call, e, false);
	}
	*ret_result = json_pack("{s:s, s:o}", "id", SUBJECT_DUTY, "log", doc_log(call, &events));
	return ERR_OK;
}
