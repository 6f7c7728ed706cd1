/* SPDX-License-Identifier: MIT */
/*
 * Work on a file that may be large: taking one in, measuring one.  A call does one
 * piece of it and the same caller goes on with the next call, so that neither
 * a screen nor the others whom one process serves wait for a whole gigabyte.
 */
#ifndef TOBAN_DESK_FILE_JOB_H
#define TOBAN_DESK_FILE_JOB_H

#include <stdbool.h>
#include <sys/stat.h>

#include "call.h"
#include "toban/base/hash.h"

/* The largest file that can be attached: 4 GiB. */
#define FILE_JOB_LARGEST (INT64_C(4) << 30)

enum file_job_kind { JOB_PUT, JOB_OPEN, JOB_CHECK };

/* Texts are its own (malloc), descriptors too. */
struct file_job {
	struct file_job *next;
	enum file_job_kind kind;
	char token[NEW_ID_SIZE]; /* by which its caller goes on */
	char *person;
	stamp touched;   /* of the last piece */
	int from;        /* read, by position: the caller's offset is not moved */
	int to;          /* the copy; -1 none */
	char *temporary; /* where the copy is until it has its name; NULL */
	char *name;
	char *subject; /* the case; NULL */
	int64_t seq;   /* the entry that attached it */
	bool exporting;
	struct stat began; /* of `from` */
	int64_t done;      /* bytes */
	struct hash_stream *stream;
	struct hash hash; /* when all of it was read */
};

/*
 * A new job for the caller, kept by the desk; takes over `from`, also on failure.
 * D374 when the caller, or all together, have too many under way.
 */
enum err file_job_new(struct call *call, enum file_job_kind kind, int from, struct file_job **ret);

/* The caller's job of that token and kind; D376 when there is none. */
enum err file_job_find(
	struct call *call, enum file_job_kind kind, const char *token, struct file_job **ret);

/*
 * One piece: reads, hashes, copies.  *ret_done when that was the last, and `hash` is set.
 * ERR_CONFLICT: the file is not what it was when the job began.  ERR_FULL, ERR_IO.
 */
enum err file_job_run(struct file_job *job, stamp now, bool *ret_done);

/* Ends the job and leaves nothing behind: what was not renamed is removed. */
void file_job_end(struct desk *desk, struct file_job *job);

/* Ends those whose callers went away. */
void file_jobs_drop_idle(struct desk *desk, stamp now);
void file_jobs_free(struct desk *desk);

/* {"continue","done","size"}: what a method answers when there is more to do. */
json_t *file_job_answer(const struct file_job *job);

#endif
