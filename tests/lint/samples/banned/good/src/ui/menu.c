/* SPDX-License-Identifier: MIT */
/* Sample: words that look like SQL. TODO #12: none left. */
static const char *const text[] = { "Select a step from the list", "Delete from here", "DELETE",
	"Update the record and set a date", "Commit to the plan", "Create a report" };
