/* SPDX-License-Identifier: MIT */
/*
 * Makes a real desk whose decisions are signed, for tests that tamper with its file:
 *
 *     make_signed PATH
 *
 * One case from its report to the effect of its measures, a change of rights, a key that was
 * revoked at the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "signer.h"
#include "toban/forms.h"

#define CASE "26-0001"
#define RESULT "{'cause':'c','damage':'d','actions':'a','text':'t'}"

static void
change_rights(struct fixture *f, const struct pair *head)
{
	const struct def_file *file = shipped_find("org/example.ini");
	char *text = strndup(file->data, file->len);
	char *roles = strstr(text, "Roles=crisis");
	json_t *args;

	memcpy(roles, "Roles=office", strlen("Roles=office"));
	/* The administrator needs an account, or nobody could run the desk. */
	args = json_pack("{s:o, s:s}", "text",
		json_sprintf("%s\n[person admin-2]\nName=A\nDepartment=general-affairs\n"
			     "Roles=admin\nLogin=root\n",
			text),
		"why", "new member");
	json_decref(call_signed(f, head, "org.set", args));
	free(text);
}

int
main(int argc, char **argv)
{
	struct fixture f;
	struct pair staff;
	struct pair head;

	if (argc != 2) {
		return 2;
	}
	fixture_start_real(&f, ON_SQLITE);
	give_key(&f, "office-staff-1", &staff);
	give_key(&f, "office-head", &head);
	free(report(&f));
	drop(act(&f, "dc-owner", CASE, "instruct",
		"{'to':['dc-operator-1'],'text':'isolate','due':'4h'}"));
	drop(act(&f, "dc-operator-1", CASE, "respond", "{'text':'done'}"));
	drop(act(&f, "dc-owner", CASE, "report-result", RESULT));
	drop(decide(&f, &staff, CASE, "return-result", "{'why':'more'}"));
	drop(act(&f, "dc-owner", CASE, "report-result", RESULT));
	drop(decide(&f, &staff, CASE, "approve-result", "{'why':'it fits'}"));
	drop(act(&f, "dc-owner", CASE, "note", "{'text':'approved'}"));
	drop(decide(&f, &head, CASE, "decide-major", "{'major':'no','why':'small'}"));
	change_rights(&f, &head);
	revoke_key(&f, "office-staff-1", &staff);
	drop(act(&f, "dc-owner", CASE, "note", "{'text':'the last'}"));
	desk_free(f.desk);
	f.desk = NULL;
	store_close(f.store);
	f.store = NULL;
	if (rename(f.path, argv[1]) != 0) {
		perror(argv[1]);
		return 1;
	}
	fixture_stop(&f);
	return 0;
}
