/* SPDX-License-Identifier: MIT */
/*
 * Attached files of the cases in a package.  Each is handed out by the desk like any other
 * copy, so that it stands in its custody who took it.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "evidence.h"
#include "package.h"
#include "toban/base/fd.h"

enum { CHUNK = 64 * 1024, NAME_SIZE = 96 };

static void
copy_file(struct package *package, const char *sha256, int fd)
{
	char name[NAME_SIZE];
	char part[CHUNK];
	struct package_file file;
	off_t at = 0;
	ssize_t n;

	snprintf(name, sizeof(name), "evidence/%.64s", sha256);
	package_open(package, name, &file);
	while ((n = pread(fd, part, sizeof(part), at)) > 0 || (n < 0 && errno == EINTR)) {
		if (n > 0) {
			package_add(&file, part, (size_t)n);
			at += n;
		}
	}
	package->failed = package->failed || n < 0;
	package_close(&file);
}

/* One that was written already: two entries may attach the same content. */
static bool
is_there(const json_t *done, const char *sha256)
{
	return json_object_get(done, sha256) != NULL;
}

static int
take_one(struct cli *cli, struct package *package, const char *id, const json_t *file, json_t *done)
{
	const char *sha256 = cli_string(file, "sha256");
	json_t *result = NULL;
	int status = cli_call(cli, "evidence.open",
		json_pack("{s:s, s:O, s:b}", "id", id, "seq", json_object_get(file, "seq"),
			"export", true),
		&result);

	if (status == EXIT_DONE) {
		status = cli_go_on(cli, "evidence.open", cli_string(file, "name"), &result);
	}
	if (status == EXIT_DONE) {
		int fd = (int)json_integer_value(json_object_get(result, "fd"));

		if (!is_there(done, sha256)) {
			copy_file(package, sha256, fd);
			json_object_set_new(done, sha256, json_true());
		}
		(void)close(fd); /* only read */
		json_decref(result);
	}
	return status;
}

int
package_evidence(struct cli *cli, struct package *package, const struct package_scope *scope)
{
	json_t *found = NULL;
	json_t *done = json_object();
	json_t *file;
	size_t i;
	int status = cli_evidence_files(cli, scope->id, &found);

	json_array_foreach(json_object_get(found, "files"), i, file)
	{
		const char *id = cli_string(file, "id");

		if (status == EXIT_DONE && *cli_string(file, "sha256")) { /* else it was erased */
			status = take_one(cli, package, *id ? id : scope->id, file, done);
		}
	}
	json_decref(found);
	json_decref(done);
	return status;
}
