/* SPDX-License-Identifier: MIT */
/*
 * Steps: who may take which, why not, and what taking one records.
 *
 * Pure: step_judge() answers for the menu and for the door with the same code;
 * step_take() makes the body of the event.  Words in flow files (actors,
 * guards, effects) are closed tables here; an unknown word is a lint fault.
 */
#ifndef TOBAN_CORE_STEP_H
#define TOBAN_CORE_STEP_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/core/duty.h"
#include "toban/core/form.h"
#include "toban/core/incident.h"
#include "toban/core/org.h"
#include "toban/core/procedure.h"

/* Everything a judgement looks at. */
struct step_context {
	const struct procedure *procedure;
	const struct org *org;
	const struct incident *incident; /* NULL: before the report */
	const struct person *person;     /* who asks */
	stamp now;
	const struct duty *duty; /* who is there; NULL: everybody */
	bool by_glass;           /* they read the case for having broken the glass, no more */
};

struct step_verdict {
	bool allowed;
	const char *code; /* stable refusal: D3xx (who), D4xx (state, gate); "" if allowed */
	const char *why;  /* translated sentence; "" when allowed */
	struct word_list who; /* person ids who could take it now; may be empty */
};

/*
 * Whether `person` may take `step` now.  `fields` (NULL in the menu) are the
 * cleaned fields: guards that depend on them (whose cell, emergency, which
 * review item) are judged only when given; without them a step is allowed if
 * there is a choice of fields with which it would be.  Order of refusal: not
 * visible (D304; by a broken glass alone D364), role (D301…), state (D401…), guards
 * (D302-D309, D402-D406, D205).  ERR_NOMEM.
 */
enum err step_judge(struct arena *arena, const struct step_context *context,
	const struct flow_step *step, const json_t *fields, struct step_verdict *ret_verdict);

/*
 * What a part in a state is refused with, whatever the case: D304, D306, D307, D301 or D401,
 * static; "" where only the guards remain, which are conditions of the case.  step_judge() asks
 * the same.
 */
const char *step_refusal(const struct step_context *context, const struct flow_step *step);

/* One person to be told. */
struct notice {
	const char *person;
	const char *role;
	int link;     /* of the chain; 0: told because the step says so */
	stamp due_at; /* to acknowledge; STAMP_NONE */
};

/* What taking a step records and causes. */
struct outcome {
	/* New reference: {"fields", "state", "notified", …}; the rest lives in the arena. */
	json_t *body;
	const char *state; /* after the step */
	const struct notice *notices;
	size_t n_notices;
	const char *const *messages; /* event types: "incident.STEP", "crisis.escalated" … */
	size_t n_messages;
	struct step_verdict refusal; /* filled on ERR_DENIED and ERR_CONFLICT of step_take() */
};

/* What somebody asks to be recorded. */
struct step_request {
	const struct flow_step *step;
	const json_t *fields; /* cleaned by form_check() */
	bool drill;           /* a report of a drill */
};

/*
 * Judges again with the fields, then makes the event body.  For "report"
 * context->incident is NULL and the fields are those of the report form.
  ERR_DENIED with ret_outcome->refusal filled when refused
 * (ERR_CONFLICT when a bound hash differs from what is there now); ERR_INVALID
 * with diagnostics for faults only the incident can tell (unknown measure,
 * a correction of a foreign entry).
 */
enum err step_take(struct arena *arena, const struct step_context *context,
	const struct step_request *request, struct diagnostics *diagnostics,
	struct outcome *ret_outcome);

/*
 * Whether taking the step is a decision that must be signed: what the flow says, and
 * always the five on which a case turns, whatever it says.
 */
bool step_is_signed(const struct flow_step *step);

/*
 * How long, in milliseconds, `step` may be taken back by who took it; 0: not at
 * all.  `incident` is the case with the step in it.  Only what is asked with
 * Confirm=send, nothing that is signed, and nothing of an urgent category or of a (proposed) major
 * accident, whose messages go out at once.
 */
int64_t step_take_back_ms(const struct procedure *procedure, const struct flow_step *step,
	const struct incident *incident);

/* One thing awaited: a named person or any holder of a role. */
struct awaited {
	const char *person; /* NULL: any of the role */
	const char *role;
	const char *step;
	stamp due_at; /* the limit of exactly this, as step_due() tells it; STAMP_NONE: none */
};

/* Who is awaited to do what now, most urgent first; empty when nothing is. */
enum err step_awaited(struct arena *arena, const struct step_context *context,
	const struct awaited **ret_items, size_t *ret_n);

/*
 * By when the person of the context is awaited to take `step`: their link of the
 * chain, their instruction, their department's cells, the statutory clock, the day
 * of the verdict, or what the last step's Due started for the step that leads on.
 * STAMP_NONE when the step has no limit of its own, as a review has none.
 */
stamp step_due(const struct step_context *context, const struct flow_step *step);

/*
 * Ids of everybody who holds an actor word ("owner", "office" …) in this
 * incident, in the order of the organisation: what a role in `awaited` means.
 * Nobody involved is among them; empty for an unknown word.
 */
enum err step_people(struct arena *arena, const struct step_context *context, const char *actor,
	struct word_list *ret_people);

/* Closed word tables for the lint: NULL-terminated lists of static words. */
const char *const *step_actor_words(void);
const char *const *step_guard_words(void);
const char *const *step_effect_words(void);

#endif
