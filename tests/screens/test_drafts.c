/* SPDX-License-Identifier: MIT */
/*
 * Nothing typed is lost and nothing is sent twice: the real program on a real
 * desk file is hung up, killed and given a full disk in the middle of a report.
 */
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "live.h"

enum { VANISH_ROUNDS = 100, KILL_ROUNDS = 12, TYPED_MOST = 20000 };

static int
count(const char *text, const char *word)
{
	int n = 0;

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) {
		n++;
	}
	return n;
}

static struct vt *
start(const struct desk *desk)
{
	return live_start(desk, "dc-operator-1");
}

static unsigned
next(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16;
}

/* F22: the terminal goes 100 times in the middle of a report; the draft is there each time. */
static void
vanish__in_the_middle_of_a_form__keeps_every_draft(void **state)
{
	struct desk *desk = *state;
	struct str drafts = STR_INIT;
	struct str cases = STR_INIT;

	for (int i = 0; i < VANISH_ROUNDS; i++) {
		struct vt *vt = start(desk);
		char typed[64];

		snprintf(typed, sizeof(typed), "nyunnnn<Enter>書きかけ-%03d-", i);
		vt_keys(vt, typed);
		if (i % 2) {
			vt_signal(vt, i % 4 == 1 ? SIGHUP : SIGTERM);
		} else {
			vt_hangup(vt);
		}
		assert_int_equal(vt_wait_exit(vt), 0);
		vt_free(vt);
	}
	live_expect_no_sender(desk);
	live_call(desk, "draft.list", "{}", &drafts);
	assert_int_equal(count(str_text(&drafts), "書きかけ-"), VANISH_ROUNDS);
	live_call(desk, "incident.list", "{}", &cases);
	assert_int_equal(count(str_text(&cases), "\"id\""), 0);
	str_release(&drafts);
	str_release(&cases);
}

/* What the screen calls saved is there after a kill -9 at any later key. */
static void
kill__at_a_random_key__loses_nothing_that_was_saved(void **state)
{
	struct desk *desk = *state;
	unsigned seed = 9;
	struct str drafts = STR_INIT;

	for (int i = 0; i < KILL_ROUNDS; i++) {
		struct vt *vt = start(desk);
		char typed[64];

		snprintf(typed, sizeof(typed), "nyunnnn<Enter>保存された-%02d-", i);
		vt_keys(vt, typed);
		vt_wait_text(vt, "draft saved");
		for (unsigned n = next(&seed) % 30; n > 0; n--) {
			vt_keys(vt, "x");
		}
		vt_signal(vt, SIGKILL);
		assert_int_equal(vt_wait_exit(vt), 128 + SIGKILL);
		vt_free(vt);
	}
	live_expect_no_sender(desk);
	live_call(desk, "draft.list", "{}", &drafts);
	assert_int_equal(count(str_text(&drafts), "保存された-"), KILL_ROUNDS);
	str_release(&drafts);
}

/* Each key used to put the saving off; a fast typist was never saved. */
static void
typing__without_a_pause__is_saved_all_the_same(void **state)
{
	struct vt *vt = start(*state);
	int typed = 0;

	vt_keys(vt, "nyunnnn<Enter><Tab>");
	while (!vt_has_text(vt, "draft saved") && typed++ < TYPED_MOST) {
		vt_keys(vt, "x<BS>");
	}
	assert_true(typed < TYPED_MOST);
	vt_free(vt);
}

static void
drafts__at_the_next_start__are_offered(void **state)
{
	struct vt *vt = start(*state);

	vt_keys(vt, "nyunnnn<Enter>ラック施錠漏れ");
	vt_signal(vt, SIGKILL);
	assert_int_equal(vt_wait_exit(vt), 128 + SIGKILL);
	vt_free(vt);
	/* Nothing was saved yet of the title, or all; the answers are a draft in any case. */
	vt = start(*state);
	vt_keys(vt, "nyunnnn<Enter>ラック施錠漏れ<Esc>");
	vt_keys(vt, "q");
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
	vt = start(*state);
	vt_expect(vt, "of yours is waiting");
	vt_expect(vt, "Enter on it: go on.");
	vt_free(vt);
}

/* Letters typed there used to answer the questions anew. */
static void
drafts__of_a_report__go_on_in_the_text_where_it_was_left(void **state)
{
	struct str draft = STR_INIT;
	struct vt *vt = start(*state);

	vt_keys(vt, "nyunnnn<Enter>施錠漏れ<Tab>状況は<Tab><S-Tab><Esc>");
	vt_keys(vt, "q");
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
	vt = start(*state);
	vt_keys(vt, "<Enter>nobody knows why yet");
	vt_expect(vt, "step 2 of 2");
	vt_expect(vt, "| 状況はnobody knows why yet");
	vt_expect(vt, "yes: 1 Business disruption");
	vt_keys(vt, "<F2>");
	vt_expect(vt, "step 1 of 2");
	vt_keys(vt, "<Esc><Esc>");
	live_call(*state, "draft.load", "{\"draft\":\"D-1\"}", &draft);
	assert_null(strstr(str_text(&draft), "\"major-accident\":\"yes\""));
	str_release(&draft);
	vt_free(vt);
	/* With a question open the question comes first. */
	vt = start(*state);
	vt_keys(vt, "nyun<Esc>");
	vt_keys(vt, "q");
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
	vt = start(*state);
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "question 4 of 6");
	vt_free(vt);
}

static void
limit_files(struct vt *vt, rlim_t most)
{
	struct rlimit limit = { .rlim_cur = most, .rlim_max = RLIM_INFINITY };

	assert_int_equal(prlimit(vt_pid(vt), RLIMIT_FSIZE, &limit, NULL), 0);
}

static int
emergency_files(const struct desk *desk, mode_t *ret_mode)
{
	DIR *dir = opendir(strchr(desk->run_dir, '=') + 1);
	const struct dirent *entry;
	int n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		struct stat st;

		if (strncmp(entry->d_name, "toban-unsent-", 13) == 0) {
			assert_int_equal(fstatat(dirfd(dir), entry->d_name, &st, 0), 0);
			*ret_mode = st.st_mode & 0777;
			n++;
		}
	}
	(void)closedir(dir);
	return n;
}

/* The store can't grow: the text goes to a file, and back when there is room again. */
static void
store__full__keeps_the_text_in_a_file_until_it_can_save(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = start(desk);
	mode_t mode = 0;

	vt_keys(vt, "nyunnnn<Enter>");
	vt_wait_text(vt, "draft saved");
	limit_files(vt, 4096);
	vt_keys(vt, "満杯でも残る");
	vt_wait_text(vt, "NOT SAVED: in a file");
	vt_wait_text(vt, "Saving is tried again");
	assert_int_equal(emergency_files(desk, &mode), 1);
	assert_int_equal(mode, 0600);
	limit_files(vt, RLIM_INFINITY);
	vt_wait_text(vt, "The desk takes it again");
	vt_expect(vt, "draft saved");
	assert_int_equal(emergency_files(desk, &mode), 0);
	vt_free(vt);
}

static void
store__full_until_the_end__offers_the_file_at_the_next_start(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = start(desk);
	mode_t mode = 0;

	vt_keys(vt, "nyunnnn<Enter>");
	vt_wait_text(vt, "draft saved");
	limit_files(vt, 4096);
	vt_keys(vt, "満杯の夜<Tab>二行目も");
	vt_hangup(vt);
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
	assert_int_equal(emergency_files(desk, &mode), 1);
	vt = start(desk);
	vt_expect(vt, "is now your draft D-1");
	assert_int_equal(emergency_files(desk, &mode), 0);
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "[満杯の夜");
	vt_expect(vt, "| 二行目も");
	vt_free(vt);
}

/* It is said when the form is left and at the next start, also where other drafts wait. */
static void
desk__takes_no_more_drafts__says_where_the_text_is(void **state)
{
	struct desk *desk = *state;
	struct str out = STR_INIT;
	struct vt *vt;
	mode_t mode = 0;

	for (int i = 0; i < 200; i++) {
		str_clear(&out);
		live_call(desk, "draft.save", "{\"form\":\"report\",\"fields\":{}}", &out);
	}
	vt = start(desk);
	vt_keys(vt, "nyunnnn<Enter>あふれた言葉");
	vt_wait_text(vt, "NOT SAVED: in a file");
	vt_keys(vt, "<Esc>");
	vt_expect(vt, "What you typed is in");
	vt_keys(vt, "q");
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
	vt = start(desk);
	vt_expect(vt, "What could not be saved last time is still in");
	assert_int_equal(emergency_files(desk, &mode), 1);
	vt_keys(vt, "q");
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
	str_clear(&out);
	live_call(desk, "draft.drop", "{\"draft\":\"D-7\"}", &out);
	str_release(&out);
	vt = start(desk);
	vt_expect(vt, "is now your draft D-201");
	assert_int_equal(emergency_files(desk, &mode), 0);
	vt_free(vt);
}

/* Ids of people are alike on many desks: what was written at one is no draft of another. */
static void
store__full_until_the_end__offers_the_file_to_no_other_desk(void **state)
{
	struct desk *desk = *state;
	struct desk other = *desk;
	const char *argv[] = { getenv("TOBAN"), "--desk", other.path, "init", "--example", NULL };
	struct str out = STR_INIT;
	struct vt *vt = start(desk);
	mode_t mode = 0;

	vt_keys(vt, "nyunnnn<Enter>");
	vt_wait_text(vt, "draft saved");
	limit_files(vt, 4096);
	vt_keys(vt, "満杯の夜");
	vt_hangup(vt);
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
	snprintf(other.path, sizeof(other.path), "%s/other.db", desk->dir);
	assert_int_equal(live_run(argv, &out), 0);
	str_release(&out);
	vt = start(&other);
	vt_refuse(vt, "is now your draft");
	vt_keys(vt, "q");
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
	assert_int_equal(emergency_files(desk, &mode), 1);
}

/* Nowhere to write at all: the form stays, and says that it is the only place. */
static void
store__full_and_no_file_either__keeps_the_form_open(void **state)
{
	struct vt *vt = start(*state);

	vt_keys(vt, "nyunnnn<Enter>");
	vt_wait_text(vt, "draft saved");
	limit_files(vt, 16);
	vt_keys(vt, "ここだけ<Esc>");
	vt_expect(vt, "on this screen only");
	vt_expect(vt, "[ここだけ");
	vt_free(vt);
}

/* A desk that can't record refuses; the form, its text and its draft stay, and once is enough. */
static void
send__to_a_full_store__keeps_the_text_and_sends_once_later(void **state)
{
	struct desk *desk = *state;
	struct vt *vt = start(desk);
	struct str cases = STR_INIT;
	struct str drafts = STR_INIT;

	vt_keys(vt, "nyunnnn<Enter>満杯の送信<Tab>状況<Tab>内線 1");
	vt_keys(vt, "<C-s>");
	vt_expect(vt, "Send the report now?");
	limit_files(vt, 4096);
	vt_keys(vt, "<Tab><Enter>");
	vt_wait_text(vt, "D41");
	vt_expect(vt, "[満杯の送信");
	live_call(desk, "incident.list", "{}", &cases);
	assert_int_equal(count(str_text(&cases), "満杯の送信"), 0);
	limit_files(vt, RLIM_INFINITY);
	vt_keys(vt, "<C-s>");
	vt_keys(vt, "<Tab><Enter>");
	vt_wait_text(vt, "26-0001");
	str_clear(&cases);
	live_call(desk, "incident.list", "{}", &cases);
	live_call(desk, "draft.list", "{}", &drafts);
	assert_int_equal(count(str_text(&cases), "満杯の送信"), 1);
	assert_int_equal(count(str_text(&drafts), "満杯の送信"), 0);
	str_release(&cases);
	str_release(&drafts);
	vt_free(vt);
}

/* Killed while a report is being sent: recorded once or a draft, never both. */
static void
send__killed_at_any_moment__is_recorded_at_most_once(void **state)
{
	struct desk *desk = *state;
	int recorded = 0;

	for (int point = 1; point <= 40; point++) {
		struct str drafts = STR_INIT;
		struct str cases = STR_INIT;
		struct vt *vt = start(desk);
		char typed[128];

		snprintf(typed, sizeof(typed), "nyunnnn<Enter>送信-%02d-<Tab>状況<Tab>内線 1",
			point);
		vt_keys(vt, typed);
		vt_keys(vt, "<C-s>"); /* asks, with the draft saved before */
		/* Not a wait for something: the moment of the kill is the fault, from 0 to 6 ms. */
		vt_send(vt, "y", 1);
		usleep((useconds_t)(point * 150));
		vt_signal(vt, SIGKILL);
		(void)vt_wait_exit(vt);
		vt_free(vt);
		snprintf(typed, sizeof(typed), "送信-%02d-", point);
		live_call(desk, "draft.list", "{}", &drafts);
		live_call(desk, "incident.list", "{}", &cases);
		assert_int_equal(
			count(str_text(&drafts), typed) + count(str_text(&cases), typed), 1);
		recorded += count(str_text(&cases), typed);
		str_release(&drafts);
		str_release(&cases);
	}
	print_message("%d of 40 were recorded before the kill\n", recorded);
}

/* How many drafts of dc-operator-1 hold the words, read one by one. */
static int
drafts_with(const struct desk *desk, const char *words, int numbers)
{
	int n = 0;

	for (int i = 1; i <= numbers; i++) {
		struct str draft = STR_INIT;
		char args[32];

		snprintf(args, sizeof(args), "{\"draft\":\"D-%d\"}", i);
		live_call(desk, "draft.load", args, &draft);
		n += count(str_text(&draft), words);
		str_release(&draft);
	}
	return n;
}

/* A case and, as D-1, a note of it that is begun; the program at the same note. */
static struct vt *
start_at_note(const struct desk *desk, const char *more)
{
	struct vt *vt = start(desk);

	vt_keys(vt, "<Enter>e");
	vt_keys(vt, more);
	return vt;
}

static void
begin_note(const struct desk *desk)
{
	struct str out = STR_INIT;

	live_call(desk, "incident.report",
		"{\"fields\":{\"title\":\"ラック\",\"situation\":\"状況\",\"contact\":\"内線 1\","
		"\"answers\":{\"service-disruption\":\"yes\"}}}",
		&out);
	live_call(desk, "draft.save",
		"{\"form\":\"note\",\"subject\":\"26-0001\",\"fields\":{\"text\":\"書きかけ\"}}",
		&out);
	str_release(&out);
}

/* By a signal: the second program holds the first one's terminal open, too. */
static void
hang_up(struct vt *vt)
{
	vt_signal(vt, SIGHUP);
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
}

/* The later of two used to wipe out what the earlier had saved. */
static void
draft__continued_at_two_terminals__keeps_what_both_typed(void **state)
{
	struct desk *desk = *state;
	struct vt *first;
	struct vt *second;

	begin_note(desk);
	first = start_at_note(desk, "");
	second = start_at_note(desk, "");
	vt_keys(first, "先の端末");
	hang_up(first);
	vt_keys(second, "後の端末");
	vt_wait_text(second, "D-2  draft saved");
	hang_up(second);
	assert_int_equal(drafts_with(desk, "先の端末", 2), 1);
	assert_int_equal(drafts_with(desk, "後の端末", 2), 1);
}

/* Sending used to throw away what the other terminal had saved. */
static void
draft__sent_at_one_of_two_terminals__keeps_what_the_other_saved(void **state)
{
	struct desk *desk = *state;
	struct str out = STR_INIT;
	struct vt *first;
	struct vt *second;

	begin_note(desk);
	first = start_at_note(desk, "先<Esc>");
	vt_wait_text(first, "is kept as draft D-1");
	vt_keys(first, "e");
	second = start_at_note(desk, "後<Esc>");
	vt_wait_text(second, "is kept as draft D-1");
	vt_keys(first, "<C-s>");
	vt_wait_text(first, "Recorded. Draft D-1 went on at another terminal and was kept.");
	assert_int_equal(drafts_with(desk, "後", 1), 1);
	/* It goes on under the name of what is recorded: it gets one of its own. */
	vt_keys(second, "e<C-s>");
	vt_wait_text(second, "Your text here is draft D-1.");
	hang_up(second);
	vt_keys(first, "e<C-s>");
	vt_wait_text(first, "ok \"Add a note\" for 26-0001 is recorded");
	live_call(desk, "incident.log", "{\"id\":\"26-0001\"}", &out);
	assert_int_equal(count(str_text(&out), "後"), 1);
	str_release(&out);
	hang_up(first);
}

/* F2 in a form, then the same step from the page: one draft in two forms of one program. */
static void
draft__open_twice_in_one_program__keeps_what_both_hold(void **state)
{
	struct desk *desk = *state;
	struct vt *vt;

	begin_note(desk);
	vt = start_at_note(desk, "下の欄<F2>e上の欄");
	hang_up(vt);
	assert_int_equal(drafts_with(desk, "下の欄", 2) > 0, 1);
	assert_int_equal(drafts_with(desk, "上の欄", 2), 1);
}

/* A terminal that goes while a paste is asked about, or before its end came. */
static void
paste__cut_short__is_kept_with_the_draft(void **state)
{
	struct desk *desk = *state;
	struct str drafts = STR_INIT;
	struct str lines = STR_INIT;
	struct vt *vt = start(desk);
	const char half[] = "\x1b[200~halfway-word";

	for (int i = 0; i < 30; i++) {
		str_addf(&lines, "pasted line %d\n", i);
	}
	vt_keys(vt, "nyunnnn<Enter>asked<Tab>");
	vt_paste(vt, str_text(&lines));
	vt_expect(vt, "A long paste");
	vt_hangup(vt);
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
	live_call(desk, "draft.load", "{\"draft\":\"D-1\"}", &drafts);
	assert_non_null(strstr(str_text(&drafts), "pasted line 29"));

	/* It is asked again where the draft goes on, and then it is text. */
	vt = start(desk);
	vt_keys(vt, "<Enter>");
	vt_expect(vt, "A long paste");
	vt_wait_text(vt, "Press p, a or Esc.");
	vt_keys(vt, "p");
	vt_expect(vt, "pasted line");
	vt_send(vt, half, sizeof(half) - 1);
	vt_signal(vt, SIGTERM);
	assert_int_equal(vt_wait_exit(vt), 0);
	vt_free(vt);
	str_clear(&drafts);
	live_call(desk, "draft.load", "{\"draft\":\"D-1\"}", &drafts);
	assert_non_null(strstr(str_text(&drafts), "halfway-word"));
	assert_null(strstr(str_text(&drafts), "\"pasted\""));
	str_release(&drafts);
	str_release(&lines);
}

/* The end of a paste got lost: a second later what came is text, and saved. */
static void
paste__without_an_end__is_text_after_a_second(void **state)
{
	struct vt *vt = start(*state);
	const char half[] = "\x1b[200~endless-word";

	vt_keys(vt, "nyunnnn<Enter>");
	vt_send(vt, half, sizeof(half) - 1);
	vt_wait_text(vt, "endless-word");
	vt_wait_text(vt, "draft saved");
	vt_free(vt);
}

#define ON_A_DESK(test) cmocka_unit_test_setup_teardown(test, live_setup, live_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_DESK(vanish__in_the_middle_of_a_form__keeps_every_draft),
		ON_A_DESK(kill__at_a_random_key__loses_nothing_that_was_saved),
		ON_A_DESK(typing__without_a_pause__is_saved_all_the_same),
		ON_A_DESK(paste__cut_short__is_kept_with_the_draft),
		ON_A_DESK(paste__without_an_end__is_text_after_a_second),
		ON_A_DESK(drafts__at_the_next_start__are_offered),
		ON_A_DESK(drafts__of_a_report__go_on_in_the_text_where_it_was_left),
		ON_A_DESK(store__full__keeps_the_text_in_a_file_until_it_can_save),
		ON_A_DESK(store__full_until_the_end__offers_the_file_at_the_next_start),
		ON_A_DESK(desk__takes_no_more_drafts__says_where_the_text_is),
		ON_A_DESK(store__full_until_the_end__offers_the_file_to_no_other_desk),
		ON_A_DESK(store__full_and_no_file_either__keeps_the_form_open),
		ON_A_DESK(draft__continued_at_two_terminals__keeps_what_both_typed),
		ON_A_DESK(draft__sent_at_one_of_two_terminals__keeps_what_the_other_saved),
		ON_A_DESK(draft__open_twice_in_one_program__keeps_what_both_hold),
		ON_A_DESK(send__to_a_full_store__keeps_the_text_and_sends_once_later),
		ON_A_DESK(send__killed_at_any_moment__is_recorded_at_most_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
