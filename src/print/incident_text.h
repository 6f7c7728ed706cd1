/* SPDX-License-Identifier: MIT */
/*
 * The sections of the incident report that follow the result.
 */
#ifndef TOBAN_PRINT_INCIDENT_TEXT_H
#define TOBAN_PRINT_INCIDENT_TEXT_H

#include "paper.h"

/* Measures and their roll-out to the departments. */
void incident_print_prevention(struct paper *paper, const json_t *incident);

/* The verdicts on the items of the ISMS. */
void incident_print_reviews(struct paper *paper, const json_t *incident);

/* Statutory reports; nothing when no clock was ever started. */
void incident_print_clocks(struct paper *paper, const json_t *incident);

/* Decisions, notes and corrections, from the log; nothing when there are none. */
void incident_print_decisions(struct paper *paper, const json_t *incident);

/* Who signed which step with which key, and whether it holds; nothing when nothing was signed. */
void incident_print_signatures(struct paper *paper, const json_t *incident);

/* Evidence and links to other incidents; nothing when there are none. */
void incident_print_evidence(struct paper *paper, const json_t *incident);

/* Every entry with the beginning of its hash. */
void incident_print_ledger(struct paper *paper, const json_t *incident);

#endif
