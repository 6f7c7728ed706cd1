/* SPDX-License-Identifier: MIT */
/*
 * The pieces of work on large files, and the list of what is under way.
 */
#include "file_job.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "toban/base/fd.h"

#define CHUNK (64 * 1024)
#define PIECE (4 * 1024 * 1024) /* about 20 ms of one processor */
#define IDLE_MS 120000          /* a caller who has not gone on for so long has gone away */
#define MOST_OF_PERSON 4
#define MOST 64 /* two descriptors each */

/* How many are under way; of `person` alone unless NULL. */
static int
count_jobs(const struct desk *desk, const char *person)
{
	int n = 0;

	for (const struct file_job *job = desk->jobs; job; job = job->next) {
		n += !person || strcmp(job->person, person) == 0;
	}
	return n;
}

static void
free_job(struct file_job *job)
{
	if (job->from >= 0) {
		(void)close(job->from); /* only read from */
	}
	if (job->to >= 0) {
		(void)close(job->to); /* what counts was synced */
	}
	if (job->temporary) {
		(void)unlink(job->temporary); /* the doctor names what could not be removed */
	}
	hash_stream_free(job->stream);
	free(job->temporary);
	free(job->person);
	free(job->name);
	free(job->subject);
	free(job);
}

enum err
file_job_new(struct call *call, enum file_job_kind kind, int from, struct file_job **ret)
{
	struct desk *desk = call->desk;
	struct file_job *job = calloc(1, sizeof(*job));

	if (!job) {
		(void)close(from); /* only read from */
		return ERR_NOMEM;
	}
	job->kind = kind;
	job->from = from;
	job->to = -1;
	job->touched = call->now;
	job->person = strdup(call->person->id);
	job->stream = hash_stream_new();
	random_id(call->now, job->token);
	if (!job->person || !job->stream || fstat(from, &job->began) != 0) {
		free_job(job);
		return ERR_NOMEM;
	}
	file_jobs_drop_idle(desk, call->now);
	if (count_jobs(desk, job->person) >= MOST_OF_PERSON || count_jobs(desk, NULL) >= MOST) {
		free_job(job);
		return call_fail(call, "D374");
	}
	job->next = desk->jobs;
	desk->jobs = job;
	*ret = job;
	return ERR_OK;
}

enum err
file_job_find(struct call *call, enum file_job_kind kind, const char *token, struct file_job **ret)
{
	for (struct file_job *job = call->desk->jobs; job; job = job->next) {
		if (job->kind == kind && strcmp(job->token, token) == 0 &&
			strcmp(job->person, call->person->id) == 0) {
			*ret = job;
			return ERR_OK;
		}
	}
	return call_fail(call, "D376");
}

/* At most CHUNK bytes at the job's place; 0 at the end. */
static enum err
read_chunk(const struct file_job *job, char *chunk, size_t *ret_len)
{
	ssize_t n;

	do {
		n = pread(job->from, chunk, CHUNK, (off_t)job->done);
	} while (n < 0 && errno == EINTR);
	if (n < 0) {
		return ERR_IO;
	}
	*ret_len = (size_t)n;
	return ERR_OK;
}

static bool
is_same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/*
 * Neither longer nor shorter than at the beginning, and not written to since.  Whoever writes can
 * set the time of that back, but not the time of the change; that a name was taken away changes
 * it, too, and nothing in the file.
 */
static bool
is_unchanged(const struct file_job *job)
{
	struct stat now;

	return job->done == job->began.st_size && fstat(job->from, &now) == 0 &&
		now.st_size == job->began.st_size &&
		is_same_time(&now.st_mtim, &job->began.st_mtim) &&
		(now.st_nlink != job->began.st_nlink ||
			is_same_time(&now.st_ctim, &job->began.st_ctim));
}

static enum err
run_piece(struct file_job *job, char *chunk, bool *ret_end)
{
	int64_t until = job->done + PIECE;
	size_t len = 1;
	enum err e = ERR_OK;

	while (!e && len > 0 && job->done < until) {
		e = read_chunk(job, chunk, &len);
		/* One that grows for ever is cut off here, not at the end of the disk. */
		if (!e && job->done + (int64_t)len > job->began.st_size) {
			e = ERR_CONFLICT;
		}
		if (!e && len > 0) {
			hash_stream_add(job->stream, chunk, len);
			e = job->to >= 0 ? fd_write_all(job->to, chunk, len) : ERR_OK;
			job->done += (int64_t)len;
		}
	}
	*ret_end = len == 0;
	return e;
}

enum err
file_job_run(struct file_job *job, stamp now, bool *ret_done)
{
	char *chunk = malloc(CHUNK);
	int64_t before = job->done;
	bool end = false;
	enum err e = chunk ? run_piece(job, chunk, &end) : ERR_NOMEM;

	free(chunk);
	job->touched = now;
	if (!e && end && !is_unchanged(job)) {
		e = ERR_CONFLICT;
	}
	if (!e && end) {
		hash_stream_finish(job->stream, &job->hash);
	} else if (!e && job->to >= 0) {
		/* Begins to write it out now, so that the sync at the end is no long wait. */
		(void)sync_file_range(job->to, before, job->done - before, SYNC_FILE_RANGE_WRITE);
	}
	if (!e) {
		*ret_done = end;
	}
	return e;
}

void
file_job_end(struct desk *desk, struct file_job *job)
{
	struct file_job **at = &desk->jobs;

	while (*at && *at != job) {
		at = &(*at)->next;
	}
	if (*at) {
		*at = job->next;
	}
	free_job(job);
}

void
file_jobs_drop_idle(struct desk *desk, stamp now)
{
	struct file_job *next;

	for (struct file_job *job = desk->jobs; job; job = next) {
		next = job->next;
		/* A clock that was put back ends it, too: its caller begins again. */
		if (now - job->touched > IDLE_MS || now < job->touched) {
			file_job_end(desk, job);
		}
	}
}

void
file_jobs_free(struct desk *desk)
{
	while (desk->jobs) {
		file_job_end(desk, desk->jobs);
	}
}

json_t *
file_job_answer(const struct file_job *job)
{
	return json_pack("{s:s, s:I, s:I}", "continue", job->token, "done", (json_int_t)job->done,
		"size", (json_int_t)job->began.st_size);
}
