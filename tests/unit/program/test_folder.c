/* SPDX-License-Identifier: MIT */
/*
 * Tests of src/folder.c.
 */
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "folder.h"

struct place {
	struct arena *arena;
	char path[40];
	struct ini_problems problems;
};

static int
setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	if (place == NULL) {
		return -1;
	}
	place->arena = arena_new();
	place->problems.arena = place->arena;
	memcpy(place->path, "/tmp/toban-folder-XXXXXX", sizeof("/tmp/toban-folder-XXXXXX"));
	*state = place;
	return place->arena != NULL && mkdtemp(place->path) != NULL ? 0 : -1;
}

static int
remove_entry(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

static int
teardown(void **state)
{
	struct place *place = *state;
	int failed = nftw(place->path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);

	arena_free(place->arena);
	free(place);
	return failed;
}

static const char *
below(struct place *place, const char *name)
{
	const char *path = arena_printf(place->arena, "%s/%s", place->path, name);

	assert_non_null(path);
	return path;
}

static void
put(struct place *place, const char *name, const char *text)
{
	FILE *stream = fopen(below(place, name), "we");

	assert_non_null(stream);
	assert_true(fputs(text, stream) >= 0);
	assert_int_equal(fclose(stream), 0);
}

static void
read_forms__folders__gives_definitions_sorted(void **state)
{
	struct place *place = *state;
	const struct def_file *files = NULL;
	size_t n = 0;

	assert_int_equal(mkdir(below(place, "incident"), 0700), 0);
	put(place, "incident/b.form", "second");
	put(place, "incident/a.flow", "first");
	put(place, "z.ini", "");
	put(place, "notes.txt", "no definition");
	put(place, ".hidden.ini", "nor this");
	assert_int_equal(
		folder_read_forms(place->arena, place->path, &place->problems, &files, &n), ERR_OK);
	assert_int_equal(place->problems.n, 0);
	assert_int_equal(n, 3);
	assert_string_equal(files[0].path, "incident/a.flow");
	assert_string_equal(files[0].data, "first");
	assert_int_equal(files[0].len, 5);
	assert_string_equal(files[1].path, "incident/b.form");
	assert_string_equal(files[2].path, "z.ini");
	assert_int_equal(files[2].len, 0);
}

/* Whatever cannot be a definition is said: a missing step would go unnoticed. */
static void
read_forms__unusable_entries__are_findings(void **state)
{
	struct place *place = *state;
	const struct def_file *files = NULL;
	size_t n = 0;

	assert_int_equal(mkfifo(below(place, "a.ini"), 0600), 0);
	assert_int_equal(symlink("/dev/null", below(place, "b.ini")), 0);
	put(place, "c.ini", "");
	assert_int_equal(truncate(below(place, "c.ini"), 1024 * 1024 + 1), 0);
	assert_int_equal(
		folder_read_forms(place->arena, place->path, &place->problems, &files, &n), ERR_OK);
	assert_int_equal(n, 0);
	assert_int_equal(place->problems.n, 3);
}

static void
read_forms__no_folder__is_not_found(void **state)
{
	struct place *place = *state;
	const struct def_file *files = NULL;
	size_t n = 0;

	put(place, "file", "");
	assert_int_equal(
		folder_read_forms(place->arena, below(place, "gone"), &place->problems, &files, &n),
		ERR_NOT_FOUND);
	assert_int_equal(
		folder_read_forms(place->arena, below(place, "file"), &place->problems, &files, &n),
		ERR_NOT_FOUND);
}

/* A FIFO that nobody writes to: opening it must not wait. */
static void
read_file__special_files__are_refused(void **state)
{
	struct place *place = *state;
	char *data = NULL;
	size_t len = 0;

	assert_int_equal(mkfifo(below(place, "fifo"), 0600), 0);
	assert_int_equal(folder_read_file(place->arena, below(place, "fifo"), &data, &len), ERR_IO);
	assert_int_equal(folder_read_file(place->arena, place->path, &data, &len), ERR_IO);
	assert_int_equal(
		folder_read_file(place->arena, below(place, "gone"), &data, &len), ERR_NOT_FOUND);
	assert_null(data);
}

#define folder_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		folder_test(read_forms__folders__gives_definitions_sorted),
		folder_test(read_forms__unusable_entries__are_findings),
		folder_test(read_forms__no_folder__is_not_found),
		folder_test(read_file__special_files__are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
