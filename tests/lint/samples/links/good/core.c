/* SPDX-License-Identifier: MIT */
/* Sample: calls down, keeps its state to itself, exports constants only. */
extern int base_low(void);
const char *const core_names[] = { "a", "b" };
static int calls;

int core_mid(void);
int
core_mid(void)
{
	return base_low() + calls++;
}
