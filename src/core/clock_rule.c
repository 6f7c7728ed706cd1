/* SPDX-License-Identifier: MIT */
/*
 * Which rule holds in an incident: see clock_rule.h.
 */
#include "toban/core/clock_rule.h"

#include "toban/core/procedure.h"
#include "words.h"

static bool
variant_holds(const struct clock_variant *variant, const struct clock_case *of, bool major)
{
	return major ? of->major && words_same(variant->of, CLOCK_MAJOR)
		     : words_same(variant->of, of->category);
}

static void
put_length(int64_t *length, int64_t over)
{
	*length = over == CLOCK_UNSET ? *length : over;
}

static void
put_words(struct word_list *words, const struct word_list *over)
{
	*words = over->n ? *over : *words;
}

static void
put_rule(struct clock_rule *rule, const struct clock_rule *over)
{
	put_length(&rule->due_ms, over->due_ms);
	put_length(&rule->ahead_ms, over->ahead_ms);
	put_length(&rule->reminder_ms, over->reminder_ms);
	put_length(&rule->repeat_ms, over->repeat_ms);
	put_length(&rule->again_ms, over->again_ms);
	rule->reminders = over->reminders == CLOCK_UNSET ? rule->reminders : over->reminders;
	put_words(&rule->tell, &over->tell);
	put_words(&rule->pass_on, &over->pass_on);
	put_words(&rule->raise, &over->raise);
}

struct clock_rule
clock_rule_for(const struct clock_watch *watch, const struct clock_case *of)
{
	struct clock_rule rule = watch->rule;

	for (int major = 0; major <= 1; major++) {
		for (size_t i = 0; i < watch->n_variants; i++) {
			if (variant_holds(&watch->variants[i], of, major)) {
				put_rule(&rule, &watch->variants[i].rule);
			}
		}
	}
	if (rule.reminder_ms == 0) {
		rule.reminder_ms = rule.repeat_ms;
	}
	return rule;
}

int64_t
clock_variant_due(const struct clock_watch *watch, const struct clock_case *of)
{
	int64_t due = 0;

	for (int major = 0; watch && major <= 1; major++) {
		for (size_t i = 0; i < watch->n_variants; i++) {
			if (variant_holds(&watch->variants[i], of, major)) {
				put_length(&due, watch->variants[i].rule.due_ms);
			}
		}
	}
	return due;
}

const struct clock_watch *
procedure_watch(const struct procedure *p, const char *word)
{
	for (size_t i = 0; i < p->n_watches; i++) {
		if (words_same(p->watches[i].word, word)) {
			return &p->watches[i];
		}
	}
	return NULL;
}
