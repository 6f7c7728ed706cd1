/* SPDX-License-Identifier: MIT */
/*
 * Receivers against their entries: whoever can write the file could turn the
 * messages of a crisis elsewhere.
 */
#include <stdlib.h>
#include <string.h>

#include "target.h"
#include "toban/base/attr.h"
#include "verify.h"

/* What the newest entry about a receiver says of it. */
struct told {
	json_t *body; /* of `target-added`; NULL when it was removed or never added */
	bool stopped;
	int64_t seq;
};

static void
read_entry(const struct event *event, const char *name, struct told *told)
{
	bool added = strcmp(event->kind, "target-added") == 0 ||
		strcmp(event->kind, "target-started") == 0;
	bool stopped = strcmp(event->kind, "target-stopped") == 0;
	json_t *body;
	const char *named;

	if (!event->body ||
		(!added && !stopped && strcmp(event->kind, "target-removed") != 0)) {
		return;
	}
	body = json_loads(event->body, 0, NULL);
	named = json_string_value(json_object_get(body, "name"));
	if (named && strcmp(named, name) == 0) {
		if (!stopped) {
			json_decref(told->body);
			told->body = added ? json_incref(body) : NULL;
		}
		told->stopped = stopped;
		told->seq = event->seq;
	}
	json_decref(body);
}

static void
check_target(struct verify *verify, const struct event_list *events, const struct target_row *row)
{
	struct told told = { NULL, false, 0 };
	json_t *made = target_body(row);

	for (size_t i = 0; i < events->n; i++) {
		read_entry(&events->items[i], row->name, &told);
	}
	if (row->active != (told.body != NULL) || row->stopped != told.stopped ||
		(told.body && !json_equal(told.body, made))) {
		ledger_report(&verify->problems, told.seq, "summary",
			"receiver %s is not what the entries tell", row->name);
	}
	json_decref(told.body);
	json_decref(made);
}

static bool
is_listed(const struct target_list *targets, const char *name)
{
	for (size_t i = 0; i < targets->n; i++) {
		if (strcmp(targets->items[i].name, name) == 0) {
			return true;
		}
	}
	return false;
}

/* A receiver that was added and has no row gets no message, and nobody would know. */
static void
check_missing(
	struct verify *verify, const struct event_list *events, const struct target_list *targets)
{
	for (size_t i = 0; i < events->n; i++) {
		const struct event *event = &events->items[i];
		bool added = event->body && strcmp(event->kind, "target-added") == 0;
		json_t *body = added ? json_loads(event->body, 0, NULL) : NULL;
		const char *name = json_string_value(json_object_get(body, "name"));

		if (name && !is_listed(targets, name)) {
			ledger_report(&verify->problems, event->seq, "summary",
				"receiver %s was added and is not listed", name);
		}
		json_decref(body);
	}
}

enum err
verify_targets(struct verify *verify)
{
	struct arena *arena = arena_new();
	struct event_list events = { NULL, 0 };
	struct target_list targets = { NULL, 0 };
	enum err e = arena ? ERR_OK : ERR_NOMEM;

	if (!e) {
		e = store_subject(verify->call->store, arena, SUBJECT_DESK, &events);
	}
	if (!e) {
		e = store_targets(verify->call->store, arena, &targets);
	}
	for (size_t i = 0; !e && i < targets.n; i++) {
		check_target(verify, &events, &targets.items[i]);
	}
	if (!e) {
		check_missing(verify, &events, &targets);
	}
	arena_free(arena);
	return e;
}
