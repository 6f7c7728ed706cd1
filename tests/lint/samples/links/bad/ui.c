/* SPDX-License-Identifier: MIT */
/* Sample: a screen that goes through the door once and around it once. */
extern int desk_new(void);
extern int door_exit_status(void);

int ui_run(void);
int
ui_run(void)
{
	return desk_new() + door_exit_status();
}
