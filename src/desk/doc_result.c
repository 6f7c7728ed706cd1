/* SPDX-License-Identifier: MIT */
/*
 * The incident report in all its versions, and which of them the caller knows:
 * whoever judges the third need not read again what was in the second.
 */
#include <string.h>

#include "doc.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"

struct versions {
	const struct call *call;
	json_t *list;    /* of all rounds, oldest first */
	json_t *current; /* the newest; borrowed; NULL */
	json_t *judged;  /* the newest the caller returned or approved; borrowed; NULL */
	json_t *opened;  /* the newest the caller's own mark is behind; borrowed; NULL */
	const char *how; /* what the caller did with `judged` */
	stamp judged_at;
	int round;
	int number; /* in the round */
	int64_t looked_seq;
};

/* The bodies as folded: what an erasure took away is not here either. */
static const json_t *
body_at(const struct incident *incident, size_t i)
{
	return json_array_get(incident->store, i);
}

static void
add_version(struct versions *v, const struct event *event, const json_t *body)
{
	json_t *fields = json_object_get(body, "fields");

	v->number++;
	v->current = json_pack("{s:i, s:i, s:I, s:s, s:o, s:O?, s:O?, s:n, s:n, s:n, s:n, s:n}",
		"round", v->round, "version", v->number, "seq", (json_int_t)event->seq, "by",
		event->actor, "at", json_of_time(v->call, event->at), "hash",
		json_object_get(body, "hash"), "fields", fields, "returned_by", "returned_at",
		"returned_why", "approved_by", "approved_at");
	json_array_append_new(v->list, v->current);
	if (event->seq <= v->looked_seq) {
		v->opened = v->current;
	}
}

/* A return or an approval, of the version before it. */
static void
judge_version(struct versions *v, const struct event *event, const json_t *body, bool approved)
{
	const json_t *why = json_object_get(json_object_get(body, "fields"), "why");

	if (!v->current) {
		return;
	}
	json_object_set_new(
		v->current, approved ? "approved_by" : "returned_by", json_string(event->actor));
	json_object_set_new(v->current, approved ? "approved_at" : "returned_at",
		json_of_time(v->call, event->at));
	if (!approved) {
		json_object_set_new(
			v->current, "returned_why", json_of_text(json_string_value(why)));
	}
	if (strcmp(event->actor, v->call->person->id) == 0) {
		v->judged = v->current;
		v->judged_at = event->at;
		v->how = approved ? "approved" : "returned";
	}
}

static void
add_event(struct versions *v, const struct event *event, const json_t *body)
{
	const char *effect = json_string_value(json_object_get(body, "effect"));
	const json_t *round = json_object_get(body, "round");

	effect = effect ? effect : event->kind;
	if (json_is_integer(round)) {
		v->round = (int)json_integer_value(round);
		v->number = 0;
	}
	if (strcmp(effect, "report-result") == 0) {
		add_version(v, event, body);
	} else if (strcmp(effect, "approve-result") == 0) {
		judge_version(v, event, body, true);
	} else if (strcmp(effect, "return-result") == 0) {
		judge_version(v, event, body, false);
	}
}

/*
 * The newest version before the current one that the caller knows; null when
 * there is none.  What was judged was surely read; what was only opened counts
 * where nothing newer was judged.
 */
static json_t *
last_seen(const struct versions *v)
{
	int64_t judged = json_integer_value(json_object_get(v->judged, "seq"));
	int64_t opened = json_integer_value(json_object_get(v->opened, "seq"));
	bool by_mark = v->opened && v->opened != v->current && opened > judged;
	const json_t *seen = by_mark ? v->opened : v->judged;

	if (!seen || seen == v->current) {
		return json_null();
	}
	return json_pack("{s:O, s:O, s:O, s:s, s:o}", "round", json_object_get(seen, "round"),
		"version", json_object_get(seen, "version"), "seq", json_object_get(seen, "seq"),
		"how", by_mark ? "opened" : v->how, "at",
		by_mark ? json_null() : json_of_time(v->call, v->judged_at));
}

/* Adds `versions` and `last_seen`; takes nothing over. */
static enum err
add_versions(const struct call *call, const struct incident *incident, int64_t looked, json_t *doc)
{
	struct versions v = {
		.call = call,
		.list = json_array(),
		.how = "",
		.judged_at = STAMP_NONE,
		.round = 1,
		.looked_seq = looked,
	};

	for (size_t i = 0; i < incident->n_events; i++) {
		if (!incident->voided[i]) {
			add_event(&v, &incident->events[i], body_at(incident, i));
		}
	}
	if (json_object_set_new(doc, "last_seen", last_seen(&v)) ||
		json_object_set_new(doc, "versions", v.list)) {
		return ERR_NOMEM;
	}
	return ERR_OK;
}

json_t *
doc_result(const struct call *call, const struct incident *incident, int64_t looked_seq)
{
	const struct result *result = &incident->result;
	char hex[HASH_HEX_SIZE];
	json_t *doc;

	if (result->version == 0) {
		return json_null();
	}
	hash_hex(&result->hash, hex);
	doc = json_pack("{s:I, s:s, s:o, s:s, s:i, s:o, s:o, s:o}", "seq", (json_int_t)result->seq,
		"by", result->by, "at", json_of_time(call, result->at), "hash", hex, "version",
		result->version, "approved_by", json_of_text(result->approved_by), "approved_at",
		json_of_time(call, result->approved_at), "returned_why",
		json_of_text(result->returned_why));
	if (!doc || add_versions(call, incident, looked_seq, doc) ||
		(result->fields && json_object_update_missing(doc, result->fields) != 0)) {
		json_decref(doc);
		return NULL;
	}
	return doc;
}
