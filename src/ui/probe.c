/* SPDX-License-Identifier: MIT */
/*
 * How wide are a circle and a kana?  The terminal tells where its cursor is
 * after each; whatever else comes was typed by somebody in a hurry.
 */
#include "probe.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "toban/base/clock.h"

void
probe_ask(struct probe *probe)
{
	*probe = (struct probe){ .asked = PROBE_QUESTIONS, .asked_ms = clock_steady_ms() };
	printf("\r\xe2\x97\x8b\033[6n\r\xe3\x81\x82\033[6n\r\033[K");
	fflush(stdout);
}

void
probe_take(struct probe *probe, int col)
{
	if (probe->answered < probe->asked) {
		probe->cols[probe->answered++] = col;
	}
}

/* Takes a cursor report "ESC [ row ; col R" out of what was read; 0: none is there. */
static int
take_report(struct str *read)
{
	for (const char *at = strchr(str_text(read), '\033'); at; at = strchr(at + 1, '\033')) {
		size_t from = (size_t)(at - str_text(read));
		int row = 0;
		int col = 0;
		int len = 0;

		if (sscanf(at, "\033[%4d;%4dR%n", &row, &col, &len) == 2 && len > 0) {
			memmove(read->data + from, at + len, read->len - from - (size_t)len + 1);
			read->len -= (size_t)len;
			return col;
		}
	}
	return 0;
}

void
probe_await(struct probe *probe, struct str *ahead, int limit_ms)
{
	while (probe->answered < probe->asked) {
		struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
		int64_t left = probe->asked_ms + limit_ms - clock_steady_ms();
		char bytes[256];
		ssize_t got;
		int col;

		if (left <= 0 || poll(&fd, 1, (int)left) <= 0) {
			break;
		}
		got = read(STDIN_FILENO, bytes, sizeof(bytes));
		if (got <= 0) {
			break;
		}
		for (ssize_t i = 0; i < got; i++) {
			/* A NUL would end the text that is searched; it is no key. */
			str_add_n(ahead, bytes + i, bytes[i] != '\0');
		}
		explicit_bzero(bytes, (size_t)got);
		while (probe->answered < probe->asked && (col = take_report(ahead)) > 0) {
			probe_take(probe, col);
		}
	}
}

bool
probe_is_answered(const struct probe *probe)
{
	return probe->asked > 0 && probe->answered == probe->asked;
}

int
probe_ambiguous(const struct probe *probe)
{
	return probe_is_answered(probe) && probe->cols[0] == 3 ? 2 : 1;
}

bool
probe_draws_kana(const struct probe *probe)
{
	return !probe_is_answered(probe) || probe->cols[1] == 3;
}
