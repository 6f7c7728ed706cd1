/* SPDX-License-Identifier: MIT */
/*
 * Entering who is there: who may, and the entries of the subject "duty".
 */
#ifndef TOBAN_DESK_DUTY_H
#define TOBAN_DESK_DUTY_H

#include "call.h"
#include "toban/core/duty.h"
#include "toban/core/roster.h"

/* The question of a moment, of this call's facts. */
struct duty_query duty_query_at(struct call *call, stamp at);

/* The number to call first: the person's own ways before what the organisation has; "" none. */
const char *duty_number(const struct duty *duty, const struct person *person);

/*
 * Whether the caller may enter facts about `person` (NULL: about a roster) of `department`:
 * themselves, its owner and deputies, the office head and who stands in for them,
 * administrators.  Else D301 with who may, D306.
 */
enum err duty_admit(struct call *call, const struct person *person, const char *department);

/* The person of an argument, NULL the caller; D107.  Names the field in the refusal. */
enum err duty_person(struct call *call, const char *field, const struct person **ret_person);

/* One entry to be made; `body` is borrowed. */
struct duty_fact {
	const char *kind;
	const json_t *body;
};

/*
 * Records the facts in one transaction and answers {"seq", "row_hash"} of the last of them.
 * The argument `event` makes a repeated call harmless: "repeated": true.
 */
enum err duty_record(
	struct call *call, const struct duty_fact *facts, size_t n, json_t **ret_result);

/* The same for one fact; takes over `body`. */
enum err duty_record_one(struct call *call, const char *kind, json_t *body, json_t **ret_result);

/*
 * store_incidents(), and where the filter asks what waits for the caller also what waits for
 * whoever they act for now; *ret_acts: they act for somebody.  No error document.
 */
enum err list_mine(struct call *call, const struct incident_filter *filter,
	struct incident_list *ret_list, bool *ret_acts);

/* What is wrong in the next days, as {"ok", "days", "findings": […]}: the nightly check. */
enum err duty_findings(struct call *call, int days, json_t **ret_result);

#endif
