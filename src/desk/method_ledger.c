/* SPDX-License-Identifier: MIT */
/*
 * The ledger through the door: where it ends, whether it is whole, its entries.
 */
#include <string.h>

#include "access.h"
#include "alert.h"
#include "call.h"
#include "doc.h"
#include "glass.h"
#include "handover.h"
#include "method.h"
#include "sight.h"
#include "veil.h"
#include "verify.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/core/erasure.h"

#define EXPORT_DEFAULT 200

enum err
method_ledger_head(struct call *call, json_t **ret_result)
{
	struct ledger_head head;
	enum err e = store_head(call->store, &head);

	if (e) {
		return call_fail_store(call, e, false);
	}
	*ret_result = doc_head(call, &head);
	return ERR_OK;
}

/* --- verify --------------------------------------------------------------------------- */

/* Everybody may verify: what is found in a case is told to those alone who may read it. */
static enum err
doc_problems(struct call *call, const struct ledger_problems *problems, json_t **ret_items)
{
	json_t *items = json_array();
	enum err e = ERR_OK;

	for (size_t i = 0; !e && i < problems->n && i < problems->cap; i++) {
		const struct ledger_problem *problem = &problems->items[i];
		bool hide = false;

		e = text_names_unseen(call, problem->text, &hide);
		json_array_append_new(items,
			json_pack("{s:I, s:s, s:s}", "seq", (json_int_t)problem->seq, "kind",
				problem->kind, "text",
				hide ? "it is about a case you may not read" : problem->text));
	}
	*ret_items = items;
	return e;
}

static json_t *
doc_kept(const struct kept_heads *kept)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:s}", "checked", (json_int_t)kept->n, "signed",
		(json_int_t)kept->n_signed, "unsigned", (json_int_t)kept->n_unsigned, "wrong",
		(json_int_t)kept->n_wrong, "key", kept->keys_given ? "given" : "ledger");
}

enum err
method_ledger_verify(struct call *call, json_t **ret_result)
{
	struct kept_heads kept = { NULL, 0 };
	struct verify verify = {
		.call = call,
		.problems = { .arena = call->arena },
		.kept = &kept,
		.rebuild = arg_flag(call, "rebuild"),
	};
	json_t *problems = NULL;
	enum err e = kept_heads_read(call, &kept);

	if (!e && kept.n) {
		e = kept_heads_check(&verify, &kept);
	}
	if (e) {
		return call->error ? e : call_fail_store(call, e, false);
	}
	e = verify_run(&verify);
	if (!e) {
		e = doc_problems(call, &verify.problems, &problems);
		(void)call_keep(call, problems);
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	*ret_result = json_pack("{s:b, s:I, s:o, s:O, s:o*}", "ok", verify.problems.n == 0,
		"events", (json_int_t)verify.events, "head", doc_head(call, &verify.end),
		"problems", problems, "heads", kept.n ? doc_kept(&kept) : NULL);
	return ERR_OK;
}

/* --- export ---------------------------------------------------------------------------- */

static json_t *
doc_columns(const struct call *call, const struct event *event)
{
	struct str nonce = STR_INIT;
	char commitment[HASH_HEX_SIZE];
	char prev[HASH_HEX_SIZE];
	json_t *doc = doc_event(call, event);
	json_t *rest;

	base64_add(&nonce, event->nonce, sizeof(event->nonce));
	hash_hex(&event->commitment, commitment);
	hash_hex(&event->prev_hash, prev);
	rest = json_pack("{s:s, s:s, s:I, s:s, s:s, s:i, s:s, s:s, s:s, s:I}", "id", event->id,
		"subject", event->subject, "subject_seq", (json_int_t)event->subject_seq, "post",
		event->post, "form", event->form, "canon", event->canon, "nonce", str_text(&nonce),
		"commitment", commitment, "prev_hash", prev, "at_ms", (json_int_t)event->at);
	str_release(&nonce);
	if (!doc || !rest || json_object_update(doc, rest) != 0) {
		json_decref(doc);
		doc = NULL;
	}
	json_decref(rest);
	return doc;
}

/* What was hashed, to the byte: the row without its hash, and the text of the body. */
static enum err
add_raw(const struct event *event, json_t *doc)
{
	struct str row = STR_INIT;
	struct str text = STR_INIT;
	enum err e = ledger_row_bytes(event, &row);

	if (!e) {
		base64_add(&text, str_text(&row), row.len);
		e = json_object_set_new(doc, "row", json_string(str_text(&text))) ||
				json_object_set_new(doc, "body_text", json_of_text(event->body))
			? ERR_NOMEM
			: ERR_OK;
	}
	str_release(&row);
	str_release(&text);
	return e;
}

/*
 * What an involved person gets of an entry: the chain's links and nothing of the case.  The
 * commitment would be too much: with it the hash of the row could be worked out for every
 * guess of who did what when, where the id of the entry can be worked out, too.
 */
static json_t *
doc_withheld(const struct event *event)
{
	char row[HASH_HEX_SIZE];
	char prev[HASH_HEX_SIZE];

	hash_hex(&event->row_hash, row);
	hash_hex(&event->prev_hash, prev);
	return json_pack("{s:I, s:b, s:n, s:s, s:s}", "seq", (json_int_t)event->seq, "withheld",
		true, "body", "prev_hash", prev, "row_hash", row);
}

/*
 * Whether the caller may read the case an entry is of, of which they hold a broken glass with
 * `by_glass`; the organisation and the definitions are open to all.
 */
static enum err
may_read(struct call *call, const struct event *event, bool by_glass, bool *ret_may)
{
	struct incident_row row;
	enum row_sight sight = ROW_HIDDEN;
	enum err e;

	if (strcmp(event->subject, SUBJECT_ERASURE) == 0) {
		/* It holds what is kept of an entry that may have been for some eyes only. */
		*ret_may =
			(call->person->roles &
				(ROLE_AUDITOR | ROLE_OFFICE | ROLE_OFFICE_HEAD | ROLE_ADMIN)) != 0;
		return ERR_OK;
	}
	if (strcmp(event->subject, SUBJECT_DUTY) == 0) {
		/* Why somebody is away is nobody's business but theirs and the auditor's. */
		*ret_may = strcmp(event->actor, call->person->id) == 0 ||
			call->person->roles &
				(ROLE_AUDITOR | ROLE_OFFICE | ROLE_OFFICE_HEAD | ROLE_ADMIN);
		return ERR_OK;
	}
	if (strcmp(event->subject, SUBJECT_ACCESS) == 0 ||
		strcmp(event->subject, SUBJECT_GLASS) == 0) {
		e = access_sight(call, event, &sight);
		*ret_may = sight == ROW_SEEN;
		return e;
	}
	if (handover_is_subject(event->subject)) {
		return handover_sight(call, event, ret_may);
	}
	if (alert_number(event->subject)) {
		return alert_sight(call, event, ret_may);
	}
	e = store_incident(call->store, call->arena, event->subject, &row);
	*ret_may = true;
	if (e == ERR_NOT_FOUND) {
		return ERR_OK;
	}
	*ret_may = !e && (by_glass || row_sight(call, &row) == ROW_SEEN);
	if (*ret_may) {
		bool covered = false;

		e = veil_covers(call, event, &covered);
		*ret_may = !e && !covered;
	}
	return e;
}

static enum err
read_page(struct call *call, struct event_list *ret_events, bool *ret_by_glass)
{
	size_t limit = (size_t)arg_count(call, "limit", EXPORT_DEFAULT);
	const char *id = arg_text(call, "id");
	int64_t after = arg_count(call, "after", 0);
	struct dossier *dossier = NULL;
	size_t n = 0;
	enum err e;

	if (!id) {
		e = store_events(call->store, call->arena, after, limit, ret_events);
		return e ? call_fail_store(call, e, false) : ERR_OK;
	}
	e = dossier_open(call, id, &dossier);
	if (e) {
		return e;
	}
	*ret_by_glass = dossier->glass != NULL;
	*ret_events = dossier->events;
	for (size_t i = 0; i < dossier->events.n; i++) {
		if (dossier->events.items[i].seq > after && n < limit) {
			ret_events->items[n++] = dossier->events.items[i];
		}
	}
	ret_events->n = n;
	return ERR_OK;
}

enum err
method_ledger_export(struct call *call, json_t **ret_result)
{
	struct event_list events = { NULL, 0 };
	bool by_glass = false;
	enum err e = read_page(call, &events, &by_glass);
	json_t *items = call_keep(call, json_array());
	bool full = events.n == (size_t)arg_count(call, "limit", EXPORT_DEFAULT);

	for (size_t i = 0; !e && i < events.n; i++) {
		bool may = false;

		e = may_read(call, &events.items[i], by_glass, &may);
		if (e) {
			return call_fail_store(call, e, false);
		}
		json_array_append_new(items,
			may ? doc_columns(call, &events.items[i]) : doc_withheld(&events.items[i]));
		if (may && arg_flag(call, "raw")) {
			e = add_raw(&events.items[i], json_array_get(items, i));
		}
	}
	if (!e) {
		*ret_result = json_pack("{s:O, s:o}", "events", items, "next",
			full ? json_integer(events.items[events.n - 1].seq) : json_null());
	}
	return e;
}
