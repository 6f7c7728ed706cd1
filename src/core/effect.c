/* SPDX-License-Identifier: MIT */
/*
 * The closed table of effects, joined from its families.
 */
#include "effect.h"

#include <string.h>

static const struct effect *const families[] = {
	effect_report_table,
	effect_chain_table,
	effect_response_table,
	effect_prevention_table,
	effect_review_table,
	effect_side_table,
	effect_reader_table,
};

#define WORDS_MOST 64

const struct effect *
effect_find(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		for (const struct effect *e = families[i]; e->word; e++) {
			/* Asked for each entry of each case that is read. */
			if (e->word[0] == word[0] && !strcmp(e->word, word)) {
				return e;
			}
		}
	}
	return NULL;
}

bool
effect_is(const struct flow_step *step, const char *word)
{
	return !strcmp(step->effect, word);
}

const struct flow_step *
effect_step(const struct flow *flow, const char *word)
{
	for (size_t i = 0; i < flow->n_steps; i++) {
		if (effect_is(&flow->steps[i], word)) {
			return &flow->steps[i];
		}
	}
	return NULL;
}

void
taking_fault(struct taking *t, const char *field, const char *code, const char *text)
{
	diagnostics_add(t->diagnostics, field, code, text);
}

enum err
taking_refuse(struct taking *t, const char *code, const char *why)
{
	t->refused_code = code;
	t->refused_why = arena_strdup(t->arena, why);
	return t->refused_why ? ERR_DENIED : ERR_NOMEM;
}

int
taking_offset(const struct taking *t)
{
	return t->context->org->offset_min;
}

const char *const *
step_effect_words(void)
{
	static const char *words[WORDS_MOST + 1]; /* filled from the tables, always alike */
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		for (const struct effect *e = families[i]; e->word && n < WORDS_MOST; e++) {
			words[n++] = e->word;
		}
	}
	return words;
}
