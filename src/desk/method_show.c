/* SPDX-License-Identifier: MIT */
/*
 * Reading one incident, and recording that somebody of the chain did.
 */
#include <string.h>

#include "alert.h"
#include "call.h"
#include "doc.h"
#include "glass.h"
#include "method.h"
#include "record.h"
#include "summary.h"
#include "veil.h"
#include "toban/base/hash.h"

/* By what the caller reads it, where it is not by their part: a screen must say so. */
static json_t *
doc_glass(const struct call *call, const struct glass *glass)
{
	return glass
		? json_pack("{s:I, s:o, s:s}", "seq", (json_int_t)glass->seq, "until",
			  json_of_time(call, glass->until), "why", glass->why ? glass->why : "")
		: json_null();
}

enum err
method_incident_show(struct call *call, json_t **ret_result)
{
	struct dossier *dossier = NULL;
	struct incident_row row;
	enum err e = dossier_open(call, arg_text(call, "id"), &dossier);
	json_t *doc;
	json_t *alerts = NULL;

	if (e) {
		return e;
	}
	/* The row is made here, not read: what is shown is what the entries tell. */
	e = summary_row(call->arena,
		&(struct summary_source){ call->procedure, call->org, &dossier->incident, NULL, 0 },
		&row);
	if (e) {
		return e;
	}
	doc = doc_row(call, &row);
	e = doc ? doc_case(call, dossier, doc) : ERR_NOMEM;
	e = e ? e : veil_links(call, json_object_get(doc, "links"));
	e = e ? e : veil_log(call, &dossier->events, json_object_get(doc, "log"));
	if (!e) {
		e = doc_alerts_of(call, dossier->incident.id, &alerts);
	}
	if (!e) {
		e = json_object_set_new(doc, "alerts", alerts) == 0 ? ERR_OK : ERR_NOMEM;
	}
	if (!e) {
		e = json_object_set_new(doc, "glass", doc_glass(call, dossier->glass)) == 0
			? ERR_OK
			: ERR_NOMEM;
	}
	if (e) {
		json_decref(doc);
		return e;
	}
	*ret_result = doc;
	return ERR_OK;
}

enum err
method_incident_log(struct call *call, json_t **ret_result)
{
	struct dossier *dossier = NULL;
	enum err e = dossier_open(call, arg_text(call, "id"), &dossier);

	if (!e) {
		json_t *log = call_keep(call, doc_log(call, &dossier->events));

		e = veil_log(call, &dossier->events, log);
		*ret_result =
			e ? NULL : json_pack("{s:s, s:O}", "id", dossier->incident.id, "log", log);
	}
	return e;
}

/* --- seen ------------------------------------------------------------------------- */

#define TRIES 20

/* The link at which the caller was told and has neither opened nor answered; 0: none. */
static int
unseen_link(const struct call *call, const struct incident *incident)
{
	for (size_t i = 0; i < incident->n_contacts; i++) {
		const struct contact *contact = &incident->contacts[i];

		if (contact->link > 0 && !contact->skipped && contact->seen_at == STAMP_NONE &&
			contact->acknowledged_at == STAMP_NONE &&
			strcmp(contact->person, call->person->id) == 0) {
			return contact->link;
		}
	}
	return 0;
}

static enum err
record_seen(struct call *call, const struct dossier *dossier, int link)
{
	char id[NEW_ID_SIZE];
	struct record record = {
		.subject = dossier->incident.id,
		.before = dossier,
		.event_id = id,
		.kind = "seen",
		.body = call_keep(call,
			json_pack("{s:i, s:s}", "link", link, "state", dossier->incident.state)),
	};

	random_id(call->now, id);
	return record.body ? record_commit(call, &record) : ERR_NOMEM;
}

enum err
method_incident_seen(struct call *call, json_t **ret_result)
{
	enum err e = ERR_CONFLICT;
	bool recorded = false;

	for (int tries = 0; e == ERR_CONFLICT && tries < TRIES; tries++) {
		struct dossier *dossier = NULL;
		int link = 0;

		recorded = false;
		e = dossier_open(call, arg_text(call, "id"), &dossier);
		if (!e) {
			link = unseen_link(call, &dossier->incident);
		}
		if (!e && link) {
			e = record_seen(call, dossier, link);
			recorded = !e;
		}
	}
	if (e == ERR_CONFLICT) {
		return call_fail(call, "D410");
	}
	if (!e) {
		*ret_result = json_pack("{s:b}", "recorded", recorded);
	}
	return e;
}

/* --- looked ----------------------------------------------------------------------- */

enum err
method_incident_look(struct call *call, json_t **ret_result)
{
	struct dossier *dossier = NULL;
	struct look look;
	int64_t seq = arg_count(call, "seq", 0);
	enum err e = dossier_open(call, arg_text(call, "id"), &dossier);

	if (e) {
		return e;
	}
	/* What has not been written yet cannot have been read. */
	if (seq > dossier->incident.last_seq) {
		seq = dossier->incident.last_seq;
	}
	e = store_look_put(call->store, call->person->id, dossier->incident.id, seq, call->now);
	if (e) {
		return call_fail_store(call, e, true);
	}
	e = store_look(call->store, call->person->id, dossier->incident.id, &look);
	if (e) {
		return call_fail_store(call, e, false);
	}
	*ret_result = json_pack("{s:I, s:I}", "looked_seq", (json_int_t)look.seq, "changed",
		(json_int_t)look.changed);
	return ERR_OK;
}
