/* SPDX-License-Identifier: MIT */
/*
 * The arithmetic of tries: see pin_limit.h.
 */
#include "pin_limit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/str.h"

#define HOUR_MS INT64_C(3600000)
#define FIRST_WAIT_MS INT64_C(1000)
#define FIRST_LOCK_MS INT64_C(900000)

/* The next stamp of a list between blanks; false at its end. */
static bool
next_check(const char **text, stamp *ret_at)
{
	char *end;
	long long at = strtoll(*text, &end, 10);

	if (end == *text) {
		return false;
	}
	*text = end;
	*ret_at = at;
	return true;
}

/* Those of later are of a clock that was set back, before rows were settled. */
static bool
counts(stamp at, stamp now)
{
	return at > now - HOUR_MS && at < now + HOUR_MS;
}

enum pin_gate
pin_limit_gate(const struct pin_try *try, size_t most_hour, stamp now, stamp *ret_until)
{
	const char *text = try->checks;
	stamp oldest = STAMP_NONE;
	size_t n = 0;
	stamp at;

	while (next_check(&text, &at)) {
		if (counts(at, now)) {
			oldest = n == 0 ? at : oldest;
			n++;
		}
	}
	if (try->next_at > now) {
		*ret_until = try->next_at;
		return try->locked ? PIN_GATE_LOCKED : PIN_GATE_WAIT;
	}
	if (n >= most_hour) {
		*ret_until = oldest + HOUR_MS;
		return PIN_GATE_LOCKED;
	}
	return PIN_GATE_OPEN;
}

static int64_t
lock_ms(int64_t failures)
{
	int64_t ms = FIRST_LOCK_MS;

	for (int64_t i = PIN_FAILURES; i < failures && ms < PIN_LOCKED_MOST_MS; i++) {
		ms *= 2;
	}
	return ms < PIN_LOCKED_MOST_MS ? ms : PIN_LOCKED_MOST_MS;
}

/* The checks that still count, each followed by a blank. */
static void
add_recent(struct str *out, const char *text, stamp now)
{
	stamp at;

	while (next_check(&text, &at)) {
		if (counts(at, now)) {
			str_addf(out, "%" PRId64 " ", at);
		}
	}
}

static enum err
keep_checks(struct arena *arena, struct pin_try *try, struct str *checks)
{
	const char *copy = checks->failed ? NULL : arena_strdup(arena, str_text(checks));

	str_release(checks);
	if (copy == NULL) {
		return ERR_NOMEM;
	}
	try->checks = copy;
	return ERR_OK;
}

enum err
pin_limit_settle(struct arena *arena, struct pin_try *try, stamp now, bool *ret_moved)
{
	int64_t back = try->changed_at - now;
	const char *text = try->checks;
	struct str checks = STR_INIT;
	stamp at;

	*ret_moved = back > 0;
	if (back <= 0) {
		return ERR_OK;
	}
	while (next_check(&text, &at)) {
		str_addf(&checks, "%" PRId64 " ", at - back);
	}
	try->next_at -= back;
	try->changed_at = now;
	return keep_checks(arena, try, &checks);
}

enum err
pin_limit_count(struct arena *arena, struct pin_try *try, bool streak, stamp now)
{
	struct str checks = STR_INIT;

	add_recent(&checks, try->checks, now);
	str_addf(&checks, "%" PRId64 " ", now);
	try->changed_at = now;
	if (streak) {
		try->failures++;
		try->locked = try->failures >= PIN_FAILURES;
		try->next_at = now +
			(try->locked ? lock_ms(try->failures)
				     : FIRST_WAIT_MS << (try->failures - 1));
	}
	return keep_checks(arena, try, &checks);
}

void
pin_limit_pass(struct arena *arena, struct pin_try *try, stamp at, stamp now)
{
	const char *text = try->checks;
	struct str checks = STR_INIT;
	bool found = false;
	stamp one;

	while (next_check(&text, &one)) {
		bool its = !found && one == at;

		found = found || its;
		if (!its) {
			str_addf(&checks, "%" PRId64 " ", one);
		}
	}
	/* Without memory one try too many stays counted. */
	(void)keep_checks(arena, try, &checks);
	try->failures = 0;
	try->locked = false;
	try->next_at = now;
	try->changed_at = now;
}
