/* SPDX-License-Identifier: MIT */
/* Sample: marked and translated; _("in a comment") is no mark. */
static const char *
hello(int n)
{
	return n ? _("Hello, {name}.\n") : P_("{count} case", "{count} cases", n);
}

static const char *const table[] = { N_("Say \"yes\" "
	"or no.") };
