/* SPDX-License-Identifier: MIT */
/*
 * Files for the desk tests: see files.h.
 */
#include "files.h"

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

/* FIPS 180-4, example B.1 */
const char files_sha[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

void
files_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

void
files_kept(const struct fixture *f, char *out, size_t size)
{
	snprintf(out, size, "%s/ba/%s", f->evidence, files_sha);
}

bool
files_is_kept(const struct fixture *f)
{
	char kept[256];
	struct stat st;

	files_kept(f, kept, sizeof(kept));
	return lstat(kept, &st) == 0;
}

int
files_source(const struct fixture *f, const char *text)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/source.txt", f->dir);
	files_write(path, text);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

json_t *
files_put(struct fixture *f, const char *person, const char *name, const char *text)
{
	int fd = files_source(f, text);
	json_t *value =
		ok_doc(f, person, "evidence.put", json_pack("{s:s, s:i}", "name", name, "fd", fd));

	assert_int_equal(close(fd), 0); /* the caller's own: it is still open */
	return value;
}

int64_t
files_attach(struct fixture *f, const char *person, const char *id)
{
	char fields[256];
	json_t *answer;
	int64_t seq;

	drop(files_put(f, person, "abc.txt", "abc"));
	snprintf(fields, sizeof(fields), FILES_NAMED, files_sha);
	answer = act(f, person, id, "evidence", fields);
	seq = json_integer_value(json_object_get(answer, "seq"));
	drop(answer);
	return seq;
}

/* The first attached file of 26-0001, as `person` sees it; its document is *ret_show. */
const json_t *
files_shown(struct fixture *f, const char *person, json_t **ret_show)
{
	*ret_show = ok(f, person, "incident.show", "{'id':'26-0001'}");
	return json_array_get(json_object_get(*ret_show, "evidence"), 0);
}

size_t
files_custody(struct fixture *f, const char *kind)
{
	json_t *show;
	const json_t *file = files_shown(f, "dc-owner", &show);
	size_t n = 0;
	size_t i;
	json_t *entry;

	json_array_foreach(json_object_get(file, "custody"), i, entry)
	{
		n += strcmp(text_at(entry, "kind"), kind) == 0;
	}
	drop(show);
	return n;
}

json_t *
files_call(struct fixture *f, const char *person, const char *method, int64_t seq)
{
	return ok_doc(f, person, method,
		json_pack("{s:s, s:I}", "id", "26-0001", "seq", (json_int_t)seq));
}

int
files_large(const struct fixture *f, off_t size)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/large", f->dir);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, size), 0);
	return fd;
}

json_t *
files_begin(struct fixture *f, const char *person, int fd)
{
	return ok_doc(
		f, person, "evidence.put", json_pack("{s:s, s:i}", "name", "large", "fd", fd));
}
