/* SPDX-License-Identifier: MIT */
/*
 * The organisation: reading its file, and the ledger's form of it.
 */
#include <string.h>

#include "shipped.h"

static const char whole[] = "[org]\n"
			    "Name=J\n"
			    "UtcOffset=-03:30\n"
			    "[department d1]\n"
			    "Code=D1\n"
			    "Name=First\n"
			    "Name[ja]=第一\n"
			    "InScope=yes\n"
			    "[person ann]\n"
			    "Name=Ann\n"
			    "Department=d1\n"
			    "Roles=office-head\n"
			    "Login=ann\n"
			    "[person bob]\n"
			    "Name=Bob\n"
			    "Department=d1\n"
			    "Roles=owner deputy\n"
			    "[department d9]\n"
			    "Code=D9\n"
			    "Name=Ninth\n"
			    "[person cleo]\n"
			    "Name=Cleo\n"
			    "Department=d9\n"
			    "Login=cleo\n"
			    "[person dan]\n"
			    "Name=Dan\n"
			    "Department=d9\n"
			    "[post console]\n"
			    "Name=Console\n"
			    "Login=console\n"
			    "Department=d1\n"
			    "People=dan\n";

static enum err
parse(struct arena *arena, const char *text, struct ini_problems *problems,
	const struct org **ret_org)
{
	struct ini_file file;

	if (ini_parse("org.ini", text, strlen(text), problems, &file) != ERR_OK) {
		return ERR_INVALID;
	}
	return org_parse(arena, &file, problems, ret_org);
}

static void
org_parse__whole_file__is_read(void **state)
{
	struct arena *arena = arena_new();
	struct ini_problems problems = { .arena = arena };
	const struct org *org = NULL;

	(void)state;
	assert_int_equal(parse(arena, whole, &problems, &org), ERR_OK);
	assert_int_equal(org->offset_min, -210);
	assert_false(org->trial);
	assert_string_equal(org->name.in[LANG_JA], "J");
	assert_string_equal(org_department(org, "d1")->name.in[LANG_JA], "第一");
	assert_true(org_department(org, "d1")->in_scope);
	assert_ptr_equal(org_login(org, "ann"), org_person(org, "ann"));
	assert_null(org_login(org, "")); /* bob has no account: nobody is the empty one */
	assert_null(org_login(org, NULL));
	assert_null(org_person(org, "eve"));
	assert_null(org_department(org, "d2"));
	assert_int_equal(
		org_person(org, "ann")->roles, ROLE_STAFF | ROLE_OFFICE | ROLE_OFFICE_HEAD);
	assert_int_equal(org_person(org, "bob")->roles, ROLE_STAFF | ROLE_OWNER | ROLE_DEPUTY);
	arena_free(arena);
}

/* Added to the whole file: the finding, and its line counted from the addition. */
static const struct {
	const char *more;
	int line; /* 0: of the file */
	const char *text;
} faults[] = {
	{ "[person eve]\nName=Eve\nDepartment=d2\n", 3, "no department \"d2\"" },
	{ "[person eve]\nName=Eve\nDepartment=d1\nRoles=queen\n", 4, "no role \"queen\"" },
	{ "[person eve]\nName=Eve\nDepartment=d1\nRoles=owner\n", 4, "both owner of d1" },
	{ "[person eve]\nName=Eve\nDepartment=d1\nLogin=ann\n", 4, "share the account ann" },
	{ "[person eve]\nName=Eve\nDepartment=d1\nRoles=office-head\n", 0, "There are 2 heads" },
	{ "[person ann]\nName=Ann\nDepartment=d1\n", 1, "is there twice" },
	{ "[person Eve]\nName=Eve\nDepartment=d1\n", 1, "cannot be an id" },
	{ "[person desk]\nName=Eve\nDepartment=d1\n", 1, "what the ledger calls the desk" },
	{ "[person eve]\nDepartment=d1\n", 1, "has no Name" },
	{ "[person eve]\nName[ja]=いぶ\nDepartment=d1\n", 2, "no English text" },
	{ "[person eve]\nName=Eve\n", 1, "has no Department" },
	{ "[person eve]\nName=Eve\nDepartment=d1\nShoes=38\n", 4, "no key Shoes" },
	{ "[department d2]\nName=Second\n", 1, "has no Code" },
	{ "[animal cat]\n", 1, "no section [animal]" },
	/* A second account is not a second person, and a shared one is nobody's own. */
	{ "[person eve]\nName=Eve\nDepartment=d1\nLogin=console\n", -2,
		"share the account console" },
	{ "[post p]\nName=P\nLogin=ann\nDepartment=d1\n", 3, "ann and the post p share" },
	{ "[post p]\nName=P\nDepartment=d1\nLogin=console\n", 4, "console and the post p share" },
	{ "[post p]\nName=P\nDepartment=d1\n", 1, "has no Login" },
	{ "[post p]\nName=P\nLogin=p\n", 1, "has no Department" },
	{ "[post p]\nName=P\nLogin=p\nDepartment=d3\n", 4, "no department \"d3\"" },
	{ "[post p]\nName=P\nLogin=p\nDepartment=d1\nPeople=ann eve\n", 5, "no person \"eve\"" },
	{ "[post p]\nName=P\nLogin=p\nDepartment=d1\nIdleMinutes=0\n", 5, "must lock itself" },
};

static void
org_parse__fault__is_reported_with_its_line(void **state)
{
	int before = 0;

	(void)state;
	for (const char *p = whole; *p != '\0'; p++) {
		before += *p == '\n';
	}
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct arena *arena = arena_new();
		struct ini_problems problems = { .arena = arena };
		const struct org *untouched = NULL;
		const char *text = arena_printf(arena, "%s%s", whole, faults[i].more);

		assert_int_equal(parse(arena, text, &problems, &untouched), ERR_INVALID);
		assert_null(untouched);
		if (problems.n != 1 || strstr(problems.items[0].text, faults[i].text) == NULL) {
			shipped_print(&problems);
			fail_msg("expected one finding \"%s\"", faults[i].text);
		}
		assert_int_equal(
			problems.items[0].line, faults[i].line != 0 ? before + faults[i].line : 0);
		arena_free(arena);
	}
}

static void
post_admits__its_department_the_office_and_whom_it_names(void **state)
{
	struct arena *arena = arena_new();
	struct ini_problems problems = { .arena = arena };
	const struct org *org = NULL;
	const struct post *post;

	(void)state;
	assert_int_equal(parse(arena, whole, &problems, &org), ERR_OK);
	post = org_post(org, "console");
	assert_non_null(post);
	assert_ptr_equal(org_post_login(org, "console"), post);
	assert_null(org_login(org, "console"));
	assert_null(org_post_login(org, ""));
	assert_null(org_post_login(org, "ann"));
	assert_int_equal(post->idle_min, POST_IDLE_MIN);
	assert_true(post_admits(post, org_person(org, "bob")));
	assert_true(post_admits(post, org_person(org, "dan")));
	assert_false(post_admits(post, org_person(org, "cleo")));
	arena_free(arena);
}

static void
org_parse__utc_offset__is_checked(void **state)
{
	static const struct {
		const char *text;
		enum err err;
		int min;
	} offsets[] = {
		{ "+09:00", ERR_OK, 540 },
		{ "-11:30", ERR_OK, -690 },
		{ "Z", ERR_OK, 0 },
		{ "09:00", ERR_INVALID, 0 },
		{ "+9:00", ERR_INVALID, 0 },
		{ "+24:00", ERR_INVALID, 0 },
		{ "+09:60", ERR_INVALID, 0 },
		{ "+09:00x", ERR_INVALID, 0 },
		{ "+0a:00", ERR_INVALID, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(offsets); i++) {
		struct arena *arena = arena_new();
		struct ini_problems problems = { .arena = arena };
		const struct org *org = NULL;
		const char *text = arena_printf(arena,
			"[org]\nName=J\nUtcOffset=%s\n[department d]\nCode=D\nName=D\n"
			"[person a]\nName=A\nDepartment=d\nRoles=office-head\n",
			offsets[i].text);

		assert_int_equal(parse(arena, text, &problems, &org), offsets[i].err);
		assert_int_equal(org != NULL ? org->offset_min : 0, offsets[i].min);
		arena_free(arena);
	}
}

/* Each is compared with each: what a service reads has an end. */
static void
org_parse__thousands_of_sections__are_refused(void **state)
{
	struct arena *arena = arena_new();
	struct ini_problems problems = { .arena = arena };
	struct str text = STR_INIT;
	const struct org *org = NULL;

	(void)state;
	for (int i = 0; i < 5001; i++) {
		str_addf(&text, "[person p%d]\nBad=1\n", i);
	}
	assert_int_equal(parse(arena, str_text(&text), &problems, &org), ERR_INVALID);
	assert_int_equal(problems.n, 1);
	assert_int_equal(problems.items[0].line, 10001);
	str_release(&text);
	arena_free(arena);
}

static void
org_json__there_and_back__is_the_same(void **state)
{
	const struct shipped *shipped = *state;
	struct arena *arena = arena_new();
	struct org trial = *shipped->org;
	const struct org *back = NULL;
	json_t *json;
	json_t *again;

	trial.trial = true;
	json = org_to_json(&trial);
	assert_int_equal(org_from_json(arena, json, &back), ERR_OK);
	assert_true(back->trial);
	assert_int_equal(back->n_people, trial.n_people);
	assert_string_equal(org_person(back, "dc-owner")->name.in[LANG_JA], "石川 正雄");
	assert_int_equal(org_person(back, "admin")->roles, ROLE_ADMIN);
	assert_int_equal(back->n_posts, 1);
	assert_string_equal(back->posts[0].login, "dc-console");
	assert_true(word_list_has(&back->posts[0].people, "crisis-2"));
	again = org_to_json(back);
	assert_true(json_equal(json, again));
	json_decref(again);
	/* An entry from before there were posts. */
	json_object_del(json, "posts");
	assert_int_equal(org_from_json(arena, json, &back), ERR_OK);
	assert_int_equal(back->n_posts, 0);
	json_decref(json);
	arena_free(arena);
}

/* A body that lacks anything, or has another kind of it, is no organisation. */
static void
org_from_json__damaged__is_refused(void **state)
{
	static const char *const keys[] = { "name", "offset_min", "trial", "departments",
		"people" };
	const struct shipped *shipped = *state;
	struct arena *arena = arena_new();
	const struct org *untouched = NULL;
	json_t *json = org_to_json(shipped->org);
	json_t *person = json_array_get(json_object_get(json, "people"), 0);

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		json_t *copy = json_deep_copy(json);

		json_object_del(copy, keys[i]);
		assert_int_equal(org_from_json(arena, copy, &untouched), ERR_INVALID);
		json_object_set_new(copy, keys[i], json_real(1.5));
		assert_int_equal(org_from_json(arena, copy, &untouched), ERR_INVALID);
		json_decref(copy);
	}
	json_object_set_new(person, "phone", json_integer(3));
	assert_int_equal(org_from_json(arena, json, &untouched), ERR_INVALID);
	json_object_set_new(person, "phone", json_string(""));
	json_array_append_new(json_object_get(person, "roles"), json_string("queen"));
	assert_int_equal(org_from_json(arena, json, &untouched), ERR_INVALID);
	assert_int_equal(org_from_json(arena, NULL, &untouched), ERR_INVALID);
	assert_null(untouched);
	json_decref(json);
	arena_free(arena);
}

static void
person_main_role__several__is_the_most_telling(void **state)
{
	const struct org *org = ((struct shipped *)*state)->org;

	assert_string_equal(
		role_word(person_main_role(org_person(org, "office-head"))), "office-head");
	assert_string_equal(role_word(person_main_role(org_person(org, "dc-owner"))), "owner");
	assert_string_equal(role_word(person_main_role(org_person(org, "dc-operator-1"))), "staff");
	assert_string_equal(role_word(person_main_role(org_person(org, "auditor-1"))), "auditor");
	assert_string_equal(role_word((enum role)(1 << 20)), "?");
}

/* What is written as a file says the same when it is read. */
static void
org_text__written__reads_back_the_same(void **state)
{
	const struct shipped *shipped = *state;
	struct arena *arena = arena_new();
	struct ini_problems problems = { .arena = arena };
	const struct org *back = NULL;
	struct str text = STR_INIT;
	json_t *was;
	json_t *is;

	org_text(shipped->org, &text);
	assert_int_equal(parse(arena, str_text(&text), &problems, &back), ERR_OK);
	was = org_to_json(shipped->org);
	is = org_to_json(back);
	assert_true(json_equal(was, is));
	json_decref(was);
	json_decref(is);
	str_release(&text);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(org_parse__whole_file__is_read),
		cmocka_unit_test(org_parse__fault__is_reported_with_its_line),
		cmocka_unit_test(post_admits__its_department_the_office_and_whom_it_names),
		cmocka_unit_test(org_parse__utc_offset__is_checked),
		cmocka_unit_test(org_parse__thousands_of_sections__are_refused),
		cmocka_unit_test(org_json__there_and_back__is_the_same),
		cmocka_unit_test(org_from_json__damaged__is_refused),
		cmocka_unit_test(person_main_role__several__is_the_most_telling),
		cmocka_unit_test(org_text__written__reads_back_the_same),
	};

	return cmocka_run_group_tests(tests, shipped_load, shipped_unload);
}
