/* SPDX-License-Identifier: MIT */
/*
 * Reading who was refused, and who broke a glass.
 */
#include <string.h>

#include "access.h"
#include "doc.h"
#include "glass.h"
#include "method.h"
#include "toban/base/i18n.h"

#define LIMIT_DEFAULT 200
#define ASK_MORE 4 /* times as many, where some are none of the caller's business */

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

/* Up to where the office head had looked before; they have looked at all of it now. */
static enum err
look_at(struct call *call, json_t **ret_looked)
{
	struct event_list newest = { NULL, 0 };
	struct look look = { 0 };
	enum err e;

	if (!(call->person->roles & ROLE_OFFICE_HEAD)) {
		*ret_looked = call_keep(call, json_null());
		return ERR_OK;
	}
	e = store_look(call->store, call->person->id, SUBJECT_GLASS, &look);
	e = e ? e : store_subject_newest(call->store, call->arena, SUBJECT_GLASS, 1, &newest);
	if (!e && newest.n) {
		e = store_look_put(call->store, call->person->id, SUBJECT_GLASS,
			newest.items[0].seq, call->now);
	}
	*ret_looked = call_keep(call, json_integer(look.seq));
	return e;
}

/*
 * Both subjects in one list, the newest first.  What was broken is kept apart, so that no
 * flood of refusals hides it.
 */
static enum err
read_both(struct call *call, size_t limit, struct event_list *ret_events)
{
	struct event_list refusals = { NULL, 0 };
	struct event_list broken = { NULL, 0 };
	struct event_list all = { NULL, 0 };
	size_t r = 0;
	size_t b = 0;
	enum err e = arg_text(call, "only")
		? ERR_OK
		: store_subject_newest(call->store, call->arena, SUBJECT_ACCESS, limit, &refusals);

	e = e ? e : store_subject_newest(call->store, call->arena, SUBJECT_GLASS, limit, &broken);
	all.items = e ? NULL : arena_array(call->arena, limit, sizeof(*all.items));
	if (!all.items) {
		return e ? e : ERR_NOMEM;
	}
	while (all.n < limit && (r < refusals.n || b < broken.n)) {
		bool next = b < broken.n &&
			(r == refusals.n || broken.items[b].seq > refusals.items[r].seq);

		all.items[all.n++] = next ? broken.items[b++] : refusals.items[r++];
	}
	*ret_events = all;
	return ERR_OK;
}

static enum err
add_entry(struct call *call, const struct event *event, json_t *log)
{
	enum row_sight sight = ROW_HIDDEN;
	enum err e = access_sight(call, event, &sight);

	if (!e && sight != ROW_HIDDEN) {
		json_t *doc = doc_event(call, event);

		if (sight == ROW_RESTRICTED) {
			withhold(doc);
		}
		json_array_append_new(log, doc);
	}
	return e;
}

/*
 * The newest `limit` but those about cases that do not exist for the caller: a list that they made
 * shorter would tell of them.
 */
static enum err
list_entries(struct call *call, size_t limit, json_t *log)
{
	struct event_list events = { NULL, 0 };
	enum err e = ERR_OK;

	for (size_t ask = limit;; ask *= ASK_MORE) {
		e = read_both(call, ask, &events);
		(void)json_array_clear(log); /* cannot fail */
		for (size_t i = 0; !e && i < events.n && json_array_size(log) < limit; i++) {
			e = add_entry(call, &events.items[i], log);
		}
		if (e || events.n < ask || json_array_size(log) == limit) {
			return e;
		}
	}
}

/* The newest first, as every long list is read. */
enum err
method_access_log(struct call *call, json_t **ret_result)
{
	const char *only = arg_text(call, "only");
	json_t *log = call_keep(call, json_array());
	json_t *looked = NULL;
	enum err e;

	if (only && strcmp(only, KIND_GLASS) != 0) {
		return call_fail_field(call, "D102", "only", _("Expected: break-glass."));
	}
	e = list_entries(call, (size_t)arg_count(call, "limit", LIMIT_DEFAULT), log);
	e = e ? e : look_at(call, &looked);
	if (e) {
		return call_fail_store(call, e, false);
	}
	*ret_result = json_pack(
		"{s:s, s:O, s:O}", "id", SUBJECT_ACCESS, "log", log, "looked_seq", looked);
	return ERR_OK;
}
