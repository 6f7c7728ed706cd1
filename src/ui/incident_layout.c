/* SPDX-License-Identifier: MIT */
/*
 * Where things stand on the page of an incident.
 */
#include "incident_layout.h"

enum {
	BESIDE_FROM = 120, /* columns from which the timeline stands beside the sections */
	SHORT_BELOW = 16,  /* rows below which the chain is one line */
	LOG_LEAST = 4,     /* rows a section needs to be worth reading */
	NEXT_ROWS = 2,
};

struct incident_layout
incident_layout_for(int cols, int rows, int links)
{
	struct incident_layout l = { .next = { rows - NEXT_ROWS, 0, NEXT_ROWS, cols } };
	bool beside = cols >= BESIDE_FROM;
	int left = beside ? cols / 2 - 1 : cols;
	int row;

	l.one_line = rows < SHORT_BELOW || links + 4 + NEXT_ROWS + LOG_LEAST > rows;
	l.chain = (struct pane){ 0, 0, l.one_line ? 1 : links + 1, left };
	row = l.chain.rows + (l.one_line ? 0 : 1); /* the rule below a whole chain */
	l.tabs = (struct pane){ row, 0, 1, left };
	row += l.one_line ? 1 : 2;
	l.body = (struct pane){ row, 0, rows - NEXT_ROWS - row, left };
	if (beside) {
		l.log = (struct pane){ 0, left + 2, rows - NEXT_ROWS, cols - left - 2 };
	}
	return l;
}
