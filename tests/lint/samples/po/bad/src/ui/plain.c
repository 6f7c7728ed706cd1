/* SPDX-License-Identifier: MIT */
/* Sample: listed, but marks nothing. */
