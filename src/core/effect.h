/* SPDX-License-Identifier: MIT */
/*
 * Effects: what a step does to an incident.  Each has two halves that must
 * agree: `take` writes the event body, `fold` reads it back.  A flow file names
 * an effect by its word; the words are a closed table.
 */
#ifndef TOBAN_CORE_EFFECT_H
#define TOBAN_CORE_EFFECT_H

#include "incident_fold.h"
#include "toban/core/step.h"

/* One step being taken: its judgement passed, its body is growing. */
struct taking {
	struct arena *arena;
	const struct step_context *context; /* incident is never NULL: a report has a bare one */
	const struct flow_step *step;
	const json_t *fields;
	bool drill;
	struct diagnostics *diagnostics;
	json_t *body;
	const char *state; /* after the step; the effect may change it */
	/* What may open links of the chain besides the step itself. */
	bool major_proposed;
	bool major_yes;
	struct fold_list places;       /* struct chain_place; the incident's, or a report's own */
	struct fold_list notices;      /* struct notice */
	struct fold_list messages;     /* const char * */
	struct word_list involved_now; /* who becomes involved by this step, under all names */
	/* Who takes the step only in the place of somebody away: whom, their part; else NULL. */
	const struct person *absent;
	const char *absent_part;
	const char *refused_code;      /* D4xx: the effect itself refuses; NULL */
	const char *refused_why;
};

struct effect {
	const char *word;
	enum err (*take)(struct taking *t);                          /* NULL: nothing to add */
	enum err (*fold)(struct fold *f, const struct entry *entry); /* NULL: nothing to keep */
};

/* NULL when there is none of that word. */
const struct effect *effect_find(const char *word);

/* Whether the step has this effect. */
bool effect_is(const struct flow_step *step, const char *word);

/* The first step of the flow with this effect; NULL. */
const struct flow_step *effect_step(const struct flow *flow, const char *word);

/* Adds a fault of one field; the sentence is translated already. */
void taking_fault(struct taking *t, const char *field, const char *code, const char *text);

/* Refuses the step for a reason only the effect can see; the sentence is translated. */
enum err taking_refuse(struct taking *t, const char *code, const char *why);

/* By what limits are chosen, as the incident is after the step. */
struct clock_case taking_case(const struct taking *t);

/* The desk's zone, for the times in bodies. */
int taking_offset(const struct taking *t);

/* A list of places the effect may add to, starting with those of the incident. */
enum err taking_places(struct taking *t);

/* One row in each file below is one effect; tables end with a NULL word. */
extern const struct effect effect_report_table[];
extern const struct effect effect_chain_table[];
extern const struct effect effect_response_table[];
extern const struct effect effect_prevention_table[];
extern const struct effect effect_review_table[];
extern const struct effect effect_side_table[];
extern const struct effect effect_reader_table[];

/* --- the chain (effect_chain.c) ------------------------------------------------ */

/* Opens the links that this step opens, telling the people who stand there. */
enum err effect_chain_follow(struct taking *t);

/* effect_acknowledge.c: writes down the links that the step acknowledges; link 1: `received`. */
enum err effect_chain_acknowledge(struct taking *t);

/*
 * What the desk does at a link by itself: tells who stands in and was not told yet; whose place
 * it is and who came back since the report; opens the next link if it is one that opens
 * unanswered; tells everybody of the link anew.  Each adds nobody where there is nobody to tell.
 */
enum err effect_chain_pass_on(struct taking *t, int link);
enum err effect_chain_back(struct taking *t, int link);
enum err effect_chain_raise(struct taking *t, int link);
enum err effect_chain_again(struct taking *t, int link);

/* Tells one person; nobody twice, nobody involved, never the actor by link 0. */
enum err effect_tell(struct taking *t, const struct notice *notice);

/* Writes everybody who was told into the body. */
enum err effect_write_notices(struct taking *t);

#endif
