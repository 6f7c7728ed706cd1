/* SPDX-License-Identifier: MIT */
/*
 * What the tables of several screens share.
 */
#include "screen.h"

bool
screen_in_text(struct screen *screen)
{
	(void)screen;
	return true;
}
