/* SPDX-License-Identifier: MIT */
/*
 * From the entries about keys to who may sign with which.  An entry that breaks a rule does
 * not count: what somebody wrote into the file around the desk gives nobody a key.
 */
#include "toban/core/key_book.h"

#include <jansson.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/sshsig.h"
#include "toban/core/org.h"

/* The book while it grows. */
struct fold {
	struct arena *arena;
	const struct key_rules *rules;
	struct key_book book;
	size_t cap_keys;
	size_t cap_desk_keys;
	size_t cap_faults;
	const struct event *event; /* in hand, with its body */
	const json_t *body;
	bool failed; /* memory ran out */
};

/* --- questions --------------------------------------------------------------------------- */

const char *
key_state_word(enum key_state state)
{
	static const char *const words[] = {
		[KEY_IS_PROPOSED] = "proposed",
		[KEY_IS_APPROVED] = "approved",
		[KEY_IS_REFUSED] = "refused",
		[KEY_IS_REVOKED] = "revoked",
	};

	return words[state];
}

bool
key_roles_approve(unsigned roles)
{
	return (roles & (ROLE_OFFICE_HEAD | ROLE_ADMIN)) != 0;
}

bool
key_entry_valid(const struct key_entry *entry, int64_t seq)
{
	return entry->approved_seq && entry->approved_seq < seq &&
		(!entry->left_seq || seq < entry->left_seq) &&
		(!entry->ended_seq || seq < entry->ended_seq);
}

bool
key_entry_left(const struct key_entry *entry)
{
	return entry->left_seq && entry->ended_seq == entry->left_seq;
}

const struct key_entry *
key_book_find(const struct key_book *book, const char *fingerprint)
{
	for (size_t i = book->n_keys; i-- > 0;) {
		if (strcmp(book->keys[i].fingerprint, fingerprint) == 0) {
			return &book->keys[i];
		}
	}
	return NULL;
}

const struct key_entry *
key_book_signer(
	const struct key_book *book, const char *person, const char *fingerprint, int64_t seq)
{
	for (size_t i = 0; i < book->n_keys; i++) {
		const struct key_entry *entry = &book->keys[i];

		if (strcmp(entry->fingerprint, fingerprint) == 0 &&
			strcmp(entry->person, person) == 0 && key_entry_valid(entry, seq)) {
			return entry;
		}
	}
	return NULL;
}

size_t
key_book_count(const struct key_book *book, const char *person)
{
	size_t n = 0;

	for (size_t i = 0; i < book->n_keys; i++) {
		n += strcmp(book->keys[i].person, person) == 0 &&
			key_entry_valid(&book->keys[i], KEY_NOW);
	}
	return n;
}

bool
key_book_is_first(const struct key_book *book, const struct key_rules *rules, int64_t seq)
{
	for (size_t i = 0; i < book->n_keys; i++) {
		const struct key_entry *entry = &book->keys[i];

		if (key_entry_valid(entry, seq) &&
			key_roles_approve(rules->roles(rules->ctx, entry->person, seq))) {
			return false;
		}
	}
	return true;
}

/* --- the text that is signed --------------------------------------------------------------- */

static void
add_line(struct str *out, const char *name, const char *value)
{
	str_addf(out, "%s %zu %s\n", name, strlen(value), value);
}

void
key_text(const struct key_claim *claim, struct str *out)
{
	char proposal[24];

	(void)snprintf(proposal, sizeof(proposal), "%lld", (long long)claim->proposal);
	str_addf(out, "toban 1 %s\n", claim->kind);
	add_line(out, "desk", claim->desk);
	add_line(out, "event", claim->event);
	add_line(out, "actor", claim->actor);
	add_line(out, "person", claim->person);
	add_line(out, "fingerprint", claim->fingerprint);
	add_line(out, "proposal", proposal);
	add_line(out, "why", claim->why);
}

/* --- faults ---------------------------------------------------------------------------------- */

static void
add_fault(struct fold *fold, const char *kind, const char *text)
{
	struct key_fault *faults = arena_extend(fold->arena, fold->book.faults, fold->book.n_faults,
		&fold->cap_faults, sizeof(*faults));

	if (!faults) {
		fold->failed = true;
		return;
	}
	fold->book.faults = faults;
	faults[fold->book.n_faults++] = (struct key_fault){ fold->event->seq, kind, text };
}

static void
fault_damaged(struct fold *fold)
{
	add_fault(fold, "unreadable", "says nothing about a key");
}

/* --- reading a body ----------------------------------------------------------------------------
 */

/* A member as text that lives with the book; "" when it is missing. */
static const char *
text_of(struct fold *fold, const json_t *object, const char *name)
{
	const char *value = json_string_value(json_object_get(object, name));
	const char *copy = value ? arena_strdup(fold->arena, value) : "";

	fold->failed = fold->failed || !copy;
	return copy ? copy : "";
}

static const char *
body_text(struct fold *fold, const char *name)
{
	return text_of(fold, fold->body, name);
}

/* The key a body holds, in the one way in which it may be written. */
static bool
read_public(struct fold *fold, struct ssh_public *ret_key)
{
	const char *given = body_text(fold, "public");
	char fingerprint[SSH_FINGERPRINT_SIZE];
	struct str line = STR_INIT;
	bool same;

	if (ssh_public_parse(given, ret_key, NULL, NULL)) {
		return false;
	}
	ssh_fingerprint(ret_key, fingerprint);
	ssh_public_line(ret_key, NULL, &line);
	fold->failed = fold->failed || line.failed;
	same = strcmp(str_text(&line), given) == 0 &&
		strcmp(fingerprint, body_text(fold, "fingerprint")) == 0;
	str_release(&line);
	return same;
}

/* Whether the entry's own text was signed by this key. */
static bool
is_signed_by(struct fold *fold, const struct ssh_public *key, int64_t proposal)
{
	const json_t *sign = json_object_get(fold->body, "signed");
	const char *given = text_of(fold, sign, "text");
	const struct key_claim claim = {
		.kind = fold->event->kind,
		.desk = fold->rules->desk,
		.event = fold->event->id,
		.actor = fold->event->actor,
		.person = body_text(fold, "person"),
		.fingerprint = body_text(fold, "fingerprint"),
		.proposal = proposal,
		.why = body_text(fold, "why"),
	};
	char hex[HASH_HEX_SIZE];
	struct hash hash;
	struct str text = STR_INIT;
	bool is;

	key_text(&claim, &text);
	fold->failed = fold->failed || text.failed;
	hash_of(str_text(&text), text.len, &hash);
	hash_hex(&hash, hex);
	is = strcmp(str_text(&text), given) == 0 && strcmp(hex, text_of(fold, sign, "hash")) == 0 &&
		sshsig_verify(text_of(fold, sign, "signature"), SSHSIG_NAMESPACE,
			(struct ssh_bytes){ str_text(&text), text.len }, key, NULL) == SSH_OK;
	str_release(&text);
	return is;
}

/*
 * The fingerprint of the actor's own key that signed the entry; "" when it is not signed at
 * all, NULL when what is there is no signature of theirs.
 */
static const char *
signer_of(struct fold *fold, int64_t proposal)
{
	const json_t *sign = json_object_get(fold->body, "signed");
	const struct key_entry *key;

	if (!sign) {
		return "";
	}
	key = key_book_signer(
		&fold->book, fold->event->actor, text_of(fold, sign, "key"), fold->event->seq);
	return key && is_signed_by(fold, &key->public, proposal) ? key->fingerprint : NULL;
}

static unsigned
actor_roles(const struct fold *fold)
{
	return fold->rules->roles(fold->rules->ctx, fold->event->actor, fold->event->seq);
}

/* --- one kind each -------------------------------------------------------------------------------
 */

/* Whether the key's person left the organisation between its proposal and the entry in hand. */
static bool
has_left(const struct fold *fold, const struct key_entry *entry)
{
	return entry->left_seq && entry->left_seq < fold->event->seq;
}

static const struct event *
leaving_of(const struct fold *fold, const char *person, int64_t seq)
{
	const struct key_rules *rules = fold->rules;

	return rules->left ? rules->left(rules->ctx, person, seq) : NULL;
}

/* Whether this key was ever anybody else's, or is this person's already; a fault then. */
static bool
is_taken(struct fold *fold, const struct ssh_public *key)
{
	for (size_t i = 0; i < fold->book.n_keys; i++) {
		const struct key_entry *entry = &fold->book.keys[i];

		if (!ssh_public_same(&entry->public, key)) {
			continue;
		}
		if (strcmp(entry->person, fold->event->actor) != 0) {
			add_fault(fold, "duties", "brings in a key that another person had before");
			return true;
		}
		if (entry->state == KEY_IS_REVOKED ||
			(entry->state != KEY_IS_REFUSED && !has_left(fold, entry))) {
			add_fault(fold, "duties", "brings in a key that was there already");
			return true;
		}
	}
	return false;
}

static void
fold_proposed(struct fold *fold)
{
	const struct event *leaving;
	struct ssh_public key;
	struct key_entry *keys;

	if (!read_public(fold, &key) ||
		strcmp(body_text(fold, "person"), fold->event->actor) != 0) {
		fault_damaged(fold);
		return;
	}
	if (!is_signed_by(fold, &key, 0)) {
		add_fault(fold, "signature", "does not prove that its author has the key");
		return;
	}
	if (is_taken(fold, &key)) {
		return;
	}
	keys = arena_extend(
		fold->arena, fold->book.keys, fold->book.n_keys, &fold->cap_keys, sizeof(*keys));
	if (!keys) {
		fold->failed = true;
		return;
	}
	leaving = leaving_of(fold, fold->event->actor, fold->event->seq);
	fold->book.keys = keys;
	keys[fold->book.n_keys++] = (struct key_entry){
		.state = KEY_IS_PROPOSED,
		.public = key,
		.fingerprint = body_text(fold, "fingerprint"),
		.line = body_text(fold, "public"),
		.comment = body_text(fold, "comment"),
		.person = body_text(fold, "person"),
		.proposed_seq = fold->event->seq,
		.proposed_at = fold->event->at,
		.approved_at = STAMP_NONE,
		.approved_by = "",
		.approved_key = "",
		.left_seq = leaving ? leaving->seq : 0,
		.ended_at = STAMP_NONE,
		.ended_by = "",
		.why = "",
	};
}

/* The key an entry is about, as it says; NULL and a fault when there is none that fits. */
static struct key_entry *
key_meant(struct fold *fold, bool also_approved)
{
	const char *fingerprint = body_text(fold, "fingerprint");
	int64_t proposal = json_integer_value(json_object_get(fold->body, "proposal"));
	struct key_entry *found = NULL;

	for (size_t i = 0; i < fold->book.n_keys; i++) {
		struct key_entry *entry = &fold->book.keys[i];

		if (entry->proposed_seq == proposal &&
			strcmp(entry->fingerprint, fingerprint) == 0 &&
			strcmp(entry->person, body_text(fold, "person")) == 0) {
			found = entry;
		}
	}
	if (!found) {
		add_fault(fold, "unreadable", "is about a key that nobody proposed");
		return NULL;
	}
	if (has_left(fold, found)) {
		add_fault(fold, "duties", "is about a key whose person had left");
		return NULL;
	}
	if (found->state != KEY_IS_PROPOSED &&
		!(also_approved && found->state == KEY_IS_APPROVED)) {
		add_fault(fold, "duties", "is about a key that was decided before");
		return NULL;
	}
	return found;
}

/* Whether the actor may decide about the key of somebody else; a fault when not. */
static bool
is_permitted(struct fold *fold, const struct key_entry *key)
{
	if (strcmp(key->person, fold->event->actor) == 0) {
		add_fault(fold, "duties", "decides about its author's own key");
		return false;
	}
	if (!key_roles_approve(actor_roles(fold))) {
		add_fault(fold, "duties", "decides about a key without the right to");
		return false;
	}
	return true;
}

static void
fold_approved(struct fold *fold)
{
	struct key_entry *key = key_meant(fold, false);
	bool first = json_is_true(json_object_get(fold->body, "first"));
	const char *signer;

	if (!key || !is_permitted(fold, key)) {
		return;
	}
	signer = signer_of(fold, key->proposed_seq);
	if (!signer) {
		add_fault(fold, "signature", "is not signed by a key of its author");
		return;
	}
	if (first &&
		(*signer || !(actor_roles(fold) & ROLE_ADMIN) ||
			!key_book_is_first(&fold->book, fold->rules, fold->event->seq))) {
		add_fault(fold, "duties",
			"is unsigned as if nobody could sign, or not by an administrator");
		return;
	}
	if (!*signer && !first && !fold->rules->trial) {
		add_fault(fold, "signature", "approves a key without a signature");
		return;
	}
	key->state = KEY_IS_APPROVED;
	key->approved_seq = fold->event->seq;
	key->approved_at = fold->event->at;
	key->approved_by = arena_strdup(fold->arena, fold->event->actor);
	key->approved_key = signer;
	key->first = first;
	fold->failed = fold->failed || !key->approved_by;
}

static void
end_key(struct fold *fold, struct key_entry *key, enum key_state state)
{
	key->state = state;
	key->ended_seq = fold->event->seq;
	key->ended_at = fold->event->at;
	key->ended_by = arena_strdup(fold->arena, fold->event->actor);
	key->why = body_text(fold, "why");
	fold->failed = fold->failed || !key->ended_by;
}

static void
fold_refused(struct fold *fold)
{
	struct key_entry *key = key_meant(fold, false);

	if (key && is_permitted(fold, key)) {
		end_key(fold, key, KEY_IS_REFUSED);
	}
}

/* One's own key at once; another's only signed: who takes a key away stops a person's decisions. */
static void
fold_revoked(struct fold *fold)
{
	struct key_entry *key = key_meant(fold, true);
	const char *signer;

	if (!key) {
		return;
	}
	signer = signer_of(fold, key->proposed_seq);
	if (!signer) {
		add_fault(fold, "signature", "is not signed by a key of its author");
		return;
	}
	if (strcmp(key->person, fold->event->actor) != 0) {
		if (!is_permitted(fold, key)) {
			return;
		}
		if (!*signer && !fold->rules->trial) {
			add_fault(fold, "signature", "revokes another's key without a signature");
			return;
		}
	}
	end_key(fold, key, KEY_IS_REVOKED);
}

static void
fold_of_desk(struct fold *fold)
{
	struct desk_key *keys;
	struct ssh_public key;
	size_t n = fold->book.n_desk_keys;

	if (strcmp(fold->event->actor, ACTOR_DESK) != 0 || !read_public(fold, &key)) {
		fault_damaged(fold);
		return;
	}
	keys = arena_extend(
		fold->arena, fold->book.desk_keys, n, &fold->cap_desk_keys, sizeof(*keys));
	if (!keys) {
		fold->failed = true;
		return;
	}
	if (n) {
		keys[n - 1].until_seq = fold->event->seq;
	}
	keys[n] = (struct desk_key){
		.public = key,
		.fingerprint = body_text(fold, "fingerprint"),
		.from_seq = fold->event->seq,
	};
	fold->book.desk_keys = keys;
	fold->book.n_desk_keys = n + 1;
}

/* --- the walk -----------------------------------------------------------------------------------
 */

static const struct {
	const char *kind;
	void (*fold)(struct fold *fold);
} kinds[] = {
	{ KEY_PROPOSED, fold_proposed },
	{ KEY_APPROVED, fold_approved },
	{ KEY_REFUSED, fold_refused },
	{ KEY_REVOKED, fold_revoked },
	{ KEY_OF_DESK, fold_of_desk },
};

static void
fold_one(struct fold *fold)
{
	if (!json_is_object(fold->body)) {
		fault_damaged(fold);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcmp(kinds[i].kind, fold->event->kind) == 0) {
			kinds[i].fold(fold);
			return;
		}
	}
	add_fault(fold, "unreadable", "is of a kind that says nothing about a key");
}

/* The keys of whom the organisation does not name any more, or named anew, are over. */
static void
end_left(struct fold *fold)
{
	for (size_t i = 0; i < fold->book.n_keys; i++) {
		struct key_entry *key = &fold->book.keys[i];
		const struct event *leaving = key->left_seq && !key->ended_seq
			? leaving_of(fold, key->person, key->proposed_seq)
			: NULL;

		if (leaving) {
			key->state = KEY_IS_REVOKED;
			key->ended_seq = leaving->seq;
			key->ended_at = leaving->at;
			key->ended_by = arena_strdup(fold->arena, leaving->actor);
			fold->failed = fold->failed || !key->ended_by;
		}
	}
}

enum err
key_book_fold(struct arena *arena, const struct event *events, size_t n,
	const struct key_rules *rules, struct key_book *ret_book)
{
	struct fold fold = { .arena = arena, .rules = rules };

	for (size_t i = 0; i < n && !fold.failed; i++) {
		json_t *body = events[i].body ? json_loads(events[i].body, 0, NULL) : NULL;

		fold.event = &events[i];
		fold.body = body;
		fold.book.subject_seq = events[i].subject_seq;
		fold_one(&fold);
		json_decref(body);
	}
	end_left(&fold);
	if (fold.failed) {
		return ERR_NOMEM;
	}
	*ret_book = fold.book;
	return ERR_OK;
}
