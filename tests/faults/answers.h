/* SPDX-License-Identifier: MIT */
/*
 * What a program said of the steps it took, against what is really there.
 */
#ifndef TOBAN_TESTS_FAULTS_ANSWERS_H
#define TOBAN_TESTS_FAULTS_ANSWERS_H

#include "../store/fixture.h"
#include "toban/base/str.h"

/* Nothing in the desk is damaged; `where` names the run when something is. */
void answers_check_whole(struct fixture *f, const char *where);

/* The answer to one step: "ok" is there, and nothing that was said not to be. */
void answers_check_one(struct fixture *f, const char *id, const char *answer, const char *where);

/*
 * All lines "step-N ANSWER" of what was said; besides, at most one step was done without a
 * word, and every step has its message.
 */
void answers_check(struct fixture *f, const struct str *said, const char *where);

#endif
