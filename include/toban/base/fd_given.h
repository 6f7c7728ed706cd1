/* SPDX-License-Identifier: MIT */
/*
 * Descriptors that somebody else opened and handed over.  What is behind them may be of their own
 * making: a file system in a name space of theirs answers when it likes, or never, and closing a
 * file of it waits for it, so that not even a signal ends who does (FUSE, also below an overlay).
 */
#ifndef TOBAN_BASE_FD_GIVEN_H
#define TOBAN_BASE_FD_GIVEN_H

#include <stdbool.h>

/*
 * Whether using or closing it may wait for somebody.  False for what lies on a file system
 * on a block device, of one that is mounted where this process is, or of one of the kernel's own.
 * Asks no file system, and so does not wait itself.
 */
bool fd_given_may_wait(int fd);

/*
 * Closes it in a thread of its own, and returns when it is no descriptor of this process any
 * more: a child that is started then does not close it, either.  It stays open where no thread
 * can be had.
 */
void fd_given_close(int fd);

/*
 * Whether another may be taken over.  Not while 64 wait to be closed: whoever hands over such ones
 * would use up the threads of this process.
 */
bool fd_given_room(void);

#endif
