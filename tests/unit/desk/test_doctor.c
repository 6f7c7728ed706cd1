/* SPDX-License-Identifier: MIT */
/*
 * The examination of how people come in: each finding is made once, and gone when it is mended.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "signer.h"
#include "toban/base/attr.h"

static const uint8_t key[PIN_KEY_BYTES] = "a key of thirty-two bytes, fixed";
static const char *shell; /* of every account; NULL: there is none.  One test at a time. */

static bool
shell_of(const char *login, struct str *out)
{
	(void)login;
	str_add(out, shell ? shell : "");
	return shell != NULL;
}

static void
start(struct fixture *f)
{
	fixture_start_real(f, ON_SQLITE);
	f->pin_key = key;
	f->protection = "owned";
	f->shell_of = shell_of;
	shell = "/usr/bin/toban";
	fixture_reopen(f);
}

/* "" when the check finds nothing, else its text, as `person` reads it.  Static until the next. */
static const char *
finding(struct fixture *f, const char *person, const char *name)
{
	static char text[2000];
	json_t *check = answer_row(ok(f, person, "admin.doctor", "{}"), "checks", "name", name);
	bool good = json_is_true(json_object_get(check, "ok"));

	assert_true(*text_at(check, "text"));
	assert_true(good || *text_at(check, "what_to_do"));
	snprintf(text, sizeof(text), "%s", good ? "" : text_at(check, "text"));
	drop(check);
	return text;
}

static void
doctor__a_console_with_a_shell__is_named_to_who_looks_after_it(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	assert_string_equal(finding(&f, "admin", "consoles"), "");
	shell = "/usr/local/bin/toban-console";
	assert_string_equal(finding(&f, "admin", "consoles"), "");
	shell = "/bin/bash";
	assert_non_null(strstr(finding(&f, "admin", "consoles"), "dc-console (1)"));
	assert_null(strstr(finding(&f, "dc-operator-1", "consoles"), "dc-console"));
	shell = NULL;
	assert_non_null(strstr(finding(&f, "admin", "consoles"), "does not have: dc-console"));
	fixture_stop(&f);
}

static void
doctor__nobody_without_a_pin_or_locked_out(void **state)
{
	struct fixture f;
	const struct session console = { .login = "dc-console" };
	struct door door;
	json_t *error = NULL;

	(void)state;
	start(&f);
	assert_non_null(strstr(finding(&f, "admin", "pins"), "Without a PIN"));
	assert_null(strstr(finding(&f, "office-staff-1", "pins"), "dc-operator-1"));
	for (size_t i = 0; i < f.org.n_people; i++) {
		const char *who = f.org.people[i].id;

		drop(ok(&f, who, "pin.set", "{'pin':'720416'}"));
	}
	assert_string_equal(finding(&f, "admin", "pins"), "");
	assert_int_equal(desk_door_new(f.desk, &console, &door, &error), ERR_OK);
	for (int i = 0; i < 5; i++) {
		json_t *args = doc("{'person':'dc-operator-1','pin':'999990'}");
		json_t *result = NULL;

		assert_int_equal(
			door.call(door.ctx, "session.open", args, &result, &error), ERR_DENIED);
		json_decref(args);
		json_decref(error);
		f.now += 60000;
	}
	desk_door_free(&door);
	assert_non_null(strstr(finding(&f, "admin", "pins"), "wrong PINs"));
	assert_non_null(strstr(finding(&f, "auditor-1", "pins"), "dc-operator-1 (1)"));
	f.now += INT64_C(86400000);
	assert_string_equal(finding(&f, "admin", "pins"), "");
	fixture_stop(&f);
}

static void
doctor__who_decides_without_a_key(void **state)
{
	struct fixture f;
	struct pair head;
	struct pair staff[2];

	(void)state;
	start(&f);
	assert_non_null(strstr(finding(&f, "admin", "signers"), "office-head"));
	give_key(&f, "office-staff-1", &staff[0]);
	give_key(&f, "office-staff-2", &staff[1]);
	give_key(&f, "office-head", &head);
	assert_non_null(strstr(finding(&f, "admin", "signers"), "refused. admin (1)"));
	revoke_key(&f, "office-staff-2", &staff[1]);
	assert_non_null(strstr(finding(&f, "admin", "signers"), "office-staff-2, admin (2)"));
	fixture_stop(&f);
}

/* A site may want signatures of others, too: its flow says so. */
static void
doctor__who_signs_by_the_flow_of_the_site(void **state)
{
	struct fixture f;
	struct procedure site;
	struct flow_step *steps;
	const struct flow *flow;
	size_t bytes;

	(void)state;
	start(&f);
	assert_null(strstr(finding(&f, "admin", "signers"), "-owner"));
	site = *f.procedure;
	flow = &f.procedure->incident_flow;
	bytes = flow->n_steps * sizeof(*steps);
	steps = malloc(bytes);
	assert_non_null(steps);
	memcpy(steps, flow->steps, bytes);
	steps[flow_find_step(flow, "report-result") - flow->steps].sign = true;
	site.incident_flow.steps = steps;
	f.procedure = &site;
	fixture_reopen(&f);
	assert_non_null(strstr(finding(&f, "admin", "signers"), "dc-owner, dc-deputy-1"));
	fixture_stop(&f);
	free(steps);
}

static void
doctor__files_that_others_reach(void **state)
{
	struct fixture f;
	char path[128];
	FILE *file;

	(void)state;
	start(&f);
	assert_string_equal(finding(&f, "admin", "files"), "");
	snprintf(path, sizeof(path), "%s.pin-key", f.path);
	file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
	assert_int_equal(chmod(path, 0640), 0);
	assert_non_null(strstr(finding(&f, "admin", "files"), ".pin-key (1)"));
	assert_null(strstr(finding(&f, "dc-operator-1", "files"), "pin-key"));
	assert_int_equal(chmod(path, 0600), 0);
	assert_string_equal(finding(&f, "admin", "files"), "");
	assert_int_equal(chmod(f.path, 0620), 0);
	assert_non_null(strstr(finding(&f, "admin", "files"), "(1)"));
	assert_int_equal(remove(path), 0);
	fixture_stop(&f);
}

/* The limit can only be lowered: the finding comes first. */
static void
doctor__a_core_file__is_a_finding_of_a_service(void **state)
{
	const struct rlimit none = { 0, 0 };
	struct rlimit limit;
	struct fixture f;

	(void)state;
	start(&f);
	assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
	if (limit.rlim_max != 0) {
		assert_non_null(strstr(finding(&f, "admin", "core"), "core file"));
	}
	assert_int_equal(setrlimit(RLIMIT_CORE, &none), 0);
	assert_string_equal(finding(&f, "admin", "core"), "");
	fixture_stop(&f);
}

/* The sanitizer lets nobody lock memory, and says it did. */
#if defined(__SANITIZE_ADDRESS__)
#define LOCKS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LOCKS 0
#endif
#endif
#ifndef LOCKS
#define LOCKS 1
#endif

/* For root no limit counts as long as it may lock what it likes. */
static void
may_lock(bool may)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];
	const unsigned bit = 1U << CAP_IPC_LOCK;

	assert_int_equal(syscall(SYS_capget, &header, data), 0);
	data[0].effective =
		may ? data[0].effective | (data[0].permitted & bit) : data[0].effective & ~bit;
	assert_int_equal(syscall(SYS_capset, &header, data), 0);
}

static void
doctor__no_memory_is_locked__is_a_finding(void **state)
{
	struct rlimit limit;
	struct rlimit none;
	struct fixture f;

	(void)state;
	if (!LOCKS) {
		skip();
	}
	start(&f);
	assert_string_equal(finding(&f, "admin", "memory"), "");
	assert_int_equal(getrlimit(RLIMIT_MEMLOCK, &limit), 0);
	none = (struct rlimit){ 0, limit.rlim_max };
	may_lock(false);
	assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &none), 0);
	assert_non_null(strstr(finding(&f, "admin", "memory"), "swapped out"));
	assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &limit), 0);
	assert_string_equal(finding(&f, "admin", "memory"), "");
	may_lock(true);
	fixture_stop(&f);
}

static void
doctor__one_account_for_two(void **state)
{
	struct fixture f;
	struct org *org;
	struct person *people;

	(void)state;
	start(&f);
	assert_string_equal(finding(&f, "admin", "accounts"), "");
	/* As an organisation of a desk that was made before it was refused. */
	org = (struct org *)(uintptr_t)desk_org(f.desk);
	people = (struct person *)(uintptr_t)org->people;
	people[0].login = "shift";
	people[1].login = "shift";
	assert_non_null(strstr(finding(&f, "admin", "accounts"), "(2)"));
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doctor__a_console_with_a_shell__is_named_to_who_looks_after_it),
		cmocka_unit_test(doctor__nobody_without_a_pin_or_locked_out),
		cmocka_unit_test(doctor__who_decides_without_a_key),
		cmocka_unit_test(doctor__who_signs_by_the_flow_of_the_site),
		cmocka_unit_test(doctor__files_that_others_reach),
		cmocka_unit_test(doctor__a_core_file__is_a_finding_of_a_service),
		cmocka_unit_test(doctor__no_memory_is_locked__is_a_finding),
		cmocka_unit_test(doctor__one_account_for_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
