/* SPDX-License-Identifier: MIT */
/*
 * Signed decisions, checked again from the entries alone: that each is signed, over exactly what
 * its columns and body say, by a key that signed for its maker at that number of the ledger.
 */
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "signing.h"
#include "toban/base/attr.h"
#include "toban/base/sshsig.h"
#include "verify.h"

struct signatures {
	struct keys keys; /* as the file holds them now */
	bool trial;
	int64_t due_from; /* entries before it were made when nothing was signed yet */
};

/* --- what is known once ------------------------------------------------------------------- */

/* Decisions are signed from the first organisation that says so, or the first approved key. */
static int64_t
find_due(const struct signatures *s)
{
	int64_t from = INT64_MAX;

	for (size_t i = 0; i < s->keys.orgs.events.n; i++) {
		const char *body = s->keys.orgs.events.items[i].body;

		if (body && strstr(body, ORG_SIGNED)) {
			from = s->keys.orgs.events.items[i].seq;
			break;
		}
	}
	for (size_t i = 0; i < s->keys.book.n_keys; i++) {
		int64_t approved = s->keys.book.keys[i].approved_seq;

		from = approved && approved < from ? approved : from;
	}
	return from;
}

enum err
verify_signatures_start(struct verify *verify, struct arena *arena)
{
	struct signatures *s = arena_alloc(arena, sizeof(*s));
	enum err e = ERR_NOMEM;

	if (s) {
		*s = (struct signatures){ .trial = false };
		e = keys_read(verify->call, arena, &s->keys);
	}
	if (!e) {
		s->trial = s->keys.rules.trial;
		s->due_from = find_due(s);
		verify->signatures = s;
	}
	return e;
}

unsigned
verify_roles(const struct verify *verify, const char *person, int64_t seq)
{
	struct org_history *orgs = &verify->signatures->keys.orgs;

	/* Without any organisation nobody can be told from anybody. */
	return orgs->n ? org_history_roles(orgs, person, seq) : ~0U;
}

/* --- one entry ------------------------------------------------------------------------------ */

/* An entry with what it is checked against. */
struct checked {
	struct verify *verify;
	struct arena *arena;
	const struct event *event;
	struct entries entries; /* of its subject, to this one at least */
	size_t at;              /* its place among them */
	bool due;               /* it must be signed */
	json_t *body;
	const json_t *proof;
	const struct incident *before; /* the case without it; NULL: it cannot be made again */
};

static void
report(const struct checked *c, const char *kind, const char *what)
{
	ledger_report(&c->verify->problems, c->event->seq, kind, "%s: entry %lld, %s by %s, %s",
		c->event->subject, (long long)c->event->seq, c->event->kind, c->event->actor, what);
}

static const char *
proof_text(const struct checked *c, const char *key)
{
	const char *text = json_string_value(json_object_get(c->proof, key));

	return text ? text : "";
}

/* The step a person took last before this entry: plainly, without the fold that allowed it. */
static const struct event *
stands_on(const struct checked *c)
{
	for (size_t i = c->at; i-- > 0;) {
		const struct event *event = &c->entries.events[i];
		bool step = c->entries.claims[i].step ||
			strcmp(event->kind, KIND_TAKEN_BACK) == 0 ||
			strcmp(event->subject, SUBJECT_ORG) == 0;

		if (step &&
			(strcmp(event->actor, ACTOR_DESK) != 0 ||
				strcmp(event->subject, SUBJECT_ORG) == 0) &&
			!c->entries.claims[i].is_void) {
			return event;
		}
	}
	return NULL;
}

/* The result line of a text, as far as it is one: what an erased result leaves to compare. */
static bool
text_result(const char *text, struct hash *ret_hash)
{
	const char *line = strstr(text, "\nresult 64:");
	char hex[HASH_HEX_SIZE];

	if (!line || strlen(line) < 11 + 64) {
		return false;
	}
	memcpy(hex, line + 11, HASH_HEX_SIZE - 1);
	hex[HASH_HEX_SIZE - 1] = '\0';
	return hash_parse(hex, ret_hash) == ERR_OK;
}

static bool
any_erased(const struct checked *c)
{
	for (size_t i = 0; i < c->at; i++) {
		if (!c->entries.events[i].body) {
			return true;
		}
	}
	return false;
}

/*
 * The result the decision is about.  Where a text of what came before was erased since, its hash
 * cannot be made again: what was signed is all there is.
 */
static bool
find_result(const struct checked *c, struct hash *ret_hash)
{
	if (strcmp(c->event->subject, SUBJECT_ORG) == 0) {
		return false;
	}
	if (any_erased(c)) {
		return text_result(proof_text(c, "text"), ret_hash);
	}
	if (c->before && c->before->result.version > 0) {
		*ret_hash = c->before->result.hash;
		return true;
	}
	return false;
}

/* The fields of a step; of an organisation all but the proof itself. */
static json_t *
what_was_entered(const struct checked *c)
{
	json_t *rest;

	if (strcmp(c->event->subject, SUBJECT_ORG) != 0) {
		return json_incref(json_object_get(c->body, "fields"));
	}
	rest = json_copy(c->body);
	json_object_del(rest, BODY_SIGNED);
	return rest;
}

/* The hash of the fields; without the salt (the entry was erased) that of the text. */
static enum err
hash_fields(const struct checked *c, struct hash *ret_hash)
{
	const char *salt = proof_text(c, "salt");
	json_t *fields = what_was_entered(c);
	char *text = fields ? json_dumps(fields, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	enum err e = ERR_INVALID;

	if (!c->event->body) {
		e = decision_text_fields(proof_text(c, "text"), ret_hash);
	} else if (text && strlen(salt) == SALT_SIZE - 1) {
		decision_fields(salt, text, ret_hash);
		e = ERR_OK;
	}
	free(text);
	json_decref(fields);
	return e;
}

/* The text as it must have been. */
static enum err
make_text(const struct checked *c, struct str *out)
{
	const struct event *on = stands_on(c);
	const json_t *acting = json_object_get(c->body, "acting");
	struct hash result;
	struct decision decision = {
		.desk = c->verify->signatures->keys.rules.desk,
		.event = c->event->id,
		.subject = c->event->subject,
		.step = c->event->kind,
		.actor = c->event->actor,
		.acting_for = json_string_value(json_object_get(acting, "for")),
		.post = c->event->post,
		.state = json_string_value(json_object_get(c->body, "state")),
		.stands_on = on ? on->seq : 0,
	};
	enum err e = hash_fields(c, &decision.fields);

	if (on) {
		decision.stands_on_hash = on->row_hash;
	}
	decision.result = find_result(c, &result) ? &result : NULL;
	return e ? e : decision_text(&decision, out);
}

/* The name of the first line in which two texts differ; a text of its own form if none is. */
static void
differing_line(const char *a, const char *b, char name[32])
{
	size_t start = 0;
	size_t n;

	for (size_t i = 0; a[i] && a[i] == b[i]; i++) {
		start = a[i] == '\n' ? i + 1 : start;
	}
	n = strcspn(a + start, " \n");
	snprintf(name, 32, "%.*s", (int)(n < 31 ? n : 31), a + start);
}

static void
check_key(const struct checked *c, const char *signer)
{
	const struct key_book *book = &c->verify->signatures->keys.book;
	const struct key_entry *key = key_book_find(book, signer);
	bool theirs = key && strcmp(key->person, c->event->actor) == 0;

	if (key_book_signer(book, c->event->actor, signer, c->event->seq)) {
		return;
	}
	if (theirs && key->ended_seq && key->ended_seq < c->event->seq) {
		report(c, "signature", "is signed with a key that was revoked before");
	} else if (theirs) {
		report(c, "signature", "is signed with a key that was not approved by then");
	} else {
		report(c, "signature", "is signed with a key that is not theirs");
	}
}

/* The signature itself: of the text that was kept, by the key that is named. */
static void
check_signature(const struct checked *c)
{
	const char *text = proof_text(c, "text");
	char signer[SSH_FINGERPRINT_SIZE];
	struct ssh_public public;
	enum ssh_fault fault = sshsig_verify(proof_text(c, "signature"), DECISION_NAMESPACE,
		(struct ssh_bytes){ text, strlen(text) }, NULL, &public);
	char what[80];

	if (fault) {
		snprintf(what, sizeof(what), "has a signature that does not hold (%s)",
			ssh_fault_word(fault));
		report(c, "signature", what);
		return;
	}
	ssh_fingerprint(&public, signer);
	if (strcmp(signer, proof_text(c, "key")) != 0) {
		report(c, "signature", "names another key than it is signed with");
	}
	check_key(c, signer);
}

/* Recorded within the hour after the text was made, whose time is in the entry's id. */
static void
check_time(const struct checked *c)
{
	stamp made;

	if (decision_event_time(c->event->id, &made)) {
		return; /* the text could not be made of it: said already */
	}
	if (c->event->at < made || c->event->at >= made + DECISION_VALID_MS) {
		report(c, "signature", "was not recorded at the time at which it was signed");
	}
}

static enum err
check_proof(const struct checked *c)
{
	struct str text = STR_INIT;
	enum err e = make_text(c, &text);
	char what[80];
	char line[32];

	if (e == ERR_INVALID) {
		report(c, "signature", "holds nothing that could have been signed");
		e = ERR_OK;
	} else if (!e && strcmp(str_text(&text), proof_text(c, "text")) != 0) {
		differing_line(str_text(&text), proof_text(c, "text"), line);
		snprintf(what, sizeof(what), "is signed as something else (%s)", line);
		report(c, "signature", what);
	}
	str_release(&text);
	if (!e) {
		check_signature(c);
		check_time(c);
	}
	return e;
}

/* --- which entries ---------------------------------------------------------------------------- */

static bool
is_due(const struct verify *verify, const struct event *event, const struct claim *claim)
{
	const struct signatures *s = verify->signatures;

	if (s->trial || event->seq < s->due_from) {
		return false;
	}
	if (strcmp(event->subject, SUBJECT_ORG) == 0) {
		return event->subject_seq > 1;
	}
	return claim->is_decision;
}

/* What an erasure kept of the entry; NULL: nothing. */
static json_t *
kept_body(const struct entries *entries, int64_t seq)
{
	for (size_t i = 0; i < entries->n; i++) {
		const char *text = entries->events[i].body;
		json_t *body = text && strstr(text, "\"kept\":") ? json_loads(text, 0, NULL) : NULL;
		json_t *fields = json_object_get(body, "fields");
		json_t *kept = json_object_get(body, "kept");

		if (kept && json_integer_value(json_object_get(fields, "seq")) == seq) {
			json_incref(kept);
			json_decref(body);
			return kept;
		}
		json_decref(body);
	}
	return NULL;
}

/* The signature, and whether the decision was allowed; the body is read. */
static enum err
check_decided(struct checked *c)
{
	bool of_case = verify_is_of_case(c->event) && !any_erased(c);
	struct incident before;
	enum err e = of_case ? incident_fold(c->arena, c->verify->call->procedure,
				       c->entries.events, c->at, &before)
			     : ERR_NOT_FOUND;

	if (e == ERR_NOMEM) {
		return e;
	}
	if (e == ERR_CORRUPT || e == ERR_INVALID) {
		report(c, "unreadable", "stands on entries that tell no case");
	}
	c->before = e ? NULL : &before;
	e = c->proof ? check_proof(c) : ERR_OK;
	if (!e && c->before && c->due) {
		e = verify_allowed(c->verify, c->arena, c->event, c->body, c->before);
	}
	if (c->before) {
		incident_release(&before);
		c->before = NULL;
	}
	return e;
}

static enum err
check(struct checked *c)
{
	json_t *body = c->event->body ? json_loads(c->event->body, 0, NULL)
				      : kept_body(&c->entries, c->event->seq);
	enum err e;

	c->body = body;
	c->proof = json_object_get(body, BODY_SIGNED);
	if (!c->proof && c->due) {
		report(c, "unsigned", "is not signed");
	}
	e = check_decided(c);
	json_decref(body);
	return e;
}

enum err
verify_signature(struct verify *verify, struct arena *arena, const struct event *event,
	const struct claim *claim)
{
	bool keys = strcmp(event->subject, SUBJECT_KEYS) == 0; /* by the book of keys */
	struct checked c = {
		.verify = verify,
		.arena = arena,
		.event = event,
		.due = is_due(verify, event, claim),
	};
	enum err e;

	if (keys || (!(claim->holds & HOLDS_SIGNED) && !c.due)) {
		return ERR_OK;
	}
	e = verify_case_entries(verify, arena, event, &c.entries);
	while (!e && c.at < c.entries.n && c.entries.events[c.at].seq != event->seq) {
		c.at++;
	}
	/* A row that is not found in its own subject was damaged: the walk names it. */
	return e || c.at == c.entries.n ? e : check(&c);
}

bool
verify_is_same(const struct verify *verify, const char *one, const char *other, int64_t seq)
{
	return strcmp(one, other) == 0 ||
		org_history_same(&verify->signatures->keys.orgs, one, other, seq);
}

const struct org *
verify_org_at(const struct verify *verify, int64_t seq)
{
	return org_history_at(&verify->signatures->keys.orgs, seq);
}
