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

bool
keys_alone(const struct keys *keys, const char *person, const char *by, int64_t seq)
{
	const char *entered_by = org_history_entered_by(&keys->orgs, person, seq);
	const struct org *org = org_history_at(&keys->orgs, seq);

	if (!org || !entered_by || strcmp(entered_by, by) != 0) {
		return false;
	}
	for (size_t i = 0; i < org->n_people; i++) {
		if (keys_could_approve(keys, &org->people[i], person, by, seq)) {
			return true;
		}
	}
	return false;
}
