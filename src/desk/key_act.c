/* SPDX-License-Identifier: MIT */
/*
 * Recording an act on a key: see key_act.h.  What is signed names the entry by its id, so a
 * signature is good for one entry and no other.
 */
#include "key_act.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/sshsig.h"
#include "toban/core/decision.h"

enum err
key_act_start(struct call *call, struct key_act *act)
{
	char id[NEW_ID_SIZE];
	const char *given = arg_text(call, "event");

	random_id(call->now, id);
	act->event_given = given != NULL;
	act->event = given ? given : arena_strdup(call->arena, id);
	return act->event ? ERR_OK : ERR_NOMEM;
}

/* --- answers ----------------------------------------------------------------------------- */

static json_t *
answer(const struct event *event)
{
	json_t *body = event->body ? json_loads(event->body, 0, NULL) : NULL;
	json_t *sign = json_object_get(body, "signed");
	json_t *answer;
	char hex[HASH_HEX_SIZE];

	hash_hex(&event->row_hash, hex);
	answer = json_pack("{s:I, s:s, s:O?, s:O?, s:s, s:b, s:O?}", "seq", (json_int_t)event->seq,
		"row_hash", hex, "fingerprint", json_object_get(body, "fingerprint"), "person",
		json_object_get(body, "person"), "kind", event->kind, "first",
		json_is_true(json_object_get(body, "first")), "signed_with",
		json_object_get(sign, "key"));
	json_decref(body);
	return answer;
}

enum err
key_act_repeated(struct call *call, const struct key_act *act, json_t **ret_result)
{
	struct event event;
	enum err e = act->event_given
		? store_event_by_id(call->store, call->arena, act->event, &event)
		: ERR_NOT_FOUND;

	if (e == ERR_NOT_FOUND) {
		return e;
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	if (strcmp(event.actor, call->person->id) != 0 || strcmp(event.kind, act->kind) != 0 ||
		strcmp(event.subject, SUBJECT_KEYS) != 0) {
		return call_fail_field(
			call, "D103", "event", _("This id belongs to another entry."));
	}
	*ret_result = answer(&event);
	if (!*ret_result || json_object_set_new(*ret_result, "repeated", json_true()) != 0) {
		return ERR_NOMEM;
	}
	return ERR_OK;
}

/* --- the signature -------------------------------------------------------------------------- */

static void
make_text(struct call *call, const struct keys *keys, const struct key_act *act, struct str *out)
{
	key_text(&(struct key_claim){ .kind = act->kind,
			 .desk = keys->rules.desk,
			 .event = act->event,
			 .actor = call->person->id,
			 .person = act->person,
			 .fingerprint = act->fingerprint,
			 .proposal = act->proposal,
			 .why = act->why },
		out);
}

/* The keys the caller could sign this with. */
static json_t *
doc_keys(const struct call *call, const struct keys *keys, const struct key_act *act)
{
	json_t *list = json_array();

	if (act->own_proof) {
		json_array_append_new(list, json_string(act->fingerprint));
		return list;
	}
	for (size_t i = 0; i < keys->book.n_keys; i++) {
		const struct key_entry *key = &keys->book.keys[i];

		if (key_entry_valid(key, KEY_NOW) && strcmp(key->person, call->person->id) == 0) {
			json_array_append_new(list, json_string(key->fingerprint));
		}
	}
	return list;
}

/* A text is good for an hour after it was made: an old signature lying about is worth nothing. */
static bool
is_fresh(const struct call *call, const struct key_act *act)
{
	stamp at;

	return !decision_event_time(act->event, &at) && at <= call->now &&
		at > call->now - DECISION_VALID_MS;
}

/* What must be signed names the time by its id: one that the caller made up does not do. */
static enum err
freshen(struct call *call, struct key_act *act)
{
	char id[NEW_ID_SIZE];

	if (!is_fresh(call, act)) {
		random_id(call->now, id);
		act->event = arena_strdup(call->arena, id);
	}
	return act->event ? ERR_OK : ERR_NOMEM;
}

static enum err
demand(struct call *call, const struct keys *keys, struct key_act *act)
{
	bool none = !act->own_proof && key_book_count(&keys->book, call->person->id) == 0;
	struct str text = STR_INIT;
	struct hash hash;
	char hex[HASH_HEX_SIZE];
	enum err e;

	if (act->own_proof) {
		e = call_fail_text(
			call, "D320", _("Prove that the key is yours: sign the text with it."));
	} else {
		e = call_fail(call, none ? "D323" : "D320");
	}
	if (freshen(call, act)) {
		return ERR_NOMEM;
	}
	make_text(call, keys, act, &text);
	hash_of(str_text(&text), text.len, &hash);
	hash_hex(&hash, hex);
	if (text.failed) {
		e = ERR_NOMEM;
	} else if (!none) {
		json_object_set_new(call->error, "sign",
			json_pack("{s:s, s:s, s:s, s:o}", "event", act->event, "text",
				str_text(&text), "hash", hex, "keys", doc_keys(call, keys, act)));
	}
	str_release(&text);
	return e;
}

static enum err
fail_signature(struct call *call, enum ssh_fault fault)
{
	struct str_arg args[] = { { "fault", ssh_fault_text(fault) } };

	return fault == SSH_NOMEM ? ERR_NOMEM : call_fail_say(call, "D324", args, 1);
}

/* A sound signature of the text by a key that may: into the body. */
static enum err
sign_body(struct call *call, const struct keys *keys, const struct key_act *act, json_t *body)
{
	const char *given = arg_text(call, "signature");
	char fingerprint[SSH_FINGERPRINT_SIZE];
	char hex[HASH_HEX_SIZE];
	struct hash hash;
	struct str text = STR_INIT;
	struct str armored = STR_INIT;
	struct sshsig sig = { .hash = SSHSIG_SHA512 };
	enum ssh_fault fault = sshsig_parse(given, &sig);

	make_text(call, keys, act, &text);
	if (!fault) {
		fault = sshsig_check(
			&sig, SSHSIG_NAMESPACE, (struct ssh_bytes){ str_text(&text), text.len });
	}
	ssh_fingerprint(&sig.key, fingerprint);
	if (!fault && act->own_proof && !ssh_public_same(&sig.key, &act->public)) {
		fault = SSH_OTHER_KEY;
	}
	if (!fault && !act->own_proof &&
		!key_book_signer(&keys->book, call->person->id, fingerprint, KEY_NOW)) {
		fault = SSH_OTHER_KEY;
	}
	hash_of(str_text(&text), text.len, &hash);
	hash_hex(&hash, hex);
	sshsig_armor(&sig, &armored);
	if (!fault) {
		json_t *sign = json_pack("{s:s, s:s, s:s, s:s}", "key", fingerprint, "hash", hex,
			"text", str_text(&text), "signature", str_text(&armored));

		bool kept = json_object_set_new(body, "signed", sign) == 0;

		/* Never recorded without what was shown for it. */
		fault = text.failed || armored.failed || !kept ? SSH_NOMEM : SSH_OK;
	}
	str_release(&text);
	str_release(&armored);
	return fault ? fail_signature(call, fault) : ERR_OK;
}

/* --- the entry ---------------------------------------------------------------------------- */

static json_t *
make_body(struct call *call, const struct key_act *act)
{
	json_t *body = call_keep(call,
		json_pack("{s:s, s:s}", "person", act->person, "fingerprint", act->fingerprint));
	bool proposes = strcmp(act->kind, KEY_PROPOSED) == 0;
	int failed = body ? 0 : -1;

	if (body && proposes) {
		failed |= json_object_set_new(body, "public", json_string(act->line));
		failed |= json_object_set_new(body, "comment", json_string(act->comment));
	} else if (body) {
		failed |= json_object_set_new(body, "proposal", json_integer(act->proposal));
	}
	if (body && *act->why) {
		failed |= json_object_set_new(body, "why", json_string(act->why));
	}
	if (body && act->first) {
		failed |= json_object_set_new(body, "first", json_true());
	}
	return failed ? NULL : body;
}

static enum err
commit(struct call *call, const struct keys *keys, const struct key_act *act, const json_t *body,
	struct event *ret_event)
{
	char *text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
	struct event event = {
		.id = act->event,
		.subject = SUBJECT_KEYS,
		/* Judged by the book as it was read: whoever was faster makes it a conflict. */
		.subject_seq = keys->book.subject_seq + 1,
		.at = call->now,
		.happened_at = STAMP_NONE,
		.actor = call->person->id,
		.post = call->post,
		.kind = act->kind,
		.form = "",
		.form_version = "",
		.body = text ? arena_strdup(call->arena, text) : NULL,
	};
	struct store_batch batch = { .events = &event, .n_events = 1 };
	enum err e = event.body ? store_commit(call->store, &batch) : ERR_NOMEM;

	free(text);
	if (e == ERR_UNKNOWN) {
		e = store_event_by_id(call->store, call->arena, act->event, &event);
		e = e == ERR_NOT_FOUND ? ERR_IO : e ? ERR_UNKNOWN : ERR_OK;
	}
	*ret_event = event;
	return e;
}

enum err
key_act_record(struct call *call, const struct keys *keys, struct key_act *act, json_t **ret_result)
{
	json_t *body = make_body(call, act);
	struct event event;
	enum err e = body ? ERR_OK : ERR_NOMEM;

	if (!e && arg_text(call, "signature")) {
		e = is_fresh(call, act) ? sign_body(call, keys, act, body)
					: call_fail(call, "D326");
	} else if (!e && !act->may_be_unsigned) {
		e = demand(call, keys, act);
	}
	if (e) {
		return e;
	}
	e = commit(call, keys, act, body, &event);
	if (e == ERR_CONFLICT) {
		return e;
	}
	if (e == ERR_EXISTS) {
		return key_act_repeated(call, act, ret_result);
	}
	if (e) {
		return call_fail_store(call, e, true);
	}
	*ret_result = answer(&event);
	return *ret_result ? ERR_OK : ERR_NOMEM;
}
