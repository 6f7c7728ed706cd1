/* SPDX-License-Identifier: MIT */
/*
 * Who takes no part in the procedure, and whom they could turn to.
 */
#ifndef TOBAN_SRC_UI_OUTSIDER_H
#define TOBAN_SRC_UI_OUTSIDER_H

#include <stdbool.h>

#include "toban/base/str.h"

struct app;

/*
 * Whether the person at the screen takes no step in any case, which the desk would
 * refuse as well (D306 auditors, D307 administrators); `why` then gets the reason
 * and some of those who could, of the person's own department first.
 */
bool outsider_refused(struct app *app, struct str *why);

#endif
