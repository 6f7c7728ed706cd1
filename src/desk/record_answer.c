/* SPDX-License-Identifier: MIT */
/*
 * What is answered to a step that was recorded, now or under the same id before: see record.h.
 */
#include "record.h"

#include <string.h>

#include "doc.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"

/* Of an entry with this body. */
static json_t *
answer_new(const struct event *event, const json_t *body, bool report)
{
	json_t *notified = json_object_get(body, "notified");
	json_t *state = json_object_get(body, "state");
	char hex[HASH_HEX_SIZE];
	json_t *answer;

	hash_hex(&event->row_hash, hex);
	answer = json_pack("{s:s, s:O?, s:I, s:s, s:o}", "id", event->subject, "state", state,
		"seq", (json_int_t)event->seq, "row_hash", hex, "notified",
		notified ? json_incref(notified) : json_array());
	if (answer && report &&
		json_object_update_missing(answer, json_object_get(body, "verdict")) != 0) {
		json_decref(answer);
		answer = NULL;
	}
	json_object_del(answer, "asked"); /* the questions are in the log */
	return answer;
}

json_t *
record_answer(const struct record *record, bool report)
{
	json_t *answer = answer_new(&record->event, record->body, report);

	if (answer && record->hold_ms) {
		json_object_set_new(answer, "take_back_until",
			json_of_time(record->call, record->event.at + record->hold_ms));
	}
	return answer;
}

/* What was taken back since must not be answered as if it counted. */
static enum err
check_not_taken_back(struct call *call, const struct event *event)
{
	struct dossier *dossier = NULL;
	enum err e = dossier_open(call, event->subject, &dossier);

	if (e) {
		return e;
	}
	for (size_t i = 0; i < dossier->incident.n_events; i++) {
		if (dossier->incident.events[i].seq == event->seq && dossier->incident.voided[i]) {
			return call_fail_text(call, "D405",
				_("This was recorded under the same id, and taken back since: it "
				  "counts for nothing."));
		}
	}
	return ERR_OK;
}

enum err
record_repeated(struct call *call, const char *event_id, const char *subject,
	const struct flow_step *step, json_t **ret_answer)
{
	struct event event;
	enum err e = store_event_by_id(call->store, call->arena, event_id, &event);
	json_t *answer;
	json_t *body;

	if (e == ERR_NOT_FOUND) {
		return e;
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	if (strcmp(event.actor, call->person->id) != 0 || strcmp(event.kind, step->name) != 0 ||
		(subject && strcmp(event.subject, subject) != 0)) {
		return call_fail_field(call, "D103", subject ? "event" : "id",
			_("This id belongs to another entry."));
	}
	e = check_not_taken_back(call, &event);
	if (e) {
		return e;
	}
	body = event.body ? json_loads(event.body, 0, NULL) : NULL;
	answer = answer_new(&event, body, !subject);
	json_decref(body);
	if (!answer || json_object_set_new(answer, "repeated", json_true()) != 0) {
		json_decref(answer);
		return ERR_NOMEM;
	}
	*ret_answer = draft_answer(call, answer);
	return ERR_OK;
}
