/* SPDX-License-Identifier: MIT */
/*
 * A desk without a store for tests of incidents: the shipped procedure, the
 * example organisation, a clock that stands, and the events of one incident.
 */
#ifndef TOBAN_TESTS_INCIDENT_WORLD_H
#define TOBAN_TESTS_INCIDENT_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "toban/core/incident.h"
#include "toban/core/step.h"

#define WORLD_EVENTS 512
#define WORLD_ID "26-0001"
#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

struct world {
	struct arena *base;  /* of the procedure and the organisation */
	struct arena *arena; /* of the case: emptied by world_clear() */
	const struct procedure *procedure;
	const struct org *org;
	stamp now;
	struct event events[WORLD_EVENTS];
	size_t n;
	int64_t foreign; /* entries of other subjects that came in between */
	struct incident incident; /* folded; valid once n > 0 */
	/* Of the last step: what it caused, or why it was refused. */
	struct outcome outcome;
	struct diagnostics diagnostics;
	bool drill; /* the next report is a drill */
	const struct duty *duty; /* NULL: everybody is there */
};

/* cmocka set-up and tear-down: *state is the world. */
int world_open(void **state);
int world_close(void **state);

/* The shipped procedure with more lines at the end of one file; lives as long as the world. */
const struct procedure *world_procedure_with(
	const struct world *w, const char *path, const char *more);

/* Forgets all events. */
void world_clear(struct world *w);

/* Takes a step with fields written as JSON (' for "); "" for none. */
enum err world_act(struct world *w, const char *person, const char *step, const char *fields);

/* The same, which must succeed and lead to `state`. */
void world_do(struct world *w, const char *person, const char *step, const char *fields,
	const char *state);

/* The same, refused: "D302 office-staff-2" with who could, "D403 nobody", "D205" whoever. */
void world_refused(struct world *w, const char *person, const char *step, const char *fields,
	const char *wanted);

/* The same, with one fault: "measures[1].key D107". */
void world_faulty(struct world *w, const char *person, const char *step, const char *fields,
	const char *wanted);

/* Whether the menu allows the step; *ret_code is "" then. */
bool world_allows(struct world *w, const char *person, const char *step, const char **ret_code);

/* Appends an event as it is and folds again. */
enum err world_append(struct world *w, const char *actor, const char *kind, const char *body);

/* Reports an ordinary case by dc-operator-1: information impairment. */
void world_report(struct world *w);

/* Walks the ordinary case until it is in the state, one step an hour. */
void world_walk(struct world *w, const char *state);

/* Who is awaited, as "person-or-role:step person-or-role:step". */
const char *world_awaited(struct world *w);
/* By when somebody, or a role, is awaited to take a step; fails when they are not. */
stamp world_awaited_due(struct world *w, const char *who, const char *step);

/* Who was told by the last step, as "person@link person@link". */
const char *world_told(struct world *w);

/* A message type among those of the last step. */
bool world_sent(const struct world *w, const char *type);

#endif
