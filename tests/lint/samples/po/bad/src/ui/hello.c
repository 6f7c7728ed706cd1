/* SPDX-License-Identifier: MIT */
/* Sample: every way a translation can be wrong. */
static const char *const table[] = {
	N_("Missing"),
	N_("Empty"),
	N_("Fuzzy"),
	N_("By {who} at {when}."),
	N_("Line\n"),
};
static const char *a = P_("{n} case", "{n} cases", 2);
