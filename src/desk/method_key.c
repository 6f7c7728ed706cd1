/* SPDX-License-Identifier: MIT */
/*
 * Keys: who has which, bringing one in, and deciding about it (docs/keys.md).
 */
#include <string.h>

#include "call.h"
#include "doc.h"
#include "key_act.h"
#include "method.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define TRIES 20
#define COMMENT_MOST 200
#define KEYS_MOST 5 /* of one person at a time, approved or waiting */

/* --- looking ------------------------------------------------------------------------------- */

/* Who may decide about this key: the office head and administrators, but for their own. */
static bool
may_decide(const struct person *person, const char *owner)
{
	return person && key_roles_approve(person->roles) && strcmp(person->id, owner) != 0;
}

static json_t *
doc_key(const struct call *call, const struct key_entry *key)
{
	bool waits = key->state == KEY_IS_PROPOSED;
	bool stands = waits || key->state == KEY_IS_APPROVED;
	bool decides = may_decide(call->person, key->person);
	bool own = call->person && strcmp(call->person->id, key->person) == 0;
	json_t *doc = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:o, s:b, s:{s:b, s:b, s:b}}",
		"fingerprint", key->fingerprint, "person", key->person, "state",
		key_state_word(key->state), "public", key->line, "comment", key->comment,
		"proposed_seq", (json_int_t)key->proposed_seq, "proposed_at",
		json_of_time(call, key->proposed_at), "first", key->first, "may", "approve",
		waits && decides, "refuse", waits && decides, "revoke", stands && (own || decides));

	if (doc && key->approved_seq) {
		json_object_set_new(doc, "approved_seq", json_integer(key->approved_seq));
		json_object_set_new(doc, "approved_at", json_of_time(call, key->approved_at));
		json_object_set_new(doc, "approved_by", json_string(key->approved_by));
		json_object_set_new(doc, "approved_key",
			json_of_text(*key->approved_key ? key->approved_key : NULL));
	}
	if (doc && key->ended_seq) {
		json_object_set_new(doc, "ended_seq", json_integer(key->ended_seq));
		json_object_set_new(doc, "ended_at", json_of_time(call, key->ended_at));
		json_object_set_new(doc, "ended_by", json_string(key->ended_by));
		json_object_set_new(doc, "why",
			json_string(key_entry_left(key) ? _("no longer in the organisation")
							: key->why));
	}
	return doc;
}

static json_t *
doc_desk_keys(const struct key_book *book)
{
	json_t *list = json_array();

	for (size_t i = 0; i < book->n_desk_keys; i++) {
		const struct desk_key *key = &book->desk_keys[i];
		json_t *doc = json_pack("{s:s, s:I, s:o}", "fingerprint", key->fingerprint,
			"from_seq", (json_int_t)key->from_seq, "until_seq",
			key->until_seq ? json_integer(key->until_seq) : json_null());

		json_array_append_new(list, doc);
	}
	return list;
}

static bool
is_state(const char *word)
{
	for (int state = KEY_IS_PROPOSED; state <= KEY_IS_REVOKED; state++) {
		if (strcmp(key_state_word((enum key_state)state), word) == 0) {
			return true;
		}
	}
	return false;
}

enum err
method_key_list(struct call *call, json_t **ret_result)
{
	const char *person = arg_text(call, "person");
	const char *state = arg_text(call, "state");
	const struct keys *keys = NULL;
	json_t *list = json_array();
	json_int_t waiting = 0;
	enum err e = call_keys(call, &keys);

	if (e || (state && !is_state(state))) {
		json_decref(list);
		return e ? call_fail_store(call, e, false)
			 : call_fail_field(call, "D103", "state",
				   _("A key is proposed, approved, refused or revoked."));
	}
	for (size_t i = 0; i < keys->book.n_keys; i++) {
		const struct key_entry *key = &keys->book.keys[i];

		waiting += key->state == KEY_IS_PROPOSED && may_decide(call->person, key->person);
		if ((!person || strcmp(person, key->person) == 0) &&
			(!state || strcmp(state, key_state_word(key->state)) == 0)) {
			json_array_append_new(list, doc_key(call, key));
		}
	}
	*ret_result = json_pack("{s:o, s:o, s:I, s:I, s:b}", "keys", list, "desk_keys",
		doc_desk_keys(&keys->book), "waiting", waiting, "mine",
		(json_int_t)key_book_count(&keys->book, call->person->id), "required",
		!keys->rules.trial);
	return ERR_OK;
}

/* --- bringing one in -------------------------------------------------------------------------- */

static enum err
read_public(struct call *call, struct key_act *act)
{
	const char *given = arg_text(call, "public");
	const char *comment = NULL;
	size_t len = 0;
	struct str line = STR_INIT;
	enum ssh_fault fault = ssh_public_parse(given, &act->public, &comment, &len);
	struct str_arg args[] = { { "fault", ssh_fault_text(fault) } };

	if (fault) {
		return fault == SSH_NOMEM ? ERR_NOMEM : call_fail_say(call, "D321", args, 1);
	}
	if (len > COMMENT_MOST) {
		return call_fail_field(call, "D104", "public", _("This text is too long."));
	}
	ssh_fingerprint(&act->public, act->fingerprint);
	ssh_public_line(&act->public, NULL, &line);
	act->line = line.failed ? NULL : arena_strdup(call->arena, str_text(&line));
	act->comment = arena_strndup(call->arena, comment, len);
	str_release(&line);
	return act->line && act->comment ? ERR_OK : ERR_NOMEM;
}

/* The name of somebody for a sentence. */
static const char *
name_of(const struct call *call, const char *id)
{
	const struct person *person = org_person(call->org, id);

	return person ? person->name.in[i18n_lang()] : id;
}

static enum err
fail_decided(struct call *call, const struct key_entry *key)
{
	static const char *const sentences[] = {
		[KEY_IS_PROPOSED] = N_("This key was brought in already, by {who} at {at}."),
		[KEY_IS_APPROVED] = N_("This key was approved already, by {who} at {at}."),
		[KEY_IS_REFUSED] = N_("This key was refused, by {who} at {at}."),
		[KEY_IS_REVOKED] = N_("This key was revoked, by {who} at {at}."),
	};
	bool ended = key->ended_seq != 0;
	bool approved = key->state == KEY_IS_APPROVED;
	const char *by = ended ? key->ended_by : approved ? key->approved_by : key->person;
	char at[STAMP_SIZE];
	struct str_arg args[] = { { "who", name_of(call, by) }, { "at", at } };
	struct str text = STR_INIT;
	enum err e;

	stamp_format_short(ended   ? key->ended_at
			: approved ? key->approved_at
				   : key->proposed_at,
		call->org->offset_min, at);
	str_say(&text, _(sentences[key->state]), args, ARRAY_LEN(args));
	e = call_fail_text(call, "D327", str_text(&text));
	str_release(&text);
	return e;
}

static enum err
judge_proposal(struct call *call, const struct keys *keys, struct key_act *act)
{
	struct str_arg args[] = { { "who", "" } };
	size_t n = 0;

	if (call->person->roles & ROLE_AUDITOR) {
		return call_fail(call, "D306");
	}
	for (size_t i = 0; i < keys->book.n_keys; i++) {
		const struct key_entry *key = &keys->book.keys[i];
		bool own = strcmp(key->person, call->person->id) == 0;

		n += own && !key->ended_seq;
		if (strcmp(key->fingerprint, act->fingerprint) != 0) {
			continue;
		}
		if (!own) {
			args[0].value = name_of(call, key->person);
			return call_fail_say(call, "D322", args, 1);
		}
		if (key->state != KEY_IS_REFUSED && !key_entry_left(key)) {
			return fail_decided(call, key);
		}
	}
	return n < KEYS_MOST ? ERR_OK : call_fail(call, "D329");
}

typedef enum err judge_act(struct call *call, const struct keys *keys, struct key_act *act);

/* Judges the act by the keys as they are and records it; judged anew when somebody was faster. */
static enum err
record_judged(struct call *call, struct key_act *act, judge_act *judge, json_t **ret_result)
{
	const struct keys *keys = NULL;

	for (int tries = 0; tries < TRIES; tries++) {
		enum err e = call_keys(call, &keys);

		if (e) {
			return call_fail_store(call, e, false);
		}
		e = judge(call, keys, act);
		if (!e) {
			e = key_act_record(call, keys, act, ret_result);
		}
		if (e != ERR_CONFLICT || call->error) {
			return e;
		}
	}
	return call_fail_store(call, ERR_BUSY, true);
}

enum err
method_key_propose(struct call *call, json_t **ret_result)
{
	struct key_act act = {
		.kind = KEY_PROPOSED, .person = call->person->id, .why = "", .own_proof = true
	};
	enum err e = key_act_start(call, &act);

	if (!e) {
		e = key_act_repeated(call, &act, ret_result);
	}
	if (e != ERR_NOT_FOUND) {
		return e;
	}
	e = read_public(call, &act);
	if (e) {
		return e;
	}
	return record_judged(call, &act, judge_proposal, ret_result);
}

/* --- deciding ----------------------------------------------------------------------------- */

/* A refusal that names who could decide about this person's key instead. */
static enum err
fail_with_deciders(struct call *call, const char *code, const char *owner, unsigned roles)
{
	enum err e = call_fail(call, code);
	json_t *who = json_array();

	for (size_t i = 0; i < call->org->n_people; i++) {
		const struct person *person = &call->org->people[i];

		if (may_decide(person, owner) && person->roles & roles) {
			json_array_append_new(who, json_string(person->id));
		}
	}
	json_object_set_new(call->error, "who", who);
	return e;
}

/* Who entered somebody does not say alone whose key is theirs: names who else could. */
static enum err
fail_alone(struct call *call, const struct keys *keys, const struct key_act *act)
{
	enum err e = call_fail(call, "D485");
	json_t *who = json_array();

	for (size_t i = 0; i < call->org->n_people; i++) {
		const struct person *other = &call->org->people[i];

		if (keys_could_approve(keys, other, act->person, call->person->id, KEY_NOW)) {
			json_array_append_new(who, json_string(other->id));
		}
	}
	json_object_set_new(call->error, "who", who);
	return e;
}

/* Approving: signed, but while nobody who approves could, by an administrator. */
static enum err
judge_approval(struct call *call, const struct keys *keys, const struct key_entry *key,
	struct key_act *act)
{
	bool nobody = key_book_is_first(&keys->book, &keys->rules, KEY_NOW);
	bool admin = (call->person->roles & ROLE_ADMIN) != 0;
	bool asked = arg_flag(call, "sign") || arg_text(call, "signature");
	const struct key_approval approval = { key, call->person->id, KEY_NOW };
	bool alone = false;
	enum err e = keys_alone(call, keys, &approval, &alone);

	if (e || alone) {
		return e ? call_fail_store(call, e, false) : fail_alone(call, keys, act);
	}
	act->first = nobody && admin && !asked;
	act->may_be_unsigned = act->first || (keys->rules.trial && !asked);
	if (nobody && !act->may_be_unsigned) {
		return fail_with_deciders(call, "D328", act->person, ROLE_ADMIN);
	}
	return ERR_OK;
}

static enum err
judge_decision(struct call *call, const struct keys *keys, struct key_act *act)
{
	const struct key_entry *key = key_book_find(&keys->book, arg_text(call, "fingerprint"));
	bool revokes = strcmp(act->kind, KEY_REVOKED) == 0;
	const char *why = arg_text(call, "why");
	const unsigned roles = ROLE_OFFICE_HEAD | ROLE_ADMIN;
	bool own;

	if (!key) {
		return call_fail(call, "D325");
	}
	own = strcmp(key->person, call->person->id) == 0;
	act->person = key->person;
	act->proposal = key->proposed_seq;
	act->why = why ? why : "";
	(void)memcpy(act->fingerprint, key->fingerprint, sizeof(act->fingerprint));
	if (own && !revokes) {
		return fail_with_deciders(call, "D319", key->person, roles);
	}
	if (!own && !key_roles_approve(call->person->roles)) {
		return fail_with_deciders(call,
			call->person->roles & ROLE_AUDITOR ? "D306" : "D301", key->person, roles);
	}
	if (key->state != KEY_IS_PROPOSED && !(revokes && key->state == KEY_IS_APPROVED)) {
		return fail_decided(call, key);
	}
	if (strcmp(act->kind, KEY_APPROVED) == 0) {
		return judge_approval(call, keys, key, act);
	}
	act->may_be_unsigned = !revokes || own ||
		(keys->rules.trial && !arg_flag(call, "sign") && !arg_text(call, "signature"));
	return ERR_OK;
}

static enum err
decide(struct call *call, const char *kind, json_t **ret_result)
{
	struct key_act act = { .kind = kind };
	enum err e = key_act_start(call, &act);

	if (!e) {
		e = key_act_repeated(call, &act, ret_result);
	}
	if (e != ERR_NOT_FOUND) {
		return e;
	}
	return record_judged(call, &act, judge_decision, ret_result);
}

enum err
method_key_approve(struct call *call, json_t **ret_result)
{
	return decide(call, KEY_APPROVED, ret_result);
}

enum err
method_key_refuse(struct call *call, json_t **ret_result)
{
	return decide(call, KEY_REFUSED, ret_result);
}

enum err
method_key_revoke(struct call *call, json_t **ret_result)
{
	return decide(call, KEY_REVOKED, ret_result);
}
