/* SPDX-License-Identifier: MIT */
/*
 * Reading *.flow: the states of a case and the steps between them.
 */
#include <string.h>

#include "procedure_read.h"
#include "words.h"

static const char *const confirm_words[] = {
	[CONFIRM_NONE] = "none",
	[CONFIRM_SEND] = "send",
	[CONFIRM_FINAL] = "final",
	NULL,
};

/*
 * The keys of the menu of steps: not j, k and G, which move in it, and not q, which goes back.
 * Capital letters are the last that are given.
 */
static const char *const menu_keys[] = { "", "a", "b", "c", "d", "e", "f", "g", "h", "i", "l", "m",
	"n", "o", "p", "r", "s", "t", "u", "v", "w", "x", "y", "z", "0", "1", "2", "3", "4", "5",
	"6", "7", "8", "9", "A", "B", "C", "D", "E", "F", "H", "I", "L", "M", "N", "O", "P", "R",
	"S", "T", "U", "V", "W", "X", "Y", "Z", NULL };

#define AT(member) offsetof(struct flow, member)
static const struct def_key flow_keys[] = {
	{ .name = "Version", .type = KEY_TEXT, .offset = AT(version), .required = true },
	{ .name = "TakeBack", .type = KEY_DURATION, .offset = AT(take_back_ms) },
	{ .name = "TakenBack", .type = KEY_WORD, .offset = AT(taken_back), .ref = REF_STATE },
};
#undef AT

#define AT(member) offsetof(struct flow_state, member)
static const struct def_key state_keys[] = {
	{ .name = "Label", .type = KEY_WORDS, .offset = AT(label), .required = true },
	{ .name = "Open", .type = KEY_FLAG, .offset = AT(open), .required = true },
	{ .name = "Final", .type = KEY_FLAG, .offset = AT(final) },
	{ .name = "Waits", .type = KEY_WAITS, .offset = AT(waits), .offset_n = AT(n_waits) },
};
#undef AT

#define AT(member) offsetof(struct flow_step, member)
static const struct def_key step_keys[] = {
	{ .name = "Effect", .type = KEY_WORD, .offset = AT(effect), .ref = REF_EFFECT },
	{ .name = "From", .type = KEY_LIST, .offset = AT(from), .ref = REF_STATE },
	{ .name = "To", .type = KEY_MOVES, .offset = AT(moves), .offset_n = AT(n_moves) },
	{ .name = "Branch", .type = KEY_TEXT, .offset = AT(branch) },
	{ .name = "Branches",
		.type = KEY_BRANCHES,
		.offset = AT(branches),
		.offset_n = AT(n_branches) },
	{ .name = "Actor",
		.type = KEY_LIST,
		.offset = AT(actors),
		.required = true,
		.ref = REF_ACTOR },
	{ .name = "Guard", .type = KEY_LIST, .offset = AT(guards), .ref = REF_GUARD },
	{ .name = "Form", .type = KEY_WORD, .offset = AT(form), .ref = REF_FORM },
	{ .name = "Due", .type = KEY_DURATION, .offset = AT(due_ms) },
	{ .name = "Notify", .type = KEY_LIST, .offset = AT(notify), .ref = REF_ACTOR },
	{ .name = "Sign", .type = KEY_FLAG, .offset = AT(sign) },
	{ .name = "Confirm", .type = KEY_CHOICE, .offset = AT(confirm), .words = confirm_words },
	{ .name = "Key", .type = KEY_CHOICE, .offset = AT(key_number), .words = menu_keys },
	{ .name = "Label", .type = KEY_WORDS, .offset = AT(label), .required = true },
	{ .name = "Short", .type = KEY_WORDS, .offset = AT(short_label), .cols = SHORT_COLS },
	{ .name = "Explain", .type = KEY_WORDS, .offset = AT(explain), .required = true },
};
#undef AT

static const struct def_kind kinds[] = {
	{ "flow", true, flow_keys, ARRAY_LEN(flow_keys) },
	{ "state", true, state_keys, ARRAY_LEN(state_keys) },
	{ "step", true, step_keys, ARRAY_LEN(step_keys) },
};

static void
flow_read_head(struct def_reader *r, const struct ini_file *file, struct flow *flow)
{
	const struct ini_section *head = ini_find(file, "flow", NULL);

	if (head == NULL) {
		ini_report(r->problems, r->path, 0, "[flow NAME]", "There is no section [flow].");
		return;
	}
	flow->name = head->name;
	def_read_section(r, head, &kinds[0], flow);
}

static void
flow_read_step(struct def_reader *r, const struct ini_section *section, struct flow_step *step)
{
	*step = (struct flow_step){ .name = section->name,
		.effect = "",
		.label = words_empty,
		.short_label = words_empty,
		.explain = words_empty,
		.branch = "",
		.form = "",
		.line = section->line };
	def_read_section(r, section, &kinds[2], step);
	if (step->short_label.in[LANG_EN][0] == '\0') {
		step->short_label = step->label;
	}
	if (step->effect[0] == '\0') {
		step->effect = step->name;
		def_refer(r, REF_EFFECT, step->name, section->line);
	}
	if (step->from.n == 0 && strcmp(step->effect, "report") != 0) {
		ini_report(r->problems, r->path, section->line, "From",
			"[step %s] can be taken from no state.", section->name);
	}
	if ((step->branch[0] == '\0') != (step->n_branches == 0)) {
		ini_report(r->problems, r->path, section->line, "Branch and Branches together",
			"[step %s] has one of Branch and Branches without the other.",
			section->name);
	}
}

static const struct flow_step *
step_with_key(const struct flow_step *steps, size_t n, int number)
{
	for (size_t i = 0; i < n; i++) {
		if (steps[i].key_number == number) {
			return &steps[i];
		}
	}
	return NULL;
}

/*
 * No two steps on one key of the menu; a step without one gets the first that is
 * free, in the order of the file, so that it stays the same from day to day.
 */
static void
flow_give_keys(struct def_reader *r, struct flow_step *steps, size_t n)
{
	int next = 1;

	for (size_t i = 0; i < n; i++) {
		const struct flow_step *other = steps[i].key_number == 0
			? NULL
			: step_with_key(steps, i, steps[i].key_number);

		if (other) {
			ini_report(r->problems, r->path, steps[i].line, "another Key",
				"[step %s] has the Key of [step %s].", steps[i].name, other->name);
		}
	}
	for (size_t i = 0; i < n; i++) {
		if (steps[i].key_number == 0 && strcmp(steps[i].effect, "report") != 0) {
			while (menu_keys[next] && step_with_key(steps, n, next)) {
				next++;
			}
			steps[i].key_number = menu_keys[next] ? next : 0;
		}
		steps[i].key = menu_keys[steps[i].key_number];
	}
}

void
flow_file_read(struct def_reader *r, const struct def_source *source, struct flow *ret_flow)
{
	const struct ini_file *file = &source->ini;
	struct flow_state *states = def_array(r, def_count(file, "state"), sizeof(*states));
	struct flow_step *steps = def_array(r, def_count(file, "step"), sizeof(*steps));

	*ret_flow = (struct flow){
		.name = "",
		.version = "",
		.taken_back = "",
		.hash = source->hash,
		.states = states,
		.steps = steps,
	};
	if (states == NULL || steps == NULL) {
		return;
	}
	def_check_sections(r, file, kinds, ARRAY_LEN(kinds));
	flow_read_head(r, file, ret_flow);
	for (size_t i = 0; i < file->n_sections; i++) {
		const struct ini_section *section = &file->sections[i];

		if (strcmp(section->kind, "state") == 0) {
			struct flow_state *state = &states[ret_flow->n_states++];

			*state = (struct flow_state){
				.name = section->name, .label = words_empty, .line = section->line
			};
			def_read_section(r, section, &kinds[1], state);
		} else if (strcmp(section->kind, "step") == 0) {
			flow_read_step(r, section, &steps[ret_flow->n_steps++]);
		}
	}
	flow_give_keys(r, steps, ret_flow->n_steps);
}

const struct flow_state *
flow_find_state(const struct flow *flow, const char *name)
{
	for (size_t i = 0; i < flow->n_states; i++) {
		if (words_same(flow->states[i].name, name)) {
			return &flow->states[i];
		}
	}
	return NULL;
}

const struct flow_step *
flow_find_step(const struct flow *flow, const char *name)
{
	for (size_t i = 0; i < flow->n_steps; i++) {
		/* Asked for each entry of a ledger: most names differ in their first letter. */
		if (name && flow->steps[i].name[0] == name[0] &&
			words_same(flow->steps[i].name, name)) {
			return &flow->steps[i];
		}
	}
	return NULL;
}
