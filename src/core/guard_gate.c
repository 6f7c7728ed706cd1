/* SPDX-License-Identifier: MIT */
/*
 * The gates before closing (docs/procedure.md): every condition that is missing is
 * named, so that the office head can see at once who has to do what.
 */
#include <string.h>

#include "actor.h"
#include "guard.h"

/* One gate: adds what is missing to `items`, as a list that people read. */
struct gate {
	const char *pattern; /* {items} */
	void (*find)(const struct judgement *j, struct str *items);
};

static const char *
spoken(const struct words *words)
{
	return words->in[i18n_lang()];
}

static const char *
name_of(const struct judgement *j, const char *id)
{
	const struct person *p = org_person(j->context->org, id);
	const struct department *d = org_department(j->context->org, id);

	return p ? spoken(&p->name) : d ? spoken(&d->name) : id;
}

static void
find_study(const struct judgement *j, struct str *items)
{
	if (!j->context->incident->prevention_studied) {
		guard_add_item(items, "-");
	}
}

static void
find_cells(const struct judgement *j, struct str *items)
{
	const struct incident *inc = j->context->incident;

	for (size_t i = 0; i < inc->n_measures; i++) {
		const struct measure *m = &inc->measures[i];
		for (size_t c = 0; m->round == inc->round && c < m->n_cells; c++) {
			const struct cell *cell = &m->cells[c];
			bool settled = cell->state == CELL_ACCEPTED;
			if (!settled &&
				(cell->due_at == STAMP_NONE ||
					!actor_officer(j->context, cell->department))) {
				guard_add_item(items, m->key);
				str_addf(items, " %s", name_of(j, cell->department));
			}
		}
	}
}

static void
find_reviews(const struct judgement *j, struct str *items)
{
	const struct incident *inc = j->context->incident;

	for (size_t i = 0; i < inc->n_reviews; i++) {
		const struct review_item *item =
			procedure_review(j->context->procedure, inc->reviews[i].item);
		if (!inc->reviews[i].verdict) {
			guard_add_item(items, item ? spoken(&item->label) : inc->reviews[i].item);
		}
	}
}

static void
find_clocks(const struct judgement *j, struct str *items)
{
	const struct procedure *p = j->context->procedure;
	const struct incident *inc = j->context->incident;

	for (size_t i = 0; i < inc->n_clocks; i++) {
		const char *label = inc->clocks[i].key;
		for (size_t c = 0; c < p->n_legal; c++) {
			if (!strcmp(p->legal[c].key, label)) {
				label = spoken(&p->legal[c].label);
				break;
			}
		}
		if (!inc->clocks[i].decision) {
			guard_add_item(items, label);
		}
	}
}

static void
find_instructions(const struct judgement *j, struct str *items)
{
	const struct incident *inc = j->context->incident;

	for (size_t i = 0; i < inc->n_instructions; i++) {
		const struct instruction *in = &inc->instructions[i];
		if (in->round != inc->round || in->answered_by) {
			continue;
		}
		for (size_t p = 0; p < in->to.n; p++) {
			guard_add_item(items, name_of(j, in->to.items[p]));
		}
	}
}

static void
find_emergencies(const struct judgement *j, struct str *items)
{
	const struct incident *inc = j->context->incident;

	for (size_t i = 0; i < inc->n_responses; i++) {
		const struct response *r = &inc->responses[i];
		if (r->round == inc->round && r->emergency && !r->ratified) {
			guard_add_item(items, name_of(j, r->by));
		}
	}
}

static const struct gate gates[] = {
	{ N_("Recurrence prevention has not been studied."), find_study },
	{ N_("These measures have no officer or no date: {items}."), find_cells },
	{ N_("These reviews have no verdict: {items}."), find_reviews },
	{ N_("These legal clocks are not decided: {items}."), find_clocks },
	{ N_("An instruction is not answered yet by: {items}."), find_instructions },
	{ N_("An emergency response is not ratified yet, done by: {items}."), find_emergencies },
};

bool
guard_gates_open(const struct judgement *j, struct str *why)
{
	struct str items = STR_INIT;
	bool open = true;

	for (size_t i = 0; i < ARRAY_LEN(gates); i++) {
		str_clear(&items);
		gates[i].find(j, &items);
		if (!items.len) {
			continue;
		}
		open = false;
		if (why) {
			guard_next_sentence(why);
			str_say(why, _(gates[i].pattern),
				&(struct str_arg){ "items", str_text(&items) }, 1);
		}
	}
	if (why && items.failed) {
		why->failed = true;
	}
	str_release(&items);
	return open;
}
