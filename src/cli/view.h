/* SPDX-License-Identifier: MIT */
/*
 * The door's documents as lines for people.  Everything that a person wrote
 * passes text_show(); nothing here is meant to be parsed (that is --json).
 */
#ifndef TOBAN_CLI_VIEW_H
#define TOBAN_CLI_VIEW_H

#include "command.h"

void view_list(struct cli *cli, const json_t *result, struct str *out);
void view_search(struct cli *cli, const json_t *result, struct str *out);
void view_show(struct cli *cli, const json_t *result, struct str *out);
void view_steps(struct cli *cli, const json_t *result, struct str *out);
void view_form(struct cli *cli, const json_t *result, struct str *out);
void view_log(struct cli *cli, const json_t *result, struct str *out);
void view_act(struct cli *cli, const json_t *result, struct str *out);
void view_taken_back(struct cli *cli, const json_t *result, struct str *out);
void view_report(struct cli *cli, const json_t *result, struct str *out);
void view_verdict(struct cli *cli, const json_t *result, struct str *out);
void view_verify(struct cli *cli, const json_t *result, struct str *out);
void view_erased(struct cli *cli, const json_t *result, struct str *out);
void view_head(struct cli *cli, const json_t *result, struct str *out);
void view_outbox(struct cli *cli, const json_t *result, struct str *out);
void view_message(struct cli *cli, const json_t *result, struct str *out);
void view_preview(struct cli *cli, const json_t *result, struct str *out);
void view_targets(struct cli *cli, const json_t *result, struct str *out);
void view_target(struct cli *cli, const json_t *result, struct str *out);
void view_authority(struct cli *cli, const json_t *result, struct str *out);
void view_doctor(struct cli *cli, const json_t *result, struct str *out);

void view_entered(struct cli *cli, const json_t *result, struct str *out);
void view_people(struct cli *cli, const json_t *result, struct str *out);
void view_roster(struct cli *cli, const json_t *result, struct str *out);
void view_roster_written(struct cli *cli, const json_t *result, struct str *out);
void view_roster_text(struct cli *cli, const json_t *result, struct str *out);
void view_acting(struct str *out, const json_t *body); /* for whom an entry was made; or nothing */
void view_chain(struct cli *cli, const json_t *result, struct str *out);
void view_duty_findings(struct cli *cli, const json_t *result, struct str *out);

/* How many cases a list keeps back; nothing for none. */
void view_restricted(struct str *out, const json_t *result);
void view_keys(struct cli *cli, const json_t *result, struct str *out);
void view_key_entry(struct cli *cli, const json_t *result, struct str *out);

/* "key: value" with the value made safe; nothing when the value is "". */
void view_line(struct str *out, const char *label, const char *value);

/* The receipt of what was recorded: enough to find the entry again, and to notice a change. */
void view_receipt(struct str *out, const json_t *result);

/* Appends an RFC 3339 time as people read it: 2026-11-22 22:41. */
void view_time(struct str *out, const char *rfc3339);

/*
 * Prints `result` (stolen): JSON with --json, else what `view` makes of it, of a trial desk
 * under a line that says so.
 */
int view_answer(
	struct cli *cli, json_t *result, void (*view)(struct cli *, const json_t *, struct str *));

/* Calls a method (args stolen) and answers with what came. */
int view_call(struct cli *cli, const char *method, json_t *args,
	void (*view)(struct cli *, const json_t *, struct str *));

/*
 * The same for what is read by programs without --json, too: `view` says in the file's own way
 * that it comes from a trial desk.
 */
int view_call_file(struct cli *cli, const char *method, json_t *args,
	void (*view)(struct cli *, const json_t *, struct str *));

#endif
