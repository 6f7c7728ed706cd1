/* SPDX-License-Identifier: MIT */
/*
 * Alerts: from entries to what stands, and which repetition becomes an entry.
 */
#include "toban/core/alert.h"

#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/core/erasure.h"

#define HOUR INT64_C(3600000)

int64_t
alert_number(const char *id)
{
	size_t prefix = strlen(SUBJECT_ALERT);
	char *end = NULL;
	long long number;

	if (strncmp(id, SUBJECT_ALERT, prefix) != 0 || id[prefix] < '1' || id[prefix] > '9') {
		return 0;
	}
	number = strtoll(id + prefix, &end, 10);
	return *end == '\0' && number < INT64_MAX ? number : 0;
}

/* --- the fold --------------------------------------------------------------------- */

static const char *
text_member(struct arena *arena, const json_t *body, const char *key)
{
	const char *text = json_string_value(json_object_get(body, key));

	return arena_strdup(arena, text ? text : "");
}

/* The note as it stands in the record; of an erased one what was kept. */
static const char *
note_text(struct arena *arena, const struct event *event, const json_t *body)
{
	char *text = event->body ? NULL : json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
	const char *kept = event->body ? arena_strdup(arena, event->body)
		: text                 ? arena_strdup(arena, text)
				       : NULL;

	free(text);
	return kept;
}

/* An entry that says what the source said: the first, and some repetitions. */
static enum err
fold_note(struct arena *arena, const struct event *event, const json_t *body, struct alert *alert)
{
	const json_t *firing = json_object_get(body, "firing");

	alert->title = text_member(arena, body, "title");
	alert->body = note_text(arena, event, body);
	if (!alert->title || !alert->body) {
		return ERR_NOMEM;
	}
	if (!json_is_boolean(firing) || !*alert->title) {
		return ERR_CORRUPT;
	}
	alert->firing = json_is_true(firing);
	alert->last_at = event->at;
	return ERR_OK;
}

static enum err
fold_first(struct arena *arena, const struct event *event, const json_t *body, struct alert *alert)
{
	alert->source = text_member(arena, body, "source");
	alert->key = text_member(arena, body, "key");
	alert->state = ALERT_STATE_OPEN;
	alert->incident = "";
	alert->first_at = event->at;
	if (!alert->source || !alert->key) {
		return ERR_NOMEM;
	}
	return *alert->source && *alert->key ? fold_note(arena, event, body, alert) : ERR_CORRUPT;
}

/* The state an entry of a judgement leads to; NULL: it is none. */
static const char *
judged_state(const char *kind)
{
	static const struct {
		const char *kind;
		const char *state;
	} ways[] = {
		{ ALERT_PROMOTED, ALERT_STATE_PROMOTED },
		{ ALERT_LINKED, ALERT_STATE_LINKED },
		{ ALERT_DISMISSED, ALERT_STATE_DISMISSED },
	};

	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		if (strcmp(ways[i].kind, kind) == 0) {
			return ways[i].state;
		}
	}
	return NULL;
}

static enum err
fold_one(struct arena *arena, const struct event *event, const json_t *body, struct alert *alert)
{
	int64_t times = json_integer_value(json_object_get(body, "times"));
	const char *state = judged_state(event->kind);
	bool first = event->subject_seq == 1;
	enum err e = ERR_OK;

	if (first != (strcmp(event->kind, ALERT_FIRST) == 0) || times < 1 || times < alert->times) {
		return ERR_CORRUPT;
	}
	if (first) {
		e = fold_first(arena, event, body, alert);
	} else if (strcmp(event->kind, ALERT_AGAIN) == 0) {
		e = fold_note(arena, event, body, alert);
	} else if (state) {
		alert->state = state;
		alert->incident = text_member(arena, body, "incident");
		e = alert->incident ? ERR_OK : ERR_NOMEM;
	} else {
		e = ERR_CORRUPT;
	}
	alert->times = times;
	alert->last_seq = event->seq;
	alert->subject_seq = event->subject_seq;
	return e;
}

enum err
alert_fold(struct arena *arena, const struct event *events, size_t n, struct alert *ret_alert)
{
	struct alert alert = { .times = 0 };
	enum err e = n ? ERR_OK : ERR_CORRUPT;

	for (size_t i = 0; !e && i < n; i++) {
		json_t *body = erasure_body(&events[i]);

		e = body ? fold_one(arena, &events[i], body, &alert) : ERR_CORRUPT;
		json_decref(body);
	}
	if (!e) {
		*ret_alert = alert;
	}
	return e;
}

/* --- counting ------------------------------------------------------------------------ */

static bool
is_power_of_two(int64_t n)
{
	return (n & (n - 1)) == 0;
}

/* Rounded down, also before 1970. */
static int64_t
hour_of(stamp at)
{
	return at / HOUR - (at % HOUR < 0);
}

bool
alert_is_recorded(const struct alert *before, bool firing, int64_t times, stamp now)
{
	return firing != before->firing || is_power_of_two(times) ||
		hour_of(now) != hour_of(before->last_at);
}

bool
alert_may_be_ahead(const struct alert *told, int64_t times, stamp last_at)
{
	if (times < told->times || hour_of(last_at) != hour_of(told->last_at)) {
		return false;
	}
	for (int64_t power = 1; power <= times && power > 0; power <<= 1) {
		if (power > told->times) {
			return false; /* this one would have been an entry */
		}
		if (power > INT64_MAX / 2) {
			break;
		}
	}
	return true;
}

bool
alert_is_same_firing(const char *body, const struct alert_note *note)
{
	json_t *document = json_loads(body, 0, NULL);
	const char *known = json_string_value(json_object_get(document, "occurrence"));
	bool same = known && *known && strcmp(known, note->occurrence) == 0;

	json_decref(document);
	return same;
}
