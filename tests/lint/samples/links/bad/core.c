/* SPDX-License-Identifier: MIT */
/* Sample: the core calls the store and exports a variable. */
extern int store_high(void);
int core_counter = 1;
int core_zeroed;

int core_mid(void);
int
core_mid(void)
{
	return store_high();
}
