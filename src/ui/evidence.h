/* SPDX-License-Identifier: MIT */
/*
 * Files that go with a report.  The desk keeps each as a draft of the step for
 * evidence, made in the same moment as the report and with the name of its
 * entry in it: whatever happens between, none is forgotten and none recorded twice.
 */
#ifndef TOBAN_SRC_UI_EVIDENCE_H
#define TOBAN_SRC_UI_EVIDENCE_H

#include <stdbool.h>

struct app;

/*
 * Records the files that wait as drafts of the incident, and says what became of
 * them.  What cannot be recorded goes on waiting.  False: none waits.
 */
bool evidence_record(struct app *app, const char *id);

#endif
