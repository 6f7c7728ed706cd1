/* SPDX-License-Identifier: MIT */
/*
 * The ledger's memory of the procedure and the organisation.
 */
#ifndef TOBAN_DESK_DEFINITIONS_H
#define TOBAN_DESK_DEFINITIONS_H

#include <stddef.h>

#include "toban/base/err.h"

struct desk;
struct arena;
struct incident_row;
struct figure_row;
struct org;

/* The rows that an organisation would change, and their figures; they live in `arena`. */
struct rows_again {
	const struct desk *desk;
	const struct org *org;
	struct arena *arena;
	struct incident_row *rows;
	size_t n;
	size_t room;
	struct figure_row *figures;
	size_t n_figures;
	size_t figure_room;
};

/*
 * Records the desk's procedure if it is not the one recorded last, after
 * bringing the summaries in line with it: what waits for whom follows the
 * procedure in force.
 */
enum err definitions_follow(struct desk *desk);

/* Makes the row of one incident again from its entries, and stores it where it differs. */
enum err definitions_row_again(
	const struct desk *desk, struct arena *arena, const struct incident_row *old);

/*
 * Makes the rows of all incidents as they are under again->org, and keeps those that differ from
 * what is stored; to be stored with what puts the organisation in force, inside the same
 * transaction.  One that cannot be made again is left for the verifier to name.
 */
enum err definitions_rows_under(struct rows_again *again);

#endif
