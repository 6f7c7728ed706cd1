/* SPDX-License-Identifier: MIT */
/*
 * The shipped definition files: without a finding, in both languages
 * everywhere, and with the names the procedure and its scripts rely on.
 */
#include <string.h>

#include "shipped.h"
#include "toban/core/form.h"

/* A Japanese text that has no Japanese in it was forgotten; "" is no text at all. */
static void
assert_both(const struct words *words, const char *what)
{
	const char *ja = words->in[LANG_JA];
	bool japanese = ja[0] == '\0';

	for (const char *p = ja; *p != '\0'; p++) {
		japanese = japanese || (unsigned char)*p >= 0xe3;
	}
	if (!japanese || (words->in[LANG_EN][0] == '\0') != (ja[0] == '\0')) {
		fail_msg("%s: \"%s\" / \"%s\"", what, words->in[LANG_EN], ja);
	}
	for (const char *p = words->in[LANG_EN]; *p != '\0'; p++) {
		if ((unsigned char)*p >= 0x80) {
			fail_msg("%s: not plain English: \"%s\"", what, words->in[LANG_EN]);
		}
	}
}

static void
forms_data__forms__in_both_languages(void **state)
{
	const struct shipped *f = *state;

	for (size_t i = 0; i < f->procedure->n_forms; i++) {
		const struct form *form = &f->procedure->forms[i];

		assert_both(&form->title, form->name);
		for (size_t j = 0; j < form->n_fields; j++) {
			const struct form_field *field = &form->fields[j];

			assert_both(&field->label, field->key);
			assert_both(&field->help, field->key);
			assert_true(field->label.in[LANG_EN][0] != '\0');
			for (size_t k = 0; k < field->n_choices; k++) {
				assert_both(&field->choices[k].label, field->choices[k].key);
			}
		}
	}
}

static void
forms_data__policy__in_both_languages(void **state)
{
	const struct procedure *p = ((struct shipped *)*state)->procedure;

	for (size_t i = 0; i < p->classification.n; i++) {
		const struct category *c = &p->classification.items[i];
		const struct words *all[] = { &c->label, &c->question, &c->explain, &c->examples,
			&c->because, &c->because_not };

		for (size_t j = 0; j < ARRAY_LEN(all); j++) {
			assert_both(all[j], c->key);
		}
	}
	for (size_t i = 0; i < p->n_chain; i++) {
		assert_both(&p->chain[i].label, p->chain[i].to);
	}
	for (size_t i = 0; i < p->n_reviews; i++) {
		assert_both(&p->reviews[i].label, p->reviews[i].key);
		assert_both(&p->reviews[i].explain, p->reviews[i].key);
	}
	for (size_t i = 0; i < p->n_legal; i++) {
		assert_both(&p->legal[i].label, p->legal[i].key);
	}
}

static void
forms_data__flow__in_both_languages(void **state)
{
	const struct flow *flow = &((struct shipped *)*state)->procedure->incident_flow;

	for (size_t i = 0; i < flow->n_states; i++) {
		assert_both(&flow->states[i].label, flow->states[i].name);
	}
	for (size_t i = 0; i < flow->n_steps; i++) {
		assert_both(&flow->steps[i].label, flow->steps[i].name);
		assert_both(&flow->steps[i].explain, flow->steps[i].name);
		assert_string_equal(flow->steps[i].form, flow->steps[i].name);
	}
}

static void
forms_data__org__in_both_languages(void **state)
{
	const struct org *org = ((struct shipped *)*state)->org;

	assert_both(&org->name, "org");
	for (size_t i = 0; i < org->n_departments; i++) {
		assert_both(&org->departments[i].name, org->departments[i].id);
	}
	for (size_t i = 0; i < org->n_people; i++) {
		const struct person *p = &org->people[i];

		assert_both(&p->name, p->id);
		assert_both(&p->title, p->id);
		assert_true(p->kana[0] != '\0');
		assert_int_equal(strncmp(p->phone, "03-5550-01", 10), 0);
	}
}

/* The names of the contract with scripts: a change here breaks them. */
static const struct {
	const char *form;
	const char *fields[18];
} contract_fields[] = {
	{ "report",
		{ "title", "situation", "found_at", "place", "asset", "contact", "done_so_far",
			"personal_data", "department", "emergency", "confidential", "answers",
			"suspected", "primary", "involved", "customer_effect" } },
	{ "acknowledge", { NULL } },
	{ "call", { "to", "number", "outcome" } },
	{ "reclassify", { "answers", "why" } },
	{ "confirm-suspicion", { "categories", "why" } },
	{ "dispel-suspicion", { "why" } },
	{ "escalate", { "why" } },
	{ "decide-major", { "major", "why" } },
	{ "instruct", { "to", "text", "due" } },
	{ "respond", { "text", "emergency" } },
	{ "ratify", { "text" } },
	{ "report-result", { "cause", "damage", "actions", "text" } },
	{ "approve-result", { "hash", "why" } },
	{ "return-result", { "why" } },
	{ "plan-prevention", { "measures", "why" } },
	{ "prevention-measure", { "key", "text", "cause", "due", "effect_on", "departments" } },
	{ "apply", { "measure", "department", "evidence" } },
	{ "not-applicable", { "measure", "department", "why" } },
	{ "accept", { "measure", "department", "why" } },
	{ "send-back", { "measure", "department", "why" } },
	{ "review-item", { "item", "verdict", "text" } },
	{ "decide-clock", { "clock", "decision", "why" } },
	{ "close", { "text" } },
	{ "verify-effect", { "verdict", "text" } },
	{ "reopen", { "why" } },
	{ "dismiss", { "why" } },
	{ "same-as", { "other", "why" } },
	{ "not-same-as", { "why" } },
	{ "involve", { "person", "why" } },
	{ "note", { "text" } },
	{ "evidence", { "file" } },
	{ "link", { "other", "why" } },
	{ "correct", { "seq", "text", "why" } },
	{ "restrict", { "why" } },
	{ "admit-reader", { "person", "why" } },
	{ "remove-reader", { "person", "why" } },
	{ "erase", { "seq", "why" } },
};

static void
forms_data__forms__have_the_fields_of_the_contract(void **state)
{
	const struct procedure *p = ((struct shipped *)*state)->procedure;

	for (size_t i = 0; i < ARRAY_LEN(contract_fields); i++) {
		const struct form *form = procedure_form(p, contract_fields[i].form);

		if (form == NULL) {
			fail_msg("no form %s", contract_fields[i].form);
			return;
		}
		for (const char *const *key = contract_fields[i].fields; *key != NULL; key++) {
			if (form_field_find(form, *key) == NULL) {
				fail_msg("form %s has no field %s", form->name, *key);
			}
		}
	}
}

static const struct {
	const char *id;
	const char *department;
	unsigned roles;
} contract_people[] = {
	{ "dc-operator-1", "datacentre", ROLE_STAFF },
	{ "dc-operator-2", "datacentre", ROLE_STAFF },
	{ "dc-owner", "datacentre", ROLE_STAFF | ROLE_OWNER },
	{ "dc-deputy-1", "datacentre", ROLE_STAFF | ROLE_DEPUTY },
	{ "dc-deputy-2", "datacentre", ROLE_STAFF | ROLE_DEPUTY },
	{ "ga-staff-1", "general-affairs", ROLE_STAFF },
	{ "ga-owner", "general-affairs", ROLE_STAFF | ROLE_OWNER },
	{ "ga-deputy-1", "general-affairs", ROLE_STAFF | ROLE_DEPUTY },
	{ "ga-deputy-2", "general-affairs", ROLE_STAFF | ROLE_DEPUTY },
	{ "legal-owner", "legal", ROLE_STAFF | ROLE_OWNER },
	{ "legal-deputy-1", "legal", ROLE_STAFF | ROLE_DEPUTY },
	{ "legal-deputy-2", "legal", ROLE_STAFF | ROLE_DEPUTY },
	{ "audit-owner", "internal-audit", ROLE_STAFF | ROLE_OWNER },
	{ "audit-deputy-1", "internal-audit", ROLE_STAFF | ROLE_DEPUTY },
	{ "audit-deputy-2", "internal-audit", ROLE_STAFF | ROLE_DEPUTY },
	{ "auditor-1", "internal-audit", ROLE_AUDITOR },
	{ "sales-owner", "sales", ROLE_STAFF | ROLE_OWNER },
	{ "sales-deputy-1", "sales", ROLE_STAFF | ROLE_DEPUTY },
	{ "sales-deputy-2", "sales", ROLE_STAFF | ROLE_DEPUTY },
	{ "maint-owner", "maintenance", ROLE_STAFF | ROLE_OWNER },
	{ "maint-deputy-1", "maintenance", ROLE_STAFF | ROLE_DEPUTY },
	{ "maint-deputy-2", "maintenance", ROLE_STAFF | ROLE_DEPUTY },
	{ "office-head", "security-office", ROLE_STAFF | ROLE_OFFICE | ROLE_OFFICE_HEAD },
	{ "office-staff-1", "security-office", ROLE_STAFF | ROLE_OFFICE },
	{ "office-staff-2", "security-office", ROLE_STAFF | ROLE_OFFICE },
	{ "crisis-1", "crisis-office", ROLE_STAFF | ROLE_CRISIS },
	{ "crisis-2", "crisis-office", ROLE_STAFF | ROLE_CRISIS },
	{ "admin", "general-affairs", ROLE_ADMIN },
};

static void
forms_data__org__has_the_people_of_the_contract(void **state)
{
	const struct org *org = ((struct shipped *)*state)->org;

	assert_int_equal(org->n_people, ARRAY_LEN(contract_people));
	assert_int_equal(org->offset_min, 540);
	for (size_t i = 0; i < ARRAY_LEN(contract_people); i++) {
		const struct person *p = org_person(org, contract_people[i].id);

		if (p == NULL) {
			fail_msg("nobody is %s", contract_people[i].id);
			return;
		}
		assert_string_equal(p->department, contract_people[i].department);
		assert_int_equal(p->roles, contract_people[i].roles);
	}
}

static void
forms_data__org__has_the_departments_in_scope(void **state)
{
	static const char *const in_scope[] = { "datacentre", "security-office", "general-affairs",
		"legal", "internal-audit" };
	static const char *const outside[] = { "sales", "maintenance", "crisis-office" };
	const struct org *org = ((struct shipped *)*state)->org;

	assert_int_equal(org->n_departments, ARRAY_LEN(in_scope) + ARRAY_LEN(outside));
	for (size_t i = 0; i < ARRAY_LEN(in_scope); i++) {
		assert_true(org_department(org, in_scope[i])->in_scope);
	}
	for (size_t i = 0; i < ARRAY_LEN(outside); i++) {
		assert_false(org_department(org, outside[i])->in_scope);
	}
}

static void
forms_data__classification__has_the_table(void **state)
{
	static const char *const keys[] = { "business-disruption", "service-disruption",
		"information-impairment", "security-breach", "control-failure", "suspicion",
		"major-accident" };
	const struct classification *table = &((struct shipped *)*state)->procedure->classification;

	assert_int_equal(table->n, ARRAY_LEN(keys));
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		assert_string_equal(table->items[i].key, keys[i]);
		assert_int_equal(table->items[i].number, i < 6 ? i + 1 : 0);
	}
}

static void
forms_data__policy__has_chain_reviews_and_clocks(void **state)
{
	static const char *const items[] = { "result", "policy", "regulations", "guidelines",
		"risk-assessment", "applicability", "operation" };
	const struct procedure *p = ((struct shipped *)*state)->procedure;

	assert_int_equal(p->n_chain, 3);
	assert_string_equal(p->chain[0].to, "owner");
	assert_string_equal(p->chain[1].to, "office-head");
	assert_string_equal(p->chain[2].to, "crisis");
	assert_true(word_list_has(&p->chain[0].opens, "report"));
	assert_int_equal(p->chain[2].clock.rule.due_ms, 15 * 60 * 1000);
	assert_int_equal(p->n_reviews, ARRAY_LEN(items));
	for (size_t i = 0; i < ARRAY_LEN(items); i++) {
		assert_string_equal(p->reviews[i].key, items[i]);
	}
	assert_int_equal(p->n_legal, 2);
	assert_int_equal(p->legal[0].due_ms, INT64_C(3) * 24 * 3600 * 1000);
}

static void
forms_data__flow__has_the_moves_of_acknowledging(void **state)
{
	const struct flow *flow = &((struct shipped *)*state)->procedure->incident_flow;
	const struct flow_step *step = flow_find_step(flow, "acknowledge");

	assert_int_equal(step->n_moves, 2);
	assert_string_equal(step->moves[0].from, "reported");
	assert_string_equal(step->moves[0].to, "received");
	assert_string_equal(step->moves[1].from, "*");
	assert_string_equal(step->moves[1].to, "=");
	assert_int_equal(flow_find_step(flow, "decide-major")->confirm, CONFIRM_FINAL);
	assert_true(flow_find_step(flow, "decide-major")->sign);
	assert_false(flow_find_state(flow, "closed")->open);
	assert_int_equal(flow_find_state(flow, "closed")->n_waits, 3);
}

/* What others are told is asked about; what ends or decides wants the number typed. */
static void
forms_data__flow__asks_before_what_others_are_told(void **state)
{
	static const char *const final[] = { "approve-result", "close", "decide-clock",
		"decide-major", "dismiss", "dispel-suspicion", "erase", "involve",
		"verify-effect" };
	static const char *const quiet[] = { "acknowledge", "call", "correct", "evidence", "link",
		"note", "review-item" };
	const struct flow *flow = &((struct shipped *)*state)->procedure->incident_flow;
	const struct procedure *p = ((struct shipped *)*state)->procedure;
	size_t asked = 0;

	for (size_t i = 0; i < flow->n_steps; i++) {
		const struct flow_step *step = &flow->steps[i];
		bool tells = step->notify.n > 0 || step->sign;

		for (size_t k = 0; k < p->n_chain; k++) {
			tells = tells || word_list_has(&p->chain[k].opens, step->name);
		}
		if (tells && step->confirm == CONFIRM_NONE) {
			fail_msg("%s tells others without asking", step->name);
		}
		asked += step->confirm != CONFIRM_NONE;
	}
	for (size_t i = 0; i < ARRAY_LEN(final); i++) {
		assert_int_equal(flow_find_step(flow, final[i])->confirm, CONFIRM_FINAL);
	}
	for (size_t i = 0; i < ARRAY_LEN(quiet); i++) {
		assert_int_equal(flow_find_step(flow, quiet[i])->confirm, CONFIRM_NONE);
	}
	assert_int_equal(asked, flow->n_steps - ARRAY_LEN(quiet));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_data__forms__in_both_languages),
		cmocka_unit_test(forms_data__policy__in_both_languages),
		cmocka_unit_test(forms_data__flow__in_both_languages),
		cmocka_unit_test(forms_data__org__in_both_languages),
		cmocka_unit_test(forms_data__forms__have_the_fields_of_the_contract),
		cmocka_unit_test(forms_data__org__has_the_people_of_the_contract),
		cmocka_unit_test(forms_data__org__has_the_departments_in_scope),
		cmocka_unit_test(forms_data__classification__has_the_table),
		cmocka_unit_test(forms_data__policy__has_chain_reviews_and_clocks),
		cmocka_unit_test(forms_data__flow__has_the_moves_of_acknowledging),
		cmocka_unit_test(forms_data__flow__asks_before_what_others_are_told),
	};

	return cmocka_run_group_tests(tests, shipped_load, shipped_unload);
}
