/* SPDX-License-Identifier: MIT */
/*
 * Paths, folders and the environment.
 */
#include "places.h"

#include <dirent.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "toban/base/attr.h"

/* The environment's value, NULL when unset or empty. */
static const char *
environment(const char *name)
{
	const char *value = getenv(name);
	return value && *value ? value : NULL;
}

const char *
places_default_desk(struct arena *arena)
{
	const char *data = environment("XDG_DATA_HOME");
	if (data) {
		return arena_printf(arena, "%s/toban/desk.db", data);
	}
	const char *home = environment("HOME");
	return home ? arena_printf(arena, "%s/.local/share/toban/desk.db", home) : NULL;
}

enum err
places_make_folder(const char *path)
{
	char *copy = strdup(path);
	if (!copy) {
		return ERR_NOMEM;
	}
	enum err e = ERR_OK;
	for (char *slash = strchr(copy + 1, '/'); slash && e == ERR_OK;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0700) != 0 && errno != EEXIST) {
			e = ERR_IO;
		}
		*slash = '/';
	}
	free(copy);
	return e;
}

static const char *
program_folder(struct arena *arena)
{
	char path[4096];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (len <= 0) {
		return NULL;
	}
	path[len] = '\0';
	char *slash = strrchr(path, '/');
	return slash ? arena_strndup(arena, path, (size_t)(slash - path)) : NULL;
}

const char *
places_locale_dir(struct arena *arena)
{
	const char *named = environment("TOBAN_LOCALE_DIR");
	if (named) {
		return named;
	}
	const char *folder = program_folder(arena);
	const char *beside = folder ? arena_printf(arena, "%s/../po", folder) : NULL;
	const char *probe =
		beside ? arena_printf(arena, "%s/ja/LC_MESSAGES/toban.mo", beside) : NULL;
	return probe && access(probe, R_OK) == 0 ? beside : TOBAN_LOCALEDIR;
}

const char *
places_helper(struct arena *arena, const char *name)
{
	const char *folder = program_folder(arena);
	const char *beside = folder ? arena_printf(arena, "%s/%s", folder, name) : NULL;
	if (beside && access(beside, X_OK) == 0) {
		return beside;
	}
	return arena_printf(arena, "%s/%s", TOBAN_LIBEXECDIR, name);
}

const char *
places_forms_dir(void)
{
	const char *named = environment("TOBAN_FORMS");
	if (named) {
		return named;
	}
	return access("/etc/toban/forms", R_OK) == 0 ? "/etc/toban/forms" : NULL;
}

/* A list of files that grows while folders are read. */
struct reading {
	struct arena *arena;
	struct ini_problems *problems;
	struct def_file *files;
	size_t n;
	size_t cap;
	int depth;
};

#define FORM_FILE_LIMIT (1024 * 1024)
#define FORM_DEPTH_LIMIT 8

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
	if (r->n == r->cap) {
		size_t cap = r->cap ? 2 * r->cap : 32;
		struct def_file *files = arena_array(r->arena, cap, sizeof(*files));
		if (!files) {
			return ERR_NOMEM;
		}
		if (r->n) {
			memcpy(files, r->files, r->n * sizeof(*files));
		}
		r->files = files;
		r->cap = cap;
	}
	r->files[r->n++] = (struct def_file){ .path = path, .data = data, .len = len };
	return ERR_OK;
}

enum err
places_read_file(struct arena *arena, const char *path, char **ret_data, size_t *ret_len)
{
	struct stat st;
	if (stat(path, &st) != 0) {
		return ERR_NOT_FOUND;
	}
	if (!S_ISREG(st.st_mode) || st.st_size > FORM_FILE_LIMIT) {
		return ERR_IO;
	}
	char *data = arena_alloc(arena, (size_t)st.st_size + 1);
	FILE *stream = data ? fopen(path, "re") : NULL;
	if (!stream) {
		return data ? ERR_IO : ERR_NOMEM;
	}
	size_t len = fread(data, 1, (size_t)st.st_size, stream);
	/* Only read from: nothing can be lost by a failing close. */
	(void)fclose(stream);
	*ret_data = data;
	*ret_len = len;
	return ERR_OK;
}

static enum err
read_file(struct reading *r, const char *full, const char *path)
{
	char *data = NULL;
	size_t len = 0;
	enum err e = places_read_file(r->arena, full, &data, &len);
	if (e == ERR_NOMEM) {
		return e;
	}
	if (e != ERR_OK) {
		ini_report(r->problems, path, 0, "at most 1 MiB", "the file cannot be read");
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
		return ERR_OK; /* gone between listing and looking */
	}
	if (S_ISDIR(st.st_mode)) {
		return read_folder(r, full, path);
	}
	if (!is_definition(name)) {
		return ERR_OK;
	}
	if (!S_ISREG(st.st_mode)) {
		ini_report(
			r->problems, path, 0, "a regular file", "this is a link or a special file");
		return ERR_OK;
	}
	return read_file(r, full, path);
}

static enum err
read_folder(struct reading *r, const char *full, const char *path)
{
	DIR *dir = r->depth < FORM_DEPTH_LIMIT ? opendir(full) : NULL;
	if (!dir) {
		ini_report(r->problems, path, 0, "", "the folder cannot be read");
		return ERR_OK;
	}
	r->depth++;
	enum err e = ERR_OK;
	for (struct dirent *d = readdir(dir); d && e == ERR_OK; d = readdir(dir)) {
		if (d->d_name[0] == '.') {
			continue;
		}
		const char *below = arena_printf(r->arena, "%s/%s", full, d->d_name);
		const char *name =
			arena_printf(r->arena, "%s%s%s", path, *path ? "/" : "", d->d_name);
		e = below && name ? read_entry(r, below, name, d->d_name) : ERR_NOMEM;
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
places_read_forms(struct arena *arena, const char *dir, struct ini_problems *problems,
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

static stamp
standing_now(void *ctx)
{
	(void)ctx;
	const char *text = environment("TOBAN_NOW");
	stamp at = 0;
	if (text && stamp_parse(text, &at) == ERR_OK) {
		return at;
	}
	return text ? (stamp)strtoll(text, NULL, 10) * 1000 : 0;
}

struct clock
places_clock(void)
{
	if (environment("TOBAN_NOW")) {
		return (struct clock){ .now = standing_now };
	}
	return clock_system();
}

const char *
places_login(struct arena *arena)
{
	struct passwd entry;
	struct passwd *found = NULL;
	char buffer[4096];
	if (getpwuid_r(geteuid(), &entry, buffer, sizeof(buffer), &found) != 0 || !found) {
		return "";
	}
	const char *name = arena_strdup(arena, found->pw_name);
	return name ? name : "";
}
