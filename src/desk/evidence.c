/* SPDX-License-Identifier: MIT */
/*
 * Taking files in as evidence: DIR/ab/abcd…, mode 0600, streamed, synced,
 * renamed.  Named by content, so that the same file twice is one file and a
 * changed one shows.
 */
#include "evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "toban/base/attr.h"
#include "toban/base/fd.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/base/log.h"

#define CHUNK (64 * 1024)
#define LARGEST (INT64_C(4) << 30) /* 4 GiB */

/* A file on its way in. */
struct intake {
	int from;
	int to;
	const char *temporary; /* where `to` is until it has its name */
	int64_t size;
	struct hash hash;
};

const char *
evidence_path(struct arena *arena, const char *dir, const char *sha256)
{
	return arena_printf(arena, "%s/%.2s/%s", dir, sha256, sha256);
}

/*
 * O_NONBLOCK so that a FIFO cannot hold the desk; only regular files are read.
 * NULL: open; else why not.
 */
static const char *
open_source(const char *path, int *ret_fd)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	if (fd < 0) {
		return errno == ENOENT ? N_("There is no such file.")
				       : N_("This file cannot be read.");
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		(void)close(fd); /* nothing was read or written */
		return N_("Only an ordinary file can be attached.");
	}
	if (st.st_size > LARGEST) {
		(void)close(fd); /* likewise */
		return N_("This file is larger than 4 GiB.");
	}
	*ret_fd = fd;
	return NULL;
}

/* Copies and hashes until the end; a file that grows past the limit is cut off here. */
static enum err
pump(struct intake *in, struct hash_stream *stream, char *chunk)
{
	enum err e = ERR_OK;

	while (!e) {
		ssize_t n = read(in->from, chunk, CHUNK);

		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n < 0) {
			return ERR_IO;
		}
		if (n == 0) {
			break;
		}
		in->size += n;
		if (in->size > LARGEST) {
			return ERR_INVALID;
		}
		hash_stream_add(stream, chunk, (size_t)n);
		e = fd_write_all(in->to, chunk, (size_t)n);
	}
	return e;
}

static enum err
copy_file(struct intake *in)
{
	struct hash_stream *stream = hash_stream_new();
	char *chunk = malloc(CHUNK);
	enum err e = stream && chunk ? pump(in, stream, chunk) : ERR_NOMEM;

	if (!e) {
		hash_stream_finish(stream, &in->hash);
		e = fsync(in->to) == 0 ? ERR_OK : fd_err(errno);
	}
	free(chunk);
	hash_stream_free(stream);
	return e;
}

static enum err
make_dir(const char *path)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST) {
		return ERR_OK;
	}
	return fd_err(errno);
}

/* Gives the copy its name. */
static enum err
settle(struct call *call, struct intake *in)
{
	const char *dir = call->desk->parts.evidence_dir;
	char hex[HASH_HEX_SIZE];
	const char *folder;
	const char *path;
	enum err e;

	hash_hex(&in->hash, hex);
	folder = arena_printf(call->arena, "%s/%.2s", dir, hex);
	path = evidence_path(call->arena, dir, hex);
	if (!folder || !path) {
		return ERR_NOMEM;
	}
	e = make_dir(folder);
	if (!e && rename(in->temporary, path) != 0) {
		e = fd_err(errno);
	}
	if (!e) {
		e = fd_sync_folder(folder);
	}
	return e ? e : fd_sync_folder(dir);
}

static enum err
take_in(struct call *call, struct intake *in)
{
	const char *dir = call->desk->parts.evidence_dir;
	char *temporary = dir ? arena_printf(call->arena, "%s/.intake-XXXXXX", dir) : NULL;
	enum err e = temporary ? make_dir(dir) : ERR_NOMEM;

	if (!dir) {
		return ERR_UNSUPPORTED;
	}
	if (e) {
		return e;
	}
	in->to = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
	if (in->to < 0) {
		return fd_err(errno);
	}
	in->temporary = temporary;
	e = copy_file(in);
	(void)close(in->to); /* what counts was synced */
	if (!e) {
		e = settle(call, in);
	}
	if (e) {
		(void)unlink(temporary); /* nothing more can be done about it */
	}
	return e;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

/* {"name","size","sha256"} of the file at `path`; faults are told as the field's. */
static enum err
enter_file(struct call *call, const char *field, const char *path, json_t **ret_value)
{
	struct intake in = { .from = -1, .to = -1 };
	const char *fault = open_source(path, &in.from);
	char hex[HASH_HEX_SIZE];
	enum err e;

	if (fault) {
		return call_fail_field(call, "D107", field, _(fault));
	}
	e = take_in(call, &in);
	(void)close(in.from); /* only read from */
	if (e == ERR_INVALID) {
		return call_fail_field(call, "D104", field, _("This file is larger than 4 GiB."));
	}
	if (e == ERR_IO) {
		return call_fail_field(call, "D411", field, _("This file could not be copied."));
	}
	if (e) {
		return call_fail_store(call, e, true);
	}
	hash_hex(&in.hash, hex);
	*ret_value = json_pack("{s:s, s:I, s:s}", "name", base_name(path), "size",
		(json_int_t)in.size, "sha256", hex);
	return *ret_value ? ERR_OK : ERR_NOMEM;
}

static const struct form_field *
file_field(const struct form *form)
{
	for (size_t i = 0; i < form->n_fields; i++) {
		if (form->fields[i].type == FIELD_FILE) {
			return &form->fields[i];
		}
	}
	return NULL;
}

enum err
evidence_enter(
	struct call *call, const struct form *form, const json_t *entered, json_t **ret_entered)
{
	const struct form_field *field = file_field(form);
	const json_t *path = field ? json_object_get(entered, field->key) : NULL;
	json_t *value = NULL;
	json_t *copy;
	enum err e;

	if (!path || json_is_null(path)) {
		return ERR_OK; /* the form says whether it is required */
	}
	if (!json_is_string(path) || json_string_length(path) == 0 ||
		strlen(json_string_value(path)) != json_string_length(path)) {
		return call_fail_field(
			call, "D102", field->key, _("The path of a file is wanted here."));
	}
	e = enter_file(call, field->key, json_string_value(path), &value);
	if (e) {
		return e;
	}
	/* jansson copies without changing the original, but does not say so in its type. */
	copy = json_copy((json_t *)(uintptr_t)entered);
	if (!copy || json_object_set_new(copy, field->key, value) != 0) {
		json_decref(copy);
		return ERR_NOMEM;
	}
	*ret_entered = call_keep(call, copy);
	return *ret_entered ? ERR_OK : ERR_NOMEM;
}
