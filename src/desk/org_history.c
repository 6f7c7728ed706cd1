/* SPDX-License-Identifier: MIT */
/*
 * The organisations of the ledger in their order: see org_history.h.
 */
#include "org_history.h"

#include <string.h>

#include "org_proof.h"
#include "signing.h"
#include "toban/base/hash.h"

/* While it is read. */
struct reading {
	struct arena *arena;
	struct org_history *history;
	struct event_list keys; /* entries about keys */
	struct key_book book;   /* of those before `folded_seq`, as far as they matter */
	int64_t folded_seq;     /* 0: not folded yet */
	char desk[HASH_HEX_SIZE];
	bool signs; /* an organisation said that decisions are signed */
	bool left;  /* somebody's keys ended with an organisation since the fold */
};

static enum err
start(struct store *store, struct reading *r)
{
	struct event_list first = { NULL, 0 };
	enum err e = store_subject(store, r->arena, SUBJECT_ORG, &r->history->events);

	e = e ? e : store_subject(store, r->arena, SUBJECT_KEYS, &r->keys);
	e = e ? e : store_events(store, r->arena, 0, 1, &first);
	if (!e && first.n) {
		hash_hex(&first.items[0].row_hash, r->desk);
	}
	if (!e) {
		r->history->items =
			arena_array(r->arena, r->history->events.n + 1, sizeof(*r->history->items));
		e = r->history->items ? ERR_OK : ERR_NOMEM;
	}
	return e;
}

/*
 * The keys as they were at an entry.  A fold checks a signature for each key, so it is made anew
 * only where there is an entry about one since the last, or somebody left: else the organisations
 * that came between have no say in what was before them.
 */
static enum err
fold_keys(struct reading *r, int64_t seq)
{
	const struct key_rules rules = {
		.desk = r->desk,
		.roles = org_history_roles,
		.left = org_history_left,
		.ctx = r->history,
	};
	bool more = r->folded_seq == 0 || r->left;

	for (size_t i = 0; i < r->keys.n; i++) {
		more = more || (r->keys.items[i].seq > r->folded_seq && r->keys.items[i].seq < seq);
	}
	r->folded_seq = seq;
	r->left = false;
	return more ? key_book_fold(r->arena, r->keys.items, r->keys.n, &rules, &r->book) : ERR_OK;
}

/* Changes are signed from the first organisation that says so, or the first approved key. */
static bool
is_due(const struct reading *r, int64_t seq)
{
	bool due = r->signs;

	for (size_t i = 0; i < r->book.n_keys; i++) {
		const struct key_entry *key = &r->book.keys[i];

		due = due || (key->approved_seq && key->approved_seq < seq);
	}
	return due;
}

/* Whether the newest organisation leaves out somebody whom the one before it named. */
static bool
leaves_out(const struct org_history *history)
{
	const struct org *was = history->n > 1 ? history->items[history->n - 2].org : NULL;

	for (size_t i = 0; was && i < was->n_people; i++) {
		if (!org_person(history->items[history->n - 1].org, was->people[i].id)) {
			return true;
		}
	}
	return false;
}

/* Whether the organisation of the i-th entry takes the place of the one before. */
static enum err
judge(struct reading *r, size_t i, const struct org *org, bool *ret_holds)
{
	struct org_history *history = r->history;
	const struct event *event = &history->events.items[i];
	struct org_proof proof = {
		.desk = r->desk, .book = &r->book, .now = org, .event = event, .before = event
	};
	enum err e;

	*ret_holds = true;
	/* Whether a desk is for trial is said once, when it is founded; then nothing is signed. */
	if (history->n == 0 || history->items[0].org->trial) {
		return ERR_OK;
	}
	e = fold_keys(r, event->seq);
	if (e || !is_due(r, event->seq)) {
		return e;
	}
	proof.was = history->items[history->n - 1].org;
	proof.before = &history->events.items[i - 1];
	*ret_holds = org_proof_signed(&proof);
	if (*ret_holds && !org_proof_allowed(&proof)) {
		*ret_holds = false;
		history->not_allowed_seq = event->seq;
	}
	return ERR_OK;
}

enum err
org_history_read(struct store *store, struct arena *arena, struct org_history *ret_history)
{
	struct org_history history = { NULL };
	struct reading r = { .arena = arena, .history = &history };
	enum err e = start(store, &r);

	for (size_t i = 0; !e && i < history.events.n; i++) {
		const struct event *event = &history.events.items[i];
		json_t *body = event->body ? json_loads(event->body, 0, NULL) : NULL;
		const struct org *org = NULL;
		bool holds = false;

		r.signs = r.signs || (event->body && strstr(event->body, ORG_SIGNED));
		e = body ? org_from_json(arena, body, &org) : ERR_INVALID;
		json_decref(body);
		e = e ? e : judge(&r, i, org, &holds);
		if (!e && holds) {
			history.items[history.n++] = (struct org_since){ event->seq, i, org };
			r.left = r.left || leaves_out(&history);
		} else if (!e) {
			history.refused_seq = event->seq;
		}
		e = e == ERR_NOMEM ? e : ERR_OK; /* the verifier names what cannot be read */
	}
	if (!e) {
		*ret_history = history;
	}
	return e;
}

const struct org *
org_history_at(const struct org_history *history, int64_t seq)
{
	for (size_t i = history->n; i-- > 0;) {
		if (history->items[i].seq < seq) {
			return history->items[i].org;
		}
	}
	return NULL;
}

unsigned
org_history_roles(void *history, const char *person, int64_t seq)
{
	const struct org *org = org_history_at(history, seq);
	const struct person *found = org ? org_person(org, person) : NULL;

	return found ? found->roles : 0;
}

const struct event *
org_history_left(void *history, const char *person, int64_t seq)
{
	const struct org_history *all = history;

	for (size_t i = 0; i < all->n; i++) {
		const struct org_since *since = &all->items[i];

		if (since->seq > seq && !org_person(since->org, person)) {
			return &all->events.items[since->at];
		}
	}
	return NULL;
}

int64_t
org_history_absent(const struct org_history *history, const char *person)
{
	for (size_t i = history->n; i-- > 0;) {
		if (!org_person(history->items[i].org, person)) {
			return history->items[i].seq;
		}
	}
	return 0;
}

const char *
org_history_entered_by(const struct org_history *history, const char *person, int64_t seq)
{
	const char *by = NULL;

	for (size_t i = 0; i < history->n && history->items[i].seq < seq; i++) {
		const struct person *is = org_person(history->items[i].org, person);
		const struct person *was =
			i > 0 ? org_person(history->items[i - 1].org, person) : NULL;

		if (!is || i == 0) {
			by = NULL;
		} else if (!was || (is->login[0] && strcmp(was->login, is->login) != 0)) {
			by = history->events.items[history->items[i].at].actor;
		}
	}
	return by;
}

/* Whether the person ever had the account by then. */
static bool
had_account(const struct org_history *history, const char *person, const char *login, int64_t seq)
{
	for (size_t i = 0; i < history->n && history->items[i].seq < seq; i++) {
		const struct person *found = org_person(history->items[i].org, person);

		if (found && strcmp(found->login, login) == 0) {
			return true;
		}
	}
	return false;
}

bool
org_history_same(const struct org_history *history, const char *one, const char *other, int64_t seq)
{
	/* In one organisation no account is that of two. */
	for (size_t i = 0; history->n > 1 && i < history->n && history->items[i].seq < seq; i++) {
		const struct person *found = org_person(history->items[i].org, one);

		if (found && found->login[0] && had_account(history, other, found->login, seq)) {
			return true;
		}
	}
	return false;
}
