/* SPDX-License-Identifier: MIT */
/*
 * What a file to be attached is, and text that becomes one.
 */
#include "attach.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "toban/base/fd.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"

enum { CHUNK = 64 * 1024, HASH_SHOWN = 16 };

/* Above this a person would wait for the sum. */
#define HASHED_MAX (INT64_C(64) << 20)

void
attach_size_words(int64_t size, struct str *out)
{
	static const char *const units[] = { "KB", "MB", "GB" };
	int64_t tenths = size * 10 / 1024;
	size_t unit = 0;

	if (size < 1024) {
		str_addf(out, "%" PRId64 " B", size);
		return;
	}
	while (tenths >= 10240 && unit < 2) {
		tenths /= 1024;
		unit++;
	}
	str_addf(out, "%" PRId64 ".%" PRId64 " %s", tenths / 10, tenths % 10, units[unit]);
}

/* Opened so that a FIFO cannot hold the screen; only ordinary files. */
static int
open_ordinary(const char *path, int64_t *ret_size)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	if (fd < 0) {
		return -1;
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		(void)close(fd); /* only looked at */
		return -1;
	}
	*ret_size = st.st_size;
	return fd;
}

static bool
sum_of(int fd, struct hash *ret_hash)
{
	struct hash_stream *stream = hash_stream_new();
	char chunk[CHUNK];
	size_t n = 0;
	bool ok = stream != NULL;

	do {
		ok = ok && fd_read_all(fd, chunk, sizeof(chunk), &n) == ERR_OK;
		if (ok) {
			hash_stream_add(stream, chunk, n);
		}
	} while (ok && n == sizeof(chunk));
	if (ok) {
		hash_stream_finish(stream, ret_hash);
	}
	hash_stream_free(stream);
	return ok;
}

void
attach_words(const char *path, struct str *out)
{
	const char *slash = strrchr(path, '/');
	int64_t size = 0;
	int fd = open_ordinary(path, &size);
	struct hash hash;
	char hex[HASH_HEX_SIZE];

	if (fd < 0) {
		return;
	}
	str_add(out, "= ");
	attach_size_words(size, out);
	if (size <= HASHED_MAX && sum_of(fd, &hash)) {
		hash_hex(&hash, hex);
		str_addf(out, "  sha256 %.*s..", HASH_SHOWN, hex);
	}
	str_addf(out, "  %s", slash ? slash + 1 : path);
	(void)close(fd); /* only read from */
}

bool
attach_text(const char *dir, const char *name, const char *text, size_t len, struct str *path)
{
	int fd;
	bool ok;

	if (!dir || !dir[0]) {
		return false;
	}
	str_addf(path, "%s/toban-%s.txt", dir, name);
	fd = open(str_text(path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		return false;
	}
	ok = fd_write_all(fd, text, len) == ERR_OK && fsync(fd) == 0;
	ok = close(fd) == 0 && ok;
	if (!ok) {
		(void)unlink(str_text(path)); /* half a text is worse than none */
	}
	return ok;
}
