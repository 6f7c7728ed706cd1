/* SPDX-License-Identifier: MIT */
/*
 * Hardening of the process: see hardening.h.
 */
#include "hardening.h"

#include <fcntl.h>
#include <jansson.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "toban/base/memory.h"

/* The leak check of a build for tests looks at the process as a debugger does. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_LOOKED_AT 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_LOOKED_AT 1
#endif
#endif
#ifndef IS_LOOKED_AT
#define IS_LOOKED_AT 0
#endif

bool
hardening_is_privileged(void)
{
	return geteuid() != getuid() || getegid() != getgid();
}

bool
hardening_hold_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		/* Read only: writing to a closed stream stays an error that is reported. */
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd) {
			return false;
		}
	}
	return true;
}

/*
 * A document of arguments may hold a PIN or a passphrase, and jansson's reader keeps
 * pieces of it in buffers of its own: whatever it gives back is wiped.
 */
static void
wiping_free(void *memory)
{
	if (memory) {
		explicit_bzero(memory, malloc_usable_size(memory));
		free(memory);
	}
}

void
hardening_start(void)
{
	const struct rlimit none = { 0, 0 };

	memory_put_aside();
	json_set_alloc_funcs(memory_take_or_spare, wiping_free);
	/* None of these can fail with these arguments; lowering a limit is always allowed. */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
	(void)setrlimit(RLIMIT_CORE, &none);
	if (!IS_LOOKED_AT) {
		(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	}
}
