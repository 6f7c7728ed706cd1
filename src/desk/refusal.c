/* SPDX-License-Identifier: MIT */
/*
 * Refused calls as entries.  Who knocks at a shut door ten thousand times a second must
 * neither fill the disk nor hide another knock, so the same refusal is written once a
 * minute, a person has so many rows, and what is beyond is counted into one.
 *
 * A case that is hidden and one that does not exist are written down alike: the end of the
 * ledger is open to everybody, and must not tell them apart.
 */
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"

#define FOLD_MS 60000
#define KNOCKS 512         /* remembered at once; the oldest gives way */
#define PURSES 128         /* people who knock; the same */
#define ROWS_BURST 512     /* rows a person may cause at once */
#define ROW_EVERY_MS 60000 /* and one more after each such time */
#define CASE_MOST 20       /* bytes of a number */

/* How many rows somebody may still cause. */
struct purse {
	struct hash key; /* of the person, or of the account of nobody registered */
	char *actor;
	char *login;
	stamp at; /* up to when it was filled */
	int64_t rows;
	int64_t lost; /* refusals without a row of their own, to be counted into one */
};

/* One refusal as it may come again. */
struct knock {
	struct hash key; /* of who and what */
	struct hash who;
	json_t *body; /* without `times`; NULL: the place is free */
	char *post;
	stamp at;        /* when it was written down, or tried */
	int64_t counted; /* since then */
};

struct refusal_book {
	struct knock knocks[KNOCKS];
	struct purse purses[PURSES];
	stamp next_look; /* not before is anything a minute old */
};

static void
knock_clear(struct knock *knock)
{
	json_decref(knock->body);
	free(knock->post);
	*knock = (struct knock){ .body = NULL };
}

static void
purse_clear(struct purse *purse)
{
	free(purse->actor);
	free(purse->login);
	*purse = (struct purse){ .actor = NULL };
}

void
refusal_book_free(struct refusal_book *book)
{
	for (size_t i = 0; book && i < KNOCKS; i++) {
		knock_clear(&book->knocks[i]);
	}
	for (size_t i = 0; book && i < PURSES; i++) {
		purse_clear(&book->purses[i]);
	}
	free(book);
}

/* --- how many -------------------------------------------------------------------------- */

static struct purse *
purse_find(struct refusal_book *book, const struct hash *key)
{
	for (size_t i = 0; i < PURSES; i++) {
		struct purse *purse = &book->purses[i];

		if (purse->actor && memcmp(&purse->key, key, sizeof(*key)) == 0) {
			return purse;
		}
	}
	return NULL;
}

/* The caller's; a new one takes the place of who has not knocked for longest. NULL: no memory. */
static struct purse *
purse_of(struct call *call, struct refusal_book *book, const struct hash *key)
{
	struct purse *purse = purse_find(book, key);

	if (purse) {
		return purse;
	}
	purse = &book->purses[0];
	for (size_t i = 0; i < PURSES && purse->actor; i++) {
		struct purse *other = &book->purses[i];

		purse = !other->actor || other->at < purse->at ? other : purse;
	}
	purse_clear(purse);
	*purse = (struct purse){ .key = *key,
		.actor = strdup(call->person ? call->person->id : ACTOR_DESK),
		.login = strdup(call->person || !call->login ? "" : call->login),
		.at = call->now,
		.rows = ROWS_BURST };
	if (!purse->actor || !purse->login) {
		purse_clear(purse);
		return NULL;
	}
	return purse;
}

/* Whether the person may cause one row more, which is taken from theirs. */
static bool
purse_pay(struct purse *purse, stamp now)
{
	int64_t more = now > purse->at ? (now - purse->at) / ROW_EVERY_MS : 0;

	more = more < ROWS_BURST ? more : ROWS_BURST;
	purse->at = now < purse->at || more == ROWS_BURST ? now : purse->at + more * ROW_EVERY_MS;
	purse->rows = purse->rows + more < ROWS_BURST ? purse->rows + more : ROWS_BURST;
	if (purse->rows == 0) {
		return false;
	}
	purse->rows--;
	return true;
}

/* --- what is written -------------------------------------------------------------------- */

/* Takes over `body`. */
static enum err
write_row(struct call *call, const struct purse *purse, const char *post, json_t *body)
{
	struct event event;
	enum err e;

	if (body && *purse->login) {
		json_object_set_new(body, "login", json_string(purse->login));
	}
	e = access_event(call, ACCESS_REFUSED, body, &event);
	if (e) {
		return e;
	}
	event.actor = purse->actor;
	event.post = post;
	return access_commit(call, &event);
}

/* What the person had no row left for, as one. */
static void
write_lost(struct call *call, struct purse *purse)
{
	json_t *body = json_pack(
		"{s:s, s:s, s:I}", "method", "*", "code", "*", "times", (json_int_t)purse->lost);

	if (write_row(call, purse, "", body) == ERR_OK) {
		purse->lost = 0;
	}
}

/* What was counted of a refusal, if its person has a row left for it. */
static void
write_knock(struct call *call, struct knock *knock)
{
	struct refusal_book *book = call->desk->refusals;
	struct purse *purse = purse_find(book, &knock->who);
	json_t *body;

	if (!purse) {
		knock->counted = 0; /* somebody else's took its place: a flood of accounts */
		return;
	}
	if (!purse_pay(purse, call->now)) {
		purse->lost += knock->counted;
		knock->counted = 0;
		return;
	}
	body = json_deep_copy(knock->body);
	if (body) {
		json_object_set_new(body, "times", json_integer((json_int_t)knock->counted));
	}
	if (write_row(call, purse, knock->post, body) == ERR_OK) {
		knock->counted = 0;
	}
	knock->at = call->now; /* also when the disk is full: not each refusal tries it anew */
}

static bool
is_due(const struct knock *knock, stamp now)
{
	return now - knock->at >= FOLD_MS || now < knock->at;
}

void
access_flush(struct call *call, bool all)
{
	struct refusal_book *book = call->desk->refusals;

	if (!book ||
		(!all && call->now < book->next_look && call->now >= book->next_look - FOLD_MS)) {
		return;
	}
	book->next_look = call->now + FOLD_MS;
	for (size_t i = 0; i < KNOCKS; i++) {
		struct knock *knock = &book->knocks[i];

		if (knock->body && knock->counted && (all || is_due(knock, call->now))) {
			write_knock(call, knock);
		}
	}
	for (size_t i = 0; i < PURSES; i++) {
		struct purse *purse = &book->purses[i];

		if (purse->actor && purse->lost && (all || purse_pay(purse, call->now))) {
			write_lost(call, purse);
		}
	}
}

/* --- knocks ----------------------------------------------------------------------------- */

/* The place of a refusal: its own, else a free one, else the oldest, what is counted last. */
static struct knock *
knock_place(struct refusal_book *book, const struct hash *key)
{
	struct knock *place = &book->knocks[0];

	for (size_t i = 0; i < KNOCKS; i++) {
		struct knock *knock = &book->knocks[i];
		bool better = !knock->counted != !place->counted ? !knock->counted
								 : knock->at < place->at;

		if (knock->body && memcmp(&knock->key, key, sizeof(*key)) == 0) {
			return knock;
		}
		if (place->body && (!knock->body || better)) {
			place = knock;
		}
	}
	return place;
}

/* Takes over `body`. */
static bool
knock_fill(struct call *call, struct knock *knock, const struct hash keys[2], json_t *body)
{
	if (knock->body && knock->counted) {
		write_knock(call, knock);
	}
	knock_clear(knock);
	*knock = (struct knock){ .who = keys[0],
		.key = keys[1],
		.body = body,
		.post = strdup(call->post ? call->post : ""),
		.at = call->now - FOLD_MS };
	if (!knock->post) {
		knock_clear(knock);
	}
	return knock->body != NULL;
}

static void
key_of(const struct call *call, const json_t *body, struct hash *ret_key)
{
	char *text = body ? json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	const char *who = call->person ? call->person->id : "";
	const char *login = call->person || !call->login ? "" : call->login;
	const struct hash_part parts[] = { { who, strlen(who) + 1 }, { login, strlen(login) + 1 },
		{ text ? text : "", text ? strlen(text) : 0 } };

	hash_of_parts(parts, ARRAY_LEN(parts), ret_key);
	free(text);
}

/* Takes over `body`. */
static void
knock_on(struct call *call, json_t *body)
{
	struct refusal_book *book = call->desk->refusals;
	struct hash keys[2];
	struct knock *knock;

	key_of(call, NULL, &keys[0]);
	key_of(call, body, &keys[1]);
	knock = knock_place(book, &keys[1]);
	if (knock->body && memcmp(&knock->key, &keys[1], sizeof(keys[1])) == 0) {
		json_decref(body);
	} else if (!knock_fill(call, knock, keys, body)) {
		return;
	}
	if (!purse_of(call, book, &keys[0])) {
		return;
	}
	knock->counted++;
	if (is_due(knock, call->now)) {
		write_knock(call, knock);
	}
}

/* --- what counts ------------------------------------------------------------------------- */

/* "26-0001", "26-D001": so short a text of digits and such can be kept as it was typed. */
static const char *
case_named(const struct call *call)
{
	static const char *const keys[] = { "id", "incident", "subject" };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const char *id = json_string_value(json_object_get(call->args, keys[i]));
		size_t len = id ? strlen(id) : 0;

		if (len > 3 && len <= CASE_MOST && id[2] == '-' &&
			strspn(id, "0123456789-D") == len) {
			return id;
		}
	}
	return NULL;
}

static bool
is_recorded(const char *code)
{
	static const char *const not[] = { "D310", "D320", "D330", "D331", "D332", "D333",
		"D334" };

	for (size_t i = 0; i < ARRAY_LEN(not); i++) {
		if (strcmp(code, not[i]) == 0) {
			return false;
		}
	}
	return true;
}

/*
 * What is asked to be signed first is no refusal, nor is a desk that only reads, nor a console at
 * which nobody sits: its screen still asks by itself.  Wrong PINs have entries of their own.
 */
static bool
is_refusal(const struct call *call, const json_t *error)
{
	const char *code = json_string_value(json_object_get(error, "code"));
	const char *class = json_string_value(json_object_get(error, "class"));

	if (!code || !class || !is_recorded(code)) {
		return false;
	}
	return strcmp(class, "denied") == 0 || (strcmp(code, "D304") == 0 && case_named(call));
}

/* Whom somebody said that they are, who is registered (desk_door_new()); NULL: nobody. */
static const char *
claimed_by(const struct call *call, const char *method)
{
	return strcmp(method, ACCESS_SESSION) == 0
		? json_string_value(json_object_get(call->args, "claimed"))
		: NULL;
}

static json_t *
body_of(const struct call *call, const char *method, const json_t *error)
{
	const char *step = json_string_value(json_object_get(call->args, "step"));
	bool known = step && flow_find_step(&call->procedure->incident_flow, step);

	return json_pack("{s:s, s:s*, s:s*, s:s*, s:s*}", "method", method, "code",
		json_string_value(json_object_get(error, "code")), "step", known ? step : NULL,
		"incident", case_named(call), "claimed", claimed_by(call, method));
}

void
access_refused(struct call *call, const char *method, const json_t *error)
{
	struct desk *desk = call->desk;
	json_t *body;

	if (!desk->parts.record_refusals || desk->read_only || desk->rescue ||
		!is_refusal(call, error)) {
		return;
	}
	if (!desk->refusals) {
		desk->refusals = calloc(1, sizeof(*desk->refusals));
	}
	access_flush(call, false);
	body = desk->refusals ? body_of(call, method, error) : NULL;
	if (body) {
		knock_on(call, body);
	}
}
