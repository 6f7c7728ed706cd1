/* SPDX-License-Identifier: MIT */
/*
 * The closed words a flow file may use.  docs/forms.md says what each means.
 */
#include "toban/core/step.h"

static const char *const actor_words[] = { "anyone", "finder", "owner", "deputy", "department",
	"office-head", "office", "crisis", "chain", "link", "addressee", "officer", "other-owner",
	"author", NULL };

static const char *const guard_words[] = { "emergency-or-instructed", "has-unratified", "link-open",
	"not-author", "not-responder", "not-applier", "cell-open", "cell-answered", "review-actor",
	"gates", "major-settled", "suspicion-settled", "effect-date", "cells-accepted",
	"not-measure-owner", "is-suspicion", "clock-running", "hash-matches", NULL };

static const char *const effect_words[] = { "report", "acknowledge", "call", "reclassify",
	"confirm-suspicion", "dispel-suspicion", "escalate", "decide-major", "instruct", "respond",
	"ratify", "report-result", "approve-result", "return-result", "plan-prevention", "apply",
	"not-applicable", "accept", "send-back", "review-item", "decide-clock", "close",
	"verify-effect", "reopen", "dismiss", "same-as", "not-same-as", "involve", "note",
	"evidence", "link", "correct", "restrict", "erase", NULL };

const char *const *
step_actor_words(void)
{
	return actor_words;
}

const char *const *
step_guard_words(void)
{
	return guard_words;
}

const char *const *
step_effect_words(void)
{
	return effect_words;
}
