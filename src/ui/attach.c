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

#include "app.h"
#include "toban/base/attr.h"
#include "toban/base/fd.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"

/* Of a text that became a file. */
#define KEPT_PREFIX "toban-paste-"
#define KEPT_SUFFIX ".txt"

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

void
attach_path(const struct app *app, const char *typed, struct str *out)
{
	const char *home = app->options->home;

	if (strncmp(typed, "~/", 2) == 0 && home && home[0] == '/') {
		str_addf(out, "%s/%s", home, typed + 2);
	} else {
		str_add(out, typed);
	}
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

/* Complete and on the disk, or not there at all. */
static bool
write_private(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool ok;

	if (fd < 0) {
		return false;
	}
	ok = fd_write_all(fd, text, len) == ERR_OK && fsync(fd) == 0;
	ok = close(fd) == 0 && ok;
	if (!ok) {
		(void)unlink(path); /* half a text is worse than none */
	}
	return ok;
}

bool
attach_text(struct app *app, const char *name, const char *text, size_t len, struct str *path)
{
	const char *dirs[] = { app->options->keep_dir, app->options->emergency_dir };

	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		str_clear(path);
		if (dirs[i] && dirs[i][0]) {
			str_addf(path, "%s/" KEPT_PREFIX "%s" KEPT_SUFFIX, dirs[i], name);
			if (write_private(str_text(path), text, len)) {
				return true;
			}
		}
	}
	return false;
}

static bool
is_kept_in(const char *dir, const char *path)
{
	size_t len = dir ? strlen(dir) : 0;
	const char *name = path + len + 1;

	return len > 0 && strncmp(path, dir, len) == 0 && path[len] == '/' &&
		strncmp(name, KEPT_PREFIX, strlen(KEPT_PREFIX)) == 0 && !strchr(name, '/');
}

void
attach_drop(struct app *app, const char *path)
{
	if (is_kept_in(app->options->keep_dir, path) ||
		is_kept_in(app->options->emergency_dir, path)) {
		(void)unlink(path); /* one left over harms nobody */
	}
}
