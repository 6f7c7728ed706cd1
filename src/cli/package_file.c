/* SPDX-License-Identifier: MIT */
/*
 * Writing the files of a package: see package.h.  Names are made by the program, never by what
 * people typed, and no file is opened that was there before.
 */
#include "package.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "toban/base/attr.h"

enum err
package_make(struct package *package, const char *path)
{
	static const char *const inner[] = { "entries", "signed", "keys", "heads", "evidence" };

	*package = (struct package){ .dir = -1 };
	if (mkdir(path, 0700) != 0) {
		return errno == EEXIST ? ERR_EXISTS : ERR_IO;
	}
	package->dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (package->dir < 0) {
		return ERR_IO;
	}
	for (size_t i = 0; i < ARRAY_LEN(inner); i++) {
		if (mkdirat(package->dir, inner[i], 0700) != 0) {
			return ERR_IO;
		}
	}
	return ERR_OK;
}

void
package_release(struct package *package)
{
	if (package->dir >= 0) {
		(void)close(package->dir);
	}
	str_release(&package->manifest);
	package->dir = -1;
}

void
package_open(struct package *package, const char *name, struct package_file *ret_file)
{
	int fd = openat(
		package->dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	*ret_file = (struct package_file){ .package = package, .name = name };
	ret_file->hash = hash_stream_new();
	ret_file->stream = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (fd >= 0 && !ret_file->stream) {
		(void)close(fd);
	}
	package->failed = package->failed || !ret_file->stream || !ret_file->hash;
}

void
package_add(struct package_file *file, const void *data, size_t len)
{
	if (!file->stream || !file->hash || len == 0) {
		return;
	}
	hash_stream_add(file->hash, data, len);
	if (fwrite(data, 1, len, file->stream) != len) {
		file->package->failed = true;
	}
}

void
package_close(struct package_file *file)
{
	char hex[HASH_HEX_SIZE];
	struct hash hash;

	if (file->stream && fclose(file->stream) != 0) {
		file->package->failed = true;
	}
	if (file->hash) {
		hash_stream_finish(file->hash, &hash);
		hash_hex(&hash, hex);
		str_addf(&file->package->manifest, "%s  %s\n", hex, file->name);
	}
	hash_stream_free(file->hash);
	*file = (struct package_file){ .package = file->package };
}

void
package_write(struct package *package, const char *name, const void *data, size_t len)
{
	struct package_file file;

	package_open(package, name, &file);
	package_add(&file, data, len);
	package_close(&file);
}

enum err
package_finish(struct package *package, char ret_manifest[HASH_HEX_SIZE])
{
	size_t len = package->manifest.len;
	struct hash hash;
	struct str line = STR_INIT;

	package->failed = package->failed || package->manifest.failed;
	hash_of(str_text(&package->manifest), len, &hash);
	hash_hex(&hash, ret_manifest);
	str_addf(&line, "%s  manifest\n", ret_manifest);
	package_write(package, "manifest.sha256", str_text(&line), line.len);
	/* The lines about these two are the last, and no part of what is written. */
	package_write(package, "manifest", str_text(&package->manifest), len);
	str_release(&line);
	return package->failed ? ERR_IO : ERR_OK;
}
