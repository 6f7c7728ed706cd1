/* SPDX-License-Identifier: MIT */
/*
 * Signed calls of the desk tests: see signer.h.
 */
#include "signer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "toban/base/attr.h"
#include "toban/core/key_book.h"

void
pair_make(struct pair *pair)
{
	pair->person = NULL;
	assert_int_equal(crypto_sign_keypair(pair->public.bytes, pair->secret), 0);
	ssh_fingerprint(&pair->public, pair->fingerprint);
}

char *
pair_sign(const struct pair *pair, const char *namespace, const char *text)
{
	struct str armored = STR_INIT;
	struct sshsig sig;

	assert_int_equal(sshsig_make(pair->secret, namespace,
				 (struct ssh_bytes){ text, strlen(text) }, &sig),
		SSH_OK);
	sshsig_armor(&sig, &armored);
	return str_detach(&armored);
}

/* --- entries about keys ------------------------------------------------------------------- */

static const char *
founded(struct fixture *f)
{
	struct event_list first = { NULL, 0 };
	char *hex = arena_alloc(f->arena, HASH_HEX_SIZE);

	assert_int_equal(store_events(f->store, f->arena, 0, 1, &first), ERR_OK);
	hash_hex(&first.items[0].row_hash, hex);
	return hex;
}

/* The proof of an entry about a key, by `with`. */
static json_t *
proof(const struct key_claim *claim, const struct pair *with)
{
	struct str text = STR_INIT;
	struct hash hash;
	char hex[HASH_HEX_SIZE];
	char *armored;
	json_t *doc;

	key_text(claim, &text);
	hash_of(str_text(&text), text.len, &hash);
	hash_hex(&hash, hex);
	armored = pair_sign(with, SSHSIG_NAMESPACE, str_text(&text));
	doc = json_pack("{s:s, s:s, s:s, s:s}", "key", with->fingerprint, "hash", hex, "text",
		str_text(&text), "signature", armored);
	free(armored);
	str_release(&text);
	return doc;
}

static int64_t
append(struct fixture *f, struct event *event, json_t *body)
{
	struct event_list newest = { NULL, 0 };
	struct ledger_head head;
	struct store_batch batch = { .events = event, .n_events = 1 };
	char *text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);

	assert_int_equal(
		store_subject_newest(f->store, f->arena, SUBJECT_KEYS, 1, &newest), ERR_OK);
	event->subject = SUBJECT_KEYS;
	event->subject_seq = newest.n ? newest.items[0].subject_seq + 1 : 1;
	event->at = f->now;
	event->happened_at = STAMP_NONE;
	event->post = event->form = event->form_version = "";
	event->body = text;
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	assert_int_equal(store_head(f->store, &head), ERR_OK);
	free(text);
	json_decref(body);
	return head.seq;
}

static json_t *
claim_body(const struct key_claim *claim)
{
	return json_pack("{s:s, s:s, s:I, s:s}", "person", claim->person, "fingerprint",
		claim->fingerprint, "proposal", (json_int_t)claim->proposal, "why", claim->why);
}

void
give_key(struct fixture *f, const char *person, struct pair *ret_pair)
{
	char id[2][NEW_ID_SIZE];
	struct key_claim claim = { .kind = KEY_PROPOSED,
		.desk = founded(f),
		.event = id[0],
		.actor = person,
		.person = person,
		.why = "" };
	struct event proposed = { .id = id[0], .actor = person, .kind = KEY_PROPOSED };
	struct event approved = { .id = id[1], .actor = "admin", .kind = KEY_APPROVED };
	struct str line = STR_INIT;
	json_t *body;

	random_id(f->now, id[0]);
	random_id(f->now, id[1]);
	pair_make(ret_pair);
	ret_pair->person = person;
	claim.fingerprint = ret_pair->fingerprint;
	ssh_public_line(&ret_pair->public, NULL, &line);
	body = claim_body(&claim);
	json_object_set_new(body, "public", json_string(str_text(&line)));
	json_object_set_new(body, "signed", proof(&claim, ret_pair));
	claim.proposal = append(f, &proposed, body);
	body = claim_body(&claim);
	json_object_set_new(body, "first", json_true());
	(void)append(f, &approved, body);
	str_release(&line);
}

void
revoke_key(struct fixture *f, const char *person, const struct pair *pair)
{
	char id[NEW_ID_SIZE];
	struct event event = { .id = id, .actor = person, .kind = KEY_REVOKED };
	struct event_list events = { NULL, 0 };
	int64_t proposal = 0;

	random_id(f->now, id);
	assert_int_equal(store_subject(f->store, f->arena, SUBJECT_KEYS, &events), ERR_OK);
	for (size_t i = 0; i < events.n; i++) {
		if (strcmp(events.items[i].kind, KEY_PROPOSED) == 0 &&
			strstr(events.items[i].body, pair->fingerprint)) {
			proposal = events.items[i].seq;
		}
	}
	(void)append(f, &event,
		json_pack("{s:s, s:s, s:I, s:s}", "person", person, "fingerprint",
			pair->fingerprint, "proposal", (json_int_t)proposal, "why", "lost"));
}

/* --- signed acts ---------------------------------------------------------------------------- */

static json_t *
plain_args(const char *id, const char *step, const char *fields)
{
	return json_pack(
		"{s:s, s:s, s:o}", "id", id, "step", step, "fields", doc(fields ? fields : "{}"));
}

enum err
act_signed(struct fixture *f, const char *person, const json_t *args, json_t **ret_answer)
{
	struct door door = fixture_door(f, person);
	json_t *result = NULL;
	json_t *error = NULL;
	enum err e = door.call(door.ctx, "incident.act", args, &result, &error);

	desk_door_free(&door);
	*ret_answer = e ? error : result;
	return e;
}

json_t *
text_to_sign(
	struct fixture *f, const char *person, const char *id, const char *step, const char *fields)
{
	json_t *args = plain_args(id, step, fields);
	json_t *error = NULL;
	json_t *sign;

	assert_int_equal(act_signed(f, person, args, &error), ERR_DENIED);
	assert_string_equal(text_at(error, "code"), "D320");
	sign = json_incref(json_object_get(error, "sign"));
	assert_non_null(sign);
	json_decref(error);
	json_decref(args);
	return sign;
}

json_t *
signed_args(const char *id, const char *step, const char *fields, const json_t *sign,
	const struct pair *pair)
{
	json_t *args = plain_args(id, step, fields);
	char *armored = pair_sign(pair, SSHSIG_NAMESPACE, text_at(sign, "text"));

	json_object_set(args, "event", json_object_get(sign, "event"));
	json_object_set_new(args, "signature", json_string(armored));
	free(armored);
	return args;
}

json_t *
decide(struct fixture *f, const struct pair *pair, const char *id, const char *step,
	const char *fields)
{
	json_t *sign = text_to_sign(f, pair->person, id, step, fields);
	json_t *answer =
		ok_doc(f, pair->person, "incident.act", signed_args(id, step, fields, sign, pair));

	json_decref(sign);
	return answer;
}

json_t *
call_signed(struct fixture *f, const struct pair *pair, const char *method, json_t *args)
{
	struct door door = fixture_door(f, pair->person);
	json_t *result = NULL;
	json_t *error = NULL;
	json_t *sign;
	char *armored;

	assert_int_equal(door.call(door.ctx, method, args, &result, &error), ERR_DENIED);
	desk_door_free(&door);
	assert_string_equal(text_at(error, "code"), "D320");
	sign = json_object_get(error, "sign");
	armored = pair_sign(pair, SSHSIG_NAMESPACE, text_at(sign, "text"));
	json_object_set(args, "event", json_object_get(sign, "event"));
	json_object_set_new(args, "signature", json_string(armored));
	free(armored);
	json_decref(error);
	return ok_doc(f, pair->person, method, args);
}

char *
problems(struct fixture *f)
{
	json_t *answer = ok(f, "auditor-1", "ledger.verify", NULL);
	struct str text = STR_INIT;
	json_t *problem;
	size_t i;

	json_array_foreach(json_object_get(answer, "problems"), i, problem)
	{
		str_addf(&text, "%s%lld:%s", i ? " " : "",
			(long long)json_integer_value(json_object_get(problem, "seq")),
			text_at(problem, "kind"));
	}
	json_decref(answer);
	return text.len ? str_detach(&text) : strdup("");
}
