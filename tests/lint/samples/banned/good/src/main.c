/* SPDX-License-Identifier: MIT */
/* Sample: main reads the environment. */
int
main(void)
{
	return getenv("TOBAN_DESK") != 0;
}
