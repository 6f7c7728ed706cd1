/* SPDX-License-Identifier: MIT */
/* Sample: SQL and ambient state in the desk.  TODO: later */
static const char *const one = "SELECT id "
	"FROM incident";
static const char *const two = "BEGIN IMMEDIATE";
static const char *const three = "update incident set open = 0";

static void
list(char *s)
{
	strcpy(s, getenv("HOME"));
	(void)time(0);
	exit(atoi(s));
}
