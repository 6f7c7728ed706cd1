/* SPDX-License-Identifier: MIT */
/*
 * Taking files in as evidence: DIR/ab/abcd…, mode 0400, streamed, synced,
 * renamed.  Named by content, so that the same file twice is one file and a
 * changed one shows.
 */
#include "evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "toban/base/attr.h"
#include "toban/base/fd.h"
#include "toban/base/i18n.h"
#include "toban/base/log.h"

#define CLAIM_MS (INT64_C(7) * 86400000)
#define CLAIMS_MOST 100
#define CLAIMED_MOST (INT64_C(16) << 30) /* 16 GiB wait at most for one person */
/* What the files leave free for the record: a twentieth of the disk, 64 MiB at most. */
#define RESERVE (UINT64_C(64) << 20)
#define RESERVE_PART 20

const char *
evidence_path(struct arena *arena, const char *dir, const char *sha256)
{
	return arena_printf(arena, "%s/%.2s/%s", dir, sha256, sha256);
}

/* A service opens nothing that a client names, and waits for no file system of a client's. */
static bool
is_service(const struct call *call)
{
	return call->desk->parts.service;
}

static enum err
make_dir(const char *path)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST) {
		return ERR_OK;
	}
	return fd_err(errno);
}

/*
 * Whether the kernel makes the file up as it is read: it has no end, is another one at each
 * reading, or waits for something to happen, as /proc/kmsg does.
 */
static bool
is_made_up(const struct statfs *fs)
{
	static const unsigned long kinds[] = { PROC_SUPER_MAGIC, SYSFS_MAGIC, DEBUGFS_MAGIC,
		TRACEFS_MAGIC, SECURITYFS_MAGIC, CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC,
		BPF_FS_MAGIC, AUTOFS_SUPER_MAGIC };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if ((unsigned long)fs->f_type == kinds[i]) {
			return true;
		}
	}
	return false;
}

/* NULL: it can be taken in; else why not. */
static const char *
fault_of(const struct call *call, int fd, const struct stat *st)
{
	struct statfs fs;
	int mode = fcntl(fd, F_GETFL);
	bool known = fstatfs(fd, &fs) == 0;

	if (!S_ISREG(st->st_mode) || (known && is_made_up(&fs))) {
		return N_("Only an ordinary file can be attached.");
	}
	if (mode < 0 || (mode & O_ACCMODE) == O_WRONLY || (mode & O_PATH)) {
		return N_("This file was not opened for reading.");
	}
	if (is_service(call) && known && fs.f_type == FUSE_SUPER_MAGIC) {
		return N_("This file lies on a file system of a user's own (FUSE), for which a "
			  "service does not wait. Copy it to another disk first.");
	}
	return NULL;
}

/* --- room ------------------------------------------------------------------------ */

static enum err
check_room(struct call *call, const char *dir, int64_t size)
{
	struct statvfs fs;
	uint64_t free_bytes;
	uint64_t reserve;

	if (statvfs(dir, &fs) != 0) {
		return ERR_OK; /* the copy itself will tell */
	}
	free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	reserve = (uint64_t)fs.f_blocks * fs.f_frsize / RESERVE_PART;
	reserve = reserve < RESERVE ? reserve : RESERVE;
	return free_bytes >= (uint64_t)size + reserve ? ERR_OK : call_fail(call, "D377");
}

/* What one person leaves lying must not fill the disk for all. */
static enum err
check_claims(struct call *call, int64_t size)
{
	struct intake_list list = { NULL, 0 };
	int64_t sum = size;
	enum err e = store_intakes(call->store, call->arena,
		&(struct intake_filter){ .person = call->person->id }, &list);

	for (size_t i = 0; i < list.n; i++) {
		sum += list.items[i].size;
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	return list.n < CLAIMS_MOST && sum <= CLAIMED_MOST ? ERR_OK : call_fail(call, "D374");
}

/* --- the copy -------------------------------------------------------------------- */

static enum err
open_copy(struct call *call, struct file_job *job, const char *dir)
{
	char *temporary = arena_printf(call->arena, "%s/.intake-XXXXXX", dir);
	enum err e = temporary ? make_dir(dir) : ERR_NOMEM;

	if (e) {
		return call_fail_store(call, e, true);
	}
	e = check_room(call, dir, job->began.st_size);
	if (e) {
		return e;
	}
	job->to = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
	if (job->to < 0) {
		return call_fail_store(call, fd_err(errno), true);
	}
	job->temporary = strdup(temporary);
	return job->temporary ? ERR_OK : ERR_NOMEM;
}

/* The last part of what it was called; a path of another machine means nothing here. */
static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static enum err
check_source(struct call *call, const struct evidence_source *source)
{
	struct stat st;
	const char *fault;

	if (fstat(source->fd, &st) != 0) {
		return call_fail(call, "D379");
	}
	fault = fault_of(call, source->fd, &st);
	if (fault) {
		return call_fail_field(call, "D107", source->field, _(fault));
	}
	if (st.st_size > FILE_JOB_LARGEST) {
		return call_fail_field(
			call, "D104", source->field, _("This file is larger than 4 GiB."));
	}
	return check_claims(call, st.st_size);
}

enum err
evidence_begin(struct call *call, const struct evidence_source *source, struct file_job **ret_job)
{
	const char *dir = call->desk->parts.evidence_dir;
	struct file_job *job = NULL;
	enum err e = dir ? check_source(call, source) : ERR_UNSUPPORTED;

	if (e) {
		(void)close(source->fd); /* nothing was read or written */
		return call->error ? e : call_fail_store(call, e, true);
	}
	e = file_job_new(call, JOB_PUT, source->fd, &job);
	if (e) {
		return e;
	}
	job->name = strdup(base_name(source->name));
	e = job->name ? open_copy(call, job, dir) : ERR_NOMEM;
	if (e) {
		file_job_end(call->desk, job);
		return e;
	}
	*ret_job = job;
	return ERR_OK;
}

/* --- the name -------------------------------------------------------------------- */

static enum err
rename_copy(struct call *call, struct file_job *job, const char *hex)
{
	const char *dir = call->desk->parts.evidence_dir;
	const char *folder = arena_printf(call->arena, "%s/%.2s", dir, hex);
	const char *path = evidence_path(call->arena, dir, hex);
	enum err e = folder && path ? make_dir(folder) : ERR_NOMEM;

	if (!e && rename(job->temporary, path) != 0) {
		e = fd_err(errno);
	}
	if (e) {
		return e;
	}
	free(job->temporary);
	job->temporary = NULL;
	e = fd_sync_folder(folder);
	return e ? e : fd_sync_folder(dir);
}

/* The claim first: a file without one would be nobody's if the machine stopped between. */
static enum err
settle(struct call *call, struct file_job *job, const char *hex)
{
	int lock = evidence_lock(call->desk->parts.evidence_dir);
	const struct intake_row claim = { .sha256 = hex,
		.person = call->person->id,
		.name = job->name,
		.size = job->done,
		.at = call->now };
	enum err e = lock >= 0 ? ERR_OK : ERR_IO;

	if (!e && (fchmod(job->to, 0400) != 0 || fsync(job->to) != 0)) {
		e = fd_err(errno);
	}
	if (!e) {
		e = store_intake_put(call->store, &claim);
	}
	if (!e) {
		e = rename_copy(call, job, hex);
	}
	if (lock >= 0) {
		(void)close(lock); /* lets go */
	}
	return e;
}

static enum err
fail_copy(struct call *call, enum err e)
{
	switch (e) {
	case ERR_CONFLICT:
		return call_fail(call, "D373");
	case ERR_FULL:
		return call_fail(call, "D377");
	case ERR_IO:
		return call_fail(call, "D378");
	default:
		return call_fail_store(call, e, true);
	}
}

enum err
evidence_put(struct call *call, struct file_job *job, json_t **ret_value)
{
	char hex[HASH_HEX_SIZE];
	bool done = false;
	enum err e = file_job_run(job, call->now, &done);

	if (!e && !done) {
		return ERR_OK;
	}
	if (!e) {
		hash_hex(&job->hash, hex);
		e = settle(call, job, hex);
	}
	if (e) {
		e = fail_copy(call, e);
	} else {
		*ret_value = json_pack("{s:s, s:I, s:s}", "name", job->name, "size",
			(json_int_t)job->done, "sha256", hex);
		e = *ret_value ? ERR_OK : ERR_NOMEM;
	}
	file_job_end(call->desk, job);
	return e;
}

/* --- what a step names ------------------------------------------------------------- */

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

/*
 * In a file desk: the path is opened with the caller's own rights, which are those of
 * this process.  O_NONBLOCK so that a FIFO cannot hold the desk.
 */
static enum err
enter_path(struct call *call, const char *field, const json_t *path, json_t **ret_value)
{
	const char *name = json_string_value(path);
	struct file_job *job = NULL;
	int fd;
	enum err e;

	if (json_string_length(path) == 0 || strlen(name) != json_string_length(path)) {
		return call_fail_field(
			call, "D102", field, _("The path of a file is wanted here."));
	}
	if (is_service(call)) {
		return call_fail_field(
			call, "D371", field, _("This desk opens no path that it is given."));
	}
	fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		return call_fail_field(call, "D107", field,
			errno == ENOENT ? _("There is no such file.")
					: _("This file cannot be read."));
	}
	e = evidence_begin(call, &(struct evidence_source){ field, name, fd }, &job);
	while (!e && !*ret_value) {
		e = evidence_put(call, job, ret_value);
	}
	return e;
}

/* The caller's claim, if it is not too old and its file is there. */
static enum err
find_claim(struct call *call, const char *hex, struct intake_row *ret_claim)
{
	const char *path = evidence_path(call->arena, call->desk->parts.evidence_dir, hex);
	struct intake_list list = { NULL, 0 };
	struct stat st;
	enum err e = path ? store_intakes(call->store, call->arena,
				    &(struct intake_filter){ .sha256 = hex }, &list)
			  : ERR_NOMEM;

	for (size_t i = 0; !e && i < list.n; i++) {
		if (strcmp(list.items[i].person, call->person->id) == 0 &&
			call->now - list.items[i].at < CLAIM_MS && lstat(path, &st) == 0 &&
			S_ISREG(st.st_mode) && st.st_size == list.items[i].size) {
			*ret_claim = list.items[i];
			return ERR_OK;
		}
	}
	return e ? e : ERR_NOT_FOUND;
}

/* Size and hash are those that were measured here; the name is the person's own. */
static enum err
enter_claim(struct call *call, const char *field, const json_t *named, json_t **ret_value)
{
	const char *sha256 = json_string_value(json_object_get(named, "sha256"));
	const char *name = json_string_value(json_object_get(named, "name"));
	const json_t *size = json_object_get(named, "size");
	struct intake_row claim = { NULL };
	struct hash hash;
	char hex[HASH_HEX_SIZE] = "";
	enum err e = ERR_NOT_FOUND;

	if (sha256 && hash_parse(sha256, &hash) == ERR_OK) {
		hash_hex(&hash, hex);
		e = find_claim(call, hex, &claim);
	}
	/* Whose file it is else, and whether there is one, is not told. */
	if (e == ERR_NOT_FOUND || (!e && size && json_integer_value(size) != claim.size)) {
		return call_fail_field(call, "D370", field,
			_("No file of this hash, put in by you, waits to be attached. Choose the "
			  "file again."));
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	*ret_value =
		json_pack("{s:s, s:I, s:s}", "name", name && *name ? base_name(name) : claim.name,
			"size", (json_int_t)claim.size, "sha256", hex);
	return *ret_value ? ERR_OK : ERR_NOMEM;
}

enum err
evidence_enter(
	struct call *call, const struct form *form, const json_t *entered, json_t **ret_entered)
{
	const struct form_field *field = file_field(form);
	const json_t *named = field ? json_object_get(entered, field->key) : NULL;
	json_t *value = NULL;
	json_t *copy;
	enum err e;

	if (json_is_object(named)) {
		e = enter_claim(call, field->key, named, &value);
	} else if (json_is_string(named)) {
		e = enter_path(call, field->key, named, &value);
	} else {
		return ERR_OK; /* the form says what is wanted, and whether */
	}
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

void
evidence_used(struct call *call, const json_t *entered)
{
	const char *key;
	json_t *value;

	/* jansson's iteration wants a mutable object but changes nothing. */
	json_object_foreach((json_t *)(uintptr_t)entered, key, value)
	{
		const char *sha256 = json_string_value(json_object_get(value, "sha256"));

		if (sha256 && store_intake_drop(call->store, sha256, call->person->id)) {
			log_line(LOG_WARNING, "a claim that is used up stays for a week");
		}
	}
}
