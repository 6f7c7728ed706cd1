/* SPDX-License-Identifier: MIT */
/*
 * Whether a name that somebody has can be told from one that nobody has by the time that a wrong
 * PIN takes (F41), beside the bare hash in the same run; each is tried in turn.
 *
 *     bench_pin [ROUNDS]
 *
 * Aim: the medians differ by less than 1 ms.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../unit/desk/post_desk.h"
#include "many.h"
#include "toban/base/attr.h"

#define ROUNDS 100
#define WRONG "864209"

static const char *const names[] = { "dc-operator-1", "dc-operator-2", "ga-staff-1", "nobody-1" };
static const char *const what[] = { "has a PIN", "has none", "may not sit here", "nobody" };

enum { BARE = ARRAY_LEN(names), NOBODY = BARE - 1, KINDS = BARE + 1 };

/* By the clock, and what of it was work of this process: other programs do not count there. */
struct took {
	int64_t *wall;
	int64_t *used;
};

static void
measure(struct post_desk *d, const char *hash, size_t kind, struct took *took, size_t at)
{
	const struct pin_secret secret = { post_key, names[0], WRONG };
	int64_t start = many_now_ns();
	int64_t used = many_used_ns();

	if (kind == BARE) {
		assert_false(pin_hash_fits(&secret, hash));
	} else {
		const char *code = post_open_code(d, names[kind], WRONG);

		assert_true(strcmp(code, "D332") == 0 || strcmp(code, "D333") == 0);
	}
	took[kind].used[at] = many_used_ns() - used;
	took[kind].wall[at] = many_now_ns() - start;
}

static void
print(struct took *took, size_t rounds)
{
	double wall[KINDS];
	double used[KINDS];

	for (size_t k = 0; k < KINDS; k++) {
		wall[k] = many_percentile_ms(took[k].wall, rounds, 0.5);
		used[k] = many_percentile_ms(took[k].used, rounds, 0.5);
	}
	printf("medians of %zu          by the clock            of the processor\n", rounds);
	for (size_t k = 0; k < KINDS; k++) {
		printf("%-16s %8.3f ms (%.3f)  %8.3f ms (%.3f of the bare hash)",
			k == BARE ? "bare argon2id" : what[k], wall[k], wall[k] / wall[BARE],
			used[k], used[k] / used[BARE]);
		if (k < NOBODY) {
			printf("  beside nobody %+.3f, %+.3f ms", wall[k] - wall[NOBODY],
				used[k] - used[NOBODY]);
		}
		printf("\n");
	}
}

int
main(int argc, char **argv)
{
	size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : ROUNDS;
	const struct pin_secret secret = { post_key, names[0], PIN };
	char hash[PIN_HASH_SIZE];
	struct took took[KINDS];
	struct post_desk d;

	post_start_at(&d, ON_SQLITE, PIN_COST_FULL);
	assert_int_equal(pin_hash(&secret, PIN_COST_FULL, hash), ERR_OK);
	for (size_t k = 0; k < KINDS; k++) {
		took[k].wall = calloc(rounds, sizeof(int64_t));
		took[k].used = calloc(rounds, sizeof(int64_t));
		assert_true(took[k].wall && took[k].used);
	}
	for (size_t i = 0; i < rounds; i++) {
		d.f.now += INT64_C(5) * 60 * MINUTE; /* each is looked at */
		for (size_t k = 0; k < KINDS; k++) {
			measure(&d, hash, (i + k) % KINDS, took, i); /* none is always first */
		}
	}
	print(took, rounds);
	for (size_t k = 0; k < KINDS; k++) {
		free(took[k].wall);
		free(took[k].used);
	}
	post_stop(&d);
	return 0;
}
