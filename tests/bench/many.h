/* SPDX-License-Identifier: MIT */
/*
 * What benchmarks share: a desk file with many incidents, and times.
 */
#ifndef TOBAN_TESTS_BENCH_MANY_H
#define TOBAN_TESTS_BENCH_MANY_H

#include <stddef.h>
#include <stdint.h>

#include "../unit/desk/fixture.h"

/* The monotonic clock in nanoseconds. */
int64_t many_now_ns(void);

/* What this process has used of the processors, in nanoseconds. */
int64_t many_used_ns(void);

/* The percentile `p` (0..1) of `n` times, in milliseconds; sorts them. */
double many_percentile_ms(int64_t *ns, size_t n, double p);

/* Fills the desk: entries of one real report, over and over; one in twenty is still open. */
void many_fill(struct fixture *f, int incidents);

/* Lets the clock of the programs that are started stand where the desk's does. */
void many_stand(const struct fixture *f);

#endif
