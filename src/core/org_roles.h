/* SPDX-License-Identifier: MIT */
/*
 * Roles as words and bits, shared by the two readers of organisations.
 */
#ifndef TOBAN_SRC_CORE_ORG_ROLES_H
#define TOBAN_SRC_CORE_ORG_ROLES_H

#include <stdbool.h>

/* The bit of a role's word; false when there is no such role. */
bool org_role_of_word(const char *word, unsigned *ret_role);

/* Adds what roles imply: the office head is of the office, nearly all are staff. */
unsigned org_complete_roles(unsigned roles);

#endif
