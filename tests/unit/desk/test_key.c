/* SPDX-License-Identifier: MIT */
/*
 * Keys through the door: bringing one in, deciding about it, and what the verifier says of
 * entries that were written around the door.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "fixture.h"
#include "toban/base/attr.h"
#include "toban/base/sshsig.h"
#include "toban/core/key_book.h"
#include "toban/forms.h"
#include "toban/store/store.h"

struct token {
	uint8_t secret[SSHSIG_SECRET_BYTES];
	struct ssh_public public;
	char fingerprint[SSH_FINGERPRINT_SIZE];
	char line[200];
};

static void
token_make(struct token *token, const char *comment)
{
	struct str line = STR_INIT;

	assert_int_equal(crypto_sign_keypair(token->public.bytes, token->secret), 0);
	ssh_fingerprint(&token->public, token->fingerprint);
	ssh_public_line(&token->public, comment, &line);
	(void)snprintf(token->line, sizeof(token->line), "%s", str_text(&line));
	str_release(&line);
}

static json_t *
public_args(const struct token *token)
{
	return json_pack("{s:s}", "public", token->line);
}

static json_t *
key_args(const struct token *token, const char *why)
{
	return json_pack("{s:s, s:s*}", "fingerprint", token->fingerprint, "why", why);
}

/* Calls and expects this refusal; its document. */
static json_t *
refuse(struct fixture *f, const char *person, const char *method, json_t *args, const char *code)
{
	struct door door = fixture_door(f, person);
	json_t *result = NULL;
	json_t *error = NULL;

	if (door.call(door.ctx, method, args, &result, &error) == ERR_OK) {
		fail_msg("%s by %s was not refused (%s)", method, person, code);
	}
	desk_door_free(&door);
	assert_string_equal(text_at(error, "code"), code);
	json_decref(args);
	return error;
}

/* Adds event and signature of the refusal's text to the arguments. */
static json_t *
sign(json_t *args, const json_t *error, const struct token *token)
{
	const json_t *ask = json_object_get(error, "sign");
	const char *text = text_at(ask, "text");
	struct str armored = STR_INIT;
	struct sshsig sig;
	struct hash hash;
	char hex[HASH_HEX_SIZE];

	hash_of(text, strlen(text), &hash);
	hash_hex(&hash, hex);
	assert_string_equal(text_at(ask, "hash"), hex);
	assert_int_equal(
		sshsig_make(token->secret, "toban", (struct ssh_bytes){ text, strlen(text) }, &sig),
		SSH_OK);
	sshsig_armor(&sig, &armored);
	json_object_set_new(args, "event", json_string(text_at(ask, "event")));
	json_object_set_new(args, "signature", json_string(str_text(&armored)));
	str_release(&armored);
	return args;
}

/* Calls, signs what is asked for, calls again: as every client does. */
static json_t *
signed_call(struct fixture *f, const char *person, const char *method, json_t *args,
	const struct token *token)
{
	json_t *error = refuse(f, person, method, json_copy(args), "D320");
	json_t *answer = ok_doc(f, person, method, sign(args, error, token));

	json_decref(error);
	return answer;
}

static void
propose(struct fixture *f, const char *person, const struct token *token)
{
	drop(signed_call(f, person, "key.propose", public_args(token), token));
}

/* A real desk where the office head has key `head`, approved as the first. */
static void
start(struct fixture *f, enum fixture_store kind, struct token *head)
{
	json_t *answer;

	fixture_start_real(f, kind);
	token_make(head, "head@office");
	propose(f, "office-head", head);
	answer = ok_doc(f, "admin", "key.approve", key_args(head, NULL));
	assert_true(json_is_true(json_object_get(answer, "first")));
	assert_true(json_is_null(json_object_get(answer, "signed_with")));
	drop(answer);
}

/* The row of key.list. */
static json_t *
row(struct fixture *f, const char *reader, const struct token *token)
{
	json_t *list = ok(f, reader, "key.list", "{}");
	json_t *found = NULL;
	json_t *key;
	size_t i;

	json_array_foreach(json_object_get(list, "keys"), i, key)
	{
		if (strcmp(text_at(key, "fingerprint"), token->fingerprint) == 0) {
			json_decref(found); /* of a key that came again the newest counts */
			found = json_incref(key);
		}
	}
	json_decref(list);
	assert_non_null(found);
	return found;
}

static void
assert_state(struct fixture *f, const struct token *token, const char *want)
{
	json_t *key = row(f, "dc-operator-1", token);

	assert_string_equal(text_at(key, "state"), want);
	drop(key);
}

static void
assert_sound(struct fixture *f)
{
	json_t *verdict = ok(f, "auditor-1", "ledger.verify", "{'rebuild':true}");
	char *text = json_dumps(verdict, JSON_INDENT(1));

	if (!json_is_true(json_object_get(verdict, "ok"))) {
		print_error("%s\n", text);
	}
	assert_true(json_is_true(json_object_get(verdict, "ok")));
	free(text);
	drop(verdict);
}

static void
key__proposed_and_approved_with_a_signature__signs_from_then_on(void **state)
{
	struct fixture f;
	struct token head;
	struct token owner;
	json_t *answer;
	json_t *key;

	start(&f, (enum fixture_store)(uintptr_t)*state, &head);
	token_make(&owner, "dc-owner@laptop");
	propose(&f, "dc-owner", &owner);
	key = row(&f, "office-head", &owner);
	assert_string_equal(text_at(key, "state"), "proposed");
	assert_string_equal(text_at(key, "comment"), "dc-owner@laptop");
	assert_true(json_is_true(json_object_get(json_object_get(key, "may"), "approve")));
	drop(key);
	answer = signed_call(&f, "office-head", "key.approve", key_args(&owner, NULL), &head);
	assert_string_equal(text_at(answer, "signed_with"), head.fingerprint);
	assert_false(json_is_true(json_object_get(answer, "first")));
	drop(answer);
	key = row(&f, "dc-owner", &owner);
	assert_string_equal(text_at(key, "state"), "approved");
	assert_string_equal(text_at(key, "approved_by"), "office-head");
	drop(key);
	fixture_reopen(&f);
	assert_state(&f, &owner, "approved");
	assert_sound(&f);
	fixture_stop(&f);
}

static void
propose__public_keys_that_do_not_do__refused_with_reason(void **state)
{
	static const char *const bad[] = {
		"nonsense", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ== x",
		"sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29t x",
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	};
	struct fixture f;
	struct token token;

	fixture_start_real(&f, (enum fixture_store)(uintptr_t)*state);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		drop(refuse(&f, "dc-owner", "key.propose", json_pack("{s:s}", "public", bad[i]),
			"D321"));
	}
	token_make(&token, NULL);
	drop(refuse(&f, "auditor-1", "key.propose", public_args(&token), "D306"));
	fixture_stop(&f);
}

static void
propose__somebody_elses_key__refused_and_told_whose(void **state)
{
	struct fixture f;
	struct token head;
	struct token fresh;
	json_t *error;

	start(&f, (enum fixture_store)(uintptr_t)*state, &head);
	error = refuse(&f, "office-staff-1", "key.propose", public_args(&head), "D322");
	assert_null(json_object_get(error, "sign"));
	drop(error);
	/* The proof of one person is no proof of another. */
	token_make(&fresh, NULL);
	error = refuse(&f, "dc-owner", "key.propose", public_args(&fresh), "D320");
	drop(refuse(&f, "dc-deputy-1", "key.propose", sign(public_args(&fresh), error, &fresh),
		"D324"));
	/* Nor is one made with another key, or of another moment. */
	drop(refuse(
		&f, "dc-owner", "key.propose", sign(public_args(&fresh), error, &head), "D324"));
	f.now += INT64_C(3600001);
	drop(refuse(
		&f, "dc-owner", "key.propose", sign(public_args(&fresh), error, &fresh), "D326"));
	drop(error);
	assert_sound(&f);
	fixture_stop(&f);
}

static void
approve__by_whom_it_is_not__refused_and_told_who_can(void **state)
{
	struct fixture f;
	struct token head;
	struct token owner;
	json_t *error;

	fixture_start_real(&f, (enum fixture_store)(uintptr_t)*state);
	token_make(&head, NULL);
	token_make(&owner, NULL);
	propose(&f, "office-head", &head);
	propose(&f, "dc-owner", &owner);
	/* Nobody can sign yet: the office head, who could later, is told that it is admin's. */
	error = refuse(&f, "office-head", "key.approve", key_args(&owner, NULL), "D328");
	assert_int_equal(json_array_size(json_object_get(error, "who")), 1);
	drop(error);
	drop(refuse(&f, "office-head", "key.approve", key_args(&head, NULL), "D319"));
	drop(refuse(&f, "dc-deputy-1", "key.approve", key_args(&owner, NULL), "D301"));
	drop(refuse(&f, "auditor-1", "key.approve", key_args(&owner, NULL), "D306"));
	drop(ok_doc(&f, "admin", "key.approve", key_args(&head, NULL)));
	/* From now on the administrator signs, too; without a key they are told how to get one. */
	error = refuse(&f, "admin", "key.approve", key_args(&owner, NULL), "D323");
	assert_non_null(strstr(text_at(error, "what_to_do"), "toban key"));
	assert_null(json_object_get(error, "sign"));
	drop(error);
	drop(refuse(&f, "office-head", "key.approve", key_args(&head, NULL), "D319"));
	drop(refuse(&f, "dc-owner", "key.approve", key_args(&owner, NULL), "D319"));
	assert_state(&f, &owner, "proposed");
	assert_sound(&f);
	fixture_stop(&f);
}

static void
approve__signature_of_another_act__refused(void **state)
{
	struct fixture f;
	struct token head;
	struct token owner;
	struct token deputy;
	json_t *error;
	json_t *args;
	json_t *answer;

	start(&f, (enum fixture_store)(uintptr_t)*state, &head);
	token_make(&owner, NULL);
	token_make(&deputy, NULL);
	propose(&f, "dc-owner", &owner);
	propose(&f, "dc-deputy-1", &deputy);
	error = refuse(&f, "office-head", "key.approve", key_args(&owner, NULL), "D320");
	/* Signed for the owner's key, sent for the deputy's; and by a key that signs for nobody. */
	drop(refuse(&f, "office-head", "key.approve", sign(key_args(&deputy, NULL), error, &head),
		"D324"));
	drop(refuse(&f, "office-head", "key.approve", sign(key_args(&owner, NULL), error, &owner),
		"D324"));
	args = sign(key_args(&owner, NULL), error, &head);
	drop(ok_doc(&f, "office-head", "key.approve", json_copy(args)));
	/* Sent a second time it is the same entry. */
	answer = ok_doc(&f, "office-head", "key.approve", args);
	assert_true(json_is_true(json_object_get(answer, "repeated")));
	drop(answer);
	drop(error);
	drop(refuse(&f, "office-head", "key.approve", key_args(&owner, NULL), "D327"));
	assert_sound(&f);
	fixture_stop(&f);
}

static void
revoke__own_at_once_and_others_signed__never_comes_back(void **state)
{
	struct fixture f;
	struct token head;
	struct token owner;
	struct token deputy;

	start(&f, (enum fixture_store)(uintptr_t)*state, &head);
	token_make(&owner, NULL);
	token_make(&deputy, NULL);
	propose(&f, "dc-owner", &owner);
	propose(&f, "dc-deputy-1", &deputy);
	drop(signed_call(&f, "office-head", "key.approve", key_args(&owner, NULL), &head));
	drop(signed_call(&f, "office-head", "key.approve", key_args(&deputy, NULL), &head));
	drop(ok_doc(&f, "dc-owner", "key.revoke", key_args(&owner, "laptop lost\nin the train")));
	assert_state(&f, &owner, "revoked");
	drop(refuse(&f, "dc-owner", "key.propose", public_args(&owner), "D327"));
	drop(refuse(&f, "dc-owner", "key.revoke", key_args(&owner, "again"), "D327"));
	drop(refuse(&f, "dc-owner", "key.revoke", key_args(&deputy, "envy"), "D301"));
	drop(signed_call(&f, "office-head", "key.revoke", key_args(&deputy, "left"), &head));
	assert_state(&f, &deputy, "revoked");
	drop(refuse(&f, "dc-owner", "key.revoke", key_args(&deputy, NULL), "D101"));
	refused(&f, "dc-owner", "key.revoke", "{'fingerprint':'SHA256:x','why':'y'}", "D325");
	assert_sound(&f);
	fixture_stop(&f);
}

static void
refuse__with_a_reason__may_be_proposed_again(void **state)
{
	struct fixture f;
	struct token head;
	struct token owner;
	json_t *key;

	start(&f, (enum fixture_store)(uintptr_t)*state, &head);
	token_make(&owner, NULL);
	propose(&f, "dc-owner", &owner);
	drop(ok_doc(&f, "admin", "key.refuse", key_args(&owner, "call me first")));
	key = row(&f, "dc-owner", &owner);
	assert_string_equal(text_at(key, "why"), "call me first");
	drop(key);
	propose(&f, "dc-owner", &owner);
	assert_state(&f, &owner, "proposed");
	assert_sound(&f);
	fixture_stop(&f);
}

static void
propose__sixth_key__refused(void **state)
{
	struct fixture f;
	struct token token;

	fixture_start_real(&f, (enum fixture_store)(uintptr_t)*state);
	for (int i = 0; i < 5; i++) {
		token_make(&token, NULL);
		propose(&f, "dc-owner", &token);
	}
	token_make(&token, NULL);
	drop(refuse(&f, "dc-owner", "key.propose", public_args(&token), "D329"));
	fixture_stop(&f);
}

static void
trial__approves_unsigned__and_signed_on_request(void **state)
{
	struct fixture f;
	struct token head;
	struct token owner;
	json_t *args;
	json_t *error;

	fixture_start(&f, (enum fixture_store)(uintptr_t)*state);
	token_make(&head, NULL);
	token_make(&owner, NULL);
	propose(&f, "office-head", &head);
	propose(&f, "dc-owner", &owner);
	drop(ok_doc(&f, "admin", "key.approve", key_args(&head, NULL)));
	args = key_args(&owner, NULL);
	json_object_set_new(args, "sign", json_true());
	error = refuse(&f, "office-head", "key.approve", json_copy(args), "D320");
	drop(ok_doc(&f, "office-head", "key.approve", sign(args, error, &head)));
	drop(error);
	assert_sound(&f);
	fixture_stop(&f);
}

/* --- around the door ------------------------------------------------------------------------- */

static void
append(struct fixture *f, const char *actor, const char *kind, json_t *body)
{
	struct event_list newest = { NULL, 0 };
	char id[NEW_ID_SIZE];
	char *text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
	struct event event = { .id = id,
		.subject = SUBJECT_KEYS,
		.at = f->now,
		.happened_at = STAMP_NONE,
		.actor = actor,
		.post = "",
		.kind = kind,
		.form = "",
		.form_version = "",
		.body = text };
	struct store_batch batch = { .events = &event, .n_events = 1 };

	random_id(f->now, id);
	assert_int_equal(
		store_subject_newest(f->store, f->arena, SUBJECT_KEYS, 1, &newest), ERR_OK);
	event.subject_seq = newest.n ? newest.items[0].subject_seq + 1 : 1;
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	free(text);
	json_decref(body);
}

/* The kinds of what ledger.verify finds, in order, with a blank between them. */
static const char *
found(struct fixture *f)
{
	static char kinds[200];
	json_t *verdict = ok(f, "auditor-1", "ledger.verify", "{}");
	json_t *problem;
	size_t i;

	kinds[0] = '\0';
	json_array_foreach(json_object_get(verdict, "problems"), i, problem)
	{
		size_t len = strlen(kinds);

		(void)snprintf(kinds + len, sizeof(kinds) - len, "%s%s", i ? " " : "",
			text_at(problem, "kind"));
	}
	json_decref(verdict);
	return kinds;
}

static void
F37__key_entries_around_the_door__named_and_worth_nothing(void **state)
{
	struct fixture f;
	struct token head;
	struct token own;
	struct token owner;
	json_t *key;

	start(&f, (enum fixture_store)(uintptr_t)*state, &head);
	token_make(&owner, NULL);
	token_make(&own, NULL);
	propose(&f, "dc-owner", &owner);
	key = row(&f, "admin", &owner);
	append(&f, "office-head", KEY_APPROVED,
		json_pack("{s:s, s:s, s:O}", "person", "dc-owner", "fingerprint", owner.fingerprint,
			"proposal", json_object_get(key, "proposed_seq")));
	append(&f, "admin", KEY_APPROVED,
		json_pack("{s:s, s:s, s:O, s:b}", "person", "dc-owner", "fingerprint",
			owner.fingerprint, "proposal", json_object_get(key, "proposed_seq"),
			"first", 1));
	append(&f, "dc-owner", KEY_APPROVED,
		json_pack("{s:s, s:s, s:O}", "person", "dc-owner", "fingerprint", owner.fingerprint,
			"proposal", json_object_get(key, "proposed_seq")));
	append(&f, "dc-deputy-1", KEY_PROPOSED,
		json_pack("{s:s, s:s, s:s}", "person", "dc-deputy-1", "fingerprint",
			own.fingerprint, "public", own.line));
	append(&f, "dc-deputy-1", KEY_PROPOSED, json_object());
	drop(key);
	assert_string_equal(found(&f), "signature duties duties signature unreadable");
	assert_state(&f, &owner, "proposed");
	fixture_stop(&f);
}

/* The example organisation with one more member of the office. */
static json_t *
with_newcomer(void)
{
	const struct def_file *file = shipped_find("org/example.ini");

	return json_pack("{s:o, s:s}", "text",
		json_sprintf("%.*s\n[person newcomer]\nName=New\nDepartment=security-office\n"
			     "Roles=office\nLogin=newcomer\n\n[person admin-2]\nName=A\n"
			     "Department=general-affairs\nRoles=admin\nLogin=root\n",
			(int)file->len, file->data),
		"why", "new member");
}

/* The example organisation in which a member of the office has another account. */
static json_t *
with_account(void)
{
	static const char head[] = "[person office-staff-1]\n";
	const struct def_file *file = shipped_find("org/example.ini");
	const char *at = memmem(file->data, file->len, head, strlen(head));
	size_t before = at ? (size_t)(at - file->data) + strlen(head) : 0;

	assert_true(before);
	return json_pack("{s:o, s:s}", "text",
		json_sprintf("%.*sLogin=second\n%.*s\n[person admin-2]\nName=A\n"
			     "Department=general-affairs\nRoles=admin\nLogin=root\n",
			(int)before, file->data, (int)(file->len - before),
			file->data + before),
		"why", "a new account");
}

/* One human with two accounts: who entered a person, or moved their account, approves no key. */
static void
key__of_whom_the_approver_entered_or_moved__is_for_another(void **state)
{
	static const struct {
		json_t *(*change)(void);
		const char *person;
	} rows[] = { { with_newcomer, "newcomer" }, { with_account, "office-staff-1" } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fixture f;
		struct token head;
		struct token admin;
		struct token other;
		json_t *error;

		start(&f, (enum fixture_store)(uintptr_t)*state, &head);
		token_make(&admin, "admin@desk");
		propose(&f, "admin", &admin);
		drop(signed_call(&f, "office-head", "key.approve", key_args(&admin, NULL), &head));
		drop(signed_call(&f, "admin", "org.set", rows[i].change(), &admin));
		token_make(&other, "other@laptop");
		propose(&f, rows[i].person, &other);
		error = refuse(&f, "admin", "key.approve", key_args(&other, NULL), "D485");
		assert_string_equal(
			json_string_value(json_array_get(json_object_get(error, "who"), 0)),
			"office-head");
		assert_int_equal(json_array_size(json_object_get(error, "who")), 1);
		drop(error);
		assert_state(&f, &other, "proposed");
		drop(signed_call(&f, "office-head", "key.approve", key_args(&other, NULL), &head));
		assert_state(&f, &other, "approved");
		assert_sound(&f);
		fixture_stop(&f);
	}
}

/* Where nobody else could, a desk must not get stuck. */
static void
key__of_who_was_entered_by_the_only_approver__is_approved(void **state)
{
	struct fixture f;
	struct token head;
	struct token newcomer;

	start(&f, (enum fixture_store)(uintptr_t)*state, &head);
	drop(signed_call(&f, "office-head", "org.set", with_newcomer(), &head));
	token_make(&newcomer, "newcomer@laptop");
	propose(&f, "newcomer", &newcomer);
	drop(signed_call(&f, "office-head", "key.approve", key_args(&newcomer, NULL), &head));
	assert_sound(&f);
	fixture_stop(&f);
}

int
main(void)
{
#define BOTH(test)                                                                                 \
	cmocka_unit_test_prestate(test, (void *)(uintptr_t)ON_MEMORY),                             \
		cmocka_unit_test_prestate(test, (void *)(uintptr_t)ON_SQLITE)
	const struct CMUnitTest tests[] = {
		BOTH(key__proposed_and_approved_with_a_signature__signs_from_then_on),
		BOTH(propose__public_keys_that_do_not_do__refused_with_reason),
		BOTH(propose__somebody_elses_key__refused_and_told_whose),
		BOTH(approve__by_whom_it_is_not__refused_and_told_who_can),
		BOTH(approve__signature_of_another_act__refused),
		BOTH(key__of_whom_the_approver_entered_or_moved__is_for_another),
		BOTH(key__of_who_was_entered_by_the_only_approver__is_approved),
		BOTH(revoke__own_at_once_and_others_signed__never_comes_back),
		BOTH(refuse__with_a_reason__may_be_proposed_again),
		BOTH(propose__sixth_key__refused),
		BOTH(trial__approves_unsigned__and_signed_on_request),
		BOTH(F37__key_entries_around_the_door__named_and_worth_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
