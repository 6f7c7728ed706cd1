/* SPDX-License-Identifier: MIT */
/*
 * Alerts as the ledger tells them: finding one, judging one, who may read what of it.
 */
#include "alert.h"
#include "sight.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"

const char *
alert_id(struct arena *arena, int64_t num)
{
	return arena_printf(arena, "%s%lld", SUBJECT_ALERT, (long long)num);
}

static enum err
fail_missing(struct call *call)
{
	return call_fail_text(call, "D304", _("There is no alert of this number."));
}

enum err
alert_find(struct call *call, const char *id, struct alert_row *ret_row)
{
	int64_t num = alert_number(id);
	enum err e = num ? store_alert(call->store, call->arena, num, ret_row) : ERR_NOT_FOUND;

	if (e == ERR_NOT_FOUND) {
		return fail_missing(call);
	}
	return e ? call_fail_store(call, e, false) : ERR_OK;
}

struct alert_row
alert_row_of(const struct alert *alert, int64_t num)
{
	return (struct alert_row){
		.num = num,
		.source = alert->source,
		.key = alert->key,
		.title = alert->title,
		.body = alert->body,
		.state = alert->state,
		.incident = alert->incident,
		.firing = alert->firing,
		.times = alert->times,
		.first_at = alert->first_at,
		.last_at = alert->last_at,
		.last_seq = alert->last_seq,
	};
}

/* --- judging ------------------------------------------------------------------------ */

/* Whether its report was taken back: then nothing stands that was made of it. */
static enum err
is_undone(struct call *call, const struct alert_row *row, bool *ret_undone)
{
	struct incident_row incident;
	enum err e;

	*ret_undone = false;
	if (strcmp(row->state, ALERT_STATE_PROMOTED) != 0) {
		return ERR_OK;
	}
	e = store_incident(call->store, call->arena, row->incident, &incident);
	if (!e) {
		*ret_undone =
			strcmp(incident.state, call->procedure->incident_flow.taken_back) == 0;
	}
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* What can still be made of an alert in a state: a slip is put right, and stays in the log. */
static bool
is_possible(const char *state, const char *kind)
{
	static const struct {
		const char *state;
		const char *kinds[3];
	} ways[] = {
		{ ALERT_STATE_OPEN, { ALERT_PROMOTED, ALERT_LINKED, ALERT_DISMISSED } },
		{ ALERT_STATE_DISMISSED, { ALERT_PROMOTED, ALERT_LINKED } },
		{ ALERT_STATE_LINKED, { ALERT_LINKED } },
	};

	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		for (size_t k = 0; k < 3 && ways[i].kinds[k]; k++) {
			if (strcmp(ways[i].state, state) == 0 &&
				strcmp(ways[i].kinds[k], kind) == 0) {
				return true;
			}
		}
	}
	return false;
}

const char *
alert_refusal(struct call *call, const struct alert_row *row, const char *kind)
{
	bool undone = false;

	if (is_possible(row->state, kind)) {
		return NULL;
	}
	/* What cannot be read is not undone; the commit will meet the same fault. */
	if (!is_undone(call, row, &undone) && undone) {
		return NULL;
	}
	if (strcmp(row->state, ALERT_STATE_PROMOTED) == 0) {
		return _("An incident was made of this alert already.");
	}
	return strcmp(row->state, ALERT_STATE_LINKED) == 0
		? _("This alert is linked with an incident already.")
		: _("This alert was dismissed already.");
}

static enum err
judgement_event(struct call *call, struct alert_judgement *judgement, const char *incident)
{
	const struct alert_row *row = &judgement->put.row;
	struct event_list newest = { NULL, 0 };
	const char *subject = alert_id(call->arena, row->num);
	enum err e = subject ? store_subject_newest(call->store, call->arena, subject, 1, &newest)
			     : ERR_NOMEM;
	json_t *body;
	char *text;

	if (e || newest.n == 0) {
		return e ? e : ERR_CORRUPT;
	}
	body = json_pack("{s:s, s:s, s:I}", "incident", incident, "why", judgement->why, "times",
		(json_int_t)row->times);
	text = body ? json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	json_decref(body);
	judgement->event = (struct event){
		.id = judgement->event_id,
		.subject = subject,
		.subject_seq = newest.items[0].subject_seq + 1,
		.at = call->now,
		.happened_at = STAMP_NONE,
		.actor = call->person->id,
		.post = call->post,
		.kind = judgement->kind,
		.form = "",
		.form_version = "",
		.body = text ? arena_strdup(call->arena, text) : NULL,
	};
	free(text);
	return judgement->event.body ? ERR_OK : ERR_NOMEM;
}

enum err
alert_judge(struct call *call, struct alert_judgement *judgement, const char *incident)
{
	struct alert_row *row = &judgement->put.row;
	enum err e = store_alert(call->store, call->arena, judgement->num, row);
	const char *why;

	if (e) {
		return e == ERR_NOT_FOUND ? fail_missing(call) : call_fail_store(call, e, false);
	}
	why = alert_refusal(call, row, judgement->kind);
	if (why) {
		return call_fail_text(call, "D405", why);
	}
	e = judgement_event(call, judgement, incident);
	if (e) {
		return call_fail_store(call, e, true);
	}
	judgement->put.was_seq = row->last_seq;
	judgement->put.was_times = row->times;
	row->state = strcmp(judgement->kind, ALERT_PROMOTED) == 0 ? ALERT_STATE_PROMOTED
		: strcmp(judgement->kind, ALERT_LINKED) == 0      ? ALERT_STATE_LINKED
								  : ALERT_STATE_DISMISSED;
	row->incident = incident;
	return ERR_OK;
}

/* --- sight ----------------------------------------------------------------------------- */

/* Whether the caller may know that there is a case of this number. */
static enum err
may_see(struct call *call, const char *incident, bool *ret_may)
{
	struct incident_row row;
	enum err e = store_incident(call->store, call->arena, incident, &row);

	*ret_may = !e && row_sight(call, &row) == ROW_SEEN;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err
alert_sight(struct call *call, const struct event *event, bool *ret_may)
{
	json_t *body = event->body ? json_loads(event->body, 0, NULL) : NULL;
	const char *incident = json_string_value(json_object_get(body, "incident"));
	enum err e = ERR_OK;

	*ret_may = true;
	if (incident && *incident) {
		e = may_see(call, incident, ret_may);
	}
	json_decref(body);
	return e;
}
