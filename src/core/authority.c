/* SPDX-License-Identifier: MIT */
/*
 * The table of authority: see authority.h.  The case it is asked about is made up here: two
 * departments, one of them the case's, an office, crisis management, and a person for each part
 * who has done what makes the part theirs.
 */
#include "toban/core/authority.h"

#include <string.h>

#include "toban/base/attr.h"

#define OWN "own"
#define OTHER "other"
#define OFFICE "office"

/* One person a part; `instructed` and `involved` are parts in the case alone. */
static const struct person cast[] = {
	{ .id = "finder", .department = OWN, .roles = ROLE_STAFF },
	{ .id = "staff", .department = OWN, .roles = ROLE_STAFF },
	{ .id = "owner", .department = OWN, .roles = ROLE_STAFF | ROLE_OWNER },
	{ .id = "deputy", .department = OWN, .roles = ROLE_STAFF | ROLE_DEPUTY },
	{ .id = "instructed", .department = OTHER, .roles = ROLE_STAFF },
	{ .id = "other-owner", .department = OTHER, .roles = ROLE_STAFF | ROLE_OWNER },
	{ .id = "other-deputy", .department = OTHER, .roles = ROLE_STAFF | ROLE_DEPUTY },
	{ .id = "other-staff", .department = OTHER, .roles = ROLE_STAFF },
	{ .id = "office", .department = OFFICE, .roles = ROLE_STAFF | ROLE_OFFICE },
	{ .id = "office-head",
		.department = OFFICE,
		.roles = ROLE_STAFF | ROLE_OFFICE | ROLE_OFFICE_HEAD },
	{ .id = "crisis", .department = "crisis", .roles = ROLE_STAFF | ROLE_CRISIS },
	{ .id = "auditor", .department = OTHER, .roles = ROLE_AUDITOR },
	{ .id = "admin", .department = OTHER, .roles = ROLE_ADMIN },
	{ .id = "involved", .department = OWN, .roles = ROLE_STAFF | ROLE_DEPUTY },
};

static const struct department departments[] = {
	{ .id = OWN, .code = "A", .in_scope = true },
	{ .id = OTHER, .code = "B", .in_scope = true },
	{ .id = OFFICE, .code = "C", .in_scope = true },
	{ .id = "crisis", .code = "D", .in_scope = true },
};

const char *const *
authority_parts(void)
{
	static const char *const parts[] = { "finder", "staff", "owner", "deputy", "instructed",
		"other-owner", "other-deputy", "other-staff", "office", "office-head", "crisis",
		"auditor", "admin", "involved", NULL };

	return parts;
}

/* --- the case ------------------------------------------------------------------------------ */

/* Everything that is in the case whatever its state. */
struct stage {
	struct org org;
	struct chain_place place;
	struct instruction instruction;
	struct cell cells[2];
	struct measure measure;
	struct event events[ARRAY_LEN(cast)];
	bool voided[ARRAY_LEN(cast)];
	struct incident incident;
	const char *told[2];
	const char *instructed[1];
	const char *involved[1];
};

static struct incident
make_incident(struct stage *stage)
{
	return (struct incident){
		.id = "26-0001",
		.department = OWN,
		.finder = "finder",
		.round = 1,
		.places = &stage->place,
		.n_places = 1,
		.involved = { stage->involved, 1 },
		.kept_out = { stage->involved, 1 },
		.instructions = &stage->instruction,
		.n_instructions = 1,
		.measures = &stage->measure,
		.n_measures = 1,
		.events = stage->events,
		.n_events = ARRAY_LEN(stage->events),
		.voided = stage->voided,
	};
}

/* Everybody wrote an entry, which is what makes an author. */
static void
stage_init(struct stage *stage)
{
	*stage = (struct stage){
		.org = { .people = cast,
			.n_people = ARRAY_LEN(cast),
			.departments = departments,
			.n_departments = ARRAY_LEN(departments) },
		.told = { "owner", "deputy" },
		.instructed = { "instructed" },
		.involved = { "involved" },
	};
	stage->place = (struct chain_place){ .link = 1,
		.role = "owner",
		.people = { stage->told, ARRAY_LEN(stage->told) },
		.open = true };
	stage->instruction = (struct instruction){
		.seq = 1, .by = "owner", .to = { stage->instructed, 1 }, .round = 1
	};
	stage->cells[0] = (struct cell){ .department = OWN };
	stage->cells[1] = (struct cell){ .department = OTHER };
	stage->measure = (struct measure){ .key = "M1",
		.owner = "office",
		.round = 1,
		.cells = stage->cells,
		.n_cells = ARRAY_LEN(stage->cells) };
	for (size_t i = 0; i < ARRAY_LEN(cast); i++) {
		stage->events[i] = (struct event){
			.seq = (int64_t)i + 1, .actor = cast[i].id, .kind = "note"
		};
	}
	stage->incident = make_incident(stage);
}

/* --- the cells ------------------------------------------------------------------------------ */

static const char *
ask(struct stage *stage, const struct procedure *procedure, const struct flow_step *step,
	const char *state, const struct person *person)
{
	/* Nobody is involved in, or was told of, what is only reported. */
	const struct incident none = { .state = "", .department = OWN };
	struct step_context context = {
		.procedure = procedure,
		.org = &stage->org,
		.incident = *state ? &stage->incident : &none,
		.person = person,
	};

	stage->incident.state = state;
	return step_refusal(&context, step);
}

/* Where the part takes the step, or else why nowhere: the refusal that is the part's. */
static json_t *
cell_of(struct stage *stage, const struct procedure *procedure, const struct flow_step *step,
	const struct person *person)
{
	const struct flow *flow = &procedure->incident_flow;
	json_t *states = json_array();
	const char *why = "";

	/* A report is no step in a case: it is taken before there is one. */
	if (step->from.n == 0) {
		why = ask(stage, procedure, step, "", person);
		(void)json_array_append_new(states, *why ? NULL : json_string(""));
	}
	for (size_t i = 0; step->from.n && i < flow->n_states; i++) {
		const char *state = flow->states[i].name;
		const char *code = ask(stage, procedure, step, state, person);

		if (!*code) {
			(void)json_array_append_new(states, json_string(state));
		}
		why = strcmp(code, "D401") == 0 && *why ? why : code;
	}
	if (json_array_size(states) == 0) {
		json_decref(states);
		return json_string(why);
	}
	return states;
}

static json_t *
json_of_list(const struct word_list *words)
{
	json_t *list = json_array();

	for (size_t i = 0; i < words->n; i++) {
		(void)json_array_append_new(list, json_string(words->items[i]));
	}
	return list;
}

json_t *
authority_steps(const struct procedure *procedure)
{
	const struct flow *flow = &procedure->incident_flow;
	json_t *steps = json_array();
	struct stage stage;

	stage_init(&stage);
	for (size_t i = 0; steps && i < flow->n_steps; i++) {
		const struct flow_step *step = &flow->steps[i];
		json_t *cells = json_object();

		for (size_t k = 0; k < ARRAY_LEN(cast); k++) {
			(void)json_object_set_new(
				cells, cast[k].id, cell_of(&stage, procedure, step, &cast[k]));
		}
		(void)json_array_append_new(steps,
			json_pack("{s:s, s:b, s:o, s:o}", "step", step->name, "signed",
				step_is_signed(step), "guards", json_of_list(&step->guards),
				"cells", cells));
	}
	return steps;
}
