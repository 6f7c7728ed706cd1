/* SPDX-License-Identifier: MIT */
/*
 * Names of the error values, for logs and tests.
 */
#include "toban/base/err.h"

#include "toban/base/attr.h"

static const char *const names[] = {
	[ERR_OK] = "ok",
	[ERR_NOMEM] = "no-memory",
	[ERR_IO] = "io",
	[ERR_FULL] = "full",
	[ERR_BUSY] = "busy",
	[ERR_INVALID] = "invalid",
	[ERR_NOT_FOUND] = "not-found",
	[ERR_DENIED] = "denied",
	[ERR_CONFLICT] = "conflict",
	[ERR_EXISTS] = "exists",
	[ERR_CORRUPT] = "corrupt",
	[ERR_UNSUPPORTED] = "unsupported",
	[ERR_UNKNOWN] = "unknown",
	[ERR_LATER] = "later",
};

_Static_assert(ARRAY_LEN(names) == ERR_COUNT, "every error has a name");

const char *
err_name(enum err e)
{
	/* The cast also catches negative values that a wild cast may have made. */
	size_t i = (size_t)e;

	return i < ARRAY_LEN(names) ? names[i] : "?";
}
