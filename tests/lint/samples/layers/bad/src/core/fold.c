/* SPDX-License-Identifier: MIT */
/* Sample: the core with a database and a screen. */
#include <curses.h>
#include <sodium.h>
#include <sqlite3.h>

#include "toban/store/store.h"
#include "store.h"
#include <toban/base/err.h>
