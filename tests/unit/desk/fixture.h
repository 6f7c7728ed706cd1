/* SPDX-License-Identifier: MIT */
/*
 * A trial desk of the example organisation, on either store, with a clock that
 * stands still until a test moves it.
 */
#ifndef TOBAN_TEST_DESK_FIXTURE_H
#define TOBAN_TEST_DESK_FIXTURE_H

#include <jansson.h>

#include "toban/base/arena.h"
#include "toban/desk/desk.h"

enum fixture_store { ON_MEMORY, ON_SQLITE };

struct fixture {
	enum fixture_store kind;
	stamp now;
	struct clock clock;
	struct arena *arena;
	const struct procedure *procedure;
	struct org org;
	struct store *store;
	struct secrets *secrets;
	struct desk *desk;
	enum pin_cost pin_cost; /* PIN_COST_LEAST at the start */
	const uint8_t *pin_key; /* NULL, which it is at the start: no posts are served */
	bool pins_beside;       /* as in struct desk_parts */
	char dir[64]; /* a folder of its own: the file, the evidence */
	char path[96];
	char evidence[96];
	const char *protection; /* as desk_parts.protection, at the next opening */
	bool record_refusals;   /* the same */
	bool (*shell_of)(const char *login, struct str *out); /* of a service; NULL: none */
};

/* Each stops the test when it cannot do its work. */
void fixture_start(struct fixture *f, enum fixture_store kind);
/* The same as a real desk: what is decided must be signed (signer.h). */
void fixture_start_real(struct fixture *f, enum fixture_store kind);
void fixture_stop(struct fixture *f);
/* Opens a desk that was closed (on SQLite the store too); or closes it first. */
void fixture_open(struct fixture *f);
void fixture_reopen(struct fixture *f);

/* A document written with ' for ". */
json_t *doc(const char *text);

/* A door for `person` (NULL: nobody, login "stranger"). */
struct door fixture_door(struct fixture *f, const char *person);

/* Calls and expects success; the result is a new reference. */
json_t *ok(struct fixture *f, const char *person, const char *method, const char *args);
json_t *ok_doc(struct fixture *f, const char *person, const char *method, json_t *args);

/* Calls and expects a refusal: its document, a new reference. */
json_t *refusal(struct fixture *f, const char *person, const char *method, const char *args);
/* The same, with this code, and drops the document. */
void refused(struct fixture *f, const char *person, const char *method, const char *args,
	const char *code);

/* incident.act with fields; gives the answer. */
json_t *act(struct fixture *f, const char *person, const char *id, const char *step,
	const char *fields);
/* The code an act is refused with; "" when it is not. Static until the next call. */
const char *act_code(struct fixture *f, const char *person, const char *id, const char *step,
	const char *fields);

/* Reports a plain service disruption as dc-operator-1; free() the id. */
char *report(struct fixture *f);
char *report_with(struct fixture *f, const char *person, const char *extra);

const char *text_at(const json_t *doc, const char *key);
/*
 * The one row of an answer's `list` whose `key` is `value`, a new reference; the answer is taken
 * over.  None, or two, stop the test.
 */
json_t *answer_row(json_t *answer, const char *list, const char *key, const char *value);
void drop(json_t *doc);

#endif
