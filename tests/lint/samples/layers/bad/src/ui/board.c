/* SPDX-License-Identifier: MIT */
/* Sample: a screen that goes around the door. */
#include "toban/core/incident.h"
#include "toban/desk/desk.h"
#include "toban/forms.h"
#include "made.h"
