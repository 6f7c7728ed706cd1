/* SPDX-License-Identifier: MIT */
/*
 * The door of a real desk for tests that have one account and need many people:
 *
 *     call_as PATH
 *
 * reads lines {"person","method","args"}, calls each as that person, whom a service would have
 * made sure of, and writes {"result"} or {"error"}.  The key of the PINs is PATH.pin-key, where a
 * service looks for it; it is made if it is not there.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "post_desk.h"

static void
make_pin_key(const char *path)
{
	char name[sizeof(((struct fixture *)NULL)->path) + sizeof(".pin-key")];
	int fd;

	(void)snprintf(name, sizeof(name), "%s.pin-key", path);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0) {
		assert_int_equal(write(fd, post_key, PIN_KEY_BYTES), PIN_KEY_BYTES);
		assert_int_equal(close(fd), 0);
	}
}

static void
start(struct fixture *f, const char *path)
{
	fixture_start_real(f, ON_SQLITE);
	desk_free(f->desk);
	store_close(f->store);
	f->desk = NULL;
	f->store = NULL;
	(void)remove(f->path); /* the one given is the desk from now on */
	(void)snprintf(f->path, sizeof(f->path), "%s", path);
	make_pin_key(path);
	f->pin_key = post_key;
	f->now = (stamp)time(NULL) * 1000;
	fixture_open(f);
}

static void
call(struct fixture *f, const char *line)
{
	json_t *asked = json_loads(line, 0, NULL);
	struct door door = fixture_door(f, text_at(asked, "person"));
	json_t *result = NULL;
	json_t *error = NULL;
	json_t *answer;

	(void)door.call(door.ctx, text_at(asked, "method"), json_object_get(asked, "args"), &result,
		&error);
	answer = json_pack("{s:o*, s:o*}", "result", result, "error", error);
	assert_non_null(answer);
	assert_int_equal(json_dumpf(answer, stdout, JSON_COMPACT), 0);
	(void)puts("");
	json_decref(answer);
	desk_door_free(&door);
	json_decref(asked);
}

int
main(int argc, char **argv)
{
	struct fixture f;
	char *line = NULL;
	size_t size = 0;

	if (argc != 2 || strlen(argv[1]) >= sizeof(f.path)) {
		return 2;
	}
	start(&f, argv[1]);
	while (getline(&line, &size, stdin) > 0) {
		call(&f, line);
	}
	free(line);
	fixture_stop(&f);
	return 0;
}
