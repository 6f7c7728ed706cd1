/* SPDX-License-Identifier: MIT */
/*
 * The board on a terminal with many incidents in the file: from start to the
 * first complete screen, one step down, and the bytes they cost, beside the
 * barest program on the same file and terminal in the same run.
 *
 *     bench_board [INCIDENTS [ROUNDS]]      TOBAN, BARE_BOARD: the programs
 *
 * Aims: first screen at most 50 ms; a step at most 300 bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../screens/vt.h"
#include "many.h"

struct measured {
	int64_t *first_ns; /* of each round */
	int64_t *step_ns;
	size_t rounds;
	size_t first_bytes; /* of the last round */
	size_t step_bytes;
};

static void
measure(const char *const *argv, struct measured *m)
{
	for (size_t i = 0; i < m->rounds; i++) {
		struct vt_options options = { .argv = argv, .rows = 24, .cols = 80 };
		int64_t begun = many_now_ns();
		struct vt *vt = vt_start(&options);

		m->first_ns[i] = many_now_ns() - begun;
		m->first_bytes = vt_bytes(vt);
		begun = many_now_ns();
		vt_keys(vt, "j");
		m->step_ns[i] = many_now_ns() - begun;
		m->step_bytes = vt_bytes(vt);
		vt_free(vt);
	}
}

static void
print(const char *name, struct measured *m)
{
	printf("%-6s first screen p50 %.2f ms p99 %.2f ms, %zu bytes; step p50 %.2f ms, %zu "
	       "bytes\n",
		name, many_percentile_ms(m->first_ns, m->rounds, 0.5),
		many_percentile_ms(m->first_ns, m->rounds, 0.99), m->first_bytes,
		many_percentile_ms(m->step_ns, m->rounds, 0.5), m->step_bytes);
}

static struct measured
room(size_t rounds)
{
	struct measured m = {
		.first_ns = calloc(rounds, sizeof(int64_t)),
		.step_ns = calloc(rounds, sizeof(int64_t)),
		.rounds = rounds,
	};

	assert_non_null(m.first_ns);
	assert_non_null(m.step_ns);
	return m;
}

int
main(int argc, char **argv)
{
	int incidents = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 100000;
	size_t rounds = argc > 2 ? (size_t)strtol(argv[2], NULL, 10) : 30;
	const char *toban = getenv("TOBAN");
	const char *bare = getenv("BARE_BOARD");
	struct measured ours = room(rounds);
	struct measured limit = room(rounds);
	struct fixture f;

	assert_non_null(toban);
	assert_non_null(bare);
	fixture_start(&f, ON_SQLITE);
	many_fill(&f, incidents);
	many_stand(&f); /* the engine beside the screen has nothing overdue to do */
	const char *const toban_argv[] = { toban, "--desk", f.path, "--as", "dc-owner", NULL };
	const char *const bare_argv[] = { bare, f.path, NULL };
	measure(bare_argv, &limit);
	measure(toban_argv, &ours);
	printf("%d incidents in the file, %zu rounds\n", incidents, rounds);
	print("toban", &ours);
	print("bare", &limit);
	double first = many_percentile_ms(ours.first_ns, rounds, 0.5);
	printf("ratio of the first screen %.2f; aim 50 ms: %s\n",
		first / many_percentile_ms(limit.first_ns, rounds, 0.5),
		first <= 50 ? "met" : "MISSED");
	fixture_stop(&f);
	free(ours.first_ns);
	free(ours.step_ns);
	free(limit.first_ns);
	free(limit.step_ns);
	return 0;
}
