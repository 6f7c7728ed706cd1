/* SPDX-License-Identifier: MIT */
/*
 * The list of all screens.
 */
#include "registry.h"

#include <string.h>

/* In the order of the manual page: as a person meets them. */
static const struct screen_ops *const screens[] = {
	&seat_ops,
	&board_ops,
	&incident_ops,
	&entry_ops,
	&actions_ops,
	&classify_ops,
	&report_ops,
	&stepform_ops,
	&approval_ops,
	&measure_ops,
	&rollout_ops,
	&receipt_ops,
	&phones_ops,
	&settings_ops,
	&pick_ops,
	&confirm_ops,
	&prompt_ops,
	&messages_ops,
	&help_ops,
	NULL,
};

const struct screen_ops *const *
registry_screens(void)
{
	return screens;
}

const struct screen_ops *
registry_find(const char *name)
{
	for (const struct screen_ops *const *s = screens; *s; s++) {
		if (strcmp((*s)->name, name) == 0) {
			return *s;
		}
	}
	return NULL;
}
