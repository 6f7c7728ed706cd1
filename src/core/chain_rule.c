/* SPDX-License-Identifier: MIT */
/*
 * Frozen limits of the chain: see chain_rule.h.
 */
#include "chain_rule.h"

#include <stddef.h>

#include "effect_body.h"
#include "toban/base/attr.h"

#define RULES "rules"
#define CASE "case"
#define REMINDERS "reminders"
#define UNANSWERED "unanswered"
#define LENGTH_MOST (INT64_C(100) * 366 * 86400000) /* nobody waits longer */
#define REMINDERS_MOST 9999

static const struct {
	const char *key;
	size_t offset;
} lengths[] = {
	{ "due_ms", offsetof(struct clock_rule, due_ms) },
	{ "reminder_ms", offsetof(struct clock_rule, reminder_ms) },
	{ "repeat_ms", offsetof(struct clock_rule, repeat_ms) },
	{ "again_ms", offsetof(struct clock_rule, again_ms) },
};

static const struct chain_link *
link_today(const struct procedure *p, int number)
{
	for (size_t i = 0; i < p->n_chain; i++) {
		if (p->chain[i].number == number) {
			return &p->chain[i];
		}
	}
	return NULL;
}

void
chain_rule_freeze(const struct chain_link *link, struct chain_place *place)
{
	place->clock = link->clock;
	place->unanswered = word_list_has(&link->opens, OPENED_UNANSWERED);
}

/* --- writing -------------------------------------------------------------------------------- */

/* What the rule says; of a case only what differs. */
static enum err
write_rule(json_t *rules, const char *of, const struct clock_rule *rule)
{
	json_t *item = json_object();
	enum err e = body_append(rules, item);

	if (!e) {
		e = body_set_text(item, CASE, of);
	}
	for (size_t i = 0; !e && i < ARRAY_LEN(lengths); i++) {
		const int64_t *length =
			(const int64_t *)(const void *)((const char *)rule + lengths[i].offset);
		if (of ? *length != CLOCK_UNSET : *length != 0) {
			e = body_set(item, lengths[i].key, json_integer(*length));
		}
	}
	if (!e && rule->reminders != CLOCK_UNSET) {
		e = body_set(item, REMINDERS, json_integer(rule->reminders));
	}
	return e;
}

enum err
chain_rule_write(json_t *item, const struct chain_place *place)
{
	json_t *rules = json_array();
	enum err e = body_set(item, RULES, rules);

	if (!e) {
		e = write_rule(rules, NULL, &place->clock.rule);
	}
	for (size_t i = 0; !e && i < place->clock.n_variants; i++) {
		const struct clock_variant *variant = &place->clock.variants[i];
		e = write_rule(rules, variant->of, &variant->rule);
	}
	return e || !place->unanswered ? e : body_set(item, UNANSWERED, json_true());
}

/* --- reading -------------------------------------------------------------------------------- */

/* The number at `key` if it can be one of a rule, else `otherwise`. */
static int64_t
read_number(const json_t *item, const char *key, int64_t most, int64_t otherwise)
{
	const json_t *value = json_object_get(item, key);
	int64_t number = json_integer_value(value);

	return json_is_integer(value) && number >= 0 && number <= most ? number : otherwise;
}

static struct clock_rule
read_rule(const json_t *item, int64_t otherwise)
{
	struct clock_rule rule = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		int64_t *length = (int64_t *)(void *)((char *)&rule + lengths[i].offset);
		*length = read_number(item, lengths[i].key, LENGTH_MOST, otherwise);
	}
	rule.ahead_ms = otherwise;
	rule.reminders = (int)read_number(item, REMINDERS, REMINDERS_MOST, otherwise);
	return rule;
}

enum err
chain_rule_read(struct arena *arena, const json_t *item, struct chain_place *place)
{
	const json_t *rules = json_object_get(item, RULES);
	struct clock_variant *variants;
	size_t n = json_array_size(rules);

	if (!n) {
		return ERR_OK;
	}
	variants = arena_array(arena, n, sizeof(*variants));
	if (!variants) {
		return ERR_NOMEM;
	}
	place->clock = (struct clock_watch){
		.word = WATCH_LINK,
		.rule = read_rule(json_array_get(rules, 0), 0),
		.variants = variants,
		.n_variants = n - 1,
	};
	for (size_t i = 1; i < n; i++) {
		const json_t *rule = json_array_get(rules, i);
		variants[i - 1] = (struct clock_variant){
			.of = body_text_or(rule, CASE, ""),
			.rule = read_rule(rule, CLOCK_UNSET),
		};
	}
	place->unanswered = json_is_true(json_object_get(item, UNANSWERED));
	return ERR_OK;
}

/* --- what holds ------------------------------------------------------------------------------ */

const struct clock_watch *
chain_rule_of(const struct procedure *procedure, const struct chain_place *place)
{
	const struct chain_link *today = link_today(procedure, place->link);

	if (place->clock.word) {
		return &place->clock;
	}
	return today ? &today->clock : NULL;
}

bool
chain_rule_unanswered(const struct procedure *procedure, const struct chain_place *place)
{
	const struct chain_link *today = link_today(procedure, place->link);

	if (place->clock.word) {
		return place->unanswered;
	}
	return today && word_list_has(&today->opens, OPENED_UNANSWERED);
}
