/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing the file of toban's own key.
 */
#include "own_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "places.h"
#include "toban/base/clock.h"
#include "toban/base/fd.h"

#define FREE_TRIES 3
#define WAIT_MOST_MS INT64_C(60000)

/* An ordinary file of this account that nobody else can read. */
static bool
is_closed(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
		(status.st_mode & 077) == 0 && status.st_size <= SECRET_KEY_FILE_MOST;
}

static enum signer_fault
read_file(const struct own_key *key, struct str *out)
{
	/* Neither a link nor a pipe holds the program up. */
	int fd = key->path ? open(key->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
	enum signer_fault fault = SIGNER_OK;
	size_t len = 0;

	if (fd < 0) {
		return !key->path || errno == ENOENT || errno == ENOTDIR ? SIGNER_NO_KEY
			: errno == ELOOP                                 ? SIGNER_FILE
									 : SIGNER_DISK;
	}
	if (!is_closed(fd)) {
		fault = SIGNER_FILE;
	} else if (!str_reserve(out, SECRET_KEY_FILE_MOST + 1)) {
		fault = SIGNER_NOMEM;
	} else if (fd_read_all(fd, out->data, SECRET_KEY_FILE_MOST, &len) != ERR_OK) {
		fault = SIGNER_DISK;
	}
	out->len = len;
	(void)close(fd); /* only read from */
	return fault;
}

static enum signer_fault
fault_of(enum err e)
{
	switch (e) {
	case ERR_OK:
		return SIGNER_OK;
	case ERR_NOMEM:
		return SIGNER_NOMEM;
	case ERR_DENIED:
		return SIGNER_WRONG_PASSPHRASE;
	case ERR_EXISTS:
		return SIGNER_EXISTS;
	case ERR_IO:
	case ERR_FULL:
		return SIGNER_DISK;
	default:
		return SIGNER_FILE;
	}
}

enum signer_fault
own_key_peek(const struct own_key *key, struct ssh_public *ret, struct str *line)
{
	struct str file = STR_INIT;
	enum signer_fault fault = read_file(key, &file);

	if (!fault) {
		fault = fault_of(secret_key_peek(
			(struct ssh_bytes){ str_text(&file), file.len }, ret, line));
	}
	str_release(&file);
	return fault;
}

/* Whoever tries at an open terminal is slowed down; at the file alone argon2id does it. */
static void
count_wrong(struct own_key *key)
{
	int64_t wait = 1000;

	key->wrong++;
	if (key->wrong < FREE_TRIES) {
		return;
	}
	for (int i = FREE_TRIES; i < key->wrong && wait < WAIT_MOST_MS; i++) {
		wait *= 2;
	}
	key->wait_until_ms = clock_steady_ms() + (wait < WAIT_MOST_MS ? wait : WAIT_MOST_MS);
}

enum signer_fault
own_key_sign(struct own_key *key, const struct secret_text *passphrase, struct ssh_bytes text,
	struct sshsig *ret_sig)
{
	struct str file = STR_INIT;
	struct secret_key *secret = NULL;
	enum signer_fault fault = read_file(key, &file);

	if (!fault && (!passphrase || passphrase->len == 0)) {
		fault = SIGNER_PASSPHRASE;
	} else if (!fault && clock_steady_ms() < key->wait_until_ms) {
		fault = SIGNER_WAIT;
	} else if (!fault) {
		fault = fault_of(secret_key_unwrap(
			(struct ssh_bytes){ str_text(&file), file.len }, passphrase, &secret));
	}
	if (fault == SIGNER_WRONG_PASSPHRASE) {
		count_wrong(key);
	}
	if (!fault) {
		key->wrong = 0;
		fault = secret_key_sign(secret, SSHSIG_NAMESPACE, text, ret_sig) ? SIGNER_NOMEM
										 : SIGNER_OK;
	}
	secret_key_free(secret);
	str_release(&file);
	return fault;
}

/* --- making ----------------------------------------------------------------------------------- */

/* The folder of a path, to be made durable; free() it. */
static char *
folder_of(const char *path)
{
	char *copy = strdup(path);
	char *slash = copy ? strrchr(copy, '/') : NULL;

	if (slash) {
		*slash = '\0';
	}
	return copy;
}

/* Under a name of its own first, so that no half key ever stands at the right one. */
static enum err
write_file(const char *path, const struct str *content)
{
	struct str beside = STR_INIT;
	char *folder = folder_of(path);
	int fd;
	enum err e = ERR_NOMEM;

	str_addf(&beside, "%s.XXXXXX", path);
	if (beside.failed || !folder) {
		free(folder);
		return e;
	}
	fd = mkostemp(beside.data, O_CLOEXEC); /* mode 0600 */
	if (fd < 0) {
		e = fd_err(errno);
	} else {
		e = fd_write_all(fd, str_text(content), content->len);
		e = !e && fsync(fd) != 0 ? fd_err(errno) : e;
		e = close(fd) != 0 && !e ? fd_err(errno) : e;
		/* Unlike rename(), link() never replaces what is there. */
		if (!e && link(beside.data, path) != 0) {
			e = errno == EEXIST ? ERR_EXISTS : fd_err(errno);
		}
		(void)unlink(beside.data); /* a leftover is sealed like the key itself */
		e = e ? e : fd_sync_folder(folder);
	}
	free(folder);
	str_release(&beside);
	return e;
}

enum signer_fault
own_key_make(const struct own_key *key, const struct secret_text *passphrase, const char *comment,
	struct str *line)
{
	const struct secret_key_wrap wrap = { passphrase, comment, SECRET_KEY_SAFE };
	struct secret_key *secret = NULL;
	struct str content = STR_INIT;
	enum err e = key->path ? places_make_folder(key->path) : ERR_IO;

	if (!passphrase_is_good(passphrase)) {
		return SIGNER_WEAK_PASSPHRASE;
	}
	/* Asked before the second of work; link() decides. */
	if (!e && access(key->path, F_OK) == 0) {
		e = ERR_EXISTS;
	}
	if (!e) {
		e = secret_key_new(&secret);
	}
	if (!e) {
		e = secret_key_wrap(secret, &wrap, &content);
	}
	if (!e) {
		e = write_file(key->path, &content);
	}
	if (!e) {
		ssh_public_line(secret_key_public(secret), comment, line);
		e = line->failed ? ERR_NOMEM : ERR_OK;
	}
	secret_key_free(secret);
	str_release(&content);
	return fault_of(e);
}
