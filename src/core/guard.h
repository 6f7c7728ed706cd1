/* SPDX-License-Identifier: MIT */
/*
 * Guard words: conditions of a step beyond who and when.  One row a word; a
 * flow file may use no other.
 */
#ifndef TOBAN_CORE_GUARD_H
#define TOBAN_CORE_GUARD_H

#include "toban/base/str.h"
#include "toban/core/step.h"

/* One question being answered: may this person take this step? */
struct judgement {
	const struct step_context *context; /* incident is never NULL */
	const struct person *person;
	const struct flow_step *step;
	const json_t *fields; /* NULL in the menu: any choice of fields counts */
	const char *code;     /* NULL while nothing refuses */
	bool of_person;       /* another person might be allowed: say who */
	struct str *why;      /* NULL: only the code is wanted */
};

/*
 * Refuses: sets the code and says why with {step} and the placeholders of
 * `args` filled in.  `pattern` is translated already.
 */
void judgement_refuse(struct judgement *j, const char *code, const char *pattern,
	const struct str_arg *args, size_t n_args);

/* Puts a blank between two sentences, if there is one before. */
void guard_next_sentence(struct str *text);

/* Adds one item to a list that people read. */
void guard_add_item(struct str *list, const char *text);

/* Judges one guard word; an unknown word never refuses (the lint finds it). */
void guard_judge(struct judgement *j, const char *word);

/* What keeps the case from being closed, one sentence each, to `why` (may be NULL). */
bool guard_gates_open(const struct judgement *j, struct str *why);

#endif
