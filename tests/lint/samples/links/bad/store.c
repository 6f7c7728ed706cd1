/* SPDX-License-Identifier: MIT */
/* Sample: a layer above the core. */
int store_high(void);
int
store_high(void)
{
	return 2;
}
