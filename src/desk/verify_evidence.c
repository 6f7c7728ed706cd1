/* SPDX-License-Identifier: MIT */
/*
 * Attached files against the hash their entry holds.  Without the folder there is no finding: a
 * copy of the desk file alone is whole as a record, and the doctor tells what is missing beside
 * it.  One that is missing in the folder was taken away.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evidence.h"
#include "toban/base/fd.h"
#include "toban/base/hash.h"
#include "verify.h"

#define CHUNK (64 * 1024)

static enum err
measure_open(int fd, struct hash *ret_hash)
{
	struct hash_stream *stream = hash_stream_new();
	char *chunk = malloc(CHUNK);
	enum err e = stream && chunk ? ERR_OK : ERR_NOMEM;
	size_t len = CHUNK;

	while (!e && len == CHUNK) {
		e = fd_read_all(fd, chunk, CHUNK, &len);
		if (!e) {
			hash_stream_add(stream, chunk, len);
		}
	}
	if (!e) {
		hash_stream_finish(stream, ret_hash);
	}
	free(chunk);
	hash_stream_free(stream);
	return e;
}

/* ERR_NOT_FOUND when there is no such file; ERR_IO when it is none that can be read; ERR_NOMEM. */
static enum err
measure(const char *path, struct hash *ret_hash)
{
	/* A FIFO in the file's place must not hold the verifier. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	enum err e = ERR_IO;

	if (fd < 0) {
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		e = measure_open(fd, ret_hash);
	}
	close(fd);
	return e;
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return path && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static enum err
check_file(struct verify *verify, struct arena *arena, int64_t seq, const char *sha256)
{
	const char *path;
	struct hash recorded;
	struct hash found;
	enum err e;

	/* Only what reads as a hash becomes a path: the body may have been tampered with. */
	if (hash_parse(sha256, &recorded) != ERR_OK) {
		return ERR_OK;
	}
	path = evidence_path(arena, verify->call->desk->parts.evidence_dir, sha256);
	e = path ? measure(path, &found) : ERR_NOMEM;
	/* Nobody is accused of a change for want of memory. */
	if (e == ERR_NOMEM) {
		return e;
	}
	if (e == ERR_NOT_FOUND && is_folder(verify->call->desk->parts.evidence_dir)) {
		ledger_report(&verify->problems, seq, "evidence",
			"the file attached by entry %lld is gone", (long long)seq);
	}
	if (e == ERR_IO || (e == ERR_OK && memcmp(&recorded, &found, sizeof(found)) != 0)) {
		ledger_report(&verify->problems, seq, "evidence",
			"the file attached by entry %lld is not what was attached", (long long)seq);
	}
	return ERR_OK;
}

enum err
verify_evidence(struct verify *verify, struct arena *arena, const struct event *event,
	const struct claim *claim)
{
	json_t *body;
	const char *key;
	json_t *field;
	enum err e = ERR_OK;

	if (!event->body || !claim->step || strcmp(claim->step->effect, "evidence") != 0) {
		return ERR_OK;
	}
	body = json_loads(event->body, 0, NULL);
	json_object_foreach(json_object_get(body, "fields"), key, field)
	{
		const char *sha256 = json_string_value(json_object_get(field, "sha256"));

		if (sha256 && !e) {
			e = check_file(verify, arena, event->seq, sha256);
		}
	}
	json_decref(body);
	return e;
}
