/* SPDX-License-Identifier: MIT */
/* Sample: the lowest layer. */
int base_low(void);
int
base_low(void)
{
	return 1;
}
