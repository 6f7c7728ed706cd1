/* SPDX-License-Identifier: MIT */
/*
 * Actor words: who may take a step.  One row a word; a flow file may use no
 * other.  A person who is involved holds none of them.
 */
#ifndef TOBAN_CORE_ACTOR_H
#define TOBAN_CORE_ACTOR_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/core/duty.h"
#include "toban/core/step.h"

/*
 * Whether `person` holds the word in the context's incident (never NULL here).
 * `fields` may be NULL: words that depend on them (officer, author) are then
 * held by whoever could choose fields with which they are.
 */
bool actor_holds(const struct step_context *context, const char *word, const struct person *person,
	const json_t *fields);

/* Whether the person holds any of the words. */
bool actor_holds_any(const struct step_context *context, const struct word_list *words,
	const struct person *person, const json_t *fields);

/* Everybody who holds the word, in the order of the organisation; ERR_NOMEM. */
enum err actor_people(struct arena *arena, const struct step_context *context, const char *word,
	const json_t *fields, struct word_list *ret_people);

/* The word as people say it, translated: "the owner of the department". */
const char *actor_label(const char *word);

/* Whether the person answers for the department in its cells. */
bool actor_is_officer(
	const struct step_context *context, const struct person *person, const char *department);

/* The person who is asked first for a department: owner, else deputy; NULL. */
const struct person *actor_officer(const struct step_context *context, const char *department);

/* Whether the person, or their department, is in a list of addressees. */
bool actor_is_addressed(const struct word_list *to, const struct person *person);

/* Who is there at the context's moment, for its incident; it borrows from the context. */
struct duty_query actor_duty_query(const struct step_context *context);

/* incident_stands_at(); or was told there since, or stands in, now, for somebody of the place. */
bool actor_answers_at(const struct step_context *context, const struct chain_place *place,
	const struct person *person);

#endif
