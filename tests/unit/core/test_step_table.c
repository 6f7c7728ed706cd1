/* SPDX-License-Identifier: MIT */
/*
 * Every step × every state × every kind of person, with the shipped files: the
 * table below says by itself what the procedure allows; nothing in it is read
 * from the flow.  Guards are met as far as the walked case meets them.
 */
#include "incident_world.h"

#include <string.h>

/* Everybody who differs by what they may do in the ordinary case of world_walk(). */
enum who {
	FINDER,    /* dc-operator-1 */
	RESPONDER, /* dc-operator-2 */
	OWNER,
	DEPUTY,
	OTHER_OWNER,  /* sales-owner: asked for a measure later on */
	OTHER_DEPUTY, /* sales-deputy-1 */
	STRANGER,     /* ga-staff-1 */
	LEGAL,        /* legal-owner: never asked for a measure */
	HEAD,
	OFFICE_1,
	OFFICE_2,
	CRISIS,
	AUDITOR,
	ADMIN,
	WHO_COUNT
};

#define F (1U << FINDER)
#define R (1U << RESPONDER)
#define OW (1U << OWNER)
#define D (1U << DEPUTY)
#define OO (1U << OTHER_OWNER)
#define OD (1U << OTHER_DEPUTY)
#define S (1U << STRANGER)
#define L (1U << LEGAL)
#define H (1U << HEAD)
#define O1 (1U << OFFICE_1)
#define O2 (1U << OFFICE_2)
#define OFFICE (H | O1 | O2)
#define DEPARTMENT (F | R | OW | D)
#define NOT_STAFF ((1U << AUDITOR) | (1U << ADMIN))

static const char *const people[WHO_COUNT] = {
	[FINDER] = "dc-operator-1",
	[RESPONDER] = "dc-operator-2",
	[OWNER] = "dc-owner",
	[DEPUTY] = "dc-deputy-1",
	[OTHER_OWNER] = "sales-owner",
	[OTHER_DEPUTY] = "sales-deputy-1",
	[STRANGER] = "ga-staff-1",
	[LEGAL] = "legal-owner",
	[HEAD] = "office-head",
	[OFFICE_1] = "office-staff-1",
	[OFFICE_2] = "office-staff-2",
	[CRISIS] = "crisis-1",
	[AUDITOR] = "auditor-1",
	[ADMIN] = "admin",
};

/* In the order of the procedure; reached by walking, the exits by one more step. */
enum where {
	REPORTED,
	RECEIVED,
	INSTRUCTED,
	RESULT,
	RETURNED,
	APPROVED,
	PREVENTING,
	REVIEWING,
	CLOSED,
	VERIFIED,
	DISMISSED,
	SAME_AS,
	REOPENED,
	WHERE_COUNT
};

#define AT(state) (1U << (state))
#define BEFORE_RESULT (AT(REPORTED) | AT(RECEIVED) | AT(INSTRUCTED) | AT(RETURNED) | AT(REOPENED))
#define WORK (AT(APPROVED) | AT(PREVENTING) | AT(REVIEWING))
#define OPEN (BEFORE_RESULT | AT(RESULT) | WORK)
#define ENDED (AT(CLOSED) | AT(VERIFIED) | AT(DISMISSED) | AT(SAME_AS))

static const struct {
	const char *name;
	const char *reached_by[3]; /* person, step, fields; NULL: by the walk itself */
	const char *from;          /* where the walk stops for that */
} states[WHERE_COUNT] = {
	[REPORTED] = { "reported", { NULL }, "reported" },
	[RECEIVED] = { "received", { NULL }, "received" },
	[INSTRUCTED] = { "instructed", { NULL }, "instructed" },
	[RESULT] = { "result-reported", { NULL }, "result-reported" },
	[RETURNED] = { "returned", { "office-staff-2", "return-result", "{'why': 'w'}" },
		"result-reported" },
	[APPROVED] = { "approved", { NULL }, "approved" },
	[PREVENTING] = { "preventing", { NULL }, "preventing" },
	[REVIEWING] = { "reviewing", { NULL }, "reviewing" },
	[CLOSED] = { "closed", { NULL }, "closed" },
	[VERIFIED] = { "verified", { NULL }, "verified" },
	[DISMISSED] = { "dismissed", { "office-staff-2", "dismiss", "{'why': 'w'}" }, "reported" },
	[SAME_AS] = { "same-as",
		{ "office-staff-2", "same-as", "{'other': '26-0002', 'why': 'w'}" }, "reported" },
	[REOPENED] = { "reopened", { "office-staff-2", "reopen", "{'why': 'w'}" }, "closed" },
};

/* Who may take a step, in which states, and which guard stops it where. */
static const struct row {
	const char *step;
	unsigned who;
	unsigned where;
	const char *guard; /* code of a guard that stops everybody in `stopped` */
	unsigned stopped;  /* states */
	unsigned person;   /* people whom a guard stops by themselves */
	const char *person_code;
} table[] = {
	{ "acknowledge", OW | D, OPEN, "D405", OPEN & ~AT(REPORTED), 0, NULL },
	{ "call", F | OW | D, OPEN, NULL, 0, 0, NULL },
	{ "reclassify", OW | OFFICE, OPEN, NULL, 0, 0, NULL },
	{ "confirm-suspicion", OW | OFFICE, OPEN, "D406", OPEN, 0, NULL },
	{ "dispel-suspicion", OW | OFFICE, OPEN, "D406", OPEN, 0, NULL },
	{ "escalate", OW | D, OPEN, NULL, 0, 0, NULL },
	{ "decide-major", H, OPEN, NULL, 0, 0, NULL },
	{ "instruct", OW | D | H, OPEN, NULL, 0, 0, NULL },
	{ "respond", DEPARTMENT, OPEN, NULL, 0, 0, NULL },
	{ "ratify", OW | D, OPEN, "D406", OPEN, 0, NULL },
	{ "report-result", OW | D, AT(INSTRUCTED) | AT(RETURNED), NULL, 0, 0, NULL },
	{ "approve-result", OFFICE, AT(RESULT), NULL, 0, 0, NULL },
	{ "return-result", OFFICE, AT(RESULT), NULL, 0, 0, NULL },
	{ "plan-prevention", OFFICE, WORK, NULL, 0, 0, NULL },
	/* In `reviewing` and `closed` the cell of the datacentre is accepted, that of sales open.
	 */
	{ "apply", OW | D | OO | OD, AT(PREVENTING) | AT(REVIEWING) | AT(CLOSED), NULL, 0, OW | D,
		"D406" },
	{ "not-applicable", OW | D | OO | OD, AT(PREVENTING) | AT(REVIEWING) | AT(CLOSED), NULL, 0,
		OW | D, "D406" },
	{ "accept", OFFICE, AT(PREVENTING) | AT(REVIEWING) | AT(CLOSED), "D406",
		AT(PREVENTING) | AT(REVIEWING) | AT(CLOSED), 0, NULL },
	{ "send-back", OFFICE, AT(PREVENTING) | AT(REVIEWING) | AT(CLOSED), "D406",
		AT(PREVENTING) | AT(REVIEWING) | AT(CLOSED), 0, NULL },
	{ "review-item", OFFICE | OW | D, WORK, NULL, 0, 0, NULL },
	{ "decide-clock", OFFICE | OW, OPEN | AT(CLOSED) | AT(VERIFIED), "D406",
		OPEN | AT(CLOSED) | AT(VERIFIED), 0, NULL },
	{ "close", H, WORK, "D403", WORK, 0, NULL },
	{ "verify-effect", OFFICE, AT(CLOSED), "D404", AT(CLOSED), 0, NULL },
	{ "reopen", OFFICE, ENDED, NULL, 0, 0, NULL },
	{ "dismiss", OW | D | OFFICE, BEFORE_RESULT | AT(RESULT), NULL, 0, 0, NULL },
	{ "same-as", OW | D | OFFICE, OPEN, NULL, 0, 0, NULL },
	{ "not-same-as", OW | D | OFFICE, AT(SAME_AS), NULL, 0, 0, NULL },
	{ "note", DEPARTMENT, OPEN, NULL, 0, 0, NULL },
	{ "evidence", DEPARTMENT, OPEN, NULL, 0, 0, NULL },
	{ "link", F | OW | D | OFFICE, OPEN, NULL, 0, 0, NULL },
	{ "involve", OFFICE | OO | L, OPEN | AT(CLOSED), NULL, 0, 0, NULL },
	{ "restrict", OW | OFFICE, OPEN | ENDED, NULL, 0, 0, NULL },
	{ "admit-reader", OW | OFFICE, OPEN | ENDED, "D406", OPEN | ENDED, 0, NULL },
	{ "remove-reader", OW | OFFICE, OPEN | ENDED, "D406", OPEN | ENDED, 0, NULL },
	{ "erase", H, OPEN | ENDED, NULL, 0, 0, NULL },
};

static void
go(struct world *w, enum where state)
{
	const char *const *by = states[state].reached_by;

	world_clear(w);
	world_walk(w, states[state].from);
	if (by[0]) {
		world_do(w, by[0], by[1], by[2], states[state].name);
	}
	assert_string_equal(w->incident.state, states[state].name);
}

/* The code the table expects; "" when the step is allowed. */
static const char *
expected(const struct row *row, enum who who, enum where state)
{
	if (who == AUDITOR) {
		return "D306";
	}
	if (who == ADMIN) {
		return "D307";
	}
	if (!(row->who & (1U << who))) {
		return "D301";
	}
	if (!(row->where & AT(state))) {
		return "D401";
	}
	if (row->guard && (row->stopped & AT(state))) {
		return row->guard;
	}
	/* Cells: the walk has answered that of the datacentre only after `preventing`. */
	if ((row->person & (1U << who)) && state != PREVENTING) {
		return row->person_code;
	}
	return "";
}

/* Before there are cells everybody who answers for none is refused by role. */
static bool
is_cell_step(const char *step)
{
	return !strcmp(step, "apply") || !strcmp(step, "not-applicable");
}

static bool
has_cells(enum where state)
{
	return state == PREVENTING || state == REVIEWING || state == CLOSED || state == VERIFIED ||
		state == REOPENED;
}

static void
check(struct world *w, const struct row *row, enum who who, enum where state)
{
	const char *want = expected(row, who, state);
	const char *code;

	if (is_cell_step(row->step) && !has_cells(state) && !(NOT_STAFF & (1U << who))) {
		want = "D301";
	}
	(void)world_allows(w, people[who], row->step, &code);
	if (strcmp(want, code) != 0) {
		fail_msg("%s by %s in %s: wanted \"%s\", got \"%s\"", row->step, people[who],
			states[state].name, want, code);
	}
}

static void
step__judge__every_step_state_and_person(void **state)
{
	struct world *w = *state;

	for (int at = 0; at < WHERE_COUNT; at++) {
		go(w, (enum where)at);
		for (size_t i = 0; i < ARRAY_LEN(table) * WHO_COUNT; i++) {
			check(w, &table[i / WHO_COUNT], (enum who)(i % WHO_COUNT), (enum where)at);
		}
	}
}

/* The table above is whole: a step added to the flow needs its row (correct is tested alone). */
static void
step__table__has_a_row_for_every_step(void **state)
{
	const struct world *w = *state;
	const struct flow *flow = &w->procedure->incident_flow;

	for (size_t i = 0; i < flow->n_steps; i++) {
		const char *name = flow->steps[i].name;
		bool found = !strcmp(name, "report") || !strcmp(name, "correct");
		for (size_t r = 0; r < ARRAY_LEN(table); r++) {
			found = found || !strcmp(table[r].step, name);
		}
		if (!found) {
			fail_msg("no row for %s", name);
		}
	}
	assert_int_equal(flow->n_states, WHERE_COUNT);
}

/* Whoever is allowed without fields can take the step with some; the menu never lies. */
static void
step__judge__names_only_people_who_can(void **state)
{
	struct world *w = *state;

	for (int at = 0; at < WHERE_COUNT; at++) {
		go(w, (enum where)at);
		for (size_t r = 0; r < ARRAY_LEN(table); r++) {
			const struct flow_step *step =
				flow_find_step(&w->procedure->incident_flow, table[r].step);
			struct step_context context = {
				.procedure = w->procedure,
				.org = w->org,
				.incident = &w->incident,
				.person = org_person(w->org, "auditor-1"),
				.now = w->now,
			};
			struct step_verdict verdict = { 0 };
			assert_int_equal(
				step_judge(w->arena, &context, step, NULL, &verdict), ERR_OK);
			assert_string_equal(verdict.code, "D306");
			for (size_t i = 0; i < verdict.who.n; i++) {
				const char *code;
				assert_true(world_allows(
					w, verdict.who.items[i], table[r].step, &code));
			}
		}
	}
}

static void
step__report__by_staff_alone_and_once(void **state)
{
	struct world *w = *state;

	world_clear(w);
	for (int who = 0; who < WHO_COUNT; who++) {
		const char *code;
		bool staff = !(NOT_STAFF & (1U << who));
		assert_int_equal(world_allows(w, people[who], "report", &code), staff);
	}
	world_report(w);
	world_refused(w, "dc-operator-2", "report", "{'title': 't'}", "D401");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(step__judge__every_step_state_and_person),
		cmocka_unit_test(step__table__has_a_row_for_every_step),
		cmocka_unit_test(step__judge__names_only_people_who_can),
		cmocka_unit_test(step__report__by_staff_alone_and_once),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
