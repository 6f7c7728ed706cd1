/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing descriptors to the end.
 */
#include "toban/base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum err
fd_err(int number)
{
	switch (number) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return ERR_FULL;
	case ENOMEM:
		return ERR_NOMEM;
	default:
		return ERR_IO;
	}
}

enum err
fd_read_all(int fd, void *data, size_t size, size_t *ret_len)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = read(fd, (char *)data + len, size - len);

		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n < 0) {
			return ERR_IO;
		}
		if (n == 0) {
			break;
		}
		len += (size_t)n;
	}
	*ret_len = len;
	return ERR_OK;
}

enum err
fd_write_all(int fd, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n < 0) {
			return fd_err(errno);
		}
		at += n;
		len -= (size_t)n;
	}
	return ERR_OK;
}

enum err
fd_sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum err err = fd >= 0 && fsync(fd) == 0 ? ERR_OK : fd_err(errno);

	if (fd >= 0) {
		(void)close(fd); /* nothing was written through it */
	}
	return err;
}
