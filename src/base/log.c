/* SPDX-License-Identifier: MIT */
/*
 * The program's own log.  Entries carry no time: nothing below main asks the
 * system for it, and journald or the file's reader adds one.
 */
#include "toban/base/log.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/str.h"
#include "toban/base/text.h"

static const char *const level_words[] = {
	[LOG_ERROR] = "error",
	[LOG_WARNING] = "warning",
	[LOG_INFO] = "info",
	[LOG_DEBUG] = "debug",
};

/*
 * Process-wide by nature: failures deep down must reach the administrator
 * without a log argument in every function.  Set by main only.
 */
static FILE *log_stream;
static enum log_level log_most = LOG_WARNING;

void
log_start(FILE *stream, enum log_level most)
{
	log_stream = stream;
	log_most = most;
}

void
log_line(enum log_level level, const char *fmt, ...)
{
	struct str line = STR_INIT;
	char *raw = NULL;
	va_list args;
	int len = 0;

	if (log_stream == NULL || level > log_most || (size_t)level >= ARRAY_LEN(level_words)) {
		return;
	}
	va_start(args, fmt);
	len = vasprintf(&raw, fmt, args);
	va_end(args);
	if (len < 0) {
		return; /* out of memory: the caller's own error still travels up */
	}
	str_addf(&line, "toban: %s: ", level_words[level]);
	text_show(&line, raw, (size_t)len, TEXT_LINE);
	str_add_char(&line, '\n');
	/* A log that cannot be written has nowhere to say so. */
	(void)fputs(str_text(&line), log_stream);
	(void)fflush(log_stream);
	str_release(&line);
	free(raw);
}
