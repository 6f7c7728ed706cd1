/* SPDX-License-Identifier: MIT */
/*
 * One restricted case full of canaries, and every method of the table asked by whoever must
 * learn nothing of it, with arguments made from what the table says it takes.
 */
#ifndef TOBAN_TEST_DESK_CANARY_H
#define TOBAN_TEST_DESK_CANARY_H

#include "fixture.h"

#define CASE "26-0005"
#define OPEN "26-0004"
#define NONE "26-0777"

/*
 * Four plain cases and the restricted one: every text in it is a canary, and dc-deputy-2 and
 * office-staff-2 are involved.
 */
void canary_world(struct fixture *f, enum fixture_store kind);

/* Asks one method as a person, in several ways; stops the test where it tells too much. */
typedef void canary_ask(const struct door *door, const struct method *method, const char *person);

/* Without its number nothing of the case comes up; the other case and things by other names. */
canary_ask canary_ask_without;
/* Whoever names it gets, to the letter, what the number of no case gets. */
canary_ask canary_ask_with;

/* Each method of the table, by each of them; NULL-terminated. */
void canary_ask_as(struct fixture *f, const char *const *who, canary_ask *ask);

#endif
