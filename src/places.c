/* SPDX-License-Identifier: MIT */
/*
 * Paths, the account and the environment.
 */
#include "places.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "toban/base/attr.h"

#define SYSTEM_SOCKET "/run/toban/desk.sock"

/* One second past the year 9999, the last that a stamp can be written in. */
#define SECONDS_END 253402300800LL

const char *
places_environment(const char *name)
{
	const char *value = getenv(name);
	return value && *value ? value : NULL;
}

const char *
places_default_desk(struct arena *arena)
{
	const char *data = places_environment("XDG_DATA_HOME");
	if (data) {
		return arena_printf(arena, "%s/toban/desk.db", data);
	}
	const char *home = places_environment("HOME");
	return home ? arena_printf(arena, "%s/.local/share/toban/desk.db", home) : NULL;
}

/* Below the folder of the account's running things; NULL: there is none. */
static const char *
account_socket(struct arena *arena)
{
	const char *runtime = places_environment("XDG_RUNTIME_DIR");
	return runtime ? arena_printf(arena, "%s/toban/desk.sock", runtime) : NULL;
}

const char *
places_found_socket(struct arena *arena)
{
	const char *const paths[] = { account_socket(arena), SYSTEM_SOCKET };
	struct stat status;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		/* Also one that nobody listens at: writing elsewhere would part the record. */
		if (paths[i] && stat(paths[i], &status) == 0 && S_ISSOCK(status.st_mode)) {
			return paths[i];
		}
	}
	return NULL;
}

const char *
places_own_socket(struct arena *arena, bool managed)
{
	const char *folders = places_environment("RUNTIME_DIRECTORY");
	if (folders) {
		/* There may be several, the first is the unit's own. */
		return arena_printf(
			arena, "%.*s/desk.sock", (int)strcspn(folders, ":"), folders);
	}
	return managed ? NULL : account_socket(arena);
}

enum err
places_make_folder(const char *path)
{
	char *copy = strdup(path);
	if (!copy) {
		return ERR_NOMEM;
	}
	enum err e = ERR_OK;
	for (char *slash = strchr(copy, '/'); slash && e == ERR_OK;
		slash = strchr(slash + 1, '/')) {
		if (slash == copy) {
			continue; /* the root is there */
		}
		*slash = '\0';
		if (mkdir(copy, 0700) != 0 && errno != EEXIST) {
			e = ERR_IO;
		}
		*slash = '/';
	}
	free(copy);
	return e;
}

const char *
places_state_dir(struct arena *arena)
{
	const char *state = places_environment("XDG_STATE_HOME");
	const char *home = places_environment("HOME");
	if (!state && home) {
		state = arena_printf(arena, "%s/.local/state", home);
	}
	const char *dir = state ? arena_printf(arena, "%s/toban", state) : NULL;
	const char *inside = dir ? arena_printf(arena, "%s/", dir) : NULL;
	return inside && places_make_folder(inside) == ERR_OK ? dir : NULL;
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
	const char *named = places_environment("TOBAN_LOCALE_DIR");
	if (named) {
		return named;
	}
	const char *folder = program_folder(arena);
	const char *beside = folder ? arena_printf(arena, "%s/../po", folder) : NULL;
	const char *probe =
		beside ? arena_printf(arena, "%s/ja/LC_MESSAGES/toban.mo", beside) : NULL;
	return probe && access(probe, R_OK) == 0 ? beside : NULL;
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
	const char *named = places_environment("TOBAN_FORMS");
	if (named) {
		return named;
	}
	return access("/etc/toban/forms", R_OK) == 0 ? "/etc/toban/forms" : NULL;
}

/* Digits alone, within the years a stamp can be written in. */
static enum err
parse_seconds(const char *text, stamp *ret_at)
{
	char *end;
	errno = 0;
	long long seconds = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || seconds < 0 || seconds >= SECONDS_END) {
		return ERR_INVALID;
	}
	*ret_at = (stamp)seconds * 1000;
	return ERR_OK;
}

const char *
places_credential(struct arena *arena, const char *name)
{
	const char *folder = places_environment("CREDENTIALS_DIRECTORY");
	const char *path = folder ? arena_printf(arena, "%s/%s", folder, name) : NULL;
	return path && access(path, F_OK) == 0 ? path : NULL;
}

enum err
places_clock(stamp *standing, struct clock *ret_clock)
{
	const char *text = places_environment("TOBAN_NOW");
	if (!text) {
		*ret_clock = clock_system();
		return ERR_OK;
	}
	enum err e = stamp_parse(text, standing);
	if (e != ERR_OK) {
		e = parse_seconds(text, standing);
	}
	if (e == ERR_OK) {
		*ret_clock = clock_fixed(standing);
	}
	return e;
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

bool
places_shell_of(const char *login, struct str *out)
{
	struct passwd entry;
	struct passwd *found = NULL;
	char buffer[4096];
	if (getpwnam_r(login, &entry, buffer, sizeof(buffer), &found) != 0 || !found) {
		return false;
	}
	str_add(out, found->pw_shell ? found->pw_shell : "");
	return true;
}
