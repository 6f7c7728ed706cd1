/* SPDX-License-Identifier: MIT */
/* The file of signing secrets: who may read it, and that a change is whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/notify/secret.h"

#define ONE "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define TWO "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

struct place {
	char directory[64];
	struct str path;
};

static int
set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	if (place == NULL) {
		return -1;
	}
	memcpy(place->directory, "/tmp/toban-secret-XXXXXX", 25);
	if (mkdtemp(place->directory) == NULL) {
		return -1;
	}
	str_addf(&place->path, "%s/desk.secrets", place->directory);
	*state = place;
	return 0;
}

static int
tear_down(void **state)
{
	static const char *const suffixes[] = { "", ".lock", ".new", ".other" };
	struct place *place = *state;

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		struct str name = STR_INIT;

		str_addf(&name, "%s%s", place->path.data, suffixes[i]);
		(void)unlink(name.data);
		str_release(&name);
	}
	int result = rmdir(place->directory);

	str_release(&place->path);
	free(place);
	return result;
}

static void
write_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

static void
secret__put__is_there_after_reopening(void **state)
{
	struct place *place = *state;
	struct secrets *secrets;
	struct stat st;

	assert_int_equal(secrets_open(place->path.data, &secrets), ERR_OK);
	assert_null(secrets_get(secrets, "a"));
	assert_int_equal(secrets_put(secrets, "a", ONE), ERR_OK);
	assert_int_equal(secrets_put(secrets, "b", TWO), ERR_OK);
	assert_int_equal(secrets_put(secrets, "a", TWO), ERR_OK);
	secrets_close(secrets);
	assert_int_equal(stat(place->path.data, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);

	assert_int_equal(secrets_open(place->path.data, &secrets), ERR_OK);
	assert_string_equal(secrets_get(secrets, "a"), TWO);
	assert_string_equal(secrets_get(secrets, "b"), TWO);
	assert_int_equal(secrets_put(secrets, "a", NULL), ERR_OK);
	assert_null(secrets_get(secrets, "a"));
	secrets_close(secrets);

	assert_int_equal(secrets_open(place->path.data, &secrets), ERR_OK);
	assert_null(secrets_get(secrets, "a"));
	assert_string_equal(secrets_get(secrets, "b"), TWO);
	secrets_close(secrets);
}

static void
secret__put__keeps_what_another_program_added(void **state)
{
	struct place *place = *state;
	struct secrets *mine;
	struct secrets *theirs;

	assert_int_equal(secrets_open(place->path.data, &mine), ERR_OK);
	assert_int_equal(secrets_open(place->path.data, &theirs), ERR_OK);
	assert_int_equal(secrets_put(theirs, "theirs", ONE), ERR_OK);
	assert_int_equal(secrets_put(mine, "mine", TWO), ERR_OK);
	assert_string_equal(secrets_get(mine, "theirs"), ONE);
	secrets_close(theirs);
	secrets_close(mine);
}

static void
secret__put__survives_the_remains_of_a_crash(void **state)
{
	struct place *place = *state;
	struct str remains = STR_INIT;
	struct secrets *secrets;

	str_addf(&remains, "%s.new", place->path.data);
	write_file(remains.data, "{\"half", 0600);
	assert_int_equal(secrets_open(place->path.data, &secrets), ERR_OK);
	assert_int_equal(secrets_put(secrets, "a", ONE), ERR_OK);
	secrets_close(secrets);
	assert_int_equal(access(remains.data, F_OK), -1);
	str_release(&remains);
}

static void
secret__put__refuses_what_is_no_secret(void **state)
{
	struct place *place = *state;
	struct secrets *secrets;

	assert_int_equal(secrets_open(place->path.data, &secrets), ERR_OK);
	assert_int_equal(secrets_put(secrets, "a", "hunter2"), ERR_INVALID);
	assert_int_equal(secrets_put(secrets, "a", "whsec_c2hvcnQ="), ERR_INVALID);
	assert_int_equal(secrets_put(secrets, "a", "whsec_plJ3nmyCDGBKInavdOK15jsl"), ERR_INVALID);
	assert_int_equal(secrets_put(secrets, "a",
				 "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
				 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="),
		ERR_INVALID);
	assert_null(secrets_get(secrets, "a"));
	secrets_close(secrets);
	assert_int_equal(access(place->path.data, F_OK), -1);
}

static void
secret__password__is_kept_under_its_own_form(void **state)
{
	static const char *const bad[] = { "smtp:", "smtp:a\nQUIT", "smtp:a\x7f", "hunter2",
		"smtp:\xff" };
	struct place *place = *state;
	struct secrets *secrets = NULL;

	assert_int_equal(secrets_open(place->path.data, &secrets), ERR_OK);
	assert_int_equal(secrets_put(secrets, "ops", "smtp:pass: \xe8\xaa\x9e"), ERR_OK);
	assert_string_equal(secret_password(secrets_get(secrets, "ops")), "pass: \xe8\xaa\x9e");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(secrets_put(secrets, "x", bad[i]), ERR_INVALID);
	}
	assert_null(secret_password(ONE));
	assert_null(secret_password(NULL));
	secrets_close(secrets);
}

/* What the service manager gives goes first, is never written, and hides nothing else. */
static void
secret__given__goes_first_and_is_never_changed(void **state)
{
	struct place *place = *state;
	struct str given = STR_INIT;
	struct secrets *secrets = NULL;

	str_addf(&given, "%s.other", place->path.data);
	write_file(given.data, "{\"a\": \"" ONE "\"}", 0400);
	assert_int_equal(secrets_open(place->path.data, &secrets), ERR_OK);
	assert_int_equal(secrets_put(secrets, "a", TWO), ERR_OK);
	assert_int_equal(secrets_put(secrets, "b", TWO), ERR_OK);
	secrets_close(secrets);
	assert_int_equal(secrets_open_given(place->path.data, given.data, &secrets), ERR_OK);
	assert_string_equal(secrets_get(secrets, "a"), ONE);
	assert_string_equal(secrets_get(secrets, "b"), TWO);
	assert_true(secrets_is_given(secrets, "a"));
	assert_false(secrets_is_given(secrets, "b"));
	assert_int_equal(secrets_put(secrets, "a", TWO), ERR_EXISTS);
	assert_int_equal(secrets_put(secrets, "a", NULL), ERR_OK); /* that of the file goes */
	assert_string_equal(secrets_get(secrets, "a"), ONE);
	secrets_close(secrets);
	assert_int_equal(chmod(given.data, 0444), 0);
	assert_int_equal(secrets_open_given(place->path.data, given.data, &secrets), ERR_DENIED);
	str_release(&given);
}

static void
secret__open__refuses_files_others_can_read(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0620, 0602, 0660, 0666, 0644, 0610 };
	struct place *place = *state;
	struct secrets *secrets;

	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		write_file(place->path.data, "{\"a\": \"" ONE "\"}", modes[i]);
		assert_int_equal(secrets_open(place->path.data, &secrets), ERR_DENIED);
	}
	write_file(place->path.data, "{\"a\": \"" ONE "\"}", 0600);
	assert_int_equal(secrets_open(place->path.data, &secrets), ERR_OK);
	secrets_close(secrets);
}

static void
secret__open__refuses_links_directories_and_fifos(void **state)
{
	struct place *place = *state;
	struct secrets *secrets;
	struct str other = STR_INIT;

	str_addf(&other, "%s.other", place->path.data);
	write_file(other.data, "{}", 0600);
	assert_int_equal(symlink(other.data, place->path.data), 0);
	assert_int_equal(secrets_open(place->path.data, &secrets), ERR_DENIED);
	assert_int_equal(unlink(place->path.data), 0);
	assert_int_equal(link(other.data, place->path.data), 0);
	assert_int_equal(secrets_open(place->path.data, &secrets), ERR_DENIED);
	assert_int_equal(unlink(place->path.data), 0);
	assert_int_equal(mkdir(place->path.data, 0700), 0);
	assert_int_equal(secrets_open(place->path.data, &secrets), ERR_DENIED);
	assert_int_equal(rmdir(place->path.data), 0);
	assert_int_equal(mkfifo(place->path.data, 0600), 0);
	assert_int_equal(secrets_open(place->path.data, &secrets), ERR_DENIED);
	str_release(&other);
}

static void
secret__open__refuses_what_it_did_not_write(void **state)
{
	static const char *const texts[] = { "", "[]", "{\"a\": 1}", "{\"a\": \"hunter2\"}",
		"{\"a\"", "{\"a\": \"" ONE "\", \"a\": \"" TWO "\"}", "\377\376" };
	struct place *place = *state;
	struct secrets *secrets;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		write_file(place->path.data, texts[i], 0600);
		assert_int_equal(secrets_open(place->path.data, &secrets), ERR_CORRUPT);
	}
}

static void
secret__make__gives_a_new_valid_one_each_time(void **state)
{
	struct secrets *secrets;
	struct str first = STR_INIT;
	struct str second = STR_INIT;

	(void)state;
	secret_make(&first);
	secret_make(&second);
	assert_string_not_equal(str_text(&first), str_text(&second));
	assert_int_equal(secrets_open(NULL, &secrets), ERR_OK);
	assert_int_equal(secrets_put(secrets, "a", str_text(&first)), ERR_OK);
	assert_string_equal(secrets_get(secrets, "a"), str_text(&first));
	secrets_close(secrets);
	str_release(&first);
	str_release(&second);
}

static void
secret__open_usable__a_bad_file_is_named_and_holds_nothing(void **state)
{
	struct place *place = *state;
	struct str given = STR_INIT;
	struct secrets *secrets;
	const char *path;

	str_addf(&given, "%s.other", place->path.data);
	write_file(place->path.data, "{\"a\": \"" ONE "\"}", 0644);
	write_file(given.data, "{\"b\": \"" TWO "\"}", 0400);
	assert_int_equal(secrets_open_usable(place->path.data, given.data, &secrets), ERR_OK);
	assert_int_equal(secrets_fault(secrets, &path), ERR_DENIED);
	assert_string_equal(path, place->path.data);
	assert_null(secrets_get(secrets, "a"));
	assert_string_equal(secrets_get(secrets, "b"), TWO);
	assert_int_equal(secrets_put(secrets, "c", ONE), ERR_DENIED);

	write_file(place->path.data, "{\"a\"; \"" ONE "\"}", 0600);
	assert_int_equal(secrets_reload(secrets), ERR_OK);
	assert_int_equal(secrets_fault(secrets, &path), ERR_CORRUPT);

	write_file(place->path.data, "{\"a\": \"" ONE "\"}", 0600);
	assert_int_equal(secrets_reload(secrets), ERR_OK);
	assert_int_equal(secrets_fault(secrets, &path), ERR_OK);
	assert_string_equal(secrets_get(secrets, "a"), ONE);
	secrets_close(secrets);
	str_release(&given);
}

/* Whether the page is left out of core files, as the system tells: what locked memory is. */
static bool
is_locked(const void *at)
{
	FILE *maps = fopen("/proc/self/smaps", "r");
	char line[512];
	bool here = false;
	bool locked = false;

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps) != NULL) {
		unsigned long long from;
		unsigned long long to;

		if (sscanf(line, "%llx-%llx ", &from, &to) == 2) {
			here = (uintptr_t)at >= from && (uintptr_t)at < to;
		} else if (here && strncmp(line, "VmFlags:", 8) == 0) {
			locked = strstr(line, " dd") != NULL;
		}
	}
	fclose(maps);
	return locked;
}

static void
secrets__texts__lie_in_locked_memory(void **state)
{
	struct place *place = *state;
	struct secrets *secrets = NULL;
	struct str made = STR_INIT;

	secret_make(&made);
	assert_int_equal(secrets_open(str_text(&place->path), &secrets), ERR_OK);
	assert_int_equal(secrets_put(secrets, "put", str_text(&made)), ERR_OK);
	assert_false(is_locked(str_text(&made)));
	assert_true(is_locked(secrets_get(secrets, "put")));
	assert_int_equal(secrets_reload(secrets), ERR_OK);
	assert_true(is_locked(secrets_get(secrets, "put")));
	secrets_close(secrets);
	str_release(&made);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			secret__put__is_there_after_reopening, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			secret__put__keeps_what_another_program_added, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			secret__put__survives_the_remains_of_a_crash, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			secret__put__refuses_what_is_no_secret, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			secret__password__is_kept_under_its_own_form, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			secret__given__goes_first_and_is_never_changed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			secret__open__refuses_files_others_can_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			secret__open__refuses_links_directories_and_fifos, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			secret__open__refuses_what_it_did_not_write, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			secret__open_usable__a_bad_file_is_named_and_holds_nothing, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			secrets__texts__lie_in_locked_memory, set_up, tear_down),
		cmocka_unit_test(secret__make__gives_a_new_valid_one_each_time),
	};

	if (hash_start() != ERR_OK) {
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
