/* SPDX-License-Identifier: MIT */
/*
 * Receivers that are gone: see gone.h.
 */
#include "gone.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/hash.h"
#include "toban/core/event.h"
#include "toban/notify/notify.h"

#define HTTP_GONE 410

/* Others write entries of the desk, too. */
#define TRIES 20

bool
is_gone(const struct target_row *target, const struct job *job)
{
	return job->row.last_status == HTTP_GONE && strcmp(job->row.state, "stopped") == 0 &&
		strcmp(target->kind, "webhook") == 0 && target->active && !target->stopped &&
		target->created_at <= job->started_at;
}

/* The entry and the row, as one; ERR_CONFLICT: somebody wrote in between. */
static enum err
stop_once(struct store *store, struct arena *arena, struct event *event, const struct job *job)
{
	struct target_list targets;
	struct event_list before;
	enum err err = store_targets(store, arena, &targets);

	for (size_t i = 0; err == ERR_OK && i < targets.n; i++) {
		struct target_row *row = &targets.items[i];
		struct store_batch batch = {
			.events = event, .n_events = 1, .targets = row, .n_targets = 1
		};

		if (strcmp(row->name, job->row.target) != 0 || !is_gone(row, job)) {
			continue;
		}
		row->stopped = true;
		err = store_subject(store, arena, SUBJECT_DESK, &before);
		event->subject_seq = (int64_t)before.n + 1;
		return err == ERR_OK ? store_commit(store, &batch) : err;
	}
	return err;
}

enum err
gone_record(struct store *store, const struct job *job, stamp now)
{
	struct arena *arena = arena_new();
	json_t *body = json_pack("{s:s, s:s, s:i}", "name", job->row.target, "message", job->row.id,
		"status", HTTP_GONE);
	char *text = body != NULL ? json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	char id[NEW_ID_SIZE];
	struct event event = {
		.id = id,
		.subject = SUBJECT_DESK,
		.at = now,
		.happened_at = STAMP_NONE,
		.actor = ACTOR_DESK,
		.post = "",
		.kind = "target-stopped",
		.form = "",
		.form_version = "",
		.body = text,
	};
	enum err err = arena != NULL && text != NULL ? ERR_CONFLICT : ERR_NOMEM;

	random_id(now, id);
	for (int tries = 0; err == ERR_CONFLICT && tries < TRIES; tries++) {
		err = stop_once(store, arena, &event, job);
	}
	free(text);
	json_decref(body);
	arena_free(arena);
	return err == ERR_CONFLICT ? ERR_BUSY : err;
}
