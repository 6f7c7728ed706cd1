/* SPDX-License-Identifier: MIT */
/* Sample: the desk beside its door. */
int desk_new(void);
int
desk_new(void)
{
	return 3;
}
