/* SPDX-License-Identifier: MIT */
/*
 * The desk's screens over the fake door: fake_desk ANSWERS [en|ja].
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_door.h"
#include "toban/base/i18n.h"
#include "toban/ui/ui.h"

int
main(int argc, char **argv)
{
	/* 2026-11-22 22:41 in Japan. */
	static const stamp now = 1795354860000;
	struct door door;
	struct ui_options options = {
		.door = &door,
		.clock = clock_fixed(&now),
		.test_marks = getenv("TOBAN_TEST") != NULL,
		.no_color = getenv("NO_COLOR") != NULL,
		.ambiguous = 1,
		.emergency_dir = "",
	};
	enum err e;

	if (argc < 2) {
		return 2;
	}
	i18n_start(argc > 2 && strcmp(argv[2], "ja") == 0 ? LANG_JA : LANG_EN,
		getenv("TOBAN_LOCALE_DIR"));
	fake_door_open(&door, argv[1]);
	e = ui_run(&options);
	fake_door_close(&door);
	if (e != ERR_OK) {
		fprintf(stderr, "%s\n", err_name(e));
	}
	return e == ERR_OK ? 0 : 1;
}
