/* SPDX-License-Identifier: MIT */
/* Sample: a private header. */
