/* SPDX-License-Identifier: MIT */
/*
 * Where things stand on the page of an incident, for every size.
 */
#ifndef TOBAN_SRC_UI_INCIDENT_LAYOUT_H
#define TOBAN_SRC_UI_INCIDENT_LAYOUT_H

#include <stdbool.h>

#include "board_layout.h"

/* Panes never overlap; `log` has rows only where it stands beside the sections. */
struct incident_layout {
	struct pane chain;
	bool one_line; /* the chain in one row, without heading and rule */
	struct pane tabs;
	struct pane body;
	struct pane log;
	struct pane next;
};

/* For a body of at least 60 columns and 10 rows, and a chain of `links` links. */
struct incident_layout incident_layout_for(int cols, int rows, int links);

#endif
