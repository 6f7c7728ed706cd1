/* SPDX-License-Identifier: MIT */
/*
 * The book of keys, kept with the desk: folding it checks a signature for each entry, and
 * most calls come between two of them.
 */
#include "keys.h"

#include <stdlib.h>
#include <string.h>

struct key_cache {
	struct arena *arena;
	struct keys keys;
	int64_t head_seq; /* of the ledger when it was last looked at */
	int64_t org_seq;  /* subject_seq of the newest organisation that was read */
};

void
key_cache_free(struct key_cache *cache)
{
	if (cache) {
		arena_free(cache->arena);
		free(cache);
	}
}

enum err
keys_read(struct call *call, struct arena *arena, struct keys *ret_keys)
{
	struct event_list events = { NULL, 0 };
	const char *founded = NULL;
	enum err e = org_history_read(call->store, arena, &ret_keys->orgs);

	if (!e) {
		e = call_founded(call, &founded);
	}
	if (!e) {
		e = store_subject(call->store, arena, SUBJECT_KEYS, &events);
	}
	if (e) {
		return e;
	}
	ret_keys->rules = (struct key_rules){
		.desk = founded,
		/* Whether a desk is for trial is said once, when it is founded. */
		.trial = ret_keys->orgs.n && ret_keys->orgs.items[0].org->trial,
		.roles = org_history_roles,
		.left = org_history_left,
		.ctx = &ret_keys->orgs,
	};
	return key_book_fold(arena, events.items, events.n, &ret_keys->rules, &ret_keys->book);
}

static enum err
read_all(struct call *call, int64_t head_seq, int64_t org_seq, struct key_cache **ret_cache)
{
	struct key_cache *cache = calloc(1, sizeof(*cache));
	enum err e = ERR_NOMEM;

	if (cache) {
		cache->arena = arena_new();
		cache->head_seq = head_seq;
		cache->org_seq = org_seq;
		e = cache->arena ? keys_read(call, cache->arena, &cache->keys) : ERR_NOMEM;
	}
	if (e) {
		key_cache_free(cache);
		return e;
	}
	*ret_cache = cache;
	return ERR_OK;
}

enum err
call_keys(struct call *call, const struct keys **ret_keys)
{
	struct key_cache *cache = call->desk->keys;
	struct ledger_head head;
	int64_t keys_seq = 0;
	int64_t org_seq = 0;
	enum err e = store_head(call->store, &head);

	if (!e && cache && cache->head_seq == head.seq) {
		*ret_keys = &cache->keys;
		return ERR_OK;
	}
	if (!e) {
		e = store_subject_last(call->store, SUBJECT_KEYS, &keys_seq);
	}
	if (!e) {
		e = store_subject_last(call->store, SUBJECT_ORG, &org_seq);
	}
	if (!e &&
		(!cache || cache->org_seq != org_seq || cache->keys.book.subject_seq != keys_seq)) {
		e = read_all(call, head.seq, org_seq, &cache);
		if (!e) {
			key_cache_free(call->desk->keys);
			call->desk->keys = cache;
		}
	}
	if (!e) {
		cache->head_seq = head.seq;
		*ret_keys = &cache->keys;
	}
	return e;
}

/* --- one human, two people --------------------------------------------------------------- */

bool
keys_could_approve(const struct keys *keys, const struct person *other, const char *person,
	const char *by, int64_t seq)
{
	if (!key_roles_approve(other->roles) || strcmp(other->id, person) == 0 ||
		strcmp(other->id, by) == 0) {
		return false;
	}
	for (size_t i = 0; i < keys->book.n_keys; i++) {
		const struct key_entry *key = &keys->book.keys[i];

		if (strcmp(key->person, other->id) == 0 && key_entry_valid(key, seq)) {
			return true;
		}
	}
	return false;
}

/* Whether somebody else could approve it. */
static bool
any_other(const struct keys *keys, const struct key_approval *approval)
{
	const struct org *org = org_history_at(&keys->orgs, approval->seq);

	for (size_t i = 0; org && i < org->n_people; i++) {
		if (keys_could_approve(keys, &org->people[i], approval->key->person, approval->by,
			    approval->seq)) {
			return true;
		}
	}
	return false;
}

static bool
gave_pin(const struct event *event, const struct key_approval *approval)
{
	json_t *body = event->body && strcmp(event->kind, "pin-reset") == 0 &&
			strcmp(event->actor, approval->by) == 0
		? json_loads(event->body, 0, NULL)
		: NULL;
	const char *person = json_string_value(json_object_get(body, "person"));
	bool gave = person && strcmp(person, approval->key->person) == 0;

	json_decref(body);
	return gave;
}

/*
 * Whether it was brought in at a shared console, under a name whose PIN the one who approves had
 * given out before: they could have sat there themselves.
 */
static enum err
knew_pin(struct call *call, const struct key_approval *approval, bool *ret_knew)
{
	int64_t seq = approval->key->proposed_seq;
	struct event_list proposal = { NULL, 0 };
	struct event_list access = { NULL, 0 };
	enum err e = store_events(call->store, call->arena, seq - 1, 1, &proposal);

	*ret_knew = false;
	if (e || proposal.n == 0 || !proposal.items[0].post[0]) {
		return e;
	}
	e = store_subject(call->store, call->arena, SUBJECT_ACCESS, &access);
	for (size_t i = 0; !e && i < access.n && access.items[i].seq < seq; i++) {
		*ret_knew = *ret_knew || gave_pin(&access.items[i], approval);
	}
	return e;
}

enum err
keys_alone(struct call *call, const struct keys *keys, const struct key_approval *approval,
	bool *ret_alone)
{
	const char *entered_by =
		org_history_entered_by(&keys->orgs, approval->key->person, approval->seq);
	bool alone = entered_by && strcmp(entered_by, approval->by) == 0;
	enum err e = ERR_OK;

	if (!any_other(keys, approval)) {
		*ret_alone = false;
		return ERR_OK;
	}
	if (!alone) {
		e = knew_pin(call, approval, &alone);
	}
	*ret_alone = alone;
	return e;
}

bool
keys_late(const struct keys *keys, const struct key_entry *first)
{
	const struct org_history *orgs = &keys->orgs;

	for (size_t i = 0; i < keys->book.n_keys; i++) {
		const struct key_entry *key = &keys->book.keys[i];
		int64_t end = key->ended_seq && key->ended_seq < first->approved_seq
			? key->ended_seq
			: first->approved_seq;

		for (size_t k = 0; key->approved_seq && k < orgs->n; k++) {
			const struct person *person =
				org_person(orgs->items[k].org, key->person);
			bool last = k + 1 == orgs->n ||
				orgs->items[k + 1].seq > key->approved_seq;

			if (key->approved_seq < end && orgs->items[k].seq < end && last &&
				person && key_roles_approve(person->roles)) {
				return true;
			}
		}
	}
	return false;
}
