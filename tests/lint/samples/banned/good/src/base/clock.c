/* SPDX-License-Identifier: MIT */
/* Sample: the one file that asks the system for the time; strcpy() in a comment is fine. */
static void
now(void)
{
	clock_gettime(0, 0);
	localtime_r(0, 0);
	ctx->time(ctx); /* a member of that name is ours */
}
