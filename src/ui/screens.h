/* SPDX-License-Identifier: MIT */
/*
 * How every screen is opened: the list of all screens there are.
 */
#ifndef TOBAN_SRC_UI_SCREENS_H
#define TOBAN_SRC_UI_SCREENS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct app;
struct screen;
struct action;

/* The trial desk: choose who you are. */
void seat_open(struct app *app);

/* The duty board, the first screen. */
void board_open(struct app *app);

/* Puts the board's mark on a case, which may be one it has not read yet. */
void board_mark(struct app *app, const char *id);

/* One incident. */
void incident_open(struct app *app, const char *id);

/* The same with the mark of the timeline on an entry; 0: on the newest. */
void incident_open_at(struct app *app, const char *id, int64_t seq);

/* The attached files of an incident: who had them, copies, measurements. */
void custody_open(struct app *app, const char *id);

/* A new report: classification first.  `draft` continues one; NULL: new. */
void report_open(struct app *app, const char *draft);

/* A report for practice: same keys, same chain, marked everywhere. */
void report_open_drill(struct app *app);

/*
 * The classification.  `answers` is what was answered before (borrowed, NULL:
 * nothing); `done` gets the answers and the table's verdict, both borrowed.
 */
struct classify_want {
	const json_t *answers;
	const char *title; /* of the report, "" while it has none */
	bool drill;
	bool again; /* a case is classified anew; false: the first step of a report */
	void (*done)(struct screen *asker, const json_t *answers, const json_t *verdict);
	void (*changed)(struct screen *asker, const json_t *answers); /* after each; may be NULL */
	void (*left)(struct screen *asker);                           /* with Esc; may be NULL */
	struct screen *asker;
};
void classify_open(struct app *app, const struct classify_want *want);

/*
 * Whether these answers need no question more: all are given, and the table has a verdict,
 * a new reference in *ret_verdict.
 */
bool classify_is_done(struct app *app, const json_t *answers, json_t **ret_verdict);

/* What a sent report or step has become; `told` and ledger entry of `result` (borrowed). */
void receipt_open(struct app *app, const json_t *result);

/* The menu of steps of an incident. */
void actions_open(struct app *app, const char *id);

/*
 * The form of one step; `presets` (borrowed, may be NULL) are filled in.  A step
 * that judges a result opens the approval instead.
 */
void stepform_open(struct app *app, const char *id, const char *step, const json_t *presets);

/* The form itself, whatever the step. */
void stepform_write(struct app *app, const char *id, const char *step, const json_t *presets);

/* The result as a difference against what the approver last saw. */
void approval_open(struct app *app, const char *id);

/* Says that a step was recorded and who was told; `result` (borrowed) is incident.act's. */
void sent_say(struct app *app, const char *step, const json_t *result);

/* Continues the draft of a step. */
void stepform_resume(struct app *app, const char *draft);

/* Measures and departments of an incident; the second marks one cell to begin with. */
void rollout_open(struct app *app, const char *id);
void rollout_open_at(struct app *app, const char *id, const char *measure, const char *department);

/* What waits for the person at the screen. */
void mine_open(struct app *app);

/* Search over all cases. */
void search_open(struct app *app);

/* Help and palette of the screen below. */
void help_open(struct screen *below);

/* The messages of this session. */
void messages_open(struct app *app);

/* Whom to call, with their numbers; for the incident the person is at, if any. */
void phones_open(struct app *app);

/* What other systems reported and nobody judged yet. */
void alerts_open(struct app *app);

/* Who is on duty, who is away, who would be told. */
void duty_open(struct app *app);

/* Whom to call about an incident now, and what came of it. */
void calls_open(struct app *app, const char *id);

/* The sheet of the shift: hand it over, accept it. */
void handover_open(struct app *app);

/* Continues what was typed about duty, from draft.load; false: the draft's form is another one. */
bool duty_resume(struct app *app, const json_t *saved);

/* Somebody's absence is entered. */
void absence_open(struct app *app, const char *person);

/* Keys people sign with: one's own, and what waits for a decision. */
void keyring_open(struct app *app);

/* Who read a restricted case in an emergency. */
void readings_open(struct app *app);

/* Whether the person at the screen decides about the keys of others. */
bool keyring_is_decider(const struct app *app);

/* How somebody is reached. */
void ways_open(struct app *app, const char *person);

/* Continues what was written at a handover; false: the draft's form is another one. */
bool handover_resume(struct app *app, const char *form);

/* How many incidents, how fast, what limits were kept. */
void statistics_open(struct app *app);

/* What the person chose, what the terminal is, who they are here. */
void settings_open(struct app *app);

/* The command line. */
void command_open(struct screen *below);

/* Keys that work everywhere (globals.c). */
const struct action *globals_actions(void);

#endif
