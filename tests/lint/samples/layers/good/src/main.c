/* SPDX-License-Identifier: MIT */
/* Sample: main joins everything. */
#include "toban/desk/desk.h"
#include "toban/forms.h"
#include "toban/store/store.h"
#include "toban/ui/ui.h"
