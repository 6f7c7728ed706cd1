/* SPDX-License-Identifier: MIT */
/*
 * Files that people wrote, read whole.  What stands in a folder is anybody's
 * guess: a FIFO must not hang the desk, a link must not lead out of the folder,
 * and a file that is there but cannot be read is said, never passed over - a
 * step that is missing from the procedure would go unnoticed.
 */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "toban/base/attr.h"
#include "toban/base/fd.h"

#define FILE_LIMIT ((off_t)1024 * 1024)
#define DEPTH_LIMIT 8

/* A list of files that grows while folders are read. */
struct reading {
	struct arena *arena;
	struct ini_problems *problems;
	struct def_file *files;
	size_t n;
	size_t cap;
	int depth;
};

static bool
is_definition(const char *name)
{
	static const char *const endings[] = { ".ini", ".form", ".flow" };
	size_t len = strlen(name);
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		size_t n = strlen(endings[i]);
		if (len > n && strcmp(name + len - n, endings[i]) == 0) {
			return true;
		}
	}
	return false;
}

static enum err
keep_file(struct reading *r, const char *path, const char *data, size_t len)
{
	struct def_file *files = arena_extend(r->arena, r->files, r->n, &r->cap, sizeof(*files));
	if (!files) {
		return ERR_NOMEM;
	}
	r->files = files;
	r->files[r->n++] = (struct def_file){ .path = path, .data = data, .len = len };
	return ERR_OK;
}

enum err
folder_read_file(struct arena *arena, const char *path, char **ret_data, size_t *ret_len)
{
	struct stat st;
	char *data = NULL;
	enum err e = ERR_IO;
	/* A FIFO without a writer would hold a blocking open() for ever. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		return errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_IO;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= FILE_LIMIT) {
		data = arena_alloc(arena, (size_t)st.st_size + 1);
		e = data ? fd_read_all(fd, data, (size_t)st.st_size, ret_len) : ERR_NOMEM;
	}
	/* Only read from: nothing can be lost by a failing close. */
	(void)close(fd);
	if (e == ERR_OK) {
		*ret_data = data;
	}
	return e;
}

static enum err
read_file(struct reading *r, const char *full, const char *path)
{
	char *data = NULL;
	size_t len = 0;
	enum err e = folder_read_file(r->arena, full, &data, &len);
	if (e == ERR_NOMEM) {
		return e;
	}
	if (e != ERR_OK) {
		ini_report(r->problems, path, 0, "a readable file of at most 1 MiB",
			"The file cannot be read.");
		return ERR_OK;
	}
	return keep_file(r, path, data, len);
}

static enum err read_folder(struct reading *r, const char *full, const char *path);

static enum err
read_entry(struct reading *r, const char *full, const char *path, const char *name)
{
	struct stat st;
	if (lstat(full, &st) != 0) {
		if (errno != ENOENT) { /* else gone between listing and looking */
			ini_report(r->problems, path, 0, "", "The file cannot be looked at.");
		}
		return ERR_OK;
	}
	if (S_ISDIR(st.st_mode)) {
		return read_folder(r, full, path);
	}
	if (!is_definition(name)) {
		return ERR_OK;
	}
	if (!S_ISREG(st.st_mode)) {
		ini_report(r->problems, path, 0, "a regular file",
			"This is a link or a special file.");
		return ERR_OK;
	}
	return read_file(r, full, path);
}

/* The next entry that is not hidden; NULL at the end and, with errno set, on failure. */
static const char *
next_name(DIR *dir)
{
	struct dirent *entry;
	do {
		errno = 0;
		entry = readdir(dir);
	} while (entry && entry->d_name[0] == '.');
	return entry ? entry->d_name : NULL;
}

static enum err
read_folder(struct reading *r, const char *full, const char *path)
{
	DIR *dir = r->depth < DEPTH_LIMIT ? opendir(full) : NULL;
	if (!dir) {
		ini_report(r->problems, path, 0, "at most 8 folders in one another",
			"The folder cannot be read.");
		return ERR_OK;
	}
	r->depth++;
	enum err e = ERR_OK;
	const char *name = next_name(dir);
	while (name && e == ERR_OK) {
		const char *below = arena_printf(r->arena, "%s/%s", full, name);
		const char *shown = arena_printf(r->arena, "%s%s%s", path, *path ? "/" : "", name);
		e = below && shown ? read_entry(r, below, shown, name) : ERR_NOMEM;
		name = e == ERR_OK ? next_name(dir) : NULL;
	}
	if (e == ERR_OK && errno != 0) {
		ini_report(r->problems, path, 0, "", "The folder cannot be read to its end.");
	}
	r->depth--;
	/* Only read from: nothing can be lost by a failing close. */
	(void)closedir(dir);
	return e;
}

static int
by_path(const void *a, const void *b)
{
	const struct def_file *left = a;
	const struct def_file *right = b;
	return strcmp(left->path, right->path);
}

enum err
folder_read_forms(struct arena *arena, const char *dir, struct ini_problems *problems,
	const struct def_file **ret_files, size_t *ret_n)
{
	struct stat st;
	if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode)) {
		return ERR_NOT_FOUND;
	}
	struct reading r = { .arena = arena, .problems = problems };
	enum err e = read_folder(&r, dir, "");
	if (e != ERR_OK) {
		return e;
	}
	if (r.n) {
		qsort(r.files, r.n, sizeof(*r.files), by_path);
	}
	*ret_files = r.files;
	*ret_n = r.n;
	return ERR_OK;
}
