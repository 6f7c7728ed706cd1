/* SPDX-License-Identifier: MIT */
/*
 * Documents of alerts, and the report that is begun from one.
 */
#include <stdlib.h>
#include <string.h>

#include "alert.h"
#include "doc.h"
#include "sight.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

/* The case an alert belongs to, null where there is none or the caller may not see it. */
static enum err
doc_incident(struct call *call, const struct alert_row *row, json_t **ret_doc)
{
	struct incident_row incident;
	enum err e = ERR_NOT_FOUND;

	if (*row->incident) {
		e = store_incident(call->store, call->arena, row->incident, &incident);
	}
	if (e && e != ERR_NOT_FOUND) {
		return call_fail_store(call, e, false);
	}
	*ret_doc = !e && row_sight(call, &incident) == ROW_SEEN ? json_string(row->incident)
								: json_null();
	return ERR_OK;
}

enum err
doc_alert(struct call *call, const struct alert_row *row, json_t **ret_doc)
{
	json_t *body = json_loads(row->body, 0, NULL);
	json_t *incident = NULL;
	enum err e = doc_incident(call, row, &incident);

	if (!e) {
		*ret_doc = json_pack("{s:s, s:s, s:s, s:s, s:o, s:b, s:I, s:o, s:o, s:O?, s:O?}",
			"id", alert_id(call->arena, row->num), "source", row->source, "title",
			row->title, "state", row->state, "incident", incident, "firing",
			row->firing, "times", (json_int_t)row->times, "first_at",
			json_of_time(call, row->first_at), "last_at",
			json_of_time(call, row->last_at), "place", json_object_get(body, "place"),
			"asset", json_object_get(body, "asset"));
		e = *ret_doc ? ERR_OK : ERR_NOMEM;
	}
	json_decref(body);
	return e;
}

enum err
doc_alerts_of(struct call *call, const char *incident, json_t **ret_doc)
{
	const struct alert_filter filter = { .incident = incident, .limit = ALERT_NOTES_MOST };
	struct alert_list list = { NULL, 0, false };
	enum err e = store_alerts(call->store, call->arena, &filter, &list);
	json_t *rows;

	if (e) {
		return call_fail_store(call, e, false);
	}
	rows = call_keep(call, json_array());
	for (size_t i = 0; !e && i < list.n; i++) {
		json_t *row = NULL;

		e = doc_alert(call, &list.items[i], &row);
		json_array_append_new(rows, row);
	}
	if (!e) {
		*ret_doc = json_incref(rows);
	}
	return e;
}

enum err
alert_notice(struct call *call, json_t **ret_doc)
{
	struct alert_counts counts;
	enum err e = store_alert_counts(call->store, &counts);

	if (e) {
		return call_fail_store(call, e, false);
	}
	*ret_doc = json_pack(
		"{s:I, s:I}", "open", (json_int_t)counts.open, "firing", (json_int_t)counts.firing);
	return ERR_OK;
}

/* --- the report that is begun -------------------------------------------------------- */

static size_t
count_chars(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	}
	return n;
}

/*
 * What a form takes: control characters as visible marks, and no more than the field
 * holds, which is cut between two letters.
 */
static void
set_field(const struct call *call, json_t *fields, const char *key, const char *text)
{
	const struct form *form = procedure_form(call->procedure, "report");
	const struct form_field *field = form ? form_field_find(form, key) : NULL;
	bool lines = field && field->type == FIELD_TEXT;
	struct str shown = STR_INIT;
	size_t end = 0;
	size_t next;

	if (!field || !*text) {
		return;
	}
	text_show(&shown, text, strlen(text), lines ? TEXT_KEEP_NEWLINE : TEXT_FOLD);
	for (next = 0; next < shown.len; end = next) {
		next = text_next(str_text(&shown), shown.len, next);
		if (count_chars(str_text(&shown), next) > field->max_chars) {
			break;
		}
	}
	json_object_set_new(fields, key, json_stringn(str_text(&shown), end));
	str_release(&shown);
}

/* What the alert says, then where it comes from and how often, then its labels. */
static void
add_situation(
	struct str *out, const struct call *call, const struct alert_row *row, const json_t *body)
{
	const char *text = json_string_value(json_object_get(body, "text"));
	char first[STAMP_SIZE];
	char times[24];
	const struct str_arg args[] = {
		{ "id", alert_id(call->arena, row->num) },
		{ "source", row->source },
		{ "first", first },
		{ "times", times },
	};
	const char *name;
	json_t *value;

	stamp_format_short(row->first_at, call->org->offset_min, first);
	(void)snprintf(times, sizeof(times), "%lld", (long long)row->times);
	str_say(out,
		P_("Alert {id} from {source}, received {times} time since {first}.",
			"Alert {id} from {source}, received {times} times since {first}.",
			row->times),
		args, ARRAY_LEN(args));
	if (text && *text) {
		str_addf(out, "\n\n%s", text);
	}
	json_object_foreach(json_object_get(body, "labels"), name, value)
	{
		str_addf(out, "\n%s: %s", name, json_string_value(value));
	}
}

/* When it began, unless that is still to come by our clock: then when we heard of it. */
static void
set_found_at(
	const struct call *call, json_t *fields, const struct alert_row *row, const json_t *body)
{
	const char *said = json_string_value(json_object_get(body, "at"));
	stamp at;

	if (!said || stamp_parse(said, &at) || at > call->now) {
		at = row->first_at <= call->now ? row->first_at : call->now;
	}
	json_object_set_new(fields, "found_at", json_of_time(call, at));
}

static const char *
text_member(const json_t *body, const char *key)
{
	const char *text = json_string_value(json_object_get(body, key));

	return text ? text : "";
}

json_t *
alert_fields(const struct call *call, const struct alert_row *row)
{
	json_t *body = json_loads(row->body, 0, NULL);
	json_t *fields = json_object();
	struct str situation = STR_INIT;

	add_situation(&situation, call, row, body);
	if (fields) {
		set_field(call, fields, "title", row->title);
		set_field(call, fields, "situation", str_text(&situation));
		set_field(call, fields, "place", text_member(body, "place"));
		set_field(call, fields, "asset", text_member(body, "asset"));
		set_found_at(call, fields, row, body);
	}
	str_release(&situation);
	json_decref(body);
	return fields;
}
