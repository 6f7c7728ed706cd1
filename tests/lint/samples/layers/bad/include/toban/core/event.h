/* SPDX-License-Identifier: MIT */
/* Sample: a contract that looks up. */
#include "toban/desk/door.h"
