/* SPDX-License-Identifier: MIT */
/*
 * How wide are a circle and a kana?  The terminal tells where its cursor is
 * after each; whatever else comes was typed by somebody in a hurry.
 */
#include "probe.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "toban/base/clock.h"

enum { PROBE_LIMIT_MS = 300 };

/*
 * Takes a cursor report "ESC [ row ; col R" out of what was read; its column, 0:
 * none is there.  Everything else was typed by somebody in a hurry and stays.
 */
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

/* Reads until both reports are there or the time is over; how many came. */
static int
read_reports(struct str *ahead, int cols[2])
{
	int64_t until = clock_steady_ms() + PROBE_LIMIT_MS;
	int n = 0;

	while (n < 2) {
		struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
		int64_t left = until - clock_steady_ms();
		char bytes[256];
		ssize_t got;

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
		while (n < 2 && (cols[n] = take_report(ahead)) > 0) {
			n++;
		}
	}
	return n;
}

/* Both are asked at once, so that a slow line costs one way there and back. */
struct probe_answer
probe_widths(struct str *ahead)
{
	struct probe_answer answer = { .ambiguous = 1, .kana = true };
	struct termios before;
	struct termios quiet;
	int cols[2] = { 0, 0 };

	if (tcgetattr(STDIN_FILENO, &before) != 0) {
		return answer;
	}
	quiet = before;
	quiet.c_iflag &= ~(tcflag_t)(ICRNL | IXON);
	quiet.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
	quiet.c_cc[VMIN] = 1;
	quiet.c_cc[VTIME] = 0;
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &quiet); /* a terminal that refuses won't answer */
	printf("\r\xe2\x97\x8b\033[6n\r\xe3\x81\x82\033[6n\r\033[K");
	fflush(stdout);
	answer.answered = read_reports(ahead, cols) == 2;
	if (answer.answered) {
		answer.kana = cols[1] == 3;
		answer.ambiguous = cols[0] == 3 ? 2 : 1;
	}
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &before);
	return answer;
}
