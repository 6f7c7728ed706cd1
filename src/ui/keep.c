/* SPDX-License-Identifier: MIT */
/*
 * Bytes of the terminal read without curses, and kept until somebody takes them as keys.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "keyboard.h"

enum {
	CHUNK = 4096,                 /* what a terminal line hands out at once */
	KEPT_MOST = 16 * 1024 * 1024, /* as much as a paste */
};

bool
keyboard_refill(struct keyboard *kb, int wait_ms)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	char bytes[CHUNK];
	ssize_t n;

	errno = 0;
	if (poll(&fd, 1, wait_ms) != 1) {
		return false;
	}
	n = read(STDIN_FILENO, bytes, sizeof(bytes));
	if (n <= 0) {
		errno = n == 0 ? EIO : errno;
		return false;
	}
	if (kb->ahead_at >= kb->ahead.len) {
		str_clear(&kb->ahead);
		kb->ahead_at = 0;
	}
	str_add_n(&kb->ahead, bytes, (size_t)n);
	explicit_bzero(bytes, (size_t)n);
	return true;
}

bool
keyboard_waits(const struct keyboard *kb)
{
	return kb->ahead_at < kb->ahead.len;
}

/* Whether what was kept ends within a paste, which may hold any byte. */
static bool
in_paste(const struct keyboard *kb)
{
	const char *text = str_text(&kb->ahead) + kb->ahead_at; /* before it all is overwritten */
	bool open = kb->pasting;

	for (const char *at = strstr(text, "\033[20"); at; at = strstr(at + 1, "\033[20")) {
		if (strncmp(at, PASTE_BEGIN, strlen(PASTE_BEGIN)) == 0) {
			open = true;
		} else if (strncmp(at, PASTE_END, strlen(PASTE_END)) == 0) {
			open = false;
		}
	}
	return open;
}

bool
keyboard_keep(struct keyboard *kb, bool stops, bool *ret_stop)
{
	size_t before;
	bool more;
	char last;

	if (!keyboard_waits(kb)) {
		str_clear(&kb->ahead);
		kb->ahead_at = 0;
	}
	before = kb->ahead.len;
	do {
		errno = 0;
		more = keyboard_refill(kb, 0);
		if (!more && (errno == EIO || errno == EBADF)) {
			return false;
		}
	} while (more && kb->ahead.len < KEPT_MOST);
	if (more) {
		return false; /* nobody types that much: it is not waited any longer */
	}
	if (stops && kb->ahead.len > before && str_text(&kb->ahead)[kb->ahead.len - 1] == '\033') {
		(void)keyboard_refill(kb, ESC_DELAY_MS); /* the rest of a sequence */
	}
	if (!stops || kb->ahead.len <= before || in_paste(kb)) {
		return true;
	}
	last = str_text(&kb->ahead)[kb->ahead.len - 1];
	if (last == '\033' || last == 3) {
		str_truncate(&kb->ahead, kb->ahead.len - 1);
		*ret_stop = true;
	}
	return true;
}
