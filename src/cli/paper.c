/* SPDX-License-Identifier: MIT */
/*
 * See paper.h.
 */
#include "paper.h"

int
cli_print_paper(struct cli *cli, struct print_sources sources,
	enum err (*make)(const struct print_sources *sources, struct str *out))
{
	json_t *procedure = NULL;
	json_t *desk = NULL;
	json_t *org = NULL;
	struct str out = STR_INIT;
	int status = cli_call(cli, "procedure.show", NULL, &procedure);
	if (status == EXIT_DONE) {
		status = cli_call(cli, "desk.info", NULL, &desk);
	}
	if (status == EXIT_DONE) {
		status = cli_call(cli, "org.show", NULL, &org);
	}
	if (status == EXIT_DONE) {
		sources.procedure = procedure;
		sources.desk = desk;
		sources.org = org;
		enum err e = make(&sources, &out);
		status = cli_print_made(cli, e, &out);
	}
	str_release(&out);
	json_decref(procedure);
	json_decref(desk);
	json_decref(org);
	return status;
}
