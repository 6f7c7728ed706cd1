/* SPDX-License-Identifier: MIT */
/*
 * Whatever is pressed, in whatever window: the screen keeps its invariants and
 * the program its head.  The seeds are fixed, so a fault comes again.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "live.h"

enum { KEYS = 600, KEYS_EACH = 200 };

static const char *const keys[] = { "<Down>", "<Up>", "<Enter>", "<Enter>", "<Esc>", "<Tab>",
	"<S-Tab>", "<Left>", "<Right>", "<Home>", "<End>", "<PgUp>", "<PgDn>", "<BS>", "<Del>",
	"<F1>", "<F2>", "<F3>", "<F4>", "<F5>", "n", "y", "u", "a", "w", "t", "c", "d", "e", "m",
	"r", "o", "p", "x", "b", "j", "k", "g", "G", "/", ":", "?", " ", "1", "2", "あ", "漏", "ｙ",
	"ﾊﾞ", "<C-s>", "<C-e>", "<C-_>", "<C-k>", "<C-u>", "<C-w>", "<C-l>", "<C-x>" };

static const int sizes[][2] = { { 24, 80 }, { 16, 60 }, { 50, 200 }, { 30, 132 }, { 8, 30 } };

/* A small generator of our own: the same keys on every machine. */
static unsigned
next(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16;
}

static void
press_at_random(struct vt *vt, unsigned seed, int n_keys)
{
	for (int i = 0; i < n_keys && vt_alive(vt); i++) {
		unsigned roll = next(&seed) % 100;

		if (roll == 0) {
			const int *size = sizes[next(&seed) % (sizeof(sizes) / sizeof(sizes[0]))];

			vt_resize(vt, size[0], size[1]);
		} else if (roll == 1) {
			vt_paste(vt, "貼り付け\nした文\x1b[2J字");
		} else {
			vt_keys(vt, keys[next(&seed) % (sizeof(keys) / sizeof(keys[0]))]);
		}
	}
	if (vt_alive(vt)) {
		vt_hangup(vt);
	}
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
}

static void
random__keys__keep_the_screen_whole(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 4; seed++) {
		const char *argv[] = { getenv("FAKE_DESK"), getenv("FAKE_ANSWERS"),
			seed % 2 ? "en" : "ja", NULL };

		press_at_random(
			vt_start(&(struct vt_options){ .argv = argv, .rows = 24, .cols = 80 }),
			seed, KEYS);
	}
}

/* However the terminal goes: the person comes again and goes on. */
static void
leave_somehow(struct vt *vt, unsigned how)
{
	int status = 0;

	if (how % 3 == 0) {
		vt_hangup(vt);
	} else {
		vt_signal(vt, how % 3 == 1 ? SIGTERM : SIGKILL);
		status = how % 3 == 1 ? 0 : 128 + SIGKILL;
	}
	assert_int_equal(vt_wait_exit(vt), status);
	vt_free(vt);
}

/* On a real desk: whatever they press, the record stays whole. */
static void
random__keys_of_every_role__leave_the_record_whole(void **state)
{
	static const char *const people[] = { "dc-operator-1", "dc-owner", "office-head",
		"auditor-1" };
	struct desk *desk = *state;
	struct str out = STR_INIT;
	const char *verify[] = { getenv("TOBAN"), "--desk", desk->path, "--as", "auditor-1",
		"verify", "--rebuild", NULL };

	for (unsigned i = 0; i < 8; i++) {
		struct vt *vt = live_start(desk, people[i % 4]);
		unsigned seed = 200 + i;

		for (int key = 0; key < KEYS_EACH / 4 && vt_alive(vt); key++) {
			vt_keys(vt, keys[next(&seed) % (sizeof(keys) / sizeof(keys[0]))]);
		}
		if (vt_alive(vt)) {
			leave_somehow(vt, i);
		} else {
			vt_free(vt);
		}
		press_at_random(live_start(desk, people[i % 4]), 100 + i, KEYS_EACH);
	}
	live_expect_no_sender(desk);
	assert_int_equal(live_run(verify, &out), 0);
	str_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random__keys__keep_the_screen_whole),
		cmocka_unit_test_setup_teardown(random__keys_of_every_role__leave_the_record_whole,
			live_setup, live_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
