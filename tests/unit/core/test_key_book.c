/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/core/key_book.c: entries signed by real keys, and what somebody could write
 * around the desk.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <sodium.h>

#include "toban/base/attr.h"
#include "toban/base/sshsig.h"
#include "toban/core/key_book.h"
#include "toban/core/org.h"

#define DESK "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define KEYS 4
#define MOST 16

struct pair {
	uint8_t secret[SSHSIG_SECRET_BYTES];
	struct ssh_public public;
	char fingerprint[SSH_FINGERPRINT_SIZE];
	char *line;
};

/* A ledger of the one subject; a test adds entries and looks at the book. */
struct world {
	struct arena *arena;
	struct pair keys[KEYS];
	struct event events[MOST];
	size_t n;
	bool trial;
	const struct event *leaving; /* NULL: nobody leaves */
	const char *leaver;
	struct key_book book;
};

/* "head" and "admin" decide; "admin-2", too; the rest is staff. */
static unsigned
roles_of(void *ctx, const char *person, int64_t seq)
{
	(void)ctx;
	(void)seq;
	if (strncmp(person, "admin", 5) == 0) {
		return ROLE_ADMIN;
	}
	return strcmp(person, "head") == 0 ? ROLE_OFFICE_HEAD | ROLE_STAFF : ROLE_STAFF;
}

static const struct event *
left(void *ctx, const char *person, int64_t seq)
{
	const struct world *w = ctx;

	return w->leaving && strcmp(person, w->leaver) == 0 && w->leaving->seq > seq ? w->leaving
										     : NULL;
}

static void
world_start(struct world *w)
{
	*w = (struct world){ .arena = arena_new() };
	assert_non_null(w->arena);
	for (size_t i = 0; i < KEYS; i++) {
		struct str line = STR_INIT;

		assert_int_equal(
			crypto_sign_keypair(w->keys[i].public.bytes, w->keys[i].secret), 0);
		ssh_fingerprint(&w->keys[i].public, w->keys[i].fingerprint);
		ssh_public_line(&w->keys[i].public, NULL, &line);
		w->keys[i].line = str_detach(&line);
		assert_non_null(w->keys[i].line);
	}
}

static void
world_stop(struct world *w)
{
	for (size_t i = 0; i < KEYS; i++) {
		free(w->keys[i].line);
	}
	arena_free(w->arena);
}

static void
fold(struct world *w)
{
	const struct key_rules rules = {
		.desk = DESK, .trial = w->trial, .roles = roles_of, .left = left, .ctx = w
	};

	assert_int_equal(key_book_fold(w->arena, w->events, w->n, &rules, &w->book), ERR_OK);
}

/* One entry; `body` is taken over. */
static struct event *
add(struct world *w, const char *actor, const char *kind, json_t *body)
{
	struct event *event = &w->events[w->n];
	char *text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);

	assert_true(w->n < MOST);
	assert_non_null(text);
	*event = (struct event){ .seq = 100 + (int64_t)w->n,
		.id = arena_printf(w->arena, "EVENT-%zu", w->n),
		.subject = SUBJECT_KEYS,
		.subject_seq = 1 + (int64_t)w->n,
		.at = 1000,
		.actor = actor,
		.kind = kind,
		.body = arena_strdup(w->arena, text) };
	free(text);
	json_decref(body);
	w->n++;
	return event;
}

/* The member "signed" of an entry about to be added, by key `with`. */
static json_t *
signature(struct world *w, const struct key_claim *claim, const struct pair *with)
{
	struct str text = STR_INIT;
	struct str armored = STR_INIT;
	struct sshsig sig;
	struct hash hash;
	char hex[HASH_HEX_SIZE];
	json_t *sign;

	(void)w;
	key_text(claim, &text);
	hash_of(str_text(&text), text.len, &hash);
	hash_hex(&hash, hex);
	assert_int_equal(sshsig_make(with->secret, "toban",
				 (struct ssh_bytes){ str_text(&text), text.len }, &sig),
		SSH_OK);
	sshsig_armor(&sig, &armored);
	sign = json_pack("{s:s, s:s, s:s, s:s}", "key", with->fingerprint, "hash", hex, "text",
		str_text(&text), "signature", str_text(&armored));
	str_release(&text);
	str_release(&armored);
	return sign;
}

static struct key_claim
claim_of(struct world *w, const char *kind, const char *actor, const char *person)
{
	return (struct key_claim){ .kind = kind,
		.desk = DESK,
		.event = arena_printf(w->arena, "EVENT-%zu", w->n),
		.actor = actor,
		.person = person,
		.why = "" };
}

/* `person` proposes key `k`, proved by key `with`. */
static int64_t
propose(struct world *w, const char *person, size_t k, size_t with)
{
	struct key_claim claim = claim_of(w, KEY_PROPOSED, person, person);

	claim.fingerprint = w->keys[k].fingerprint;
	return add(w, person, KEY_PROPOSED,
		json_pack("{s:s, s:s, s:s, s:o}", "person", person, "public", w->keys[k].line,
			"fingerprint", w->keys[k].fingerprint, "signed",
			signature(w, &claim, &w->keys[with])))
		->seq;
}

#define UNSIGNED KEYS

struct decision {
	const char *actor;
	const char *kind;
	const char *person;
	size_t key;
	int64_t proposal;
	size_t with; /* UNSIGNED */
	bool first;
};

static int64_t
decide(struct world *w, struct decision d)
{
	struct key_claim claim = claim_of(w, d.kind, d.actor, d.person);
	json_t *body = json_pack("{s:s, s:s, s:I}", "person", d.person, "fingerprint",
		w->keys[d.key].fingerprint, "proposal", (json_int_t)d.proposal);

	claim.fingerprint = w->keys[d.key].fingerprint;
	claim.proposal = d.proposal;
	if (d.with != UNSIGNED) {
		json_object_set_new(body, "signed", signature(w, &claim, &w->keys[d.with]));
	}
	if (d.first) {
		json_object_set_new(body, "first", json_true());
	}
	return add(w, d.actor, d.kind, body)->seq;
}

/* The fault of the newest entry: its kind; "" when it counts. */
static const char *
newest_fault(struct world *w)
{
	fold(w);
	for (size_t i = 0; i < w->book.n_faults; i++) {
		if (w->book.faults[i].seq == w->events[w->n - 1].seq) {
			return w->book.faults[i].kind;
		}
	}
	return "";
}

static void
assert_counts(struct world *w)
{
	assert_string_equal(newest_fault(w), "");
}

/* The head has key 0, approved by the administrator as the first of the desk. */
static void
begin(struct world *w)
{
	int64_t proposal = propose(w, "head", 0, 0);

	assert_counts(w);
	decide(w, (struct decision){ "admin", KEY_APPROVED, "head", 0, proposal, UNSIGNED, true });
	assert_counts(w);
}

static void
book__whole_life_of_a_key__valid_from_seq_to_seq(void **state)
{
	struct world w;
	const struct key_entry *key;
	int64_t proposal;
	int64_t approved;
	int64_t between;
	int64_t revoked;

	(void)state;
	world_start(&w);
	begin(&w);
	proposal = propose(&w, "owner", 1, 1);
	assert_counts(&w);
	assert_null(key_book_signer(&w.book, "owner", w.keys[1].fingerprint, KEY_NOW));
	approved = decide(&w, (struct decision){ "head", KEY_APPROVED, "owner", 1, proposal, 0 });
	assert_counts(&w);
	assert_non_null(key_book_signer(&w.book, "owner", w.keys[1].fingerprint, KEY_NOW));
	assert_null(key_book_signer(&w.book, "head", w.keys[1].fingerprint, KEY_NOW));
	assert_int_equal(key_book_count(&w.book, "owner"), 1);
	key = key_book_find(&w.book, w.keys[1].fingerprint);
	assert_string_equal(key->approved_by, "head");
	assert_string_equal(key->approved_key, w.keys[0].fingerprint);
	assert_false(key->first);
	assert_true(key_book_find(&w.book, w.keys[0].fingerprint)->first);
	between = propose(&w, "deputy", 2, 2);
	/* One's own at once, without a signature: the key may be in strange hands. */
	revoked = decide(
		&w, (struct decision){ "owner", KEY_REVOKED, "owner", 1, proposal, UNSIGNED });
	assert_counts(&w);
	key = key_book_find(&w.book, w.keys[1].fingerprint);
	assert_int_equal(key->state, KEY_IS_REVOKED);
	assert_false(key_entry_valid(key, approved));
	assert_true(key_entry_valid(key, between));
	assert_false(key_entry_valid(key, revoked));
	assert_false(key_entry_valid(key, KEY_NOW));
	assert_int_equal(w.book.n_faults, 0);
	world_stop(&w);
}

static void
book__proposals_that_prove_nothing__do_not_count(void **state)
{
	struct world w;
	struct key_claim claim;

	(void)state;
	world_start(&w);
	propose(&w, "owner", 1, 2);
	assert_string_equal(newest_fault(&w), "signature");
	/* A proof that somebody else gave for themselves. */
	claim = claim_of(&w, KEY_PROPOSED, "head", "head");
	claim.fingerprint = w.keys[1].fingerprint;
	add(&w, "owner", KEY_PROPOSED,
		json_pack("{s:s, s:s, s:s, s:o}", "person", "owner", "public", w.keys[1].line,
			"fingerprint", w.keys[1].fingerprint, "signed",
			signature(&w, &claim, &w.keys[1])));
	assert_string_equal(newest_fault(&w), "signature");
	/* The fingerprint of one key, the bytes of another. */
	add(&w, "owner", KEY_PROPOSED,
		json_pack("{s:s, s:s, s:s}", "person", "owner", "public", w.keys[1].line,
			"fingerprint", w.keys[2].fingerprint));
	assert_string_equal(newest_fault(&w), "unreadable");
	add(&w, "owner", KEY_PROPOSED, json_object());
	assert_string_equal(newest_fault(&w), "unreadable");
	assert_int_equal(w.book.n_keys, 0);
	world_stop(&w);
}

static void
book__one_key_under_two_people__only_the_first_has_it(void **state)
{
	struct world w;
	int64_t proposal;

	(void)state;
	world_start(&w);
	begin(&w);
	propose(&w, "head-again", 0, 0);
	assert_string_equal(newest_fault(&w), "duties");
	proposal = propose(&w, "owner", 1, 1);
	propose(&w, "owner", 1, 1);
	assert_string_equal(newest_fault(&w), "duties");
	decide(&w, (struct decision){ "head", KEY_REFUSED, "owner", 1, proposal, UNSIGNED });
	assert_counts(&w);
	/* Refused, it may come again from the same person, and from nobody else. */
	propose(&w, "deputy", 1, 1);
	assert_string_equal(newest_fault(&w), "duties");
	propose(&w, "owner", 1, 1);
	assert_counts(&w);
	world_stop(&w);
}

/* Who comes back brings their key in again, and it is judged again. */
static void
book__whose_person_left__over_until_approved_anew(void **state)
{
	struct event leaving = { .at = 2000, .actor = "admin" };
	struct world w;
	const struct key_entry *key;
	int64_t first;
	int64_t second;

	(void)state;
	world_start(&w);
	begin(&w);
	first = propose(&w, "owner", 1, 1);
	(void)decide(&w, (struct decision){ "head", KEY_APPROVED, "owner", 1, first, 0 });
	second = propose(&w, "owner", 2, 2);
	leaving.seq = propose(&w, "deputy", 3, 3); /* somebody else's: only its number counts */
	w.leaving = &leaving;
	w.leaver = "owner";
	fold(&w);
	key = key_book_find(&w.book, w.keys[1].fingerprint);
	assert_int_equal(key->state, KEY_IS_REVOKED);
	assert_true(key_entry_left(key));
	assert_int_equal(key->ended_seq, leaving.seq);
	assert_string_equal(key->ended_by, "admin");
	assert_true(key_entry_valid(key, leaving.seq - 1));
	assert_false(key_entry_valid(key, leaving.seq));
	assert_int_equal(key_book_count(&w.book, "owner"), 0);
	assert_int_equal(key_book_count(&w.book, "head"), 1);
	/* What was proposed before is not approved after. */
	(void)decide(&w, (struct decision){ "head", KEY_APPROVED, "owner", 2, second, 0 });
	assert_string_equal(newest_fault(&w), "duties");
	first = propose(&w, "owner", 1, 1);
	assert_counts(&w);
	(void)decide(&w, (struct decision){ "head", KEY_APPROVED, "owner", 1, first, 0 });
	assert_counts(&w);
	assert_non_null(key_book_signer(&w.book, "owner", w.keys[1].fingerprint, KEY_NOW));
	world_stop(&w);
}

static void
book__signed_with_a_key_whose_person_left__does_not_count(void **state)
{
	struct event leaving = { .actor = "admin" };
	struct world w;
	int64_t proposal;

	(void)state;
	world_start(&w);
	begin(&w);
	leaving.seq = proposal = propose(&w, "owner", 1, 1);
	w.leaving = &leaving;
	w.leaver = "head";
	(void)decide(&w, (struct decision){ "head", KEY_APPROVED, "owner", 1, proposal, 0 });
	assert_string_equal(newest_fault(&w), "signature");
	world_stop(&w);
}

static void
book__approvals_against_the_rules__do_not_count(void **state)
{
	static const struct {
		struct decision decision;
		const char *want;
	} rows[] = {
		/* by the key's own person, by staff, by nobody's right */
		{ { "owner", KEY_APPROVED, "owner", 1, 0, 1 }, "duties" },
		{ { "deputy", KEY_APPROVED, "owner", 1, 0, UNSIGNED }, "duties" },
		/* unsigned, and as if it were the first; signed with a key of another's, with none
		 */
		{ { "head", KEY_APPROVED, "owner", 1, 0, UNSIGNED }, "signature" },
		{ { "admin", KEY_APPROVED, "owner", 1, 0, UNSIGNED, true }, "duties" },
		{ { "head", KEY_APPROVED, "owner", 1, 0, UNSIGNED, true }, "duties" },
		{ { "admin", KEY_APPROVED, "owner", 1, 0, 0 }, "signature" },
		{ { "head", KEY_APPROVED, "owner", 1, 0, 2 }, "signature" },
		/* for another person, of another key, revoking another's without a signature */
		{ { "head", KEY_APPROVED, "deputy", 1, 0, 0 }, "unreadable" },
		{ { "head", KEY_APPROVED, "owner", 2, 0, 0 }, "unreadable" },
		{ { "head", KEY_REVOKED, "owner", 1, 0, UNSIGNED }, "signature" },
		{ { "deputy", KEY_REVOKED, "owner", 1, 0, UNSIGNED }, "duties" },
		{ { "owner", KEY_REFUSED, "owner", 1, 0, UNSIGNED }, "duties" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct decision decision = rows[i].decision;
		struct world w;

		world_start(&w);
		begin(&w);
		decision.proposal = propose(&w, "owner", 1, 1);
		decide(&w, decision);
		if (strcmp(newest_fault(&w), rows[i].want) != 0) {
			fail_msg("row %zu: '%s'", i, newest_fault(&w));
		}
		assert_int_equal(key_book_count(&w.book, "owner"), 0);
		world_stop(&w);
	}
}

static void
book__signature_moved_to_another_entry__does_not_count(void **state)
{
	struct world w;
	int64_t proposal;
	json_t *body;

	(void)state;
	world_start(&w);
	begin(&w);
	proposal = propose(&w, "owner", 1, 1);
	decide(&w, (struct decision){ "head", KEY_APPROVED, "owner", 1, proposal, 0 });
	assert_counts(&w);
	body = json_loads(w.events[w.n - 1].body, 0, NULL);
	w.n--;
	/* The same words under another id. */
	w.events[w.n].id = "ANOTHER";
	w.n++;
	assert_string_equal(newest_fault(&w), "signature");
	w.n--;
	/* And with a reason that was not signed. */
	json_object_set_new(body, "why", json_string("added"));
	add(&w, "head", KEY_APPROVED, body);
	assert_string_equal(newest_fault(&w), "signature");
	world_stop(&w);
}

static void
book__nobody_can_sign_any_more__an_administrator_begins_again(void **state)
{
	struct world w;
	int64_t first;
	int64_t proposal;

	(void)state;
	world_start(&w);
	begin(&w);
	first = w.events[0].seq;
	proposal = propose(&w, "head", 1, 1);
	/* Not even with a valid key is one's own approved. */
	decide(&w, (struct decision){ "head", KEY_APPROVED, "head", 1, proposal, 0 });
	assert_string_equal(newest_fault(&w), "duties");
	decide(&w, (struct decision){ "admin", KEY_APPROVED, "head", 1, proposal, UNSIGNED, true });
	assert_string_equal(newest_fault(&w), "duties");
	decide(&w, (struct decision){ "head", KEY_REVOKED, "head", 0, first, UNSIGNED });
	assert_counts(&w);
	decide(&w, (struct decision){ "admin", KEY_APPROVED, "head", 1, proposal, UNSIGNED, true });
	assert_counts(&w);
	/* What was revoked never comes back. */
	propose(&w, "head", 0, 0);
	assert_string_equal(newest_fault(&w), "duties");
	world_stop(&w);
}

static void
book__trial_desk__asks_for_no_signature_but_checks_one(void **state)
{
	struct world w;
	int64_t proposal;

	(void)state;
	world_start(&w);
	w.trial = true;
	begin(&w);
	proposal = propose(&w, "owner", 1, 1);
	decide(&w, (struct decision){ "admin", KEY_APPROVED, "owner", 1, proposal, 2 });
	assert_string_equal(newest_fault(&w), "signature");
	decide(&w, (struct decision){ "admin", KEY_APPROVED, "owner", 1, proposal, UNSIGNED });
	assert_counts(&w);
	assert_string_equal(key_book_find(&w.book, w.keys[1].fingerprint)->approved_key, "");
	world_stop(&w);
}

static void
book__keys_of_the_desk__the_newest_is_in_use(void **state)
{
	struct world w;

	(void)state;
	world_start(&w);
	for (size_t i = 0; i < 2; i++) {
		add(&w, ACTOR_DESK, KEY_OF_DESK,
			json_pack("{s:s, s:s}", "public", w.keys[i].line, "fingerprint",
				w.keys[i].fingerprint));
		assert_counts(&w);
	}
	assert_int_equal(w.book.n_desk_keys, 2);
	assert_int_equal(w.book.desk_keys[0].until_seq, w.book.desk_keys[1].from_seq);
	assert_int_equal(w.book.desk_keys[1].until_seq, 0);
	add(&w, "admin", KEY_OF_DESK,
		json_pack("{s:s, s:s}", "public", w.keys[2].line, "fingerprint",
			w.keys[2].fingerprint));
	assert_string_equal(newest_fault(&w), "unreadable");
	add(&w, "admin", "key-lent", json_object());
	assert_string_equal(newest_fault(&w), "unreadable");
	world_stop(&w);
}

static void
key_text__all_members__is_what_is_written_down(void **state)
{
	const struct key_claim claim = { .kind = KEY_REVOKED,
		.desk = "d",
		.event = "E",
		.actor = "head",
		.person = "dc-owner",
		.fingerprint = "SHA256:x",
		.proposal = 17,
		.why = "紛失\nlost" };
	struct str text = STR_INIT;

	(void)state;
	key_text(&claim, &text);
	assert_string_equal(str_text(&text),
		"toban 1 key-revoked\ndesk 1 d\nevent 1 E\nactor 4 head\nperson 8 dc-owner\n"
		"fingerprint 8 SHA256:x\nproposal 2 17\nwhy 11 紛失\nlost\n");
	str_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(book__whole_life_of_a_key__valid_from_seq_to_seq),
		cmocka_unit_test(book__proposals_that_prove_nothing__do_not_count),
		cmocka_unit_test(book__one_key_under_two_people__only_the_first_has_it),
		cmocka_unit_test(book__whose_person_left__over_until_approved_anew),
		cmocka_unit_test(book__signed_with_a_key_whose_person_left__does_not_count),
		cmocka_unit_test(book__approvals_against_the_rules__do_not_count),
		cmocka_unit_test(book__signature_moved_to_another_entry__does_not_count),
		cmocka_unit_test(book__nobody_can_sign_any_more__an_administrator_begins_again),
		cmocka_unit_test(book__trial_desk__asks_for_no_signature_but_checks_one),
		cmocka_unit_test(book__keys_of_the_desk__the_newest_is_in_use),
		cmocka_unit_test(key_text__all_members__is_what_is_written_down),
	};

	return hash_start() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
