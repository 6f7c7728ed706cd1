/* SPDX-License-Identifier: MIT */
/*
 * Signed decisions behind the door: see signing.h.  Nothing is kept between the call that asks
 * for the text and the one that brings the signature: what the text was made of comes back in
 * its ticket, and the text itself is made anew, so that it is of what is there now.
 */
#include "signing.h"

#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "keys.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/sshsig.h"

#define SHORT_DIGITS 16 /* of a hash, as the screen shows it */

/* --- what the caller brought ------------------------------------------------------------- */

/* An id can be used when it tells the time as it is; the longest time is the recorder's. */
static bool
is_fresh(const struct call *call, const char *event, int64_t valid_ms)
{
	stamp at;

	return !decision_event_time(event, &at) && at <= call->now && at > call->now - valid_ms;
}

static const char *
new_event(const struct call *call)
{
	char id[NEW_ID_SIZE];

	random_id(call->now, id);
	return arena_strdup(call->arena, id);
}

enum err
signing_start(struct call *call, bool must, struct signing *ret_signing)
{
	const char *event = arg_text(call, "event");
	struct decision_ticket ticket;
	struct signing s = {
		.given = event,
		.signature = arg_text(call, "signature"),
		.stands_on = -1,
		.asked = arg_flag(call, "sign"),
		.at = call->now,
	};
	bool signs = (must && !call->org->trial) || s.signature || s.asked;

	decision_salt(s.salt);
	if (event && !decision_ticket_read(event, &ticket)) {
		s.given = arena_strdup(call->arena, ticket.event);
		s.stands_on = ticket.stands_on;
		memcpy(s.salt, ticket.salt, sizeof(s.salt));
		s.expired = !is_fresh(call, ticket.event, DECISION_VALID_MS);
	}
	s.event_id = s.given;
	if (!s.given || (signs && !is_fresh(call, s.given, DECISION_VALID_MS))) {
		s.event_id = new_event(call);
	}
	if (!s.event_id || (event && !s.given)) {
		return ERR_NOMEM;
	}
	if (signs) {
		(void)decision_event_time(s.event_id, &s.at); /* an id made here, or a fresh one */
	}
	*ret_signing = s;
	return ERR_OK;
}

void
signing_of_case(struct signed_entry *entry, const struct incident *incident)
{
	entry->incident = incident;
	entry->stands_on = incident->last_step_seq;
	for (size_t i = 0; i < incident->n_events; i++) {
		if (incident->events[i].seq == incident->last_step_seq) {
			entry->stands_on_hash = incident->events[i].row_hash;
		}
	}
	entry->result = incident->result.version ? &incident->result.hash : NULL;
}

/* --- the text ------------------------------------------------------------------------------ */

static enum err
make_text(struct call *call, const struct signing *s, const struct signed_entry *entry,
	struct str *out)
{
	char *fields = json_dumps(entry->fields, JSON_COMPACT | JSON_SORT_KEYS);
	struct decision decision = {
		.event = s->event_id,
		.subject = entry->subject,
		.step = entry->kind,
		.actor = call->person->id,
		.acting_for = entry->acting_for,
		.post = call->post,
		.state = entry->state,
		.stands_on = entry->stands_on,
		.stands_on_hash = entry->stands_on_hash,
		.result = entry->result,
	};
	enum err e = fields ? call_founded(call, &decision.desk) : ERR_NOMEM;

	if (!e) {
		decision_fields(s->salt, fields, &decision.fields);
		e = decision_text(&decision, out);
	}
	free(fields);
	return e;
}

/* The fingerprints of the keys the caller can sign with now; NULL without memory. */
static json_t *
doc_keys(const struct call *call, const struct key_book *book)
{
	json_t *keys = json_array();

	for (size_t i = 0; keys && i < book->n_keys; i++) {
		const struct key_entry *key = &book->keys[i];

		if (key_entry_valid(key, KEY_NOW) && !strcmp(key->person, call->person->id)) {
			json_array_append_new(keys, json_string(key->fingerprint));
		}
	}
	return keys;
}

/* What the caller needs to sign, added to the refusal. */
static enum err
offer(struct call *call, const struct signing *s, const struct signed_entry *entry,
	const struct key_book *book)
{
	struct decision_ticket ticket = { .stands_on = entry->stands_on };
	struct signing anew = *s;
	char event[TICKET_SIZE];
	char hex[HASH_HEX_SIZE];
	struct str text = STR_INIT;
	struct hash hash;
	enum err e;

	decision_salt(anew.salt); /* what was signed before is worth nothing any more */
	e = make_text(call, &anew, entry, &text);
	if (!e) {
		memcpy(ticket.event, anew.event_id, sizeof(ticket.event));
		memcpy(ticket.salt, anew.salt, sizeof(ticket.salt));
		decision_ticket_write(&ticket, event);
		hash_of(str_text(&text), text.len, &hash);
		hash_hex(&hash, hex);
		json_object_set_new(call->error, "sign",
			json_pack("{s:s, s:s, s:s, s:o}", "event", event, "text", str_text(&text),
				"hash", hex, "keys", doc_keys(call, book)));
	}
	str_release(&text);
	return e;
}

/* A refusal of this code, with the text to be signed now. */
static enum err
refuse_and_offer(struct call *call, const char *code, const struct signing *s,
	const struct signed_entry *entry, const struct key_book *book)
{
	struct str_arg args[] = { { "fault", _("it belongs to no text of this desk.") } };
	enum err why = strcmp(code, "D204") == 0 ? call_fail_changed(call, entry->incident)
						 : call_fail_say(call, code, args, ARRAY_LEN(args));
	enum err e = offer(call, s, entry, book);

	return e ? e : why;
}

/* It must be signed and is not; who has no key is told how to come by one. */
static enum err
demand(struct call *call, const struct signing *s, const struct signed_entry *entry,
	const struct key_book *book)
{
	enum err e = refuse_and_offer(call, "D320", s, entry, book);

	if (call->error && key_book_count(book, call->person->id) == 0) {
		json_object_set_new(call->error, "text",
			json_string(_("This decision must be signed, and you have no key that "
				      "signs here.")));
		json_object_set_new(call->error, "what_to_do",
			json_string(_("Nothing was recorded. Propose your key with 'toban key "
				      "propose'; once it is approved, decide again.")));
	}
	return e;
}

/* --- the signature --------------------------------------------------------------------------- */

/* Whose key it is, if it is not one that signs for the caller now. */
static enum err
check_signer(struct call *call, const struct key_book *book, const char *fingerprint)
{
	const struct key_entry *key = key_book_find(book, fingerprint);
	struct str_arg args[] = { { "key", fingerprint } };
	bool mine = key && strcmp(key->person, call->person->id) == 0;

	if (key_book_signer(book, call->person->id, fingerprint, KEY_NOW)) {
		return ERR_OK;
	}
	return call_fail_say(call, mine && key->state == KEY_IS_REVOKED ? "D352" : "D351", args, 1);
}

/* The signature is sound: what goes into the body. */
static json_t *
doc_signed(const struct signing *s, const char *fingerprint, const struct str *text)
{
	struct str armored = STR_INIT;
	struct sshsig sig;
	json_t *doc = NULL;

	if (!sshsig_parse(s->signature, &sig)) {
		sshsig_armor(&sig, &armored);
		doc = json_pack("{s:s, s:s, s:s, s:s}", "key", fingerprint, "salt", s->salt, "text",
			str_text(text), "signature", str_text(&armored));
	}
	str_release(&armored);
	return doc;
}

static enum err
check_signature(struct call *call, const struct signing *s, const struct str *text,
	const struct key_book *book, json_t **ret_signed)
{
	char fingerprint[SSH_FINGERPRINT_SIZE];
	struct ssh_public signer;
	struct str_arg args[] = { { "fault", "" } };
	struct ssh_bytes bytes = { (const uint8_t *)str_text(text), text->len };
	enum ssh_fault fault =
		sshsig_verify(s->signature, DECISION_NAMESPACE, bytes, NULL, &signer);
	enum err e;

	if (fault) {
		args[0].value = ssh_fault_text(fault);
		return fault == SSH_NOMEM
			? ERR_NOMEM
			: call_fail_say(call, fault == SSH_NAMESPACE ? "D353" : "D350", args, 1);
	}
	ssh_fingerprint(&signer, fingerprint);
	e = check_signer(call, book, fingerprint);
	if (!e) {
		*ret_signed = doc_signed(s, fingerprint, text);
		e = *ret_signed ? ERR_OK : ERR_NOMEM;
	}
	return e;
}

static enum err
sign(struct call *call, const struct signing *s, const struct signed_entry *entry,
	const struct key_book *book, json_t *body)
{
	struct str text = STR_INIT;
	json_t *proof = NULL;
	enum err e = make_text(call, s, entry, &text);

	if (!e) {
		e = check_signature(call, s, &text, book, &proof);
	}
	str_release(&text);
	if (!e && json_object_set_new(body, BODY_SIGNED, proof) != 0) {
		e = ERR_NOMEM;
	}
	return e;
}

enum err
signing_apply(
	struct call *call, const struct signing *s, const struct signed_entry *entry, json_t *body)
{
	const struct keys *keys = NULL;
	const struct key_book *book;
	enum err e;

	if (call->org->trial && !s->signature && !s->asked) {
		return ERR_OK;
	}
	e = call_keys(call, &keys);
	if (e) {
		return call_fail_store(call, e, false);
	}
	book = &keys->book;
	if (!s->signature) {
		return demand(call, s, entry, book);
	}
	if (s->stands_on < 0) { /* the text it is of was never handed out */
		return refuse_and_offer(call, "D350", s, entry, book);
	}
	if (s->stands_on != entry->stands_on) {
		return refuse_and_offer(call, entry->incident ? "D204" : "D355", s, entry, book);
	}
	if (s->expired) {
		return refuse_and_offer(call, "D354", s, entry, book);
	}
	return sign(call, s, entry, book, body);
}

/* --- shown -------------------------------------------------------------------------------- */

/* Whether a signed text has this line. */
static bool
says(const char *text, const char *name, const char *value)
{
	struct str line = STR_INIT;
	bool has;

	str_addf(&line, "\n%s %zu:%s\n", name, strlen(value), value);
	has = !line.failed && strstr(text, str_text(&line));
	str_release(&line);
	return has;
}

/* Of an erased entry what was entered cannot be compared any more: its salt went with it. */
static bool
says_fields(const char *text, const json_t *body, const json_t *proof)
{
	const char *salt = json_string_value(json_object_get(proof, "salt"));
	char *fields = json_dumps(json_object_get(body, "fields"), JSON_COMPACT | JSON_SORT_KEYS);
	char hex[HASH_HEX_SIZE];
	struct hash hash;
	bool same = !salt;

	if (salt && fields && strlen(salt) == SALT_SIZE - 1) {
		decision_fields(salt, fields, &hash);
		hash_hex(&hash, hex);
		same = says(text, "fields", hex);
	}
	free(fields);
	return same;
}

/*
 * Whether it is a signature of this very entry by a key that signed for its maker then.  What the
 * text stands on, the whole verifier compares.
 */
static bool
holds(const struct key_book *book, const struct event *event, const json_t *body)
{
	const json_t *proof = json_object_get(body, BODY_SIGNED);
	const char *text = json_string_value(json_object_get(proof, "text"));
	const char *signature = json_string_value(json_object_get(proof, "signature"));
	char signer[SSH_FINGERPRINT_SIZE];
	struct ssh_public public;

	if (!text || !signature || !says(text, "event", event->id) ||
		!says(text, "subject", event->subject) || !says(text, "step", event->kind) ||
		!says(text, "actor", event->actor) || !says_fields(text, body, proof) ||
		sshsig_verify(signature, DECISION_NAMESPACE,
			(struct ssh_bytes){ text, strlen(text) }, NULL, &public)) {
		return false;
	}
	ssh_fingerprint(&public, signer);
	return key_book_signer(book, event->actor, signer, event->seq) != NULL;
}

static json_t *
doc_signature(const struct call *call, const struct event *event, const json_t *proof)
{
	const char *text = json_string_value(json_object_get(proof, "text"));
	json_t *key = json_object_get(proof, "key");
	char hex[HASH_HEX_SIZE];
	struct hash hash;

	hash_of(text ? text : "", text ? strlen(text) : 0, &hash);
	hash_hex(&hash, hex);
	return json_pack("{s:I, s:s, s:s, s:o, s:O?, s:s, s:s%}", "seq", (json_int_t)event->seq,
		"kind", event->kind, "by", event->actor, "at", json_of_time(call, event->at), "key",
		key, "hash", hex, "short", hex, (size_t)SHORT_DIGITS);
}

json_t *
doc_signatures(struct call *call, const struct incident *incident)
{
	json_t *items = json_array();
	const struct keys *keys = NULL;
	enum err e = ERR_OK;

	for (size_t i = 0; items && !e && i < incident->n_events; i++) {
		const struct event *event = &incident->events[i];
		const json_t *body = json_array_get(incident->store, i);
		const json_t *proof = json_object_get(body, BODY_SIGNED);
		json_t *item;

		if (!proof) {
			continue;
		}
		e = keys ? ERR_OK : call_keys(call, &keys);
		item = e ? NULL : doc_signature(call, event, proof);
		if (item) {
			json_object_set_new(
				item, "holds", json_boolean(holds(&keys->book, event, body)));
		}
		json_array_append_new(items, item);
	}
	if (e) {
		json_decref(items);
		return NULL;
	}
	return items;
}
