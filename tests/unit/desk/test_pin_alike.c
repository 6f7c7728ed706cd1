/* SPDX-License-Identifier: MIT */
/*
 * F41: a try for a name that nobody has does the work of one for a name that is known, counted
 * and not timed: hashes of PINs, steps of the database, entries, bytes of the answer.  How many
 * milliseconds lie between the two is printed by tests/bench/bench_pin.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "post_desk.h"
#include "toban/base/attr.h"

#define TRIES 8

struct tally {
	int hashes;
	int steps;
	int64_t entries;
	size_t bytes;
	char code[8];
};

static struct {
	int hashes;
	int steps;
} counted;

/* The linker puts these before the libraries' own (meson.build). */
int __real_crypto_pwhash_str_verify(const char *hash, const char *secret, unsigned long long len);
int __wrap_crypto_pwhash_str_verify(const char *hash, const char *secret, unsigned long long len);
int __real_sqlite3_step(sqlite3_stmt *statement);
int __wrap_sqlite3_step(sqlite3_stmt *statement);

int
__wrap_crypto_pwhash_str_verify(const char *hash, const char *secret, unsigned long long len)
{
	counted.hashes++;
	return __real_crypto_pwhash_str_verify(hash, secret, len);
}

int
__wrap_sqlite3_step(sqlite3_stmt *statement)
{
	counted.steps++;
	return __real_sqlite3_step(statement);
}

static int64_t
entries(struct fixture *f)
{
	struct ledger_head head;

	assert_int_equal(store_head(f->store, &head), ERR_OK);
	return head.seq;
}

static struct tally
try_once(struct post_desk *d, const char *name)
{
	struct tally tally = { .entries = -entries(&d->f) };
	char args[100];
	json_t *answer;
	char *text;
	enum err e;

	(void)snprintf(args, sizeof(args), "{'person':'%s','pin':'864209'}", name);
	counted.hashes = 0;
	counted.steps = 0;
	answer = post_call(d, "session.open", args, &e);
	tally.hashes = counted.hashes;
	tally.steps = counted.steps;
	assert_int_not_equal(e, ERR_OK);
	(void)snprintf(tally.code, sizeof(tally.code), "%s", text_at(answer, "code"));
	text = json_dumps(answer, JSON_COMPACT | JSON_SORT_KEYS);
	tally.bytes = strlen(text);
	tally.entries += entries(&d->f);
	free(text);
	json_decref(answer);
	return tally;
}

/* What tries at one name cost, from the first of a new desk until it is locked out and after. */
static void
try_often(const char *name, struct tally tallies[TRIES])
{
	struct post_desk d;

	post_start(&d, ON_SQLITE);
	for (int i = 0; i < TRIES; i++) {
		tallies[i] = try_once(&d, name);
		d.f.now += i == 1 ? 1 : 20000; /* the third comes too soon */
	}
	post_stop(&d);
}

static void
open__of_an_unknown_name__does_what_a_known_one_does(void **state)
{
	/* With a PIN, without one, who may not sit here, nobody, nobody of a strange kind. */
	static const char *const names[] = { "dc-operator-1", "dc-operator-2", "ga-staff-1",
		"dc-operator-9", "\\u58eb" };
	struct tally known[TRIES];

	(void)state;
	try_often(names[0], known);
	/* Or there would be nothing to compare. */
	assert_int_equal(known[0].hashes, 1);
	assert_true(known[0].steps > 5);
	assert_int_equal(known[0].entries, 1);
	assert_string_equal(known[2].code, "D334");
	assert_int_equal(known[2].hashes, 0);
	assert_string_equal(known[TRIES - 1].code, "D333");
	for (size_t n = 1; n < ARRAY_LEN(names); n++) {
		struct tally other[TRIES];

		try_often(names[n], other);
		for (int i = 0; i < TRIES; i++) {
			if (memcmp(&other[i], &known[i], sizeof(known[i])) != 0) {
				fail_msg("\"%s\", try %d: %s, %d hashes, %d steps, %d entries, "
					 "%zu bytes; \"%s\": %s, %d, %d, %d, %zu",
					names[n], i, other[i].code, other[i].hashes, other[i].steps,
					(int)other[i].entries, other[i].bytes, names[0],
					known[i].code, known[i].hashes, known[i].steps,
					(int)known[i].entries, known[i].bytes);
			}
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open__of_an_unknown_name__does_what_a_known_one_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
