/* SPDX-License-Identifier: MIT */
/* Sample: what those above the door may use. */
int door_exit_status(void);
int
door_exit_status(void)
{
	return 4;
}
