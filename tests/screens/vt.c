/* SPDX-License-Identifier: MIT */
/*
 * A terminal for tests: forkpty, libvterm and the idle marker.
 */
#include "vt.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>

#include <cmocka.h>

#include "vt_parts.h"

enum {
	WATCHDOG_MS = 20000, /* far beyond anything a screen takes; only a hang meets it */
	MIN_ROWS = 16,
	MIN_COLS = 60,
};

static void
fail_with_screen(struct vt *vt, const char *what, const char *detail)
{
	print_error("%s: %s\n", what, detail);
	/* Row by row: cmocka cuts a message after 1,024 bytes. */
	for (int row = 0; row < vt->rows; row++) {
		print_error("%s\n", vt_row(vt, row));
	}
	fail();
}

static int
on_prop(VTermProp prop, VTermValue *value, void *user)
{
	struct vt *vt = user;

	if (prop == VTERM_PROP_CURSORVISIBLE) {
		vt->cursor_visible = value->boolean;
	}
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_prop };

static void
set_environment(const struct vt_options *options)
{
	(void)unsetenv("LINES");
	(void)unsetenv("COLUMNS");
	(void)unsetenv("NO_COLOR");
	(void)setenv("TERM", options->term ? options->term : "xterm-256color", 1);
	(void)setenv("LC_ALL", "C.UTF-8", 1);
	(void)setenv("TOBAN_TEST", "1", 1);
	(void)setenv("XDG_RUNTIME_DIR", "", 1); /* what lies in /tmp is not this test's */
	for (const char *const *env = options->env; env && *env; env++) {
		(void)putenv(strdup(*env));
	}
}

static void
start_program(struct vt *vt, const struct vt_options *options)
{
	struct winsize size = { .ws_row = (unsigned short)options->rows,
		.ws_col = (unsigned short)options->cols };

	int slave = -1;

	assert_int_equal(openpty(&vt->fd, &slave, NULL, NULL, &size), 0);
	assert_int_equal(tcgetattr(slave, &vt->settings), 0);
	vt->pid = fork();
	assert_true(vt->pid >= 0);
	if (vt->pid == 0) {
		(void)close(vt->fd);
		(void)login_tty(slave);
		set_environment(options);
		(void)execv(options->argv[0], (char *const *)(uintptr_t)options->argv);
		_exit(127);
	}
	(void)close(slave);
	if (options->ahead) {
		size_t len = strlen(options->ahead);

		assert_int_equal(write(vt->fd, options->ahead, len), (ssize_t)len);
		vt->sent += (long)len;
	}
}

/* False: the program has left; the wait will notice. */
static bool
write_input(struct vt *vt, const char *bytes, size_t len, size_t part)
{
	for (size_t at = 0; at < len;) {
		ssize_t n = write(vt->fd, bytes + at, len - at < part ? len - at : part);

		if (n <= 0) {
			return false;
		}
		at += (size_t)n;
	}
	return true;
}

/* What a bad line makes of the terminal's answers. */
static bool
reply(struct vt *vt, const char *bytes, size_t len)
{
	switch (vt->reply) {
	case VT_REPLY_NONE:
		return true;
	case VT_REPLY_GARBAGE:
		return write_input(vt, "\x1b[;R\x1b[?1;2c\x1b[9R", 15, 15);
	case VT_REPLY_LATIN:
		str_clear(&vt->late);
		str_add(&vt->late, "\x1b[1;4R\x1b[1;4R");
		return true;
	case VT_REPLY_LATE:
		str_add_n(&vt->late, bytes, len);
		return true;
	case VT_REPLY_SPLIT:
		return write_input(vt, bytes, len, 1);
	case VT_REPLY_REAL:
	default:
		return write_input(vt, bytes, len, len);
	}
}

/* Hands the program what the terminal answers: cursor reports, keys. */
static void
flush_input(struct vt *vt)
{
	char buffer[1024];
	size_t len;

	while ((len = vterm_output_read(vt->vterm, buffer, sizeof(buffer))) > 0) {
		bool done = vt->stream.marks == 0 ? reply(vt, buffer, len)
						  : write_input(vt, buffer, len, len);

		if (!done) {
			return;
		}
	}
}

static void
draw(struct vt *vt, const char *bytes, size_t len)
{
	struct str wide = STR_INIT;

	if (!vt->draws_wide) {
		(void)vterm_input_write(vt->vterm, bytes, len);
		return;
	}
	wide_translate(&vt->wide, bytes, len, &wide);
	(void)vterm_input_write(vt->vterm, str_text(&wide), wide.len);
	str_release(&wide);
}

/* Reads once; false when the program closed the terminal. */
static bool
pump(struct vt *vt)
{
	struct pollfd fd = { .fd = vt->fd, .events = POLLIN };
	char buffer[8192];
	ssize_t n;

	if (poll(&fd, 1, WATCHDOG_MS) == 0) {
		fail_with_screen(vt, "nothing came for 20 seconds", "");
	}
	n = read(vt->fd, buffer, sizeof(buffer));
	if (n <= 0) {
		return false;
	}
	vt->bytes += (size_t)n;
	str_add_n(&vt->raw, buffer, (size_t)n);
	if (!stream_feed(&vt->stream, buffer, (size_t)n)) {
		fail_with_screen(vt, "unknown control in the output", stream_fault(&vt->stream));
	}
	draw(vt, buffer, (size_t)n);
	flush_input(vt);
	return true;
}

static void
check_cells(struct vt *vt)
{
	for (int row = 0; row < vt->rows; row++) {
		bool half = false;

		for (int col = 0; col < vt->cols; col++) {
			VTermScreenCell cell;
			bool filler;

			(void)vterm_screen_get_cell(
				vt->screen, (VTermPos){ .row = row, .col = col }, &cell);
			filler = cell.chars[0] == (uint32_t)-1;
			if (filler != half) {
				fail_with_screen(vt, "a wide character is split", vt_row(vt, row));
			}
			half = !filler && cell.width == 2;
		}
	}
}

/*
 * What one step may cost: 4 KB at 80x24 and less, about 9.6 KB at 200x50.  The
 * board keeps to 2.5 KB (bench_screen); a whole new screen of Japanese, whose letters
 * take three bytes for two cells, with what is read after its first frame, to this.
 */
static size_t
budget(const struct vt *vt)
{
	size_t cells = (size_t)vt->rows * (size_t)vt->cols;

	return cells <= 1920 ? 4000 : 4000 + (cells - 1920) * 70 / 100;
}

static void
check_bytes(struct vt *vt)
{
	if (vt->stream.most > budget(vt)) {
		char what[80];

		(void)snprintf(what, sizeof(what), "%zu bytes, the budget is %zu", vt->stream.most,
			budget(vt));
		fail_with_screen(vt, "one step wrote too much", what);
	}
	vt->stream.most = 0;
}

/* What must hold on every screen after every step. */
static void
check_invariants(struct vt *vt)
{
	const char *hints;
	int row;
	int col;

	check_cells(vt);
	check_bytes(vt);
	vt_cursor(vt, &row, &col, NULL);
	assert_in_range(row, 0, vt->rows - 1);
	assert_in_range(col, 0, vt->cols - 1);
	hints = vt_row(vt, vt->rows - 1);
	if (vt->rows >= MIN_ROWS && vt->cols >= MIN_COLS && !strstr(hints, " ?:") &&
		!strstr(hints, " F1:")) {
		fail_with_screen(vt, "the last row has no hint for help", hints);
	}
}

/* Waits until everything sent is done and painted; false: the program left. */
static bool
wait_idle(struct vt *vt)
{
	while (vt->stream.done < vt->sent || vt->stream.marks == 0) {
		if (!pump(vt)) {
			vt->ended = true;
			return false;
		}
	}
	check_invariants(vt);
	return true;
}

struct vt *
vt_start(const struct vt_options *options)
{
	struct vt *vt = calloc(1, sizeof(*vt));

	assert_non_null(vt);
	vt->rows = options->rows;
	vt->cols = options->cols;
	vt->cursor_visible = true;
	vt->draws_wide = options->ambiguous == 2;
	vt->reply = options->reply;
	vt->vterm = vterm_new(vt->rows, vt->cols);
	vterm_set_utf8(vt->vterm, 1);
	vt->screen = vterm_obtain_screen(vt->vterm);
	vterm_screen_set_callbacks(vt->screen, &callbacks, vt);
	vterm_screen_reset(vt->screen, 1);
	start_program(vt, options);
	if (!wait_idle(vt)) {
		fail_with_screen(vt, "the program ended at once", options->argv[0]);
	}
	(void)write_input(vt, str_text(&vt->late), vt->late.len, 1); /* a wait would notice */
	return vt;
}

void
vt_free(struct vt *vt)
{
	if (!vt) {
		return;
	}
	if (vt->pid > 0) {
		(void)kill(vt->pid, SIGKILL);
		(void)waitpid(vt->pid, NULL, 0);
	}
	if (vt->fd >= 0) {
		(void)close(vt->fd);
	}
	vterm_free(vt->vterm);
	str_release(&vt->text);
	str_release(&vt->late);
	str_release(&vt->raw);
	free(vt);
}

struct named_key {
	const char *name;
	VTermKey key;
	VTermModifier modifier;
};

static const struct named_key named_keys[] = {
	{ "Enter", VTERM_KEY_ENTER, VTERM_MOD_NONE },
	{ "Esc", VTERM_KEY_ESCAPE, VTERM_MOD_NONE },
	{ "Tab", VTERM_KEY_TAB, VTERM_MOD_NONE },
	{ "S-Tab", VTERM_KEY_TAB, VTERM_MOD_SHIFT },
	{ "Up", VTERM_KEY_UP, VTERM_MOD_NONE },
	{ "Down", VTERM_KEY_DOWN, VTERM_MOD_NONE },
	{ "Left", VTERM_KEY_LEFT, VTERM_MOD_NONE },
	{ "Right", VTERM_KEY_RIGHT, VTERM_MOD_NONE },
	{ "Home", VTERM_KEY_HOME, VTERM_MOD_NONE },
	{ "End", VTERM_KEY_END, VTERM_MOD_NONE },
	{ "PgUp", VTERM_KEY_PAGEUP, VTERM_MOD_NONE },
	{ "PgDn", VTERM_KEY_PAGEDOWN, VTERM_MOD_NONE },
	{ "BS", VTERM_KEY_BACKSPACE, VTERM_MOD_NONE },
	{ "Del", VTERM_KEY_DEL, VTERM_MOD_NONE },
	{ "F1", VTERM_KEY_FUNCTION(1), VTERM_MOD_NONE },
	{ "F2", VTERM_KEY_FUNCTION(2), VTERM_MOD_NONE },
	{ "F3", VTERM_KEY_FUNCTION(3), VTERM_MOD_NONE },
	{ "F4", VTERM_KEY_FUNCTION(4), VTERM_MOD_NONE },
	{ "F5", VTERM_KEY_FUNCTION(5), VTERM_MOD_NONE },
	{ "F6", VTERM_KEY_FUNCTION(6), VTERM_MOD_NONE },
	{ "F7", VTERM_KEY_FUNCTION(7), VTERM_MOD_NONE },
	{ "F8", VTERM_KEY_FUNCTION(8), VTERM_MOD_NONE },
	{ "F9", VTERM_KEY_FUNCTION(9), VTERM_MOD_NONE },
	{ "F10", VTERM_KEY_FUNCTION(10), VTERM_MOD_NONE },
	{ "F11", VTERM_KEY_FUNCTION(11), VTERM_MOD_NONE },
	{ "F12", VTERM_KEY_FUNCTION(12), VTERM_MOD_NONE },
};

static void
press_named(struct vt *vt, const char *name, size_t len)
{
	if (len == 3 && name[0] == 'C' && name[1] == '-') {
		char control = (char)(name[2] & 0x1f);

		assert_int_equal(write(vt->fd, &control, 1), 1);
		return;
	}
	if (len == 2 && strncmp(name, "lt", 2) == 0) {
		vterm_keyboard_unichar(vt->vterm, '<', VTERM_MOD_NONE);
		return;
	}
	for (size_t i = 0; i < sizeof(named_keys) / sizeof(named_keys[0]); i++) {
		if (strlen(named_keys[i].name) == len &&
			strncmp(named_keys[i].name, name, len) == 0) {
			vterm_keyboard_key(vt->vterm, named_keys[i].key, named_keys[i].modifier);
			return;
		}
	}
	print_error("no such key: %.*s\n", (int)len, name);
	fail();
}

/* Sends one key; returns the bytes of `keys` it took. */
static size_t
press(struct vt *vt, const char *keys)
{
	size_t len = 1;

	if (keys[0] == '<') {
		len = strcspn(keys, ">");
		press_named(vt, keys + 1, len - 1);
		len++;
	} else {
		while (((unsigned char)keys[len] & 0xc0) == 0x80) {
			len++;
		}
		/* The bytes of a character are the same on every terminal. */
		assert_int_equal(write(vt->fd, keys, len), (ssize_t)len);
	}
	flush_input(vt);
	vt->sent++;
	return len;
}

void
vt_keys(struct vt *vt, const char *keys)
{
	while (*keys) {
		bool escape = strncmp(keys, "<Esc>", 5) == 0;

		keys += press(vt, keys);
		/* A key right behind Esc would be read as Alt and that key. */
		if (escape && !wait_idle(vt)) {
			return;
		}
	}
	(void)wait_idle(vt); /* the last key may have ended the program */
}

void
vt_type(struct vt *vt, const char *keys)
{
	while (*keys) {
		keys += press(vt, keys);
	}
}

void
vt_keys_anew(struct vt *vt, const char *keys)
{
	long before = vt->sent;

	assert_true(before > 0); /* else a count that begins anew cannot be told */
	vt_type(vt, keys);
	while (vt->stream.done >= before) {
		if (!pump(vt)) {
			vt->ended = true;
			return;
		}
	}
	vt->sent = vt->stream.done;
	(void)wait_idle(vt);
}

void
vt_bytes_as_key(struct vt *vt, const char *bytes)
{
	size_t len = strlen(bytes);

	assert_int_equal(write(vt->fd, bytes, len), (ssize_t)len);
	vt->sent++;
	(void)wait_idle(vt); /* as above */
}

void
vt_send(struct vt *vt, const void *bytes, size_t len)
{
	const char *from = bytes;

	/* The program answers while it reads: neither side may wait for the other. */
	for (size_t at = 0; at < len;) {
		struct pollfd fd = { .fd = vt->fd, .events = POLLIN | POLLOUT };

		assert_true(poll(&fd, 1, WATCHDOG_MS) > 0);
		if (fd.revents & (POLLIN | POLLHUP) && !pump(vt)) {
			vt->ended = true;
			return;
		}
		if (fd.revents & POLLOUT) {
			ssize_t n = write(vt->fd, from + at, len - at < 512 ? len - at : 512);

			assert_true(n > 0);
			at += (size_t)n;
		}
	}
}

void
vt_signal(struct vt *vt, int number)
{
	assert_int_equal(kill(vt->pid, number), 0);
}

int
vt_pid(const struct vt *vt)
{
	return vt->pid;
}

bool
vt_is_restored(struct vt *vt)
{
	struct termios now;
	const char *left = NULL;

	assert_int_equal(tcgetattr(vt->fd, &now), 0);
	if (now.c_iflag != vt->settings.c_iflag || now.c_oflag != vt->settings.c_oflag ||
		now.c_cflag != vt->settings.c_cflag || now.c_lflag != vt->settings.c_lflag ||
		memcmp(now.c_cc, vt->settings.c_cc, sizeof(now.c_cc)) != 0) {
		left = "the settings of the line";
	} else if (vt->stream.alternate) {
		left = "the alternate screen";
	} else if (vt->stream.hidden) {
		left = "the cursor";
	} else if (vt->stream.bracketed) {
		left = "the marks of pastes";
	}
	if (left) {
		print_error("not put back: %s\n", left);
	}
	return !left;
}

const char *
vt_raw(struct vt *vt, size_t *ret_len)
{
	*ret_len = vt->raw.len;
	return str_text(&vt->raw);
}

void
vt_paste(struct vt *vt, const char *text)
{
	size_t len = strlen(text);

	vterm_keyboard_start_paste(vt->vterm);
	flush_input(vt);
	for (size_t at = 0; at < len;) {
		size_t part = len - at < 2048 ? len - at : 2048;
		ssize_t n = write(vt->fd, text + at, part);

		assert_true(n > 0);
		at += (size_t)n;
	}
	vterm_keyboard_end_paste(vt->vterm);
	flush_input(vt);
	vt->sent++;
	(void)wait_idle(vt); /* as above */
}

void
vt_resize(struct vt *vt, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	if (rows == vt->rows && cols == vt->cols) {
		return; /* the kernel would signal nothing */
	}
	vt->rows = rows;
	vt->cols = cols;
	vterm_set_size(vt->vterm, rows, cols);
	assert_int_equal(ioctl(vt->fd, TIOCSWINSZ, &size), 0);
	vt->sent++;
	(void)wait_idle(vt); /* as above */
}

void
vt_hangup(struct vt *vt)
{
	(void)close(vt->fd);
	vt->fd = -1;
}

bool
vt_alive(const struct vt *vt)
{
	return !vt->ended;
}

void
vt_wait_text(struct vt *vt, const char *text)
{
	while (!vt_has_text(vt, text)) {
		if (!pump(vt)) {
			fail_with_screen(vt, "the program left before it showed", text);
		}
	}
}

int
vt_wait_exit(struct vt *vt)
{
	int status = 0;

	while (vt->fd >= 0 && pump(vt)) {
	}
	assert_int_equal(waitpid(vt->pid, &status, 0), vt->pid);
	vt->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool
vt_has_text(struct vt *vt, const char *text)
{
	return strstr(vt_text(vt), text) != NULL;
}

void
vt_expect(struct vt *vt, const char *text)
{
	if (!vt_has_text(vt, text)) {
		fail_with_screen(vt, "not on the screen", text);
	}
}

void
vt_refuse(struct vt *vt, const char *text)
{
	if (vt_has_text(vt, text)) {
		fail_with_screen(vt, "on the screen, but should not be", text);
	}
}

size_t
vt_bytes(struct vt *vt)
{
	size_t bytes = vt->bytes - vt->stream.mark_bytes;

	vt->bytes = 0;
	vt->stream.mark_bytes = 0;
	return bytes;
}
