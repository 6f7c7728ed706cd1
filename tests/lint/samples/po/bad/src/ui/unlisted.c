/* SPDX-License-Identifier: MIT */
/* Sample: not in POTFILES.in. */
static const char *a = _("Empty");
