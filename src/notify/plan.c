/* SPDX-License-Identifier: MIT */
/*
 * When a message is tried again, and when nobody waits for it any longer.
 * Pure arithmetic on one outbox row: the caller brings time and chance.
 */
#include "toban/notify/notify.h"

#include <string.h>

#include "toban/base/attr.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)

/* A crisis is repeated at this pace for this long. */
#define URGENT_STEP_MS MINUTE_MS
#define URGENT_SPAN_MS (30 * MINUTE_MS)

/* The attempts of the urgent span; what follows goes on at two minutes. */
#define URGENT_ATTEMPTS 31
#define AFTER_URGENT_STEP 2

/* Between looks for the secret of a target that has none. */
#define SECRET_PAUSE_MS (15 * SECOND_MS)

#define GIVE_UP_MS (24 * HOUR_MS)

/*
 * A desk that was closed for a day finds its rows old without having tried
 * much.  Nothing is given up before this many attempts; a plan that ran
 * undisturbed makes eleven.
 */
#define LEAST_ATTEMPTS 8

/* A receiver that says "at once" is not given a loop without a pause. */
#define LEAST_RETRY_AFTER_MS SECOND_MS

/* Delays vary by a tenth either way, so that a receiver just back is not hit by all at once. */
#define JITTER_SPAN 0.2

static const int64_t steps_ms[] = {
	5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 1 * HOUR_MS, 3 * HOUR_MS,
	6 * HOUR_MS, /* and so on */
};

#define HTTP_GONE 410
#define HTTP_TOO_MANY_REQUESTS 429
#define HTTP_UNAVAILABLE 503

static int64_t
row_age(const struct outbox_row *row, stamp now)
{
	/* A clock that was set back must not make a row older or younger than new. */
	return now > row->created_at ? now - row->created_at : 0;
}

static bool
row_in_urgent_span(const struct outbox_row *row, stamp now)
{
	return row->urgent && row_age(row, now) < URGENT_SPAN_MS;
}

/* The plan's own step after `row->attempts` attempts, without jitter. */
static int64_t
plan_step(const struct outbox_row *row, stamp now)
{
	int index = row->attempts - 1;

	if (row_in_urgent_span(row, now)) {
		return URGENT_STEP_MS;
	}
	if (row->urgent) {
		int after = row->attempts - URGENT_ATTEMPTS;

		index = AFTER_URGENT_STEP + (after > 0 ? after : 0);
	}
	if (index < 0) {
		index = 0;
	}
	if (index >= (int)ARRAY_LEN(steps_ms)) {
		index = (int)ARRAY_LEN(steps_ms) - 1;
	}
	return steps_ms[index];
}

static bool
retry_after_counts(const struct attempt *attempt)
{
	/* RFC 9110 §10.2.3 gives it a meaning for 503 and redirects, RFC 6585 for 429. */
	return attempt->transport == ERR_OK && attempt->retry_after_ms >= 0 &&
		(attempt->status == HTTP_TOO_MANY_REQUESTS || attempt->status == HTTP_UNAVAILABLE);
}

static int64_t
clamp(int64_t value, int64_t least, int64_t most)
{
	return value < least ? least : value > most ? most : value;
}

static int64_t
plan_delay(const struct outbox_row *row, const struct attempt *attempt, stamp now, double jitter)
{
	int64_t step = plan_step(row, now);

	if (retry_after_counts(attempt)) {
		return clamp(attempt->retry_after_ms, LEAST_RETRY_AFTER_MS, 2 * step);
	}
	if (row_in_urgent_span(row, now)) {
		return step; /* one crisis message a target: nothing to spread */
	}
	return step + (int64_t)((double)step * JITTER_SPAN * (jitter - 0.5));
}

enum delivery
attempt_judge(const struct attempt *attempt)
{
	if (attempt->transport != ERR_OK) {
		return DELIVERY_RETRY;
	}
	if (attempt->status >= 200 && attempt->status <= 299) {
		return DELIVERED;
	}
	return attempt->status == HTTP_GONE || attempt->permanent ? DELIVERY_STOP : DELIVERY_RETRY;
}

static void
row_finish(struct outbox_row *row, const char *state)
{
	row->state = state;
	row->next_at = STAMP_NONE;
}

void
outbox_plan(struct outbox_row *row, const struct attempt *attempt, stamp now, double jitter)
{
	enum delivery delivery = attempt_judge(attempt);

	row->attempts++;
	row->last_status = attempt->status;
	row->last_answer = attempt->answer != NULL ? attempt->answer : "";
	row->changed_at = now;
	if (delivery == DELIVERED) {
		row_finish(row, "sent");
		return;
	}
	if (delivery == DELIVERY_STOP) {
		row_finish(row, "stopped");
		return;
	}

	bool old = row_age(row, now) >= GIVE_UP_MS;

	if (old && row->attempts >= LEAST_ATTEMPTS) {
		row_finish(row, "dead");
		return;
	}

	stamp next = now + plan_delay(row, attempt, now, jitter);
	stamp end = row->created_at + GIVE_UP_MS;

	/* The last attempt is made when the day is over, not hours before. */
	row->state = "waiting";
	row->next_at = !old && next > end ? end : next;
}

bool
outbox_wait(struct outbox_row *row, const char *why, stamp now)
{
	bool news = strcmp(row->last_answer, why) != 0;

	row->next_at = now + SECRET_PAUSE_MS;
	row->last_status = 0;
	row->last_answer = why;
	row->changed_at = news ? now : row->changed_at;
	return news;
}
