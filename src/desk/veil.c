/* SPDX-License-Identifier: MIT */
/*
 * What a reader of one case is not told of another: see veil.h.
 */
#include "veil.h"

#include "sight.h"
#include "toban/base/attr.h"

static enum err
is_unseen(struct call *call, const char *id, bool *ret_unseen)
{
	enum row_sight sight = ROW_SEEN;
	enum err e = id ? case_sight(call, id, &sight) : ERR_OK;

	*ret_unseen = sight != ROW_SEEN;
	return e;
}

enum err
veil_covers(struct call *call, const struct event *event, bool *ret_covered)
{
	const struct form *form =
		*event->form ? procedure_form(call->procedure, event->form) : NULL;
	json_t *body = NULL;
	enum err e = ERR_OK;

	*ret_covered = false;
	for (size_t i = 0; !e && event->body && form && !*ret_covered && i < form->n_fields; i++) {
		if (form->fields[i].type != FIELD_INCIDENT) {
			continue;
		}
		body = body ? body : json_loads(event->body, 0, NULL);
		e = is_unseen(call,
			json_string_value(json_object_get(
				json_object_get(body, "fields"), form->fields[i].key)),
			ret_covered);
	}
	json_decref(body);
	return e;
}

enum err
veil_log(struct call *call, const struct event_list *events, json_t *log)
{
	enum err e = ERR_OK;

	for (size_t i = 0; !e && i < events->n; i++) {
		json_t *entry = json_array_get(log, i);
		json_t *state = json_object_get(json_object_get(entry, "body"), "state");
		bool covered = false;

		e = veil_covers(call, &events->items[i], &covered);
		if (covered) {
			(void)json_object_del(entry, "signed_hash"); /* none is there: fine */
		}
		if (covered &&
			(json_object_set_new(entry, "body", json_pack("{s:O*}", "state", state)) ||
				json_object_set_new(entry, "withheld", json_true()))) {
			e = ERR_NOMEM;
		}
	}
	return e;
}

enum err
veil_links(struct call *call, json_t *links)
{
	enum err e = ERR_OK;

	for (size_t i = json_array_size(links); !e && i-- > 0;) {
		const json_t *link = json_array_get(links, i);
		bool unseen = false;

		e = is_unseen(call, json_string_value(json_object_get(link, "other")), &unseen);
		if (unseen) {
			(void)json_array_remove(links, i); /* it is there */
		}
	}
	return e;
}
