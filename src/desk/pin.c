/* SPDX-License-Identifier: MIT */
/*
 * Looking at a PIN: see pin.h.
 */
#include "pin.h"

#include <stdio.h>
#include <string.h>

#include "doc.h"
#include "pin_beside.h"
#include "pin_limit.h"
#include "pin_pace.h"
#include "seat.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define PIN_DIGITS_LEAST 6
#define PIN_DIGITS_MOST 32

/* Nothing that is typed has this: a name of a row that nobody can name at a console. */
#define NOT_TYPED "\x1f"

/* --- what may be chosen --------------------------------------------------------------- */

/* Every digit follows from the one before in the same way: 111111, 234567, 987654, 246802. */
static bool
is_even_stride(const char *pin)
{
	int stride = (pin[1] - pin[0] + 10) % 10;

	for (size_t i = 1; pin[i]; i++) {
		if ((pin[i] - pin[i - 1] + 10) % 10 != stride) {
			return false;
		}
	}
	return true;
}

/* 121212, 123123, 12341234: a short piece again and again. */
static bool
is_repetition(const char *pin, size_t len)
{
	for (size_t piece = 1; piece <= len / 2; piece++) {
		if (len % piece == 0 && memcmp(pin, pin + piece, len - piece) == 0) {
			return true;
		}
	}
	return false;
}

const char *
pin_fault(const char *pin)
{
	size_t len = strlen(pin);

	if (strspn(pin, "0123456789") != len || len < PIN_DIGITS_LEAST || len > PIN_DIGITS_MOST) {
		return _("A PIN has at least six digits and nothing else.");
	}
	if (is_even_stride(pin) || is_repetition(pin, len)) {
		return _("That is one of the first that somebody would try: no equal digits, no "
			 "sequence, no repetition.");
	}
	return NULL;
}

/* --- the rows of tries ------------------------------------------------------------------ */

enum err
pin_served(struct call *call)
{
	return call->desk->parts.pin_key ? ERR_OK : call_fail(call, "D340");
}

static const char *
row_name(struct call *call, const char *name)
{
	char hashed[PIN_NAME_SIZE];

	pin_name_hash(call->desk->parts.pin_key, name, hashed);
	return arena_strdup(call->arena, hashed);
}

const char *
pin_post_name(struct call *call, const struct post *post)
{
	return arena_printf(call->arena, NOT_TYPED "post:%s", post ? post->id : "");
}

/*
 * What tries at a name that may not sit at the post are counted under: who guesses here must
 * not lock somebody out elsewhere.
 */
static const char *
stranger_name(struct call *call, const char *name)
{
	return arena_printf(call->arena, NOT_TYPED "at:%s:%s",
		call->seat->post ? call->seat->post->id : "", name);
}

static enum err
read_try(struct call *call, const char *name, struct pin_try *ret_try, bool *ret_moved)
{
	const char *hashed = name ? row_name(call, name) : NULL;
	enum err e = hashed ? store_pin_try(call->store, call->arena, hashed, ret_try) : ERR_NOMEM;

	*ret_moved = false;
	if (e == ERR_NOT_FOUND) {
		*ret_try = (struct pin_try){ .name = hashed, .checks = "" };
		return ERR_OK;
	}
	return e ? e : pin_limit_settle(call->arena, ret_try, call->now, ret_moved);
}

enum err
pin_try_read(struct call *call, const char *name, struct pin_try *ret_try)
{
	bool moved;

	return read_try(call, name, ret_try, &moved);
}

struct pin_try
pin_try_clear(struct call *call, const char *name)
{
	const char *hashed = name ? row_name(call, name) : NULL;

	return (struct pin_try){ .name = hashed ? hashed : "",
		.checks = "",
		.next_at = call->now,
		.changed_at = call->now };
}

/* --- tries that were not looked at --------------------------------------------------------- */

static struct unchecked *
unchecked_find(struct desk *desk, const char *name)
{
	struct unchecked *rows = desk->unchecked;

	for (size_t i = 0; i < ARRAY_LEN(desk->unchecked); i++) {
		if (strcmp(rows[i].name, name) == 0) {
			return &rows[i];
		}
	}
	return NULL;
}

/*
 * Counted in memory and told by the name's next entry: writing each would let a flood fill
 * the ledger and hold up everybody's writing.  What finds no place is told with whoever's
 * entry comes next.
 */
static void
unchecked_add(struct desk *desk, const char *name)
{
	struct unchecked *row = unchecked_find(desk, name);

	row = row ? row : unchecked_find(desk, "");
	if (!row) {
		desk->unchecked_others++;
		return;
	}
	(void)snprintf(row->name, sizeof(row->name), "%s", name);
	row->n++;
}

void
pin_say_unchecked(struct call *call, const struct pin_look *look, json_t *body)
{
	struct desk *desk = call->desk;
	struct unchecked *row = unchecked_find(desk, look->tries[0].name);

	json_object_set_new(body, "unchecked", json_integer(row ? row->n : 0));
	json_object_set_new(body, "unchecked_others", json_integer(desk->unchecked_others));
	desk->unchecked_others = 0;
	if (row) {
		*row = (struct unchecked){ .n = 0 };
	}
}

/* --- the look ------------------------------------------------------------------------------- */

/* Who can let somebody in again, and whom to telephone meanwhile. */
static void
say_locked(struct call *call)
{
	const char *todo = json_string_value(json_object_get(call->error, "what_to_do"));
	struct str text = STR_INIT;

	call_add_admins(call);
	str_add(&text, todo ? todo : "");
	for (size_t i = 0; i < call->org->n_people; i++) {
		const struct person *person = &call->org->people[i];

		if (person->roles & ROLE_OWNER &&
			strcmp(person->department, call->seat->post->department) == 0) {
			json_t *reach = json_of_reach(call->org, person);

			str_next_sentence(&text);
			str_say(&text, _("In an emergency telephone the officer of the department: "
				  "{who}."),
				&(struct str_arg){ "who",
					json_string_value(
						json_object_get(reach, lang_word(i18n_lang()))) },
				1);
			json_decref(reach);
		}
	}
	json_object_set_new(call->error, "what_to_do", json_string(str_text(&text)));
	str_release(&text);
}

/* When it may be tried again. */
static void
say_until(struct call *call, stamp until)
{
	json_object_set_new(call->error, "until", json_of_time(call, until));
}

static enum err
fail_gate(struct call *call, const struct pin_try *try, enum pin_gate gate, stamp until)
{
	bool locked = gate == PIN_GATE_LOCKED;
	char at[STAMP_SIZE];
	enum err e;

	unchecked_add(call->desk, try->name);
	if (locked) {
		stamp_format_short(until, call->org->offset_min, at);
	} else {
		(void)snprintf(
			at, sizeof(at), "%lld", (long long)((until - call->now + 999) / 1000));
	}
	e = call_fail_say(call, locked ? "D333" : "D334",
		(struct str_arg[]){ { locked ? "at" : "n", at } }, 1);
	say_until(call, until);
	if (locked) {
		say_locked(call);
	}
	return e;
}

/* Reads both rows; what a clock that was set back changed of them is kept. */
static enum err
read_tries(struct call *call, const char *name, struct pin_look *look)
{
	bool moved[] = { false, false };
	enum err e = read_try(call, name, &look->tries[0], &moved[0]);

	e = e ? e
	      : read_try(call, pin_post_name(call, call->seat->post), &look->tries[1], &moved[1]);
	if (e) {
		return call_fail_store(call, e, false);
	}
	if (moved[0] || moved[1]) {
		e = store_pin_try_put(call->store, look->tries, ARRAY_LEN(look->tries));
	}
	return e ? call_fail_store(call, e, true) : ERR_OK;
}

/* Both rows, and whether either of them forbids a look. */
static enum err
gate(struct call *call, const char *name, struct pin_look *look)
{
	static const size_t most[] = { PIN_HOUR_PERSON, PIN_HOUR_POST };
	enum err e = read_tries(call, name, look);

	if (e) {
		return e;
	}
	for (size_t i = 0; i < ARRAY_LEN(most); i++) {
		stamp until = STAMP_NONE;
		enum pin_gate answer = pin_limit_gate(&look->tries[i], most[i], call->now, &until);

		if (answer != PIN_GATE_OPEN) {
			return fail_gate(call, &look->tries[0], answer, until);
		}
	}
	return ERR_OK;
}

/* Nothing is told by it: only who gave a right PIN before comes here.  `name` is hashed. */
static enum err
keep_pace(struct call *call, const char *name)
{
	stamp until = call->now;
	char n[24];
	enum err e;

	if (pin_pace_open(call->desk, name, call->now, &until)) {
		return ERR_OK;
	}
	(void)snprintf(n, sizeof(n), "%lld", (long long)((until - call->now + 999) / 1000));
	e = call_fail_say(call, "D470", &(struct str_arg){ "n", n }, 1);
	say_until(call, until);
	return e;
}

enum err
pin_take_turns(struct call *call, const char *name)
{
	const char *hashed = row_name(call, name);
	enum err e = hashed ? keep_pace(call, hashed) : ERR_NOMEM;

	for (int i = 0; !e && i < 2; i++) {
		pin_pace_count(call->desk, hashed, call->now);
	}
	return e;
}

static enum err
count(struct call *call, struct pin_look *look)
{
	enum err e = ERR_OK;

	for (size_t i = 0; !e && i < ARRAY_LEN(look->tries); i++) {
		e = pin_limit_count(call->arena, &look->tries[i], i == 0, call->now);
	}
	e = e ? e : store_pin_try_put(call->store, look->tries, ARRAY_LEN(look->tries));
	return e ? call_fail_store(call, e, true) : ERR_OK;
}

/* What stands in for the hash of whoever has none: of a PIN that nobody knows. */
static enum err
dummy_hash(struct desk *desk)
{
	char pin[PIN_MADE_SIZE];
	const struct pin_secret secret = { desk->parts.pin_key, "", pin };

	if (desk->dummy_hash[0]) {
		return ERR_OK;
	}
	pin_make(pin);
	return pin_hash(&secret, desk->parts.pin_cost, desk->dummy_hash);
}

/* Who may be meant by the name; NULL: nobody, which is found out only after the look. */
static const struct person *
person_meant(struct call *call, const char *name)
{
	const struct person *person = org_person(call->org, name);
	const struct post *post = call->seat->post;

	return person && (!post || post_admits(post, person)) ? person : NULL;
}

static enum err
record_failure(struct call *call, const struct pin_look *look, const struct person *person)
{
	const struct pin_try *try = &look->tries[0];
	json_t *body = json_pack("{s:s?, s:I, s:o}", "person", person ? person->id : NULL,
		"failures", (json_int_t)try->failures, "locked_until",
		try->locked ? json_of_time(call, try->next_at) : json_null());
	const struct sitting sitting = { .kind = try->locked ? "pin-locked" : "pin-failed",
		.body = body };
	enum err e;

	pin_say_unchecked(call, look, body);
	e = sitting_record(call, &sitting);
	if (e) {
		return e;
	}
	if (try->locked) {
		char at[STAMP_SIZE];

		stamp_format_short(try->next_at, call->org->offset_min, at);
		e = call_fail_say(call, "D333", (struct str_arg[]){ { "at", at } }, 1);
		say_locked(call);
	} else {
		e = call_fail(call, "D332");
		json_object_set_new(
			call->error, "tries_left", json_integer(PIN_FAILURES - try->failures));
	}
	say_until(call, try->next_at);
	return e;
}

/* The row of the name, or what stands in for it; *ret_found: there is one of somebody who may. */
static enum err
read_row(struct call *call, const char *name, struct pin_look *look, bool *ret_found)
{
	enum err e = store_pin(call->store, call->arena, name, &look->row);

	if (e && e != ERR_NOT_FOUND) {
		return call_fail_store(call, e, false);
	}
	if (e) {
		look->row = (struct pin_row){ .hash = call->desk->dummy_hash };
	}
	*ret_found = !e && person_meant(call, name);
	return ERR_OK;
}

/* What tries at a name are counted under. */
static const char *
counted_name(struct call *call, const char *name)
{
	return person_meant(call, name) ? name : stranger_name(call, name);
}

enum err
pin_fail(struct call *call, const char *name)
{
	struct pin_look look = { .row = { .hash = "" } };
	enum err e = read_tries(call, counted_name(call, name), &look);

	return e ? e : record_failure(call, &look, person_meant(call, name));
}

/* Up to the look: whether there is one, and its try is counted. */
static enum err
begin(struct call *call, const char *name, struct pin_look *look)
{
	enum err e = gate(call, counted_name(call, name), look);

	e = e ? e : keep_pace(call, look->tries[0].name);
	if (!e && dummy_hash(call->desk)) {
		e = ERR_NOMEM;
	}
	return e ? e : count(call, look);
}

static bool
is_over(const struct call *call, const struct pin_row *row)
{
	return row->once && call->now - row->set_at > PIN_ONCE_MS;
}

/*
 * The look was done beside: meanwhile others of the post were counted, the PIN may have been
 * reset, and the person may have left.
 */
static enum err
go_on(struct call *call, const char *name, struct pin_look *look, stamp *ret_counted_at,
	bool *ret_fits)
{
	struct pin_beside *beside = call->seat->beside;
	bool found = false;
	enum err e = read_tries(call, counted_name(call, name), look);

	e = e ? e : read_row(call, name, look, &found);
	if (e) {
		return e;
	}
	*ret_fits = pin_beside_fits(beside) && found &&
		strcmp(look->row.hash, beside->hash) == 0 && strcmp(beside->name, name) == 0 &&
		beside->post == call->seat->post;
	*ret_counted_at = beside->counted_at;
	call->seat->beside = NULL;
	pin_beside_free(beside);
	return ERR_OK;
}

enum err
pin_look(struct call *call, const char *name, const char *pin, bool beside,
	struct pin_look *ret_look)
{
	const struct pin_secret secret = { call->desk->parts.pin_key, name, pin };
	struct pin_look look = { .row = { .hash = "" } };
	stamp counted_at = call->now;
	bool found = false;
	bool fits = false;
	enum err e;

	if (call->seat->beside) {
		e = go_on(call, name, &look, &counted_at, &fits);
	} else {
		e = begin(call, name, &look);
		e = e ? e : read_row(call, name, &look, &found);
		if (!e && beside && call->desk->parts.pins_beside) {
			return pin_beside_ask(call, &secret, look.row.hash);
		}
		fits = !e && pin_hash_fits(&secret, look.row.hash) && found;
	}
	if (e) {
		return e;
	}
	if (!fits || is_over(call, &look.row)) {
		return record_failure(call, &look, person_meant(call, name));
	}
	pin_pace_count(call->desk, look.tries[0].name, call->now);
	*ret_look = look;
	ret_look->change =
		(struct pin_change){ .tries = ret_look->tries, .n_tries = ARRAY_LEN(look.tries) };
	for (size_t i = 0; i < ARRAY_LEN(look.tries); i++) {
		pin_limit_pass(call->arena, &ret_look->tries[i], counted_at, call->now);
	}
	return ERR_OK;
}

/* --- keeping one ------------------------------------------------------------------------- */

enum err
pin_row_make(
	struct call *call, const char *person, const char *pin, bool once, struct pin_row *ret_row)
{
	const struct pin_secret secret = { call->desk->parts.pin_key, person, pin };
	char hash[PIN_HASH_SIZE];
	char key_id[PIN_KEY_ID_SIZE];
	enum err e = pin_hash(&secret, call->desk->parts.pin_cost, hash);

	if (e) {
		return call_fail(call, "D341");
	}
	pin_key_id(call->desk->parts.pin_key, key_id);
	*ret_row = (struct pin_row){
		.person = person,
		.hash = arena_strdup(call->arena, hash),
		.key_id = arena_strdup(call->arena, key_id),
		.once = once,
		.set_at = call->now,
		.set_by = call->person->id,
	};
	return ret_row->hash && ret_row->key_id ? ERR_OK : ERR_NOMEM;
}
