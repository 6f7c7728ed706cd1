/* SPDX-License-Identifier: MIT */
/*
 * The door whose work is done aside: who works when, what is told in which order, and what
 * becomes of work that is under way when it is given up or thrown away.
 *
 * The door behind is one that the test holds: its calls end when the test lets them.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "aside.h"
#include "toban/base/clock.h"
#include "toban/base/str.h"

enum { LONG_MS = 3600000 };

/* The door behind. */
struct behind {
	struct door door;
	int gate[2];    /* a byte lets a held call end */
	int entered[2]; /* a byte comes when one is held */
	int wake[2];
	atomic_int busy; /* who is in it; more than one: the promise is broken */
	atomic_bool broken;
	struct str order;
	struct waiting stop;
	pthread_t caller; /* of the last call */
};

struct fixture {
	struct behind behind;
	struct waiting told;
	struct aside *aside;
	const struct door *door;
	int looks;
	int gives_up_at; /* this look; 0: never */
	bool opens;      /* the gate, at the first look */
	struct str heard;
};

static void
enter(struct behind *behind)
{
	if (atomic_fetch_add(&behind->busy, 1) != 0) {
		atomic_store(&behind->broken, true);
	}
}

static void
leave(struct behind *behind)
{
	(void)atomic_fetch_sub(&behind->busy, 1);
}

/* "held...": until the gate is opened, or whoever waits gives up. */
static enum err
behind_call(
	void *ctx, const char *method, const json_t *args, json_t **ret_result, json_t **ret_error)
{
	struct behind *behind = ctx;
	enum waited waited = WAITED_READY;
	int64_t now = clock_uptime_ms();
	char byte;

	enter(behind);
	behind->caller = pthread_self();
	str_addf(&behind->order, "%s ", method);
	if (strncmp(method, "held", 4) == 0) {
		assert_int_equal(write(behind->entered[1], "x", 1), 1);
		waited = waiting_poll(&behind->stop, behind->gate[0], POLLIN, now, now + LONG_MS);
		if (waited == WAITED_READY) {
			assert_int_equal(read(behind->gate[0], &byte, 1), 1);
		}
	}
	leave(behind);
	if (waited != WAITED_READY) {
		*ret_error = door_error("D431", "unusable", "given up", "");
		return ERR_BUSY;
	}
	*ret_result = json_pack("{s:s, s:O?}", "did", method, "args", (json_t *)(uintptr_t)args);
	return ERR_OK;
}

static bool
behind_woke(void *ctx)
{
	struct behind *behind = ctx;
	char byte;

	enter(behind);
	str_add(&behind->order, "woke ");
	leave(behind);
	return read(behind->wake[0], &byte, 1) == 1;
}

static void
open_gate(struct fixture *f)
{
	assert_int_equal(write(f->behind.gate[1], "x", 1), 1);
}

static bool
look(void *ctx, int64_t ms)
{
	struct fixture *f = ctx;

	(void)ms;
	f->looks++;
	if (f->opens && f->looks == 1) {
		open_gate(f);
	}
	return f->looks != f->gives_up_at;
}

static void
begin_aside(struct fixture *f, bool stops)
{
	assert_int_equal(aside_new(&(struct aside_options){ .inner = &f->behind.door,
					   .told = &f->told,
					   .stop = stops ? &f->behind.stop : NULL },
				 &f->aside),
		ERR_OK);
	f->door = aside_door(f->aside);
}

static int
start(void **state, bool stops)
{
	static struct fixture f;

	f = (struct fixture){
		.told = { .fd = -1, .look = look, .ctx = &f },
		.heard = STR_INIT,
		.behind = { .order = STR_INIT, .stop = { .fd = -1 } },
	};
	assert_int_equal(pipe(f.behind.gate), 0);
	assert_int_equal(pipe(f.behind.entered), 0);
	assert_int_equal(pipe2(f.behind.wake, O_NONBLOCK), 0);
	f.behind.door = (struct door){ .call = behind_call,
		.wake_fd = f.behind.wake[0],
		.woke = behind_woke,
		.ctx = &f.behind };
	begin_aside(&f, stops);
	*state = &f;
	return 0;
}

static int
set_up(void **state)
{
	return start(state, false);
}

static int
set_up_stopping(void **state)
{
	return start(state, true);
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;
	const int fds[] = { f->behind.gate[0], f->behind.gate[1], f->behind.entered[0],
		f->behind.entered[1], f->behind.wake[0], f->behind.wake[1] };

	aside_free(f->aside);
	assert_false(atomic_load(&f->behind.broken));
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		(void)close(fds[i]);
	}
	str_release(&f->behind.order);
	str_release(&f->heard);
	return 0;
}

static void
call(struct fixture *f, const char *method, enum err expected)
{
	json_t *result = NULL;
	json_t *error = NULL;

	assert_int_equal(f->door->call(f->door->ctx, method, NULL, &result, &error), expected);
	assert_true((result != NULL) == (expected == ERR_OK));
	assert_true((error != NULL) == (expected != ERR_OK));
	json_decref(result);
	json_decref(error);
}

static void
hear(void *ctx, enum err e, const json_t *result, const json_t *error)
{
	struct fixture *f = ctx;
	const json_t *files = json_object_get(json_object_get(result, "args"), "files");

	assert_int_equal(json_array_size(files), 0);
	assert_true((result != NULL) == (e == ERR_OK) && (error != NULL) == (e != ERR_OK));
	str_addf(&f->heard, "%s ",
		result ? json_string_value(json_object_get(result, "did"))
		       : json_string_value(json_object_get(error, "code")));
}

/* Begun, and really in the door behind. */
static void
begin(struct fixture *f, const char *method, const json_t *args)
{
	char byte;

	assert_true(f->door->later(f->door->ctx, method, args, hear, f));
	assert_int_equal(read(f->behind.entered[0], &byte, 1), 1);
}

static bool
rings(const struct fixture *f, int ms)
{
	struct pollfd fd = { .fd = f->door->wake_fd, .events = POLLIN };

	return poll(&fd, 1, ms) == 1;
}

static void
aside__call__is_done_in_another_thread_and_answered(void **state)
{
	struct fixture *f = *state;

	call(f, "one", ERR_OK);
	call(f, "two", ERR_OK);
	assert_string_equal(str_text(&f->behind.order), "one two ");
	assert_false(pthread_equal(f->behind.caller, pthread_self()));
	assert_int_equal(f->looks, 0);
}

static void
aside__call_that_takes_long__is_told_meanwhile(void **state)
{
	struct fixture *f = *state;

	f->opens = true; /* the call ends because it was told of: else this never returns */
	call(f, "held", ERR_OK);
	assert_int_equal(f->looks, 1);
}

static void
aside__given_up__the_door_behind_hears_of_it(void **state)
{
	struct fixture *f = *state;

	f->gives_up_at = 1;
	call(f, "held", ERR_BUSY);
	/* That was this call's alone. */
	open_gate(f);
	call(f, "held", ERR_OK);
	assert_true(f->door->stops);
}

/* Nobody is told that it ended while it goes on. */
static void
aside__given_up_but_cannot_be__goes_on_to_its_end(void **state)
{
	struct fixture *f = *state;

	assert_false(f->door->stops);
	f->gives_up_at = 1;
	f->opens = true;
	call(f, "held", ERR_OK);
	assert_int_equal(f->looks, 1);
}

static void
aside__later__answer_comes_by_the_wake_up(void **state)
{
	struct fixture *f = *state;

	begin(f, "held", NULL);
	assert_false(rings(f, 0));
	assert_false(f->door->woke(f->door->ctx));
	assert_string_equal(str_text(&f->heard), "");
	open_gate(f);
	assert_true(rings(f, -1));
	(void)f->door->woke(f->door->ctx);
	assert_string_equal(str_text(&f->heard), "held ");
	assert_false(rings(f, 0));
}

static void
aside__later__news_wait_until_it_is_done(void **state)
{
	struct fixture *f = *state;

	begin(f, "held", NULL);
	assert_int_equal(write(f->behind.wake[1], "x", 1), 1);
	assert_false(rings(f, 0));
	assert_false(f->door->woke(f->door->ctx));
	open_gate(f);
	assert_true(rings(f, -1));
	assert_true(f->door->woke(f->door->ctx));
	assert_string_equal(str_text(&f->behind.order), "held woke ");
}

static void
aside__later__a_second_one_is_refused(void **state)
{
	struct fixture *f = *state;

	begin(f, "held", NULL);
	assert_false(f->door->later(f->door->ctx, "second", NULL, hear, f));
	open_gate(f);
	f->door->settle(f->door->ctx);
	assert_string_equal(str_text(&f->heard), "held ");
	assert_true(f->door->later(f->door->ctx, "second", NULL, hear, f));
	f->door->settle(f->door->ctx);
	assert_string_equal(str_text(&f->heard), "held second ");
	assert_string_equal(str_text(&f->behind.order), "held second ");
}

/* The order stays; the answer is told by the loop, not in the middle of another call. */
static void
aside__call_while_one_is_under_way__comes_after_it(void **state)
{
	struct fixture *f = *state;

	begin(f, "held", NULL);
	f->opens = true;
	call(f, "after", ERR_OK);
	assert_string_equal(str_text(&f->behind.order), "held after ");
	assert_string_equal(str_text(&f->heard), "");
	assert_true(rings(f, 0));
	(void)f->door->woke(f->door->ctx);
	assert_string_equal(str_text(&f->heard), "held ");
}

/* What belongs to a form goes on changing while it is carried. */
static void
aside__later__takes_a_copy_of_the_arguments(void **state)
{
	struct fixture *f = *state;
	json_t *args = json_pack("{s:[]}", "files");

	begin(f, "held", args);
	json_array_append_new(json_object_get(args, "files"), json_string("late"));
	json_decref(args);
	open_gate(f);
	f->door->settle(f->door->ctx);
	assert_string_equal(str_text(&f->heard), "held ");
}

static void
aside__later_given_up_by_who_waits_for_it__is_told_so(void **state)
{
	struct fixture *f = *state;

	begin(f, "held", NULL);
	f->gives_up_at = 1;
	f->door->settle(f->door->ctx);
	assert_string_equal(str_text(&f->heard), "D431 ");
}

static void
aside__freed_while_one_is_under_way__it_is_done_and_nobody_told(void **state)
{
	struct fixture *f = *state;

	begin(f, "held", NULL);
	f->opens = true;
	aside_free(f->aside);
	f->aside = NULL;
	assert_string_equal(str_text(&f->behind.order), "held ");
	assert_string_equal(str_text(&f->heard), "");
	assert_int_equal(f->behind.busy, 0);
}

/* Without descriptors there is no thread: the call is made here, told and given up as ever. */
static void
aside__nothing_left_for_a_thread__is_done_by_who_asks(void **state)
{
	struct fixture *f = *state;
	struct rlimit before;
	struct rlimit none;

	aside_free(f->aside);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){ 0, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	begin_aside(f, true);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_null(f->door->later);
	assert_null(f->door->settle);
	assert_int_equal(f->door->wake_fd, f->behind.wake[0]);
	f->opens = true;
	call(f, "held", ERR_OK);
	assert_int_equal(f->looks, 1);
	assert_true(pthread_equal(f->behind.caller, pthread_self()));
	assert_int_equal(write(f->behind.wake[1], "x", 1), 1);
	assert_true(f->door->woke(f->door->ctx));
	f->gives_up_at = 2;
	call(f, "held", ERR_BUSY);
}

static void
exchange(void *ctx)
{
	struct fixture *f = ctx;

	str_add(&f->behind.order, "exchange ");
	f->behind.door.wake_fd = f->behind.gate[0];
}

static void
aside__another_door_takes_its_place__its_news_are_heard(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(write(f->behind.wake[1], "x", 1), 1);
	assert_true(rings(f, 0));
	aside_do(f->aside, exchange, f);
	assert_false(rings(f, 0));
	open_gate(f);
	assert_true(rings(f, 0));
	assert_string_equal(str_text(&f->behind.order), "exchange ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define STOPPING(name) cmocka_unit_test_setup_teardown(name, set_up_stopping, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(aside__call__is_done_in_another_thread_and_answered),
		TEST(aside__call_that_takes_long__is_told_meanwhile),
		STOPPING(aside__given_up__the_door_behind_hears_of_it),
		TEST(aside__given_up_but_cannot_be__goes_on_to_its_end),
		TEST(aside__later__answer_comes_by_the_wake_up),
		TEST(aside__later__news_wait_until_it_is_done),
		TEST(aside__later__a_second_one_is_refused),
		TEST(aside__call_while_one_is_under_way__comes_after_it),
		TEST(aside__later__takes_a_copy_of_the_arguments),
		STOPPING(aside__later_given_up_by_who_waits_for_it__is_told_so),
		TEST(aside__freed_while_one_is_under_way__it_is_done_and_nobody_told),
		STOPPING(aside__nothing_left_for_a_thread__is_done_by_who_asks),
		TEST(aside__another_door_takes_its_place__its_news_are_heard),
	};

	return cmocka_run_group_tests_name("aside", tests, NULL, NULL);
}
