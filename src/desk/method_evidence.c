/* SPDX-License-Identifier: MIT */
/*
 * Files put in, handed out and measured anew.  A large one takes several calls, of
 * which each does a piece: see file_job.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "custody.h"
#include "doc.h"
#include "evidence.h"
#include "method.h"
#include "sight.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define PAGE 100 /* cases looked at for one answer of evidence.list */

/* --- putting in ------------------------------------------------------------------ */

static enum err
check_name(struct call *call, const char **ret_name)
{
	const char *name = arg_text(call, "name");

	if (!name) {
		return call_fail_field(call, "D101", "name", _("This is required."));
	}
	if (strpbrk(name, "\n\t")) {
		return call_fail_field(
			call, "D105", "name", _("This text holds control characters."));
	}
	*ret_name = name;
	return ERR_OK;
}

/* A descriptor of our own for the file that came with the request. */
static enum err
take_descriptor(struct call *call, int *ret_fd)
{
	int64_t given = arg_count(call, "fd", -1);
	int64_t size = arg_count(call, "size", -1);
	struct stat st;
	int fd = given >= 0 && given <= INT_MAX ? fcntl((int)given, F_DUPFD_CLOEXEC, 3) : -1;

	if (fd < 0) {
		return call_fail(call, "D379");
	}
	if (size >= 0 && (fstat(fd, &st) != 0 || st.st_size != size)) {
		(void)close(fd); /* only looked at */
		return call_fail(call, "D373");
	}
	*ret_fd = fd;
	return ERR_OK;
}

static enum err
begin_put(struct call *call, struct file_job **ret_job)
{
	struct evidence_source source = { .field = "fd", .fd = -1 };
	enum err e = check_name(call, &source.name);

	if (!e) {
		e = take_descriptor(call, &source.fd);
	}
	return e ? e : evidence_begin(call, &source, ret_job);
}

/* What `stop` asks for: nothing of it stays. */
static enum err
stop_job(struct call *call, struct file_job *job, json_t **ret_result)
{
	file_job_end(call->desk, job);
	*ret_result = json_pack("{s:b}", "stopped", true);
	return ERR_OK;
}

enum err
method_evidence_put(struct call *call, json_t **ret_result)
{
	const char *token = arg_text(call, "continue");
	struct file_job *job = NULL;
	enum err e = token ? file_job_find(call, JOB_PUT, token, &job) : begin_put(call, &job);

	if (!e && arg_flag(call, "stop")) {
		return stop_job(call, job, ret_result);
	}
	if (!e) {
		e = evidence_put(call, job, ret_result);
	}
	if (!e && !*ret_result) {
		*ret_result = file_job_answer(job);
	}
	return e;
}

/* --- measuring ------------------------------------------------------------------- */

static enum err
find_file(struct call *call, const char *id, int64_t seq, const struct evidence **ret_file)
{
	struct dossier *dossier = NULL;
	enum err e = dossier_open(call, id, &dossier);

	if (e) {
		return e;
	}
	*ret_file = custody_file(&dossier->incident, seq);
	/* An erased entry has no file any more. */
	if (!*ret_file || !(*ret_file)->sha256[0]) {
		return call_fail_field(
			call, "D107", "seq", _("This case has no attached file of that entry."));
	}
	return ERR_OK;
}

/* The kept file, opened; ERR_NOT_FOUND without a document when it is not there. */
static enum err
open_kept(struct call *call, const struct evidence *file, int *ret_fd)
{
	const char *path = evidence_path(call->arena, call->desk->parts.evidence_dir, file->sha256);
	/* A FIFO or a link in the file's place must not lead anybody on. */
	int fd = path ? open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW) : -1;
	struct stat st;

	if (!path) {
		return ERR_NOMEM;
	}
	if (fd < 0) {
		return errno == ENOENT ? ERR_NOT_FOUND : call_fail_store(call, ERR_IO, false);
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		(void)close(fd); /* only looked at */
		return ERR_NOT_FOUND;
	}
	*ret_fd = fd;
	return ERR_OK;
}

static enum err
begin_measure(struct call *call, enum file_job_kind kind, struct file_job **ret_job)
{
	const char *id = arg_text(call, "id");
	int64_t seq = arg_count(call, "seq", 0);
	const struct evidence *file = NULL;
	struct file_job *job = NULL;
	int fd = -1;
	enum err e = id ? find_file(call, id, seq, &file)
			: call_fail_field(call, "D101", "id", _("This is required."));

	if (!e) {
		e = open_kept(call, file, &fd);
	}
	if (!e) {
		e = file_job_new(call, kind, fd, &job);
	}
	if (e) {
		return e;
	}
	job->subject = strdup(id);
	job->seq = seq;
	job->exporting = arg_flag(call, "export");
	if (!job->subject) {
		file_job_end(call->desk, job);
		return ERR_NOMEM;
	}
	*ret_job = job;
	return ERR_OK;
}

/* The job that is named, or a new one; stays under way or is at its end. */
static enum err
measure(struct call *call, enum file_job_kind kind, struct file_job **ret_job, bool *ret_done)
{
	const char *token = arg_text(call, "continue");
	struct file_job *job = NULL;
	enum err e =
		token ? file_job_find(call, kind, token, &job) : begin_measure(call, kind, &job);

	if (!e && !arg_flag(call, "stop")) {
		e = file_job_run(job, call->now, ret_done);
		/* Somebody writes to it at this moment: it is not what it was. */
		if (e == ERR_CONFLICT) {
			e = ERR_OK;
			*ret_done = true;
			job->hash = (struct hash){ { 0 } };
		}
		if (e) {
			file_job_end(call->desk, job);
			return call_fail_store(call, e, false);
		}
	}
	if (!e) {
		*ret_job = job;
	}
	return e;
}

/* Whether all was read and is what the entry says; the case is read anew for it. */
static enum err
judge(struct call *call, const struct file_job *job, const struct evidence **ret_file,
	bool *ret_whole)
{
	char hex[HASH_HEX_SIZE];
	enum err e = find_file(call, job->subject, job->seq, ret_file);

	if (!e) {
		hash_hex(&job->hash, hex);
		*ret_whole = strcmp(hex, (*ret_file)->sha256) == 0;
	}
	return e;
}

static enum err
note(struct call *call, const struct file_job *job, const char *kind)
{
	return custody_record(
		call, &(struct custody_note){ .id = job->subject, .file = job->seq, .kind = kind });
}

/* --- handing out ------------------------------------------------------------------ */

/* Recorded first: nobody has the content of whom the record does not say so. */
static enum err
hand_out(struct call *call, struct file_job *job, json_t **ret_result)
{
	const struct evidence *file = NULL;
	bool whole = false;
	enum err e = judge(call, job, &file, &whole);

	if (!e && !whole) {
		e = note(call, job, KIND_EVIDENCE_DAMAGED);
		return e ? e : call_fail(call, "D372");
	}
	if (!e) {
		e = note(call, job, job->exporting ? KIND_EVIDENCE_EXPORTED : KIND_EVIDENCE_OPENED);
	}
	if (!e) {
		*ret_result = json_pack("{s:s, s:I, s:s, s:i}", "name", file->name, "size",
			(json_int_t)file->size, "sha256", file->sha256, "fd", job->from);
		e = *ret_result ? ERR_OK : ERR_NOMEM;
	}
	if (!e) {
		job->from = -1; /* the caller's from now on */
	}
	return e;
}

enum err
method_evidence_open(struct call *call, json_t **ret_result)
{
	struct file_job *job = NULL;
	bool done = false;
	enum err e = measure(call, JOB_OPEN, &job, &done);

	if (e == ERR_NOT_FOUND && !call->error) {
		return call_fail(call, "D375");
	}
	if (!e && arg_flag(call, "stop")) {
		return stop_job(call, job, ret_result);
	}
	if (!e && !done) {
		*ret_result = file_job_answer(job);
		return ERR_OK;
	}
	if (!e) {
		e = hand_out(call, job, ret_result);
		file_job_end(call->desk, job);
	}
	return e;
}

/* --- checking ----------------------------------------------------------------------- */

static json_t *
doc_checked(const char *id, const struct evidence *file, const char *state)
{
	return json_pack("{s:s, s:I, s:s, s:I, s:s, s:s, s:b}", "id", id, "seq",
		(json_int_t)file->seq, "name", file->name, "size", (json_int_t)file->size, "sha256",
		file->sha256, "state", state, "ok", strcmp(state, "whole") == 0);
}

/* A file that is not there: a copy of the desk alone is whole as a record, so it is only told. */
static enum err
tell_missing(struct call *call, json_t **ret_result)
{
	const char *id = arg_text(call, "id");
	const struct evidence *file = NULL;
	enum err e = find_file(call, id, arg_count(call, "seq", 0), &file);

	if (!e) {
		*ret_result = doc_checked(id, file, "missing");
	}
	return e;
}

static enum err
tell_measured(struct call *call, const struct file_job *job, json_t **ret_result)
{
	const struct evidence *file = NULL;
	bool whole = false;
	enum err e = judge(call, job, &file, &whole);

	if (!e) {
		e = note(call, job, whole ? KIND_EVIDENCE_MEASURED : KIND_EVIDENCE_DAMAGED);
	}
	if (!e) {
		*ret_result = doc_checked(job->subject, file, whole ? "whole" : "damaged");
	}
	return e;
}

enum err
method_evidence_check(struct call *call, json_t **ret_result)
{
	struct file_job *job = NULL;
	bool done = false;
	enum err e = measure(call, JOB_CHECK, &job, &done);

	if (e == ERR_NOT_FOUND && !call->error) {
		return tell_missing(call, ret_result);
	}
	if (!e && arg_flag(call, "stop")) {
		return stop_job(call, job, ret_result);
	}
	if (!e && !done) {
		*ret_result = file_job_answer(job);
		return ERR_OK;
	}
	if (!e) {
		e = tell_measured(call, job, ret_result);
		file_job_end(call->desk, job);
	}
	return e;
}

/* --- listing ------------------------------------------------------------------------ */

static enum err
list_case(struct call *call, const char *id, json_t *files)
{
	struct dossier *dossier = NULL;
	enum err e = dossier_open(call, id, &dossier);

	if (e == ERR_NOT_FOUND) {
		json_decref(call->error); /* it is none of the caller's: nothing is told of it */
		call->error = NULL;
		return ERR_OK;
	}
	for (size_t i = 0; !e && i < dossier->incident.n_evidence; i++) {
		json_t *file = doc_evidence_file(call, &dossier->incident, i);

		if (!file || json_object_set_new(file, "id", json_string(id)) != 0 ||
			json_array_append_new(files, file) != 0) {
			e = ERR_NOMEM;
		}
	}
	return e;
}

enum err
method_evidence_list(struct call *call, json_t **ret_result)
{
	const char *after = arg_text(call, "after");
	const char *seen = NULL; /* a cursor that named a hidden case would tell of it */
	struct incident_list list = { NULL, PAGE };
	json_t *files = json_array();
	enum err e = ERR_OK;

	for (after = after ? after : ""; !e && !seen && list.n == PAGE;
		after = list.n ? list.items[list.n - 1].id : after) {
		e = store_incidents_by_id(call->store, call->arena, after, PAGE, &list);
		if (e) {
			e = call_fail_store(call, e, false);
		}
		for (size_t i = 0; !e && i < list.n; i++) {
			bool sees = row_sight(call, &list.items[i]) == ROW_SEEN;

			seen = sees ? list.items[i].id : seen;
			e = sees ? list_case(call, list.items[i].id, files) : ERR_OK;
		}
	}
	if (e) {
		json_decref(files);
		return e;
	}
	*ret_result = json_pack("{s:o, s:o}", "files", files, "next",
		seen && list.n == PAGE ? json_string(seen) : json_null());
	return ERR_OK;
}
