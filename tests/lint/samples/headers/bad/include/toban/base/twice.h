/* SPDX-License-Identifier: MIT */
/* Sample: has no guard. */
struct twice {
	int n;
};
