/* SPDX-License-Identifier: MIT */
/*
 * Changes of rights: a new organisation takes the place of the one that holds.
 */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "keys.h"
#include "method.h"
#include "org_change.h"
#include "org_record.h"
#include "signing.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define TEXT_MOST ((size_t)1 << 20) /* an entry holds no more */

/* A change that is about to be recorded. */
struct change {
	const struct org *org;
	json_t *body; /* of the entry */
	json_t *people;
	json_t *posts;
	bool marked;
	struct event newest; /* of the subject: what the change stands on */
	struct signing signing;
};

/* Refused, and who could: administrators and the office head, but for the caller. */
static enum err
fail_who(struct call *call, const char *code, const char *why)
{
	struct step_verdict verdict = { .code = code, .why = why };
	const char **who = arena_array(call->arena, call->org->n_people + 1, sizeof(*who));

	for (size_t i = 0; who && i < call->org->n_people; i++) {
		const struct person *other = &call->org->people[i];

		if (!method_refusal(WHO_RIGHTS, other) && other != call->person) {
			who[verdict.who.n++] = other->id;
		}
	}
	verdict.who.items = who;
	return who ? call_fail_verdict(call, &verdict) : ERR_NOMEM;
}

static enum err
fail_problems(struct call *call, const struct ini_problems *problems)
{
	struct diagnostics faults = { .arena = call->arena };

	for (size_t i = 0; i < problems->n; i++) {
		const struct ini_problem *problem = &problems->items[i];
		const char *where = arena_printf(call->arena, "text:%d", problem->line);
		const char *text = *problem->expected
			? arena_printf(call->arena, "%s (%s)", problem->text, problem->expected)
			: problem->text;

		diagnostics_add(&faults, where ? where : "text", "D102", text ? text : "");
	}
	return call_fail_fields(call, &faults);
}

static enum err
read_text(struct call *call, const struct org **ret_org)
{
	const char *text = json_string_value(arg_value(call, "text"));
	struct ini_problems problems = { .arena = call->arena };
	struct org *org = arena_alloc(call->arena, sizeof(*org));
	const struct org *read = NULL;
	struct ini_file file;
	enum err e = ERR_INVALID;

	if (!org) {
		return ERR_NOMEM;
	}
	if (!text) {
		return call_fail_field(call, "D102", "text", _("A text is wanted here."));
	}
	if (strlen(text) > TEXT_MOST) {
		return call_fail_field(call, "D104", "text", _("This text is too long."));
	}
	e = ini_parse("organisation", text, strlen(text), &problems, &file);
	if (!e) {
		e = org_parse(call->arena, &file, &problems, &read);
	}
	if (e) {
		return e == ERR_INVALID ? fail_problems(call, &problems) : e;
	}
	*org = *read;
	org->trial = call->org->trial; /* said once, when the desk is founded */
	*ret_org = org;
	return ERR_OK;
}

/* Somebody must be able to run the desk afterwards; at a trial desk anybody is. */
static bool
can_be_run(const struct org *org)
{
	for (size_t i = 0; i < org->n_people; i++) {
		if (org->people[i].roles & ROLE_ADMIN && (org->trial || org->people[i].login[0])) {
			return true;
		}
	}
	return false;
}

/* Whether somebody who approves keys by this organisation has one that is approved. */
static bool
has_approver(const struct key_book *book, const struct org *org)
{
	for (size_t i = 0; i < book->n_keys; i++) {
		const struct person *person = org_person(org, book->keys[i].person);

		if (person && key_roles_approve(person->roles) &&
			key_entry_valid(&book->keys[i], KEY_NOW)) {
			return true;
		}
	}
	return false;
}

/*
 * Keys are approved unsigned while nobody who approves has one: so whoever gives out parts must
 * not bring that about, and then be two people.
 */
static enum err
judge_approvers(struct call *call, const struct org *org)
{
	const struct keys *keys = NULL;
	enum err e = org->trial ? ERR_OK : call_keys(call, &keys);

	if (e) {
		return call_fail_store(call, e, false);
	}
	if (keys && has_approver(&keys->book, call->org) && !has_approver(&keys->book, org)) {
		return call_fail_field(call, "D471", "text",
			_("Nobody of it who approves keys has an approved key: let the new office "
			  "head or administrator bring in theirs first."));
	}
	return ERR_OK;
}

static enum err
judge(struct call *call, const struct org *org)
{
	if (!can_be_run(org)) {
		return call_fail_field(call, "D357", "text",
			_("No administrator of it has an account of their own."));
	}
	if (org_change_own(call, org)) {
		return fail_who(call, "D356",
			_("Nobody gives themselves a part, under no name and no account of "
			  "theirs."));
	}
	return judge_approvers(call, org);
}

static enum err
read_newest(struct call *call, struct change *change)
{
	struct event_list newest = { NULL, 0 };
	enum err e = store_subject_newest(call->store, call->arena, SUBJECT_ORG, 1, &newest);

	if (!e && newest.n == 0) {
		e = ERR_CORRUPT;
	}
	if (!e) {
		change->newest = newest.items[0];
	}
	return e ? call_fail_store(call, e, false) : ERR_OK;
}

/* The organisation, what it changes, and why. */
static enum err
make_body(struct call *call, struct change *change)
{
	const char *why = arg_text(call, "why");
	json_t *was = org_to_json(call->org);
	bool marked = false;

	change->body = call_keep(call, org_to_json(change->org));
	change->people = call_keep(call, org_change(call->org, change->org, &change->marked));
	change->posts = call_keep(call, org_change_posts(call->org, change->org, &marked));
	change->marked = change->marked || marked;
	if (!was || !change->body || !change->people || !change->posts) {
		json_decref(was);
		return ERR_NOMEM;
	}
	if (json_equal(was, change->body)) {
		json_decref(was);
		return call_fail_text(call, "D405", _("The organisation is this already."));
	}
	json_decref(was);
	/* Without the first of them it would let decisions go unsigned. */
	return json_object_set_new(change->body, ORG_DECISIONS, json_string("signed")) ||
			json_object_set_new(change->body, "change",
				json_pack("{s:O, s:O, s:b, s:s}", "people", change->people, "posts",
					change->posts, "marked", change->marked, "why",
					why ? why : ""))
		? ERR_NOMEM
		: ERR_OK;
}

static enum err
sign(struct call *call, struct change *change)
{
	const struct signed_entry entry = {
		.subject = SUBJECT_ORG,
		.kind = KIND_RIGHTS,
		.state = "",
		.fields = change->body,
		.stands_on = change->newest.seq,
		.stands_on_hash = change->newest.row_hash,
	};

	return signing_apply(call, &change->signing, &entry, change->body);
}

static enum err
commit(struct call *call, struct change *change, struct event *ret_event)
{
	const struct org_record record = {
		.org = change->org,
		.body = change->body,
		.people = change->people,
		.posts = change->posts,
		.marked = change->marked,
		.event_id = change->signing.event_id,
		.subject_seq = change->newest.subject_seq + 1,
	};
	enum err e = org_record_commit(call, &record, ret_event);

	return e == ERR_CONFLICT ? call_fail(call, "D355") : e;
}

/* The same call again: the entry that was made under its id. */
static enum err
repeated(struct call *call, const struct change *change, json_t **ret_result)
{
	struct event event;
	char hex[HASH_HEX_SIZE];
	enum err e = change->signing.given
		? store_event_by_id(call->store, call->arena, change->signing.given, &event)
		: ERR_NOT_FOUND;

	if (e) {
		return e == ERR_NOT_FOUND ? e : call_fail_store(call, e, false);
	}
	if (strcmp(event.kind, KIND_RIGHTS) != 0 || strcmp(event.actor, call->person->id) != 0) {
		return call_fail_field(
			call, "D103", "event", _("This id belongs to another entry."));
	}
	hash_hex(&event.row_hash, hex);
	*ret_result = json_pack(
		"{s:I, s:s, s:b}", "seq", (json_int_t)event.seq, "row_hash", hex, "repeated", true);
	return ERR_OK;
}

static enum err
record(struct call *call, struct change *change, json_t **ret_result)
{
	struct event event = { .seq = 0 };
	char hex[HASH_HEX_SIZE];
	enum err e = sign(call, change);

	if (!e) {
		e = commit(call, change, &event);
	}
	if (!e) {
		hash_hex(&event.row_hash, hex);
		*ret_result = json_pack("{s:I, s:s, s:O, s:O, s:b}", "seq", (json_int_t)event.seq,
			"row_hash", hex, "people", change->people, "posts", change->posts, "marked",
			change->marked);
	}
	return e;
}

enum err
method_org_set(struct call *call, json_t **ret_result)
{
	struct change change = { .org = NULL };
	enum err e = signing_start(call, true, &change.signing);

	if (!e) {
		e = repeated(call, &change, ret_result);
	}
	if (e != ERR_NOT_FOUND) {
		return e;
	}
	e = read_text(call, &change.org);
	if (!e) {
		e = judge(call, change.org);
	}
	if (!e) {
		e = read_newest(call, &change);
	}
	if (!e) {
		e = make_body(call, &change);
	}
	if (!e && arg_flag(call, "dry_run")) {
		*ret_result = json_pack("{s:b, s:O, s:O, s:b}", "dry_run", true, "people",
			change.people, "posts", change.posts, "marked", change.marked);
		return ERR_OK;
	}
	return e ? e : record(call, &change, ret_result);
}
