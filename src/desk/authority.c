/* SPDX-License-Identifier: MIT */
/*
 * The table of authority as the door applies it, printed whole: each method asked for one person
 * of each role by the function that the door asks, each step by the judgement that decides it.
 */
#include "toban/desk/desk.h"

#include <string.h>

#include "method.h"
#include "seat.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/core/authority.h"

/* Who calls: a role, or a state of the session. */
static const struct caller {
	const char *word;
	unsigned roles; /* 0: nobody is registered, or sits there */
	bool post;
	bool owes; /* sat down with a PIN that is good once */
} callers[] = {
	{ .word = "nobody" },
	{ .word = "locked", .post = true },
	{ .word = "pin-due", .roles = ROLE_STAFF, .post = true, .owes = true },
	{ .word = "staff", .roles = ROLE_STAFF },
	{ .word = "owner", .roles = ROLE_STAFF | ROLE_OWNER },
	{ .word = "deputy", .roles = ROLE_STAFF | ROLE_DEPUTY },
	{ .word = "office", .roles = ROLE_STAFF | ROLE_OFFICE },
	{ .word = "office-head", .roles = ROLE_STAFF | ROLE_OFFICE | ROLE_OFFICE_HEAD },
	{ .word = "crisis", .roles = ROLE_STAFF | ROLE_CRISIS },
	{ .word = "auditor", .roles = ROLE_AUDITOR },
	{ .word = "admin", .roles = ROLE_ADMIN },
};

/* What a method asks beyond the table, in words: it hangs on whose the thing is. */
static const struct {
	const char *method; /* or a family that ends with "." */
	const char *rule;
} narrower[] = {
	{ "org.set", N_("signed; nobody gives themselves a part (D356)") },
	{ "incident.act", N_("by the table of steps; the involved never, nor who stands apart") },
	{ "incident.take-back", N_("one's own step, while nobody has read it") },
	{ "incident.break-glass",
		N_("of the case's department, the office, crisis management, or an officer") },
	{ "draft.", N_("one's own") },
	{ "me.", N_("one's own") },
	{ "pin.set", N_("one's own") },
	{ "handover.", N_("staff of the department; who hands over does not accept") },
	{ "person.",
		N_("oneself; of others the officers of the department, the office head and "
		   "administrators; no auditor") },
	{ "way.",
		N_("oneself; of others the officers of the department, the office head and "
		   "administrators; no auditor") },
	{ "roster.",
		N_("writing: the officers of the department, the office head and administrators") },
	{ "key.propose", N_("one's own; no auditor") },
	{ "key.approve", N_("the office head and administrators; never one's own") },
	{ "key.refuse", N_("the office head and administrators; never one's own") },
	{ "key.revoke", N_("one's own; of others the office head and administrators") },
	{ "ledger.erase", N_("the office head, signed; of a case it is the step erase") },
	{ "target.list", N_("whole addresses: administrators") },
};

static const char *
rule_of(const char *method)
{
	for (size_t i = 0; i < ARRAY_LEN(narrower); i++) {
		const char *name = narrower[i].method;
		size_t len = strlen(name);

		if (name[len - 1] == '.' ? strncmp(method, name, len) == 0
					 : strcmp(method, name) == 0) {
			return narrower[i].rule;
		}
	}
	return NULL;
}

/* "" may, else the code: first the session, then the person, as method_admit() asks. */
static const char *
cell_of(const struct method *method, const struct caller *caller)
{
	const struct post post = { .id = "post" };
	const struct person person = { .id = caller->word, .roles = caller->roles };
	const struct seat seat = {
		.post = caller->post ? &post : NULL,
		.person = caller->roles ? &person : NULL,
		.locked = "start",
		.must_change = caller->owes,
	};
	const struct call call = { .seat = (struct seat *)(uintptr_t)&seat };
	const char *code = seat_refusal(&call, method);

	code = code ? code : method_refusal(method->who, seat.person);
	return code ? code : "";
}

static json_t *
doc_method(const struct method *method)
{
	const char *rule = rule_of(method->name);
	json_t *cells = json_object();

	for (size_t i = 0; i < ARRAY_LEN(callers); i++) {
		(void)json_object_set_new(
			cells, callers[i].word, json_string(cell_of(method, &callers[i])));
	}
	return json_pack("{s:s, s:s, s:s, s:o, s:s?}", "method", method->name, "kind",
		method->kind == METHOD_WRITE ? "write" : "read", "who",
		method_who_word(method->who), "cells", cells, "rule", rule ? _(rule) : NULL);
}

static json_t *
words_of_callers(void)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ARRAY_LEN(callers); i++) {
		(void)json_array_append_new(list, json_string(callers[i].word));
	}
	return list;
}

json_t *
desk_authority(const struct procedure *procedure)
{
	json_t *methods = json_array();
	json_t *parts = json_array();
	json_t *states = json_array();

	for (const struct method *m = desk_methods(); m->name; m++) {
		(void)json_array_append_new(methods, doc_method(m));
	}
	for (const char *const *part = authority_parts(); *part; part++) {
		(void)json_array_append_new(parts, json_string(*part));
	}
	for (size_t i = 0; i < procedure->incident_flow.n_states; i++) {
		const struct flow_state *state = &procedure->incident_flow.states[i];

		(void)json_array_append_new(
			states, json_pack("{s:s, s:b}", "state", state->name, "open", state->open));
	}
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "callers", words_of_callers(), "methods",
		methods, "parts", parts, "states", states, "steps", authority_steps(procedure));
}
