/* SPDX-License-Identifier: MIT */
/*
 * The key that PINs are kept under: see pin_key.h.
 */
#include "pin_key.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "toban/base/fd.h"
#include "toban/base/hash.h"
#include "toban/base/locked.h"
#include "toban/base/pin_hash.h"

static enum err
key_read(int fd, uint8_t *key)
{
	struct stat st;
	size_t len = 0;
	enum err e;

	if (fstat(fd, &st) != 0) {
		return ERR_IO;
	}
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || st.st_nlink != 1 ||
		(st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
		return ERR_DENIED;
	}
	e = fd_read_all(fd, key, PIN_KEY_BYTES, &len);
	if (e) {
		return e;
	}
	return len == PIN_KEY_BYTES && st.st_size == PIN_KEY_BYTES ? ERR_OK : ERR_CORRUPT;
}

/* An interrupted making leaves a short file, which is told and not used. */
static enum err
key_make(int fd, uint8_t *key)
{
	enum err e;

	random_bytes(key, PIN_KEY_BYTES);
	e = fd_write_all(fd, key, PIN_KEY_BYTES);
	return e || fsync(fd) == 0 ? e : fd_err(errno);
}

enum err
pin_key_open(const char *path, uint8_t **ret_key)
{
	uint8_t *key = locked_new(PIN_KEY_BYTES);
	enum err e = ERR_NOMEM;
	int fd;

	if (!key) {
		return ERR_NOMEM;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0) {
		e = key_make(fd, key);
	} else if (errno == EEXIST) {
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
		e = fd >= 0 ? key_read(fd, key) : errno == ELOOP || errno == EACCES ? ERR_DENIED
										    : ERR_IO;
	} else {
		e = fd_err(errno);
	}
	if (fd >= 0) {
		(void)close(fd); /* read, or synced before */
	}
	if (e) {
		locked_free(key);
		return e;
	}
	*ret_key = key;
	return ERR_OK;
}
