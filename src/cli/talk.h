/* SPDX-License-Identifier: MIT */
/*
 * Line mode: questions on standard error, one answer a line on standard
 * input.  It serves terminals without a cursor, pipes, and screen readers.
 */
#ifndef TOBAN_CLI_TALK_H
#define TOBAN_CLI_TALK_H

#include "command.h"

/* One conversation. */
struct talk {
	struct cli *cli;
	int number; /* of the last question */
	bool ended; /* the input is over: nothing more will be answered */
	/* What can be chosen for fields of the step in hand: {FIELD: [{"key","label"}]}; NULL:
	 * none. */
	const json_t *options;
};

/* Says one line of text, made safe. */
void talk_say(const char *text);

/*
 * Asks a numbered question and reads the answer into `answer` (without the
 * newline).  False when the input has ended; `answer` is then empty.
 */
bool talk_ask(struct talk *talk, const char *question, const char *hint, struct str *answer);

/*
 * Asks yes, no or not known; y/n/u, はい/いいえ and full-width letters count.
 * Returns "yes", "no", "unknown", or NULL when the input has ended.
 */
const char *talk_ask_answer(struct talk *talk, const char *question, bool with_unknown);

/* Asks all fields of a form document into `fields`; false when the input has ended. */
bool talk_ask_form(struct talk *talk, const json_t *form, json_t *fields);

/* Asks the classification table into `answers`; false when the input has ended. */
bool talk_ask_table(struct talk *talk, const json_t *procedure, json_t *answers);

/* Asks everything a report needs, one numbered question per line, and sends it. */
int cli_talk_report(struct cli *cli, bool drill);

/* Goes on with a draft ("D-17"): asks what it does not hold, and sends it. */
int cli_talk_draft(struct cli *cli, const char *draft);

/* Walks the classification table only; *ret_answers is a new reference. */
int cli_talk_classify(struct cli *cli, json_t **ret_answers);

/* Asks what a step needs, and takes it. */
int cli_talk_step(struct cli *cli, const char *id, const char *step);

/* The desk without a screen: a numbered menu until the input ends. */
int cli_talk(struct cli *cli);

#endif
