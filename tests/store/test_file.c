/* SPDX-License-Identifier: MIT */
/*
 * The desk file as a file: what is refused, and that refusing touches nothing.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "fixture.h"
#include "mount.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/log.h"

enum { GROWTHS = 20 };

/* --- making bad files ---------------------------------------------------------------- */

static void
write_file(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), (ssize_t)len);
	assert_int_equal(close(fd), 0);
}

static void
run_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
make_missing(const char *path)
{
	assert_int_equal(unlink(path), 0);
}

static void
make_directory(const char *path)
{
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void
make_fifo(const char *path)
{
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
}

static void
make_symlink(const char *path)
{
	char real[200];

	(void)snprintf(real, sizeof(real), "%s.real", path);
	assert_int_equal(rename(path, real), 0);
	assert_int_equal(symlink(real, path), 0);
}

static void
make_hard_link(const char *path)
{
	char other[200];

	(void)snprintf(other, sizeof(other), "%s.other", path);
	assert_int_equal(link(path, other), 0);
}

static void
make_group_writable(const char *path)
{
	assert_int_equal(chmod(path, 0660), 0);
}

static void
make_read_only(const char *path)
{
	assert_int_equal(chmod(path, 0400), 0);
}

static void
make_other_owner(const char *path)
{
	if (geteuid() != 0 || chown(path, 65534, 65534) != 0) {
		make_group_writable(path); /* only root can give files away */
	}
}

static void
make_empty(const char *path)
{
	write_file(path, "", 0);
}

static void
make_garbage(const char *path)
{
	char garbage[8192];

	memset(garbage, 'x', sizeof(garbage));
	write_file(path, garbage, sizeof(garbage));
}

static void
make_short_garbage(const char *path)
{
	write_file(path, "hello\n", 6);
}

static void
make_cut(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(truncate(path, st.st_size / 2), 0);
}

static void
make_cut_in_header(const char *path)
{
	assert_int_equal(truncate(path, 60), 0);
}

static void
make_foreign(const char *path)
{
	run_sql(path, "PRAGMA application_id = 1; PRAGMA wal_checkpoint(TRUNCATE)");
}

static void
make_newer(const char *path)
{
	run_sql(path, "PRAGMA user_version = 1000; PRAGMA wal_checkpoint(TRUNCATE)");
}

static void
make_no_version(const char *path)
{
	run_sql(path, "PRAGMA user_version = 0; PRAGMA wal_checkpoint(TRUNCATE)");
}

/* --- refusals ----------------------------------------------------------------------------- */

/* Name, kind, size and content of the file and its neighbours, as one hash. */
static struct hash
fingerprint(const struct fixture *f)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", "-journal", ".new", ".real",
		".other", ".lock" };
	struct str all = STR_INIT;
	struct hash hash;

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		char buffer[65536];
		char path[300];
		struct stat st;
		int fd;

		(void)snprintf(path, sizeof(path), "%s%s", f->path, suffixes[i]);
		if (lstat(path, &st) != 0) {
			continue;
		}
		str_addf(&all, "%s %o %d\n", suffixes[i], st.st_mode, (int)st.st_size);
		fd = S_ISREG(st.st_mode) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
		if (fd >= 0) {
			ssize_t n;

			while ((n = read(fd, buffer, sizeof(buffer))) > 0) {
				str_add_n(&all, buffer, (size_t)n);
			}
			assert_int_equal(close(fd), 0);
		}
	}
	hash_of(str_text(&all), all.len, &hash);
	str_release(&all);
	return hash;
}

static const struct {
	const char *name;
	void (*make)(const char *path);
	enum err err;
} refusals[] = {
	{ "missing", make_missing, ERR_NOT_FOUND },
	{ "directory", make_directory, ERR_UNSUPPORTED },
	{ "fifo", make_fifo, ERR_UNSUPPORTED },
	{ "symbolic link", make_symlink, ERR_UNSUPPORTED },
	{ "hard link", make_hard_link, ERR_UNSUPPORTED },
	{ "group-writable", make_group_writable, ERR_UNSUPPORTED },
	{ "read-only", make_read_only, ERR_UNSUPPORTED },
	{ "other owner", make_other_owner, ERR_UNSUPPORTED },
	{ "empty", make_empty, ERR_CORRUPT },
	{ "garbage", make_garbage, ERR_CORRUPT },
	{ "short garbage", make_short_garbage, ERR_CORRUPT },
	{ "cut", make_cut, ERR_CORRUPT },
	{ "cut in the header", make_cut_in_header, ERR_CORRUPT },
	{ "foreign", make_foreign, ERR_UNSUPPORTED },
	{ "newer", make_newer, ERR_UNSUPPORTED },
	{ "without a version", make_no_version, ERR_CORRUPT },
};

static void
open__bad_file__is_refused_and_not_touched(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		void *inner = (void *)(uintptr_t)fixture_sqlite;
		struct str why = STR_INIT;
		struct hash before;
		struct hash after;
		struct fixture *f;
		enum err err;

		assert_int_equal(fixture_setup(&inner), 0);
		f = inner;
		fixture_append(f->store, "26-0001", 1, 40);
		store_close(f->store);
		f->store = NULL;
		refusals[i].make(f->path);
		before = fingerprint(f);
		err = store_sqlite_open(f->path, &why, &f->store);
		after = fingerprint(f);
		if (err != refusals[i].err || why.len == 0 || strstr(why.data, "desk.db") == NULL ||
			memcmp(&before, &after, sizeof(before)) != 0) {
			fail_msg("%s: %s, \"%s\", %s", refusals[i].name, err_name(err),
				str_text(&why),
				memcmp(&before, &after, sizeof(before)) == 0 ? "untouched"
									     : "touched");
		}
		str_release(&why);
		fixture_teardown(&inner);
	}
}

static void
open__newer_known_only_by_the_wal__is_refused(void **state)
{
	struct fixture *f = *state;
	struct store *second = NULL;
	sqlite3 *db;

	/* Kept open, so that the change stays in the -wal. */
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db, "PRAGMA user_version = 1000", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(store_sqlite_open(f->path, NULL, &second), ERR_UNSUPPORTED);
	assert_null(second);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
open__odd_names__work(void **state)
{
	static const char *const names[] = { "a b.db", "100%.db", "what?.db", "#1.db", "当番.db" };
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct store *store = NULL;
		char path[300];

		(void)snprintf(path, sizeof(path), "%s/%s", f->dir, names[i]);
		assert_int_equal(store_sqlite_create(path, NULL, &store), ERR_OK);
		store_close(store);
		assert_int_equal(store_sqlite_open(path, NULL, &store), ERR_OK);
		store_close(store);
		assert_int_equal(access(path, F_OK), 0);
	}
}

static void
open__second_time_in_one_process__keeps_the_locks_of_the_first(void **state)
{
	struct fixture *f = *state;
	struct store *second = NULL;
	char wal[300];

	fixture_append(f->store, "26-0001", 1, 3);
	assert_int_equal(store_sqlite_open(f->path, NULL, &second), ERR_OK);
	store_close(second);
	(void)snprintf(wal, sizeof(wal), "%s-wal", f->path);
	/* Whoever thinks to be the last removes the -wal under the other's feet. */
	assert_int_equal(access(wal, F_OK), 0);
	fixture_append(f->store, "26-0001", 4, 3);
}

/* Closing as the last one moves the -wal into the file. */
static void
grow(const char *path)
{
	sqlite3 *db = NULL;

	(void)sqlite3_open(path, &db);
	(void)sqlite3_busy_timeout(db, 10000);
	if (sqlite3_exec(db,
		    "INSERT INTO preference VALUES (hex(randomblob(8)), 'x', "
		    "hex(zeroblob(500000)))",
		    NULL, NULL, NULL) != SQLITE_OK) {
		_exit(1);
	}
	(void)sqlite3_close(db);
}

/*
 * The first look at a file takes no locks.  A process that ends meanwhile moves its -wal
 * into the file and removes it; in between the file is shorter than it says.
 */
static void
open__while_another_process_grows_the_file__is_no_damage(void **state)
{
	struct fixture *f = *state;
	FILE *log = tmpfile();
	pid_t grower;
	int status = 0;

	assert_non_null(log);
	log_start(log, LOG_WARNING);
	store_close(f->store);
	f->store = NULL;
	grower = fork();
	if (grower == 0) {
		for (int i = 0; i < GROWTHS; i++) {
			grow(f->path);
		}
		_exit(0);
	}
	while (waitpid(grower, &status, WNOHANG) == 0) {
		struct store *store = NULL;

		assert_int_equal(store_sqlite_open(f->path, NULL, &store), ERR_OK);
		store_close(store);
	}
	assert_int_equal(status, 0);
	/* Nobody reads "malformed" in a log and goes on sleeping. */
	log_start(NULL, LOG_WARNING);
	assert_int_equal(ftell(log), 0);
	assert_int_equal(fclose(log), 0);
	fixture_open(f);
}

/* --- creating ------------------------------------------------------------------------------- */

static void
create__where_something_is__says_exists(void **state)
{
	struct fixture *f = *state;
	struct str why = STR_INIT;
	struct store *second = NULL;

	assert_int_equal(store_sqlite_create(f->path, &why, &second), ERR_EXISTS);
	assert_non_null(strstr(str_text(&why), "desk.db"));
	assert_int_equal(store_sqlite_create(f->dir, NULL, &second), ERR_EXISTS);
	assert_null(second);
	str_release(&why);
}

static void
create__directory_missing__is_refused(void **state)
{
	struct fixture *f = *state;
	struct store *store = NULL;
	char path[300];

	(void)snprintf(path, sizeof(path), "%s/no/desk.db", f->dir);
	assert_int_equal(store_sqlite_create(path, NULL, &store), ERR_NOT_FOUND);
}

static void
create__any_umask__gives_a_private_file(void **state)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", ".lock" };
	struct fixture *f = *state;
	struct store *store = NULL;
	mode_t old = umask(0);
	char path[300];
	struct stat st;

	(void)snprintf(path, sizeof(path), "%s/open.db", f->dir);
	assert_int_equal(store_sqlite_create(path, NULL, &store), ERR_OK);
	fixture_append(store, "26-0001", 1, 1);
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		(void)snprintf(path, sizeof(path), "%s/open.db%s", f->dir, suffixes[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
	}
	store_close(store);
	(void)umask(old);
}

static void
create__left_over_of_a_killed_creator__is_no_hindrance(void **state)
{
	struct fixture *f = *state;
	struct store *store = NULL;
	char passing[300];
	char path[200];

	(void)snprintf(path, sizeof(path), "%s/second.db", f->dir);
	(void)snprintf(passing, sizeof(passing), "%s.new", path);
	write_file(passing, "half", 4);
	assert_int_equal(store_sqlite_create(path, NULL, &store), ERR_OK);
	store_close(store);
	assert_int_not_equal(access(passing, F_OK), 0);
}

/* --- safety switches, waking, mounts --------------------------------------------------------- */

static void
commit__erased_body__leaves_no_bytes_behind(void **state)
{
	static const char *const suffixes[] = { "", "-wal" };
	struct fixture *f = *state;
	struct event note = fixture_event("note", "26-0001", 1);
	struct event erase = fixture_event("erase", "26-0001", 2);
	struct store_batch batch = { .events = &erase, .n_events = 1, .erase_seq = 1 };

	note.body = "{\"fields\":{\"text\":\"canary-of-a-person\"}}";
	assert_int_equal(fixture_commit_event(f->store, &note), ERR_OK);
	erase.kind = "erase";
	erase.body = "{\"fields\":{\"seq\":1}}";
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		static char bytes[1 << 20];
		char path[300];
		FILE *file;
		size_t n;

		(void)snprintf(path, sizeof(path), "%s%s", f->path, suffixes[i]);
		file = fopen(path, "rb");
		assert_non_null(file);
		n = fread(bytes, 1, sizeof(bytes), file);
		assert_int_equal(fclose(file), 0);
		assert_true(n < sizeof(bytes));
		assert_null(memmem(bytes, n, "canary", strlen("canary")));
	}
}

static void
woke__commit_of_another__is_seen_once_and_own_ones_not(void **state)
{
	struct fixture *f = *state;
	struct store *other = NULL;
	struct store_info info;

	store_info(f->store, &info);
	assert_true(info.wake_fd >= 0);
	assert_string_equal(info.engine, "sqlite");
	assert_string_equal(info.path, f->path);
	assert_int_equal(info.schema, 4);
	(void)store_woke(f->store);
	fixture_append(f->store, "26-0001", 1, 1);
	assert_false(store_woke(f->store));
	assert_int_equal(store_sqlite_open(f->path, NULL, &other), ERR_OK);
	fixture_append(other, "26-0002", 1, 1);
	{
		char events[4096];

		assert_true(read(info.wake_fd, events, sizeof(events)) > 0);
	}
	assert_true(store_woke(f->store));
	assert_false(store_woke(f->store));
	store_close(other);
}

static void
mount__types__are_found_by_the_longest_point(void **state)
{
	static const char info[] =
		"22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
		"30 22 0:50 / /home rw - nfs4 server:/home rw\n"
		"31 30 8:2 / /home/local rw master:1 shared:2 - xfs /dev/sdb1 rw\n"
		"32 22 0:51 / /mnt/my\\040disk rw - fuse.sshfs me@host: rw\n"
		"33 22 0:52 / /over rw - ext4 /dev/sdc1 rw\n"
		"34 33 0:53 / /over rw - 9p share rw\n";
	static const struct {
		const char *path;
		const char *type;
		bool network;
	} cases[] = {
		{ "/", "ext4", false },
		{ "/var/lib", "ext4", false },
		{ "/home", "nfs4", true },
		{ "/home/ann", "nfs4", true },
		{ "/homes", "ext4", false },
		{ "/home/local/ann", "xfs", false },
		{ "/mnt/my disk/x", "fuse.sshfs", true },
		{ "/over/x", "9p", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str type = STR_INIT;

		assert_int_equal(mount_type(info, cases[i].path, &type), ERR_OK);
		assert_string_equal(str_text(&type), cases[i].type);
		assert_int_equal(mount_is_network(str_text(&type)), cases[i].network);
		str_release(&type);
	}
	assert_false(mount_is_network("fuseblk"));
	assert_false(mount_is_network("tmpfs"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(open__bad_file__is_refused_and_not_touched),
		cmocka_unit_test(open__newer_known_only_by_the_wal__is_refused),
		cmocka_unit_test(open__odd_names__work),
		cmocka_unit_test(open__second_time_in_one_process__keeps_the_locks_of_the_first),
		cmocka_unit_test(open__while_another_process_grows_the_file__is_no_damage),
		cmocka_unit_test(create__where_something_is__says_exists),
		cmocka_unit_test(create__directory_missing__is_refused),
		cmocka_unit_test(create__any_umask__gives_a_private_file),
		cmocka_unit_test(create__left_over_of_a_killed_creator__is_no_hindrance),
		cmocka_unit_test(commit__erased_body__leaves_no_bytes_behind),
		cmocka_unit_test(woke__commit_of_another__is_seen_once_and_own_ones_not),
		cmocka_unit_test(mount__types__are_found_by_the_longest_point),
	};

	return fixture_run_sqlite("file", tests, ARRAY_LEN(tests));
}
