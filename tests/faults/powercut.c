/* SPDX-License-Identifier: MIT */
/*
 * See powercut.h.  A file is kept as it was at its last sync in memory: desks in
 * these tests are small.  The process has one thread and one disk.
 */
#include "powercut.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "toban/base/attr.h"

#define SECTOR 512
#define FILES_MOST 8

/* A file on the disk, by its path. */
struct kept {
	char path[512];
	bool there; /* at the last sync of it, or of its directory */
	unsigned char *bytes;
	size_t size;
};

/* What SQLite holds of an open file; the real one follows in the same piece of memory. */
struct file {
	sqlite3_file base;
	struct kept *kept; /* NULL: a temporary one, no part of the desk */
	sqlite3_file *real;
};

static struct {
	struct powercut cut;
	long calls;
	sqlite3_vfs vfs;
	sqlite3_vfs *under;
	struct kept files[FILES_MOST];
	size_t n;
} disk;

static unsigned
chance(unsigned most)
{
	disk.cut.seed =
		disk.cut.seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(disk.cut.seed >> 33) % most;
}

/* The whole file as it is now; NULL with size 0 where it is not there. */
static unsigned char *
read_whole(const char *path, size_t *ret_size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	unsigned char *bytes = NULL;
	struct stat st;

	*ret_size = 0;
	if (fd < 0) {
		return NULL;
	}
	if (fstat(fd, &st) != 0 || !(bytes = malloc((size_t)st.st_size + 1)) ||
		pread(fd, bytes, (size_t)st.st_size, 0) != st.st_size) {
		abort(); /* the test itself is broken */
	}
	(void)close(fd); /* only read */
	*ret_size = (size_t)st.st_size;
	return bytes;
}

static void
keep(struct kept *kept)
{
	free(kept->bytes);
	kept->bytes = read_whole(kept->path, &kept->size);
	kept->there = kept->bytes != NULL;
}

static struct kept *
kept_of(const char *path)
{
	for (size_t i = 0; i < disk.n; i++) {
		if (strcmp(disk.files[i].path, path) == 0) {
			return &disk.files[i];
		}
	}
	if (disk.n == FILES_MOST) {
		abort();
	}
	(void)snprintf(disk.files[disk.n].path, sizeof(disk.files[0].path), "%s", path);
	keep(&disk.files[disk.n]); /* what was there before the start is on the disk */
	return &disk.files[disk.n++];
}

/* --- the cut --------------------------------------------------------------------- */

static bool
same_sector(const unsigned char *a, size_t na, const unsigned char *b, size_t nb, size_t at)
{
	size_t n = na - at < SECTOR ? na - at : SECTOR;

	return nb >= at + n && memcmp(a + at, b + at, n) == 0;
}

/* Brings one sector of the new content back to what the disk had. */
static void
lose_sector(const struct kept *old, unsigned char *now, size_t size, size_t at)
{
	for (size_t i = at; i < size && i < at + SECTOR; i++) {
		now[i] = i < old->size ? old->bytes[i] : 0;
	}
}

static size_t
lose_parts(const struct kept *old, unsigned char *now, size_t size)
{
	size_t sectors = size / SECTOR + 1;
	size_t until = disk.cut.loss == LOSS_TAIL ? chance((unsigned)sectors) * SECTOR : size;

	for (size_t at = 0; at < size; at += SECTOR) {
		bool loses = disk.cut.loss == LOSS_SECTORS ? chance(2) == 0
			: disk.cut.loss == LOSS_TAIL       ? at >= until
							   : true;
		if (loses && !same_sector(now, size, old->bytes, old->size, at)) {
			lose_sector(old, now, size, at);
		}
	}
	/* Its length is told apart from its content, so it may be the old one. */
	return disk.cut.loss != LOSS_ZEROS && chance(2) == 0 && old->size < size ? old->size : size;
}

static void
write_whole(const char *path, const unsigned char *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || (size > 0 && write(fd, bytes, size) != (ssize_t)size) || close(fd) != 0) {
		abort();
	}
}

/* A file of which nothing was ever synced may be gone; one that was deleted may be there. */
static void
lose(const struct kept *old)
{
	size_t size;
	unsigned char *now = read_whole(old->path, &size);

	if (disk.cut.loss == LOSS_ALL || (now == NULL && old->there && chance(2) == 0)) {
		if (old->there) {
			write_whole(old->path, old->bytes, old->size);
		} else {
			(void)unlink(old->path); /* it may not be there anyway */
		}
	} else if (now != NULL) {
		size = lose_parts(old, now, size);
		write_whole(old->path, now, size);
	}
	free(now);
}

static void
cut(void)
{
	char shared[512 + sizeof("-shm")];

	for (size_t i = 0; i < disk.n; i++) {
		lose(&disk.files[i]);
		(void)snprintf(shared, sizeof(shared), "%s-shm", disk.files[i].path);
		(void)unlink(shared); /* it is memory, and only the database has one */
	}
	_exit(0);
}

/* Counts a call; the cut comes before it or, by chance, after it. */
static bool
comes_now(void)
{
	disk.calls++;
	if (disk.calls != disk.cut.point) {
		return false;
	}
	if (chance(2) == 0) {
		cut();
	}
	return true;
}

/* --- files ------------------------------------------------------------------------- */

static struct file *
file_of(sqlite3_file *base)
{
	return (struct file *)(void *)base; /* its first member */
}

static int
file_close(sqlite3_file *base)
{
	sqlite3_file *real = file_of(base)->real;

	return real->pMethods->xClose(real);
}

static int
file_read(sqlite3_file *base, void *into, int n, sqlite3_int64 at)
{
	sqlite3_file *real = file_of(base)->real;

	return real->pMethods->xRead(real, into, n, at);
}

static int
file_write(sqlite3_file *base, const void *from, int n, sqlite3_int64 at)
{
	struct file *file = file_of(base);
	bool now = file->kept != NULL && comes_now();
	int rc = file->real->pMethods->xWrite(file->real, from, n, at);

	if (now) {
		cut();
	}
	return rc;
}

static int
file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct file *file = file_of(base);
	bool now = file->kept != NULL && comes_now();
	int rc = file->real->pMethods->xTruncate(file->real, size);

	if (now) {
		cut();
	}
	return rc;
}

static int
file_sync(sqlite3_file *base, int flags)
{
	struct file *file = file_of(base);
	bool now = file->kept != NULL && comes_now();

	(void)flags;
	/* The machine keeps its power: what is promised is only kept in mind. */
	if (file->kept != NULL && !disk.cut.sleepy) {
		keep(file->kept);
	}
	if (now) {
		cut();
	}
	return SQLITE_OK;
}

static int
file_size(sqlite3_file *base, sqlite3_int64 *ret_size)
{
	sqlite3_file *real = file_of(base)->real;

	return real->pMethods->xFileSize(real, ret_size);
}

static int
file_lock(sqlite3_file *base, int level)
{
	sqlite3_file *real = file_of(base)->real;

	return real->pMethods->xLock(real, level);
}

static int
file_unlock(sqlite3_file *base, int level)
{
	sqlite3_file *real = file_of(base)->real;

	return real->pMethods->xUnlock(real, level);
}

static int
file_reserved(sqlite3_file *base, int *ret)
{
	sqlite3_file *real = file_of(base)->real;

	return real->pMethods->xCheckReservedLock(real, ret);
}

static int
file_control(sqlite3_file *base, int op, void *arg)
{
	sqlite3_file *real = file_of(base)->real;

	return real->pMethods->xFileControl(real, op, arg);
}

static int
file_sector(sqlite3_file *base)
{
	(void)base;
	return SECTOR;
}

/* No promise but the one that SQLite asks for by default: a write harms nothing beside it. */
static int
file_traits(sqlite3_file *base)
{
	(void)base;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int
file_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **ret)
{
	sqlite3_file *real = file_of(base)->real;

	return real->pMethods->xShmMap(real, region, size, extend, ret);
}

static int
file_shm_lock(sqlite3_file *base, int at, int n, int flags)
{
	sqlite3_file *real = file_of(base)->real;

	return real->pMethods->xShmLock(real, at, n, flags);
}

static void
file_shm_barrier(sqlite3_file *base)
{
	sqlite3_file *real = file_of(base)->real;

	real->pMethods->xShmBarrier(real);
}

static int
file_shm_unmap(sqlite3_file *base, int gone)
{
	sqlite3_file *real = file_of(base)->real;

	return real->pMethods->xShmUnmap(real, gone);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_reserved,
	.xFileControl = file_control,
	.xSectorSize = file_sector,
	.xDeviceCharacteristics = file_traits,
	.xShmMap = file_shm_map,
	.xShmLock = file_shm_lock,
	.xShmBarrier = file_shm_barrier,
	.xShmUnmap = file_shm_unmap,
};

/* --- the disk ----------------------------------------------------------------------- */

static int
disk_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *ret_flags)
{
	struct file *file = file_of(base);
	const int lasting = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
	int rc;

	(void)vfs;
	*file = (struct file){ .real = (sqlite3_file *)(void *)(file + 1) };
	if (path != NULL && (flags & lasting) != 0) {
		file->kept = kept_of(path);
	}
	rc = disk.under->xOpen(disk.under, path, file->real, flags, ret_flags);
	if (file->real->pMethods != NULL) {
		file->base.pMethods = &methods;
	}
	return rc;
}

static int
disk_delete(sqlite3_vfs *vfs, const char *path, int sync_directory)
{
	struct kept *kept = kept_of(path);
	bool now = comes_now();
	int rc = disk.under->xDelete(disk.under, path, 0);

	(void)vfs;
	if (rc == SQLITE_OK && sync_directory && !disk.cut.sleepy) {
		keep(kept);
	}
	if (now) {
		cut();
	}
	return rc;
}

void
powercut_start(const struct powercut *wanted)
{
	disk.cut = *wanted;
	disk.calls = 0;
	disk.under = sqlite3_vfs_find(NULL);
	disk.vfs = *disk.under; /* all but two of its functions do not look at where they stand */
	disk.vfs.zName = "powercut";
	disk.vfs.szOsFile = (int)sizeof(struct file) + disk.under->szOsFile;
	disk.vfs.pNext = NULL;
	disk.vfs.xOpen = disk_open;
	disk.vfs.xDelete = disk_delete;
	if (sqlite3_vfs_register(&disk.vfs, 1) != SQLITE_OK) {
		abort();
	}
}

long
powercut_calls(void)
{
	return disk.calls;
}
