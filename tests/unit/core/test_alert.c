/* SPDX-License-Identifier: MIT */
/*
 * Alerts: the three formats with what is wrong in them, what entries tell, and which
 * repetition becomes one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shipped.h"
#include "toban/base/attr.h"
#include "toban/base/text.h"
#include "toban/core/alert.h"

#define HOUR INT64_C(3600000)
#define NOON INT64_C(1795300200000)

struct reading {
	struct arena *arena;
	struct diagnostics diagnostics;
	struct alert_notes notes;
	enum err e;
};

/* Reads a notification that is given as its text; ' stands for ". */
static struct reading
read_text(const char *format, const char *text, size_t len)
{
	struct reading r = { .arena = arena_new() };
	json_t *document = json_stringn(text, len);
	const struct alert_source source = { format, document, 540 };

	r.diagnostics.arena = r.arena;
	r.e = document ? alert_read(r.arena, &source, &r.diagnostics, &r.notes) : ERR_INVALID;
	json_decref(document);
	return r;
}

static struct reading
read_quoted(const char *format, const char *text)
{
	char *copy = strdup(text);
	struct reading r;

	for (char *c = copy; *c; c++) {
		*c = *c == '\'' ? '"' : *c;
	}
	r = read_text(format, copy, strlen(copy));
	free(copy);
	return r;
}

static void
done(struct reading *r)
{
	alert_notes_release(&r->notes);
	arena_free(r->arena);
}

/* --- what is read -------------------------------------------------------------------- */

static void
alertmanager__two_alerts__each_with_its_own_key(void **state)
{
	struct reading r = read_quoted("alertmanager",
		"{'version':'4','groupKey':'{}','truncatedAlerts':3,'status':'firing','alerts':["
		"{'status':'firing','labels':{'alertname':'Hot','instance':'pdu-3','rack':'C-12'},"
		"'annotations':{'summary':'PDU 3 is hot','description':'71 C','runbook':'W-7'},"
		"'startsAt':'2026-11-22T13:13:00.123456789Z','endsAt':'0001-01-01T00:00:00Z',"
		"'generatorURL':'http://p/g','fingerprint':'ab12'},"
		"{'status':'resolved','labels':{'alertname':'Fan'}}]}");
	const struct alert_note *note = r.notes.items;

	(void)state;
	assert_int_equal(r.e, ERR_OK);
	assert_int_equal(r.notes.n, 2);
	assert_int_equal(r.notes.truncated, 3);
	assert_string_equal(note[0].key, "ab12");
	assert_string_equal(note[0].title, "PDU 3 is hot");
	assert_string_equal(note[0].text, "71 C\nrunbook: W-7");
	assert_string_equal(note[0].asset, "pdu-3");
	assert_string_equal(note[0].place, "C-12");
	assert_string_equal(note[0].occurrence, "2026-11-22T13:13:00.123456789Z");
	assert_true(note[0].firing);
	assert_string_equal(
		json_string_value(json_object_get(note[0].labels, "generatorURL")), "http://p/g");
	assert_string_equal(note[1].title, "Fan");
	assert_false(note[1].firing);
	assert_memory_equal(note[1].key, "labels-", 7);
	done(&r);
}

static void
zabbix__problem_and_recovery__have_one_key(void **state)
{
	struct reading problem = read_quoted("zabbix",
		"{'event_id':'4711','trigger_id':'99','event_name':'Disk full','status':'PROBLEM',"
		"'event_severity':'High','host':'db-1','event_date':'2026.11.22',"
		"'event_time':'22:13:00','message':'/ is at 98 "
		"%','recovery':'{EVENT.RECOVERY.ID}'}");
	struct reading over = read_quoted("zabbix",
		"{'event_id':4711,'trigger_id':99,'trigger_name':'Disk full','event_value':0,"
		"'timestamp':'1795300200'}");

	(void)state;
	assert_int_equal(problem.e, ERR_OK);
	assert_int_equal(over.e, ERR_OK);
	assert_string_equal(problem.notes.items[0].key, "trigger-99");
	assert_string_equal(over.notes.items[0].key, "trigger-99");
	assert_string_equal(problem.notes.items[0].occurrence, "4711");
	assert_string_equal(problem.notes.items[0].at, "2026-11-22T22:13:00+09:00");
	assert_string_equal(problem.notes.items[0].asset, "db-1");
	assert_string_equal(
		json_string_value(json_object_get(problem.notes.items[0].labels, "event_severity")),
		"High");
	assert_null(json_object_get(problem.notes.items[0].labels, "recovery"));
	assert_true(problem.notes.items[0].firing);
	assert_false(over.notes.items[0].firing);
	assert_string_equal(over.notes.items[0].at, "2026-11-22T07:30:00+09:00");
	done(&problem);
	done(&over);
}

static void
json__one_or_a_list__is_read(void **state)
{
	struct reading one = read_quoted("json",
		"{'key':'k','title':'t','text':'x\\ny','source':'bms','at':'2026-11-22T01:00:00Z',"
		"'status':'resolved','place':'p','asset':'a','labels':{'l':'v'}}");
	struct reading list =
		read_quoted("json", "{'alerts':[{'key':'k','title':'t'},{'key':'l','title':'u'}]}");

	(void)state;
	assert_int_equal(one.e, ERR_OK);
	assert_string_equal(one.notes.items[0].text, "x\ny");
	assert_false(one.notes.items[0].firing);
	assert_string_equal(
		json_string_value(json_object_get(one.notes.items[0].labels, "source")), "bms");
	assert_int_equal(list.e, ERR_OK);
	assert_int_equal(list.notes.n, 2);
	assert_true(list.notes.items[1].firing);
	done(&one);
	done(&list);
}

/* Kept as data: it is what shows a text that makes it harmless. */
static void
hostile_text__is_kept_as_it_came(void **state)
{
	struct reading r = read_quoted(
		"json", "{'key':'\\u202ek','title':'\\u001b]0;x\\u0007','text':'\\u0000'}");
	struct reading kept = read_quoted(
		"json", "{'key':'\\u202ek','title':'\\u001b]0;x\\u0007','text':'=1+1'}");

	(void)state;
	assert_int_equal(r.e, ERR_INVALID); /* a NUL is in no text of ours */
	assert_int_equal(kept.e, ERR_OK);
	assert_string_equal(kept.notes.items[0].title, "\x1b]0;x\x07");
	done(&r);
	done(&kept);
}

static void
long_texts__are_cut_between_characters_and_show_it(void **state)
{
	struct str text = STR_INIT;
	struct reading r;

	(void)state;
	str_add(&text, "{\"key\":\"k\",\"title\":\"");
	str_add_repeat(&text, 'x', 2);
	for (int i = 0; i < 400; i++) {
		str_add(&text, "あ");
	}
	str_add(&text, "\",\"text\":\"");
	str_add_repeat(&text, 'y', 20000);
	str_add(&text, "\"}");
	r = read_text("json", str_text(&text), text.len);
	assert_int_equal(r.e, ERR_OK);
	assert_true(strlen(r.notes.items[0].title) <= 300);
	assert_true(utf8_valid(r.notes.items[0].title, strlen(r.notes.items[0].title)));
	assert_non_null(strstr(r.notes.items[0].title, "[…]"));
	assert_int_equal(strlen(r.notes.items[0].text), ALERT_TEXT_MOST);
	str_release(&text);
	done(&r);
}

/* --- what is refused ------------------------------------------------------------------ */

#define AM(alerts) "{'version':'4','alerts':[" alerts "]}"
#define ONE(rest) AM("{'status':'firing','labels':{'alertname':'x'}" rest "}")

static void
faults__each_is_named_with_its_place(void **state)
{
	static const struct {
		const char *format;
		const char *text;
		const char *field;
		const char *code;
	} rows[] = {
		{ "json", "", "document", "D110" },
		{ "json", "{'key':'k','title'", "document", "D110" },
		{ "json", "{'key':'k','key':'l','title':'t'}", "document", "D110" },
		{ "json", "nonsense", "document", "D110" },
		{ "json", "{'key':'k','title':'t'} x", "document", "D110" },
		{ "json", "[]", "document", "D102" },
		{ "json", "{'title':'t'}", "key", "D101" },
		{ "json", "{'key':'','title':'t'}", "key", "D101" },
		{ "json", "{'key':'k','title':{}}", "title", "D102" },
		{ "json", "{'key':'k','title':'t','at':'yesterday'}", "at", "D108" },
		{ "json", "{'key':'k','title':'t','status':'PROBLEM'}", "status", "D103" },
		{ "json", "{'key':'k','title':'t','labels':{'a':1}}", "labels", "D102" },
		{ "json", "{'key':'k','title':'t','colour':'red'}", "document", "D106" },
		{ "json", "{'alerts':[]}", "alerts", "D101" },
		{ "json", "{'alerts':[{'key':'k','title':'t'},3]}", "alerts[1]", "D102" },
		{ "json", "{'alerts':[{'key':'k'}]}", "alerts[0].title", "D101" },
		{ "alertmanager", "{'version':'3','alerts':[]}", "version", "D103" },
		{ "alertmanager", "{'version':'4'}", "alerts", "D101" },
		{ "alertmanager", AM("{'status':'firing'}"), "alerts[0].labels", "D101" },
		{ "alertmanager", AM("{'status':'odd','labels':{}}"), "alerts[0].status", "D103" },
		{ "alertmanager", ONE(",'startsAt':'2026-13-01'"), "alerts[0].startsAt", "D108" },
		{ "alertmanager", ONE(",'annotations':[]"), "alerts[0].annotations", "D102" },
		{ "alertmanager", ONE(",'fingerprint':true"), "alerts[0].fingerprint", "D102" },
		{ "zabbix", "{'status':'OK','event_name':'n'}", "event_id", "D101" },
		{ "zabbix", "{'event_id':'{EVENT.ID}','status':'OK','event_name':'n'}", "event_id",
			"D101" },
		{ "zabbix", "{'event_id':'1','status':'MAYBE','event_name':'n'}", "status",
			"D103" },
		{ "zabbix", "{'event_id':'1','status':'OK','event_name':'*UNKNOWN*'}", "event_name",
			"D101" },
		{ "zabbix", "{'event_id':'1','status':'OK','event_name':'n','timestamp':'-5'}",
			"timestamp", "D108" },
		{ "zabbix",
			"{'event_id':'1','status':'OK','event_name':'n','event_date':'2026.13.40',"
			"'event_time':'22:13:00'}",
			"event_time", "D108" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct reading r = read_quoted(rows[i].format, rows[i].text);

		if (r.e != ERR_INVALID || r.diagnostics.n == 0 ||
			strcmp(r.diagnostics.items[0].field, rows[i].field) != 0 ||
			strcmp(r.diagnostics.items[0].code, rows[i].code) != 0) {
			fail_msg("%s: %d %s %s", rows[i].text, r.e,
				r.diagnostics.n ? r.diagnostics.items[0].field : "-",
				r.diagnostics.n ? r.diagnostics.items[0].code : "-");
		}
		done(&r);
	}
}

static void
faults__all_of_them__are_named_but_never_thousands(void **state)
{
	struct str text = STR_INIT;
	struct reading r = read_quoted(
		"json", "{'key':1.5,'title':[],'at':'x','labels':3,'status':'y','odd':1}");

	(void)state;
	assert_int_equal(r.diagnostics.n, 6);
	done(&r);
	str_add(&text, "{\"alerts\":[0");
	for (int i = 1; i < ALERT_NOTES_MOST; i++) {
		str_add(&text, ",0");
	}
	str_add(&text, "]}");
	r = read_text("json", str_text(&text), text.len);
	assert_int_equal(r.e, ERR_INVALID);
	assert_int_equal(r.diagnostics.n, 100);
	done(&r);
	str_release(&text);
}

/* `n` times `open`, then `n` times `close`. */
static struct reading
read_bomb(const char *open, const char *close, int n)
{
	struct str text = STR_INIT;
	struct reading r;

	str_add(&text, "{\"key\":\"k\",\"title\":\"t\",\"labels\":");
	for (int i = 0; i < n; i++) {
		str_add(&text, open);
	}
	str_add(&text, "1");
	for (int i = 0; i < n; i++) {
		str_add(&text, close);
	}
	str_add(&text, "}");
	r = read_text("json", str_text(&text), text.len);
	str_release(&text);
	return r;
}

static void
bombs__of_depth_and_size__are_refused(void **state)
{
	static const int depths[] = { 16, 17, 1000, 100000 };
	struct str text = STR_INIT;
	struct reading r;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(depths); i++) {
		r = read_bomb("[", "]", depths[i]);
		assert_int_equal(r.e, ERR_INVALID);
		assert_int_equal(r.diagnostics.n, 1);
		done(&r);
		r = read_bomb("{\"a\":", "}", depths[i]);
		assert_int_equal(r.e, ERR_INVALID);
		done(&r);
	}
	str_add(&text, "{\"key\":\"k\",\"title\":\"t\",\"text\":\"");
	str_add_repeat(&text, 'x', ALERT_DOCUMENT_MOST - text.len - 2);
	str_add(&text, "\"}");
	r = read_text("json", str_text(&text), text.len);
	assert_int_equal(text.len, ALERT_DOCUMENT_MOST);
	assert_int_equal(r.e, ERR_OK);
	done(&r);
	str_add(&text, " ");
	r = read_text("json", str_text(&text), text.len);
	assert_int_equal(r.e, ERR_INVALID);
	assert_string_equal(r.diagnostics.items[0].code, "D104");
	done(&r);
	str_release(&text);
}

/* --- whatever comes, nothing stumbles --------------------------------------------------- */

static uint32_t
next(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Cuts, doubles, and changes bytes of a good notification. */
static void
mutate(uint32_t *seed, char *text, size_t *len, size_t most)
{
	static const char alphabet[] = "\"\\{}[]:,0-9eE.\n\x80\xff\x1b u202etruefalsnl";

	for (uint32_t n = next(seed) % 6; n > 0 && *len > 1; n--) {
		size_t at = next(seed) % *len;

		switch (next(seed) % 4) {
		case 0:
			text[at] = alphabet[next(seed) % (sizeof(alphabet) - 1)];
			break;
		case 1:
			*len = at + 1;
			break;
		case 2:
			memmove(text + at, text + at + 1, *len - at - 1);
			*len -= 1;
			break;
		default:
			if (*len + (*len - at) < most) {
				memmove(text + *len, text + at, *len - at);
				*len += *len - at;
			}
			break;
		}
	}
}

static void
fuzz__mutated_notifications__are_read_or_refused(void **state)
{
	static const char *const good[] = {
		"{\"version\":\"4\",\"truncatedAlerts\":1,\"alerts\":[{\"status\":\"firing\","
		"\"labels\":{\"alertname\":\"a\",\"host\":\"h\"},\"annotations\":{\"summary\":"
		"\"s\"},"
		"\"startsAt\":\"2026-11-22T13:13:00Z\",\"fingerprint\":\"ab\"}]}",
		"{\"event_id\":\"1\",\"trigger_id\":\"2\",\"event_name\":\"n\",\"status\":\"OK\","
		"\"timestamp\":\"17\",\"event_date\":\"2026.11.22\",\"event_time\":\"22:13:00\"}",
		"{\"alerts\":[{\"key\":\"k\",\"title\":\"t\",\"at\":\"2026-11-22T13:13:00Z\","
		"\"status\":\"resolved\",\"labels\":{\"a\":\"b\"}}]}",
	};
	static const char *const formats[] = { "alertmanager", "zabbix", "json" };
	uint32_t seed = 2463534242u;
	size_t taken = 0;

	(void)state;
	for (uint32_t i = 0; i < 30000; i++) {
		char text[2048];
		size_t len = strlen(good[i % 3]);
		struct reading r;

		memcpy(text, good[i % 3], len);
		mutate(&seed, text, &len, sizeof(text));
		r = read_text(formats[next(&seed) % 16 ? i % 3 : next(&seed) % 3], text, len);
		assert_true(r.e == ERR_OK || r.e == ERR_INVALID);
		assert_true(r.e == ERR_OK ? r.notes.n > 0
					  : r.diagnostics.n > 0 || !utf8_valid(text, len));
		taken += r.e == ERR_OK;
		done(&r);
	}
	assert_true(taken > 1000 && taken < 29000);
}

/* --- entries -------------------------------------------------------------------------------- */

#define NOTE(title, firing, times)                                                                 \
	"{\"source\":\"json\",\"key\":\"k\",\"title\":\"" title "\",\"firing\":" firing            \
	",\"occurrence\":\"o1\",\"times\":" times "}"

static struct event
entry(int64_t seq, const char *kind, stamp at, const char *body)
{
	return (struct event){
		.seq = seq + 10, .subject_seq = seq, .kind = kind, .at = at, .body = body
	};
}

static void
fold__entries_in_order__tell_the_alert(void **state)
{
	const struct event events[] = {
		entry(1, ALERT_FIRST, NOON, NOTE("a", "true", "1")),
		entry(2, ALERT_AGAIN, NOON + 1, NOTE("b", "false", "2")),
		entry(3, ALERT_LINKED, NOON + 2, "{\"incident\":\"26-0001\",\"times\":3}"),
	};
	struct arena *arena = arena_new();
	struct alert alert;

	(void)state;
	assert_int_equal(alert_fold(arena, events, 1, &alert), ERR_OK);
	assert_string_equal(alert.state, "open");
	assert_true(alert.firing);
	assert_int_equal(alert_fold(arena, events, 3, &alert), ERR_OK);
	assert_string_equal(alert.title, "b");
	assert_string_equal(alert.state, "linked");
	assert_string_equal(alert.incident, "26-0001");
	assert_false(alert.firing);
	assert_int_equal(alert.times, 3);
	assert_int_equal(alert.first_at, NOON);
	assert_int_equal(alert.last_at, NOON + 1);
	assert_int_equal(alert.last_seq, 13);
	arena_free(arena);
}

static void
fold__what_tells_no_alert__is_corrupt(void **state)
{
	static const struct {
		const char *kind;
		const char *body;
	} rows[][2] = {
		{ { ALERT_AGAIN, NOTE("a", "true", "1") }, { NULL, NULL } },
		{ { ALERT_FIRST, "{}" }, { NULL, NULL } },
		{ { ALERT_FIRST, NULL }, { NULL, NULL } },
		{ { ALERT_FIRST, "no document" }, { NULL, NULL } },
		{ { ALERT_FIRST, NOTE("a", "1", "1") }, { NULL, NULL } },
		{ { ALERT_FIRST, NOTE("a", "true", "2") },
			{ ALERT_AGAIN, NOTE("a", "true", "1") } },
		{ { ALERT_FIRST, NOTE("a", "true", "1") },
			{ ALERT_FIRST, NOTE("a", "true", "1") } },
		{ { ALERT_FIRST, NOTE("a", "true", "1") }, { "note", "{\"times\":1}" } },
	};
	struct arena *arena = arena_new();
	struct alert alert;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct event events[2];
		size_t n = rows[i][1].kind ? 2 : 1;

		for (size_t k = 0; k < n; k++) {
			events[k] = entry((int64_t)k + 1, rows[i][k].kind, NOON, rows[i][k].body);
		}
		assert_int_equal(alert_fold(arena, events, n, &alert), ERR_CORRUPT);
	}
	assert_int_equal(alert_fold(arena, NULL, 0, &alert), ERR_CORRUPT);
	arena_free(arena);
}

/* One an hour, one at each power of two, one at each change; the row is never further ahead. */
static void
counting__a_storm__makes_few_entries(void **state)
{
	struct alert told = { .firing = true, .times = 1, .last_at = NOON };
	struct alert row = told;
	int entries = 0;

	(void)state;
	for (int64_t i = 2; i <= 10000; i++) {
		stamp now = NOON + i;

		if (alert_is_recorded(&row, true, i, now)) {
			told.times = i;
			told.last_at = now;
			entries++;
		}
		row.last_at = now;
		assert_true(alert_may_be_ahead(&told, i, now));
	}
	assert_int_equal(entries, 13);
	assert_true(alert_is_recorded(&row, false, 10001, NOON));
	assert_true(alert_is_recorded(&row, true, 10001, NOON + HOUR));
	assert_true(alert_is_recorded(&row, true, 10001, -NOON));
	assert_false(alert_may_be_ahead(&told, 16384, NOON));
	assert_false(alert_may_be_ahead(&told, told.times - 1, NOON));
	assert_false(alert_may_be_ahead(&told, told.times, NOON + HOUR));
}

static void
firing__the_same__is_known_by_its_occurrence(void **state)
{
	const struct alert_note same = { .occurrence = "o1" };
	const struct alert_note later = { .occurrence = "o2" };
	const struct alert_note unknown = { .occurrence = "" };

	(void)state;
	assert_true(alert_is_same_firing(NOTE("a", "true", "1"), &same));
	assert_false(alert_is_same_firing(NOTE("a", "true", "1"), &later));
	assert_false(alert_is_same_firing(NOTE("a", "true", "1"), &unknown));
	assert_false(alert_is_same_firing("{\"occurrence\":\"\"}", &unknown));
	assert_false(alert_is_same_firing("damaged", &same));
}

static void
number__of_an_id__is_strict(void **state)
{
	static const char *const wrong[] = { "", "A", "A-", "A-0", "A-01", "A--1", "a-1", "A-1 ",
		"A-1x", "26-0001", "A-99999999999999999999" };

	(void)state;
	assert_int_equal(alert_number("A-17"), 17);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		assert_int_equal(alert_number(wrong[i]), 0);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(alertmanager__two_alerts__each_with_its_own_key),
		cmocka_unit_test(zabbix__problem_and_recovery__have_one_key),
		cmocka_unit_test(json__one_or_a_list__is_read),
		cmocka_unit_test(hostile_text__is_kept_as_it_came),
		cmocka_unit_test(long_texts__are_cut_between_characters_and_show_it),
		cmocka_unit_test(faults__each_is_named_with_its_place),
		cmocka_unit_test(faults__all_of_them__are_named_but_never_thousands),
		cmocka_unit_test(bombs__of_depth_and_size__are_refused),
		cmocka_unit_test(fuzz__mutated_notifications__are_read_or_refused),
		cmocka_unit_test(fold__entries_in_order__tell_the_alert),
		cmocka_unit_test(fold__what_tells_no_alert__is_corrupt),
		cmocka_unit_test(counting__a_storm__makes_few_entries),
		cmocka_unit_test(firing__the_same__is_known_by_its_occurrence),
		cmocka_unit_test(number__of_an_id__is_strict),
	};

	return cmocka_run_group_tests_name("alert", tests, NULL, NULL);
}
