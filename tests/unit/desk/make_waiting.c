/* SPDX-License-Identifier: MIT */
/*
 * A real desk with a decision that waits for its signature, for tests of the dialog that signs:
 *
 *     make_waiting PATH LOGIN [TIME]
 *
 * office-staff-1 has the account LOGIN, and the result of 26-0001 waits to be approved.  It says
 * "made", reads the fingerprints of the keys that they proposed then, a line each, and approves
 * them as the office head, today or at that TIME.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "signer.h"
#include "toban/forms.h"

#define CASE "26-0001"

/* The example organisation, in which the one has that account and the administrator another. */
static json_t *
organisation(const char *login)
{
	static const char head[] = "[person office-staff-1]\n";
	static const char admin[] = "[person admin]\n";
	const struct def_file *file = shipped_find("org/example.ini");
	char *text = strndup(file->data, file->len);
	char *at = strstr(text, head);
	char *admin_at = strstr(text, admin);
	json_t *args;

	assert_true(at && admin_at && at < admin_at);
	at += strlen(head);
	admin_at += strlen(admin);
	args = json_pack("{s:o, s:s}", "text",
		json_sprintf("%.*sLogin=%s\n%.*sLogin=toban-test-nobody\n%s", (int)(at - text),
			text, login, (int)(admin_at - at), at, admin_at),
		"why", "accounts");
	free(text);
	return args;
}

/* The folder of the test may be on another disk. */
static void
copy(const char *from, const char *to)
{
	char bytes[65536];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ssize_t n;

	assert_true(in >= 0 && out >= 0);
	while ((n = read(in, bytes, sizeof(bytes))) > 0) {
		assert_int_equal(write(out, bytes, (size_t)n), n);
	}
	assert_int_equal(n, 0);
	assert_int_equal(close(out), 0);
	(void)close(in); /* only read */
}

static void
put_away(struct fixture *f)
{
	desk_free(f->desk);
	f->desk = NULL;
	store_close(f->store);
	f->store = NULL;
}

static void
make(struct fixture *f, const struct pair *head, const char *path, const char *login)
{
	json_decref(call_signed(f, head, "org.set", organisation(login)));
	free(report(f));
	drop(act(f, "dc-owner", CASE, "instruct",
		"{'to':['dc-operator-1'],'text':'isolate','due':'4h'}"));
	drop(act(f, "dc-operator-1", CASE, "respond", "{'text':'done'}"));
	drop(act(f, "dc-owner", CASE, "report-result",
		"{'cause':'c','damage':'d','actions':'a','text':'t'}"));
	put_away(f);
	copy(f->path, path);
	(void)puts("made");
	(void)fflush(stdout);
}

/* The copy is the desk from now on, and its entries are of when the program's are. */
static void
go_on(struct fixture *f, const char *path, const char *at)
{
	assert_true(strlen(path) < sizeof(f->path));
	(void)remove(f->path);
	(void)snprintf(f->path, sizeof(f->path), "%s", path);
	f->now = (stamp)time(NULL) * 1000;
	assert_true(!at || stamp_parse(at, &f->now) == ERR_OK);
	fixture_open(f);
}

int
main(int argc, char **argv)
{
	struct fixture f;
	struct pair head;
	char key[128];

	if (argc < 3 || argc > 4) {
		return 2;
	}
	fixture_start_real(&f, ON_SQLITE);
	give_key(&f, "office-head", &head);
	make(&f, &head, argv[1], argv[2]);
	if (!fgets(key, sizeof(key), stdin)) {
		return 1;
	}
	go_on(&f, argv[1], argv[3]);
	do {
		key[strcspn(key, "\n")] = '\0';
		json_decref(call_signed(
			&f, &head, "key.approve", json_pack("{s:s}", "fingerprint", key)));
	} while (fgets(key, sizeof(key), stdin));
	put_away(&f);
	fixture_stop(&f);
	return 0;
}
