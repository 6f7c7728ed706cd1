/* SPDX-License-Identifier: MIT */
/*
 * Where the file of chosen keys is, and whether it is sound.
 */
#include "key_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "toban/base/i18n.h"
#include "toban/ui/ui.h"
#include "places.h"

/* More than every action of every screen would need. */
#define SIZE_MOST 65536

static const char *
default_path(struct arena *arena)
{
	const char *config = places_environment("XDG_CONFIG_HOME");
	const char *home = places_environment("HOME");
	if (config) {
		return arena_printf(arena, "%s/toban/keys.ini", config);
	}
	return home ? arena_printf(arena, "%s/.config/toban/keys.ini", home) : NULL;
}

static void
read_all(FILE *stream, const char *path, struct ini_problems *problems, struct str *text)
{
	char part[4096];
	size_t n;
	while (text->len <= SIZE_MOST && (n = fread(part, 1, sizeof(part), stream)) > 0) {
		str_add_n(text, part, n);
	}
	if (ferror(stream)) {
		ini_report(problems, path, 0, "D606", _("The file cannot be read: %s."),
			strerror(errno));
	} else if (text->len > SIZE_MOST) {
		ini_report(problems, path, 0, "D606", _("The file is too long for keys."));
	}
}

enum err
key_file_read(struct arena *arena, struct ini_problems *problems, const char **ret_path,
	struct str *ret_text)
{
	const char *named = places_environment("TOBAN_KEYS");
	const char *path = named ? named : default_path(arena);
	FILE *stream = path ? fopen(path, "re") : NULL;
	*ret_path = NULL;
	if (!stream) {
		if (path && (named || (errno != ENOENT && errno != ENOTDIR))) {
			ini_report(problems, path, 0, "D606",
				_("The file of keys cannot be opened: %s."), strerror(errno));
		}
		return ERR_OK;
	}
	read_all(stream, path, problems, ret_text);
	(void)fclose(stream); /* only read */
	*ret_path = path;
	return problems->n > 0 ? ERR_OK : ui_keymap_check(problems, path, ret_text);
}
