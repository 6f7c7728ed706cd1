/* SPDX-License-Identifier: MIT */
/*
 * The statistics: equal to a recount of the logs, blind for what the reader may
 * not see, kept in step with the ledger.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "fixture.h"
#include "toban/base/attr.h"

#define MINUTE INT64_C(60000)
#define CASES 24

static const char *const categories[] = { "business-disruption", "service-disruption",
	"information-impairment", "security-breach", "control-failure" };

static int64_t
number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static const json_t *
group(const json_t *stats, const char *key)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(stats, "groups"), i, item)
	{
		if (strcmp(text_at(item, "key"), key) == 0) {
			return item;
		}
	}
	fail_msg("no group %s", key);
	return NULL;
}

static const json_t *
total(const json_t *stats)
{
	return json_object_get(stats, "total");
}

/* Reports one incident of the category; free() the id. */
static char *
report_category(struct fixture *f, const char *category)
{
	char extra[256];

	snprintf(extra, sizeof(extra),
		"{'answers': {'business-disruption': 'no', 'service-disruption': 'no',"
		" '%s': 'yes', 'major-accident': 'no'}}",
		category);
	return report_with(f, "dc-operator-1", extra);
}

/* --- a recount of the logs ----------------------------------------------------------- */

struct recount {
	int64_t n;
	int64_t lengths[CASES];
	size_t n_lengths;
};

static int
by_length(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Reads one case's log: from the report to the first entry of the kind. */
static void
recount_case(struct fixture *f, const char *id, const char *kind, struct recount *ret)
{
	json_t *args = json_pack("{s:s}", "id", id);
	json_t *answer = ok_doc(f, "auditor-1", "incident.log", args);
	const json_t *entry;
	stamp reported = STAMP_NONE;
	stamp at = STAMP_NONE;
	size_t i;

	json_array_foreach(json_object_get(answer, "log"), i, entry)
	{
		if (i == 0) {
			assert_int_equal(stamp_parse(text_at(entry, "at"), &reported), ERR_OK);
		}
		if (at == STAMP_NONE && strcmp(text_at(entry, "kind"), kind) == 0) {
			assert_int_equal(stamp_parse(text_at(entry, "at"), &at), ERR_OK);
		}
	}
	ret->n++;
	if (at != STAMP_NONE) {
		ret->lengths[ret->n_lengths++] = at - reported;
	}
	drop(answer);
}

static void
assert_lengths(const json_t *counted, const char *key, struct recount *recount)
{
	const json_t *lengths = json_object_get(counted, key);

	assert_int_equal(number(lengths, "n"), recount->n_lengths);
	qsort(recount->lengths, recount->n_lengths, sizeof(int64_t), by_length);
	if (recount->n_lengths == 0) {
		assert_true(json_is_null(json_object_get(lengths, "median_ms")));
		return;
	}
	assert_int_equal(
		number(lengths, "median_ms"), recount->lengths[(recount->n_lengths + 1) / 2 - 1]);
	assert_int_equal(
		number(lengths, "p90_ms"), recount->lengths[(recount->n_lengths * 9 + 9) / 10 - 1]);
}

/* Some cases are left at each point of the way; the times differ from case to case. */
static void
play(struct fixture *f, const char *id, int i)
{
	if (i % 5 == 0) {
		return;
	}
	f->now += (1 + i % 7) * MINUTE;
	drop(act(f, "dc-owner", id, "acknowledge", "{}"));
	if (i % 5 == 1) {
		return;
	}
	f->now += (3 + i % 11) * MINUTE;
	drop(act(f, "dc-owner", id, "instruct",
		"{'to':['dc-operator-1'],'text':'Switch to B.','due':'4h'}"));
	if (i % 5 == 2) {
		return;
	}
	f->now += (2 + i % 17) * MINUTE;
	drop(act(f, "dc-operator-1", id, "respond", "{'text':'Switched.'}"));
	f->now += (20 + i % 13) * MINUTE;
	drop(act(f, "dc-owner", id, "report-result",
		"{'cause':'Breaker','damage':'None','actions':'Switched','text':'Done'}"));
	f->now += (40 + i % 3) * MINUTE;
	if (i % 5 == 3) {
		drop(act(f, "office-staff-1", id, "return-result", "{'why':'Which?'}"));
		return;
	}
	drop(act(f, "office-staff-1", id, "approve-result", "{}"));
}

static void
check_recount(struct fixture *f, char *const ids[CASES])
{
	static const struct {
		const char *key;
		const char *kind;
	} lengths[] = { { "acknowledged", "acknowledge" }, { "instructed", "instruct" },
		{ "responded", "respond" }, { "approved", "approve-result" } };
	json_t *stats = ok(f, "auditor-1", "stats", NULL);

	for (size_t c = 0; c < ARRAY_LEN(categories); c++) {
		for (size_t k = 0; k < ARRAY_LEN(lengths); k++) {
			struct recount recount = { 0 };

			for (size_t i = c; i < CASES; i += ARRAY_LEN(categories)) {
				recount_case(f, ids[i], lengths[k].kind, &recount);
			}
			assert_int_equal(
				number(group(stats, categories[c]), "incidents"), recount.n);
			assert_lengths(group(stats, categories[c]), lengths[k].key, &recount);
		}
	}
	assert_int_equal(number(total(stats), "incidents"), CASES);
	drop(stats);
}

static void
stats__counted__equal_a_recount_of_the_logs(enum fixture_store kind)
{
	struct fixture f;
	char *ids[CASES];

	fixture_start(&f, kind);
	for (int i = 0; i < CASES; i++) {
		ids[i] = report_category(&f, categories[(size_t)i % ARRAY_LEN(categories)]);
		play(&f, ids[i], i);
	}
	check_recount(&f, ids);
	drop(ok(&f, "auditor-1", "ledger.verify", "{'rebuild':true}"));
	for (int i = 0; i < CASES; i++) {
		free(ids[i]);
	}
	fixture_stop(&f);
}

static void
stats__in_memory__equal_a_recount(void **state)
{
	(void)state;
	stats__counted__equal_a_recount_of_the_logs(ON_MEMORY);
}

static void
stats__in_a_file__equal_a_recount(void **state)
{
	(void)state;
	stats__counted__equal_a_recount_of_the_logs(ON_SQLITE);
}

/* --- the chain ------------------------------------------------------------------------- */

static const json_t *
link_of(const json_t *group, int link)
{
	const json_t *found = json_array_get(json_object_get(group, "links"), (size_t)link - 1);

	assert_int_equal(number(found, "link"), link);
	return found;
}

static void
assert_median(const json_t *link, const char *key, int64_t n, int64_t minutes)
{
	const json_t *lengths = json_object_get(link, key);

	assert_int_equal(number(lengths, "n"), n);
	if (n > 0) {
		assert_int_equal(number(lengths, "median_ms"), minutes * MINUTE);
		assert_int_equal(number(lengths, "p90_ms"), minutes * MINUTE);
	}
}

/* Each link's times begin when it was told, not with the report. */
static void
stats__links__count_from_when_each_was_told(void **state)
{
	struct fixture f;
	json_t *stats;
	char *id;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	id = report(&f);
	free(report(&f)); /* nobody looks at this one */
	f.now += 4 * MINUTE;
	drop(act(&f, "dc-owner", id, "acknowledge", "{}"));
	f.now += 6 * MINUTE;
	drop(act(&f, "dc-owner", id, "escalate", "{'why':'Two sites.'}"));
	f.now += 3 * MINUTE;
	drop(act(&f, "office-head", id, "acknowledge", "{}"));
	f.now += 2 * MINUTE;
	drop(act(&f, "office-head", id, "instruct",
		"{'to':['dc-operator-1'],'text':'Switch to B.','due':'4h'}"));
	stats = ok(&f, "auditor-1", "stats", NULL);
	assert_int_equal(json_array_size(json_object_get(total(stats), "links")), 3);
	assert_int_equal(number(link_of(total(stats), 1), "told"), 2);
	assert_median(link_of(total(stats), 1), "acknowledged", 1, 4);
	assert_median(link_of(total(stats), 1), "instructed", 0, 0);
	assert_int_equal(number(link_of(total(stats), 2), "told"), 1);
	assert_median(link_of(total(stats), 2), "acknowledged", 1, 3);
	assert_median(link_of(total(stats), 2), "instructed", 1, 5);
	assert_int_equal(number(link_of(total(stats), 3), "told"), 0);
	assert_int_equal(number(link_of(group(stats, "service-disruption"), 2), "told"), 1);
	assert_int_equal(number(link_of(group(stats, "control-failure"), 1), "told"), 0);
	drop(stats);
	free(id);
	fixture_stop(&f);
}

/* --- who is counted -------------------------------------------------------------------- */

static int64_t
counted_for(struct fixture *f, const char *person)
{
	json_t *stats = ok(f, person, "stats", NULL);
	int64_t n = number(total(stats), "incidents");

	drop(stats);
	return n;
}

static void
stats__hidden_cases__are_not_there_for_who_may_not_see_them(void **state)
{
	struct fixture f;
	char *secret;
	char *plain;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	plain = report(&f);
	secret = report_with(&f, "dc-operator-1", "{'confidential':true}");
	assert_int_equal(counted_for(&f, "auditor-1"), 2);
	assert_int_equal(counted_for(&f, "dc-owner"), 2);
	assert_int_equal(counted_for(&f, "ga-staff-1"), 1);
	drop(act(&f, "office-head", plain, "involve", "{'person':'ga-staff-1','why':'x'}"));
	assert_int_equal(counted_for(&f, "ga-staff-1"), 0);
	assert_int_equal(counted_for(&f, "auditor-1"), 2);
	free(secret);
	free(plain);
	fixture_stop(&f);
}

static void
stats__drills__are_never_counted(void **state)
{
	struct fixture f;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	drop(ok(&f, "dc-operator-1", "incident.report",
		"{'drill':true,'fields':{'title':'T','situation':'S','contact':'1','answers':"
		"{'service-disruption':'yes'}}}"));
	assert_int_equal(counted_for(&f, "auditor-1"), 0);
	free(report(&f));
	assert_int_equal(counted_for(&f, "auditor-1"), 1);
	fixture_stop(&f);
}

/* --- limits ------------------------------------------------------------------------------ */

static void
assert_limit(struct fixture *f, const char *key, int64_t in_time, int64_t late)
{
	json_t *stats = ok(f, "auditor-1", "stats", NULL);
	const json_t *limit = json_object_get(json_object_get(stats, "limits"), key);

	assert_int_equal(number(limit, "in_time"), in_time);
	assert_int_equal(number(limit, "late"), late);
	drop(stats);
}

static void
stats__limits__count_once_they_passed_or_were_kept(void **state)
{
	struct fixture f;
	char *kept;
	char *late;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	kept = report(&f);
	drop(act(&f, "dc-owner", kept, "acknowledge", "{}"));
	assert_limit(&f, "instruction", 0, 0);
	drop(act(&f, "dc-owner", kept, "instruct",
		"{'to':['dc-operator-1'],'text':'x','due':'4h'}"));
	assert_limit(&f, "instruction", 1, 0);
	late = report(&f);
	f.now += 31 * MINUTE;
	assert_limit(&f, "instruction", 1, 1);
	drop(act(&f, "dc-owner", late, "instruct",
		"{'to':['dc-operator-1'],'text':'x','due':'4h'}"));
	assert_limit(&f, "instruction", 1, 1);
	f.now += 5 * 60 * MINUTE;
	assert_limit(&f, "result_report", 0, 2);
	free(kept);
	free(late);
	fixture_stop(&f);
}

/* --- periods ------------------------------------------------------------------------------ */

static void
stats__fiscal_years__begin_in_april_and_are_compared(void **state)
{
	struct fixture f;
	json_t *stats;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	assert_int_equal(stamp_parse("2026-03-31T23:59:00+09:00", &f.now), ERR_OK);
	free(report(&f));
	assert_int_equal(stamp_parse("2026-04-01T00:00:00+09:00", &f.now), ERR_OK);
	free(report(&f));
	assert_int_equal(stamp_parse("2027-03-31T23:59:30+09:00", &f.now), ERR_OK);
	stats = ok(&f, "auditor-1", "stats", "{'by':'month'}");
	assert_int_equal(number(stats, "year"), 2026);
	assert_int_equal(number(total(stats), "incidents"), 1);
	assert_int_equal(number(total(stats), "previous"), 1);
	assert_int_equal(number(group(stats, "2026-04"), "incidents"), 1);
	assert_int_equal(number(group(stats, "2027-03"), "previous"), 1);
	assert_int_equal(json_array_size(json_object_get(stats, "months")), 12);
	drop(stats);
	stats = ok(&f, "auditor-1", "stats", "{'year':2025}");
	assert_int_equal(number(total(stats), "incidents"), 1);
	assert_string_equal(text_at(stats, "last_day"), "2026-03-31");
	drop(stats);
	stats = ok(&f, "auditor-1", "stats", "{'since':'2026-03','until':'2026-04-01'}");
	assert_int_equal(number(total(stats), "incidents"), 2);
	drop(stats);
	refused(&f, "auditor-1", "stats", "{'since':'2026-05','until':'2026-04'}", "D108");
	refused(&f, "auditor-1", "stats", "{'since':'soon'}", "D108");
	refused(&f, "auditor-1", "stats", "{'by':'person'}", "D103");
	refused(&f, "auditor-1", "stats", "{'department':'moon'}", "D107");
	fixture_stop(&f);
}

/* --- kept in step with the ledger ----------------------------------------------------------- */

static void
change(struct fixture *f, const char *sql)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static size_t
problems(struct fixture *f)
{
	json_t *answer = ok(f, "auditor-1", "ledger.verify", "{'rebuild':true}");
	size_t n = json_array_size(json_object_get(answer, "problems"));

	drop(answer);
	return n;
}

static void
verify__changed_figures__are_named(void **state)
{
	static const char *const changes[] = {
		"UPDATE figure SET acknowledged_at = acknowledged_at - 60000",
		"UPDATE figure SET category = 'control-failure'",
		"DELETE FROM figure",
		"INSERT INTO figure SELECT reported_at, '26-0777', department, category, major, "
		"open, acknowledged_at, instructed_at, instruct_due, resulted_at, result_due, "
		"decided_at, decide_due, approved_at, cells, readers, hidden_from, responded_at, "
		"links FROM figure",
		"UPDATE figure SET responded_at = reported_at",
		"UPDATE figure SET links = ''",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		struct fixture f;
		char *id;

		fixture_start(&f, ON_SQLITE);
		id = report(&f);
		f.now += MINUTE;
		drop(act(&f, "dc-owner", id, "acknowledge", "{}"));
		assert_int_equal(problems(&f), 0);
		change(&f, changes[i]);
		assert_int_equal(problems(&f), 1);
		free(id);
		fixture_stop(&f);
	}
}

static void
follow__a_desk_without_figures__gets_them_at_its_start(void **state)
{
	struct fixture f;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	for (int i = 0; i < 3; i++) {
		free(report(&f));
	}
	change(&f, "DELETE FROM figure; UPDATE counter SET value = 1 WHERE name = 'figures'");
	fixture_reopen(&f);
	assert_int_equal(counted_for(&f, "auditor-1"), 3);
	assert_int_equal(problems(&f), 0);
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stats__in_memory__equal_a_recount),
		cmocka_unit_test(stats__in_a_file__equal_a_recount),
		cmocka_unit_test(stats__links__count_from_when_each_was_told),
		cmocka_unit_test(stats__hidden_cases__are_not_there_for_who_may_not_see_them),
		cmocka_unit_test(stats__drills__are_never_counted),
		cmocka_unit_test(stats__limits__count_once_they_passed_or_were_kept),
		cmocka_unit_test(stats__fiscal_years__begin_in_april_and_are_compared),
		cmocka_unit_test(verify__changed_figures__are_named),
		cmocka_unit_test(follow__a_desk_without_figures__gets_them_at_its_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
