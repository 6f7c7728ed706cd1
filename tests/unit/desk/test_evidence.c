/* SPDX-License-Identifier: MIT */
/*
 * Taking files in: by descriptor, piece by piece, claimed by whoever put them in.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "files.h"

/* --- taking in ---------------------------------------------------------------------- */

static void
put__a_file__kept_by_its_hash_and_attached(void **state)
{
	struct fixture f;
	struct stat st;
	char kept[256];
	json_t *value;
	json_t *show;
	const json_t *row;
	char *id;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	id = report(&f);
	value = files_put(&f, "dc-operator-1", "a/b/abc.txt", "abc");
	assert_string_equal(text_at(value, "name"), "abc.txt");
	assert_string_equal(text_at(value, "sha256"), files_sha);
	assert_int_equal(json_integer_value(json_object_get(value, "size")), 3);
	drop(value);
	files_kept(&f, kept, sizeof(kept));
	assert_int_equal(stat(kept, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0400);
	assert_int_equal(stat(f.evidence, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	(void)files_attach(&f, "dc-operator-1", id);
	row = files_shown(&f, "dc-owner", &show);
	assert_string_equal(text_at(row, "name"), "abc.txt");
	assert_string_equal(text_at(row, "sha256"), files_sha);
	assert_int_equal(json_integer_value(json_object_get(row, "size")), 3);
	assert_int_equal(json_array_size(json_object_get(row, "custody")), 0);
	drop(show);
	free(id);
	fixture_stop(&f);
}

/* Who names the hash of another person's file would read it by attaching it. */
static void
claim__of_another_person__refused_like_none(void **state)
{
	struct fixture f;
	char fields[256];
	json_t *foreign;
	json_t *unknown;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	drop(files_put(&f, "dc-operator-1", "abc.txt", "abc"));
	foreign = refusal(&f, "dc-owner", "incident.act",
		"{'id':'26-0001','step':'evidence','fields':{'file':{'name':'x','size':3,'sha256':"
		"'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'}}}");
	unknown = refusal(&f, "dc-owner", "incident.act",
		"{'id':'26-0001','step':'evidence','fields':{'file':{'name':'x','size':3,'sha256':"
		"'aa7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'}}}");
	assert_string_equal(text_at(foreign, "code"), "D370");
	assert_true(json_equal(foreign, unknown));
	/* Attached by its owner, it is still nobody else's; nor twice without putting it in. */
	(void)files_attach(&f, "dc-operator-1", id);
	snprintf(fields, sizeof(fields), FILES_NAMED, files_sha);
	assert_string_equal(act_code(&f, "dc-owner", id, "evidence", fields), "D370");
	assert_string_equal(act_code(&f, "dc-operator-1", id, "evidence", fields), "D370");
	drop(foreign);
	drop(unknown);
	free(id);
	fixture_stop(&f);
}

static void
claim__wrong_size_or_gone_file__refused(void **state)
{
	struct fixture f;
	char fields[256];
	char kept[256];
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	drop(files_put(&f, "dc-operator-1", "abc.txt", "abc"));
	snprintf(fields, sizeof(fields), "{'file':{'name':'x','size':4,'sha256':'%s'}}", files_sha);
	assert_string_equal(act_code(&f, "dc-operator-1", id, "evidence", fields), "D370");
	files_kept(&f, kept, sizeof(kept));
	assert_int_equal(unlink(kept), 0);
	snprintf(fields, sizeof(fields), FILES_NAMED, files_sha);
	assert_string_equal(act_code(&f, "dc-operator-1", id, "evidence", fields), "D370");
	free(id);
	fixture_stop(&f);
}

/* A file desk opens it with the rights of whoever runs it; a service would with its own. */
static void
path__in_a_file_desk_taken_in__in_a_service_refused(void **state)
{
	struct fixture f;
	char path[128];
	char fields[192];
	char *id;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	id = report(&f);
	snprintf(path, sizeof(path), "%s/abc.txt", f.dir);
	files_write(path, "abc");
	snprintf(fields, sizeof(fields), "{'file':'%s'}", path);
	f.protection = "owned";
	fixture_reopen(&f);
	assert_string_equal(act_code(&f, "dc-operator-1", id, "evidence", fields), "D371");
	assert_false(files_is_kept(&f));
	f.protection = "open-file";
	fixture_reopen(&f);
	assert_string_equal(act_code(&f, "dc-operator-1", id, "evidence", fields), "");
	assert_true(files_is_kept(&f));
	free(id);
	fixture_stop(&f);
}

static void
path__what_is_no_file__refused(void **state)
{
	struct fixture f;
	char fifo[128];
	char fields[192];
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	snprintf(fifo, sizeof(fifo), "%s/fifo", f.dir);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	snprintf(fields, sizeof(fields), "{'file':'%s'}", fifo);
	assert_string_equal(act_code(&f, "dc-operator-1", id, "evidence", fields), "D107");
	snprintf(fields, sizeof(fields), "{'file':'%s'}", f.dir);
	assert_string_equal(act_code(&f, "dc-operator-1", id, "evidence", fields), "D107");
	assert_string_equal(
		act_code(&f, "dc-operator-1", id, "evidence", "{'file':'/no/such'}"), "D107");
	assert_string_equal(act_code(&f, "dc-operator-1", id, "evidence",
				    "{'file':{'name':'x','size':1,'sha256':'y'}}"),
		"D370");
	assert_string_equal(act_code(&f, "dc-operator-1", id, "evidence", "{}"), "D101");
	/* A file is not taken in for somebody who may not attach one. */
	assert_string_equal(act_code(&f, "sales-owner", id, "evidence", fields), "D301");
	free(id);
	fixture_stop(&f);
}

static void
put__without_a_file__refused(void **state)
{
	struct fixture f;
	char args[64];
	int pipe_fds[2];
	int writable;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	refused(&f, "dc-operator-1", "evidence.put", "{'name':'x'}", "D379");
	refused(&f, "dc-operator-1", "evidence.put", "{'name':'x','fd':99999}", "D379");
	refused(&f, "dc-operator-1", "evidence.put", "{'fd':0}", "D101");
	assert_int_equal(pipe(pipe_fds), 0);
	snprintf(args, sizeof(args), "{'name':'x','fd':%d}", pipe_fds[0]);
	refused(&f, "dc-operator-1", "evidence.put", args, "D107");
	assert_int_equal(close(pipe_fds[0]) + close(pipe_fds[1]), 0);
	writable = open("/tmp", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
	if (writable >= 0) { /* not every file system has nameless files */
		snprintf(args, sizeof(args), "{'name':'x','fd':%d}", writable);
		refused(&f, "dc-operator-1", "evidence.put", args, "D107");
		assert_int_equal(close(writable), 0);
	}
	refused(&f, "auditor-1", "evidence.put", "{'name':'x','fd':0}", "D306");
	fixture_stop(&f);
}

/* Ordinary by their kind, and yet some of them make whoever reads them wait for ever. */
static void
put__made_up_by_the_kernel__refused(void **state)
{
	static const char *const paths[] = { "/proc/self/maps", "/proc/version", "/proc/cmdline",
		"/sys/kernel/profiling", "/sys/kernel/notes" };
	struct fixture f;
	size_t n = 0;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		int fd = open(paths[i], O_RDONLY | O_CLOEXEC);
		char args[64];

		if (fd >= 0) {
			snprintf(args, sizeof(args), "{'name':'x','fd':%d}", fd);
			refused(&f, "dc-operator-1", "evidence.put", args, "D107");
			assert_int_equal(close(fd), 0);
			n++;
		}
	}
	assert_true(n > 0);
	fixture_stop(&f);
}

/* --- piece by piece -------------------------------------------------------------------- */

static void
put__a_large_file__in_pieces_that_only_its_caller_goes_on_with(void **state)
{
	struct fixture f;
	int calls = 1;
	json_t *answer;
	int fd;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	fd = files_large(&f, FILES_LARGE);
	answer = files_begin(&f, "dc-operator-1", fd);
	while (json_object_get(answer, "continue")) {
		json_t *args = json_pack("{s:s}", "continue", text_at(answer, "continue"));
		char *text = json_dumps(args, 0);

		for (char *c = text; *c; c++) {
			*c = *c == '"' ? '\'' : *c;
		}
		refused(&f, "dc-operator-2", "evidence.put", text, "D376");
		free(text);
		drop(answer);
		answer = ok_doc(&f, "dc-operator-1", "evidence.put", args);
		calls++;
	}
	assert_true(calls > 2);
	assert_int_equal(json_integer_value(json_object_get(answer, "size")), FILES_LARGE);
	drop(answer);
	assert_int_equal(close(fd), 0);
	fixture_stop(&f);
}

/* Changes the source after the first piece; the next ones must notice. */
enum touch { TOUCH_NOT, TOUCH_AND_TELL, TOUCH_AND_SET_BACK };

static void
assert_notices(off_t size, enum touch touch)
{
	struct fixture f;
	struct stat began;
	json_t *answer;
	char args[96];
	int fd;

	fixture_start(&f, ON_MEMORY);
	fd = files_large(&f, FILES_LARGE);
	assert_int_equal(fstat(fd, &began), 0);
	answer = files_begin(&f, "dc-operator-1", fd);
	assert_int_equal(ftruncate(fd, size), 0);
	if (touch) {
		const struct timespec told = { 1000, 0 };
		const struct timespec time = touch == TOUCH_AND_TELL ? told : began.st_mtim;
		const struct timespec times[2] = { time, time };

		assert_int_equal(pwrite(fd, "x", 1, 0), 1);
		assert_int_equal(futimens(fd, times), 0);
	}
	snprintf(args, sizeof(args), "{'continue':'%s'}", text_at(answer, "continue"));
	drop(answer);
	for (int i = 0; i < 5; i++) {
		struct door door = fixture_door(&f, "dc-operator-1");
		json_t *document = doc(args);
		json_t *result = NULL;
		json_t *error = NULL;
		enum err e = door.call(door.ctx, "evidence.put", document, &result, &error);

		drop(document);
		desk_door_free(&door);
		if (e != ERR_OK) {
			assert_string_equal(text_at(error, "code"), "D373");
			drop(error);
			break;
		}
		assert_non_null(json_object_get(result, "continue")); /* never a file */
		drop(result);
		assert_true(i < 4);
	}
	assert_int_equal(close(fd), 0);
	fixture_stop(&f);
}

static void
put__source_that_changes__refused(void **state)
{
	(void)state;
	assert_notices(FILES_LARGE + 1, TOUCH_NOT);
	assert_notices(FILES_LARGE / 2, TOUCH_NOT);
	assert_notices(FILES_LARGE, TOUCH_AND_TELL);
	assert_notices(FILES_LARGE, TOUCH_AND_SET_BACK);
}

static void
put__size_said_wrong__refused(void **state)
{
	struct fixture f;
	char args[96];
	int fd;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	fd = files_source(&f, "abc");
	snprintf(args, sizeof(args), "{'name':'x','fd':%d,'size':4}", fd);
	refused(&f, "dc-operator-1", "evidence.put", args, "D373");
	assert_int_equal(close(fd), 0);
	fixture_stop(&f);
}

static void
put__stopped_or_forgotten__leaves_nothing(void **state)
{
	struct fixture f;
	char command[192];
	json_t *answer;
	json_t *args;
	int fd;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	fd = files_large(&f, FILES_LARGE);
	answer = files_begin(&f, "dc-operator-1", fd);
	args = json_pack("{s:s, s:b}", "continue", text_at(answer, "continue"), "stop", true);
	drop(answer);
	drop(ok_doc(&f, "dc-operator-1", "evidence.put", args));
	/* Empty again: only an empty folder can be removed. */
	assert_int_equal(rmdir(f.evidence), 0);
	/* Two that nobody goes on with: one after two minutes, one with the desk. */
	drop(files_begin(&f, "dc-operator-1", fd));
	f.now += 121000;
	drop(files_put(&f, "dc-operator-2", "abc.txt", "abc"));
	snprintf(command, sizeof(command), "%s/ba/%s", f.evidence, files_sha);
	assert_int_equal(unlink(command), 0);
	snprintf(command, sizeof(command), "%s/ba", f.evidence);
	assert_int_equal(rmdir(command), 0);
	assert_int_equal(rmdir(f.evidence), 0);
	drop(files_begin(&f, "dc-operator-1", fd));
	fixture_reopen(&f);
	assert_int_equal(rmdir(f.evidence), 0);
	assert_int_equal(close(fd), 0);
	fixture_stop(&f);
}

static void
put__too_many_at_once__refused(void **state)
{
	struct fixture f;
	char args[64];
	int fd;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	fd = files_large(&f, FILES_LARGE);
	for (int i = 0; i < 4; i++) {
		drop(files_begin(&f, "dc-operator-1", fd));
	}
	snprintf(args, sizeof(args), "{'name':'x','fd':%d}", fd);
	refused(&f, "dc-operator-1", "evidence.put", args, "D374");
	drop(files_begin(&f, "dc-operator-2", fd)); /* the others are not held up */
	assert_int_equal(close(fd), 0);
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(put__a_file__kept_by_its_hash_and_attached),
		cmocka_unit_test(claim__of_another_person__refused_like_none),
		cmocka_unit_test(claim__wrong_size_or_gone_file__refused),
		cmocka_unit_test(path__in_a_file_desk_taken_in__in_a_service_refused),
		cmocka_unit_test(path__what_is_no_file__refused),
		cmocka_unit_test(put__without_a_file__refused),
		cmocka_unit_test(put__made_up_by_the_kernel__refused),
		cmocka_unit_test(put__a_large_file__in_pieces_that_only_its_caller_goes_on_with),
		cmocka_unit_test(put__source_that_changes__refused),
		cmocka_unit_test(put__size_said_wrong__refused),
		cmocka_unit_test(put__stopped_or_forgotten__leaves_nothing),
		cmocka_unit_test(put__too_many_at_once__refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
