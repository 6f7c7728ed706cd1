/* SPDX-License-Identifier: MIT */
/*
 * Whole reads and writes on a descriptor: read() and write() may do less than
 * they were asked for, and a signal may interrupt them.
 */
#ifndef TOBAN_BASE_FD_H
#define TOBAN_BASE_FD_H

#include <stddef.h>

#include "toban/base/err.h"

/* Reads until the end or `size` bytes, whichever comes first.  ERR_IO. */
enum err fd_read_all(int fd, void *data, size_t size, size_t *ret_len);

/* Writes all `len` bytes; does not sync them.  ERR_FULL, ERR_IO. */
enum err fd_write_all(int fd, const void *data, size_t len);

/* Makes a folder's entries durable: after files in it got or lost a name.  ERR_FULL, ERR_IO. */
enum err fd_sync_folder(const char *path);

/* What the errno of a failed call on a file means: ERR_FULL, ERR_NOMEM, else ERR_IO. */
enum err fd_err(int number);

#endif
