/* SPDX-License-Identifier: MIT */
/*
 * Loading the procedure: which files there are, shipped or of the site, who
 * reads each, and the hash that names this state of all of them.
 */
#include "toban/core/procedure.h"

#include <stdlib.h>
#include <string.h>

#include "procedure_read.h"
#include "template_read.h"
#include "toban/base/str.h"
#include "toban/core/org.h"
#include "words.h"

enum def_file_kind {
	DEF_CLASSIFICATION,
	DEF_CHAIN,
	DEF_CLOCK,
	DEF_REVIEW,
	DEF_YEAR,
	DEF_LEGAL,
	DEF_TERMINAL,
	DEF_FORM,
	DEF_FLOW,
	DEF_MESSAGE,
	DEF_ORG,
	DEF_UNKNOWN
};

/* Which file is what; the first row that fits wins.  `wanted`: there must be one. */
static const struct {
	const char *prefix;
	const char *suffix;
	bool wanted;
} file_kinds[] = {
	[DEF_CLASSIFICATION] = { "policy/classification.ini", "", true },
	[DEF_CHAIN] = { "policy/chain.ini", "", true },
	[DEF_CLOCK] = { "policy/clock.ini", "", false },
	[DEF_REVIEW] = { "policy/review.ini", "", true },
	[DEF_YEAR] = { "policy/year.ini", "", false },
	[DEF_LEGAL] = { "policy/legal/", ".ini", false },
	[DEF_TERMINAL] = { "policy/terminal.ini", "", false },
	[DEF_FORM] = { "", ".form", true },
	[DEF_FLOW] = { "incident/incident.flow", "", true },
	[DEF_MESSAGE] = { "message/", ".ini", false },
	[DEF_ORG] = { "org/", ".ini", false },
};

/* The files of one loading, by path. */
struct loading {
	struct def_file *files;
	struct def_source *sources; /* one for each file */
	size_t n;
};

static bool
path_fits(const char *path, const char *prefix, const char *suffix)
{
	size_t len = strlen(path);
	size_t suffix_len = strlen(suffix);

	if (strncmp(path, prefix, strlen(prefix)) != 0) {
		return false;
	}
	if (suffix_len == 0) {
		return len == strlen(prefix);
	}
	return len > strlen(prefix) + suffix_len && strcmp(path + len - suffix_len, suffix) == 0;
}

static enum def_file_kind
path_kind(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(file_kinds); i++) {
		if (path_fits(path, file_kinds[i].prefix, file_kinds[i].suffix)) {
			return (enum def_file_kind)i;
		}
	}
	return DEF_UNKNOWN;
}

static int
loading_compare(const void *a, const void *b)
{
	const struct def_file *left = a;
	const struct def_file *right = b;

	return strcmp(left->path, right->path);
}

/* All files by path; one of the site takes the place of a shipped one. */
static void
loading_gather(struct def_reader *r, struct def_files shipped, struct def_files site,
	struct loading *loading)
{
	struct def_file *files = def_array(r, shipped.n + site.n, sizeof(*files));
	size_t n = 0;

	if (files == NULL) {
		return;
	}
	for (size_t i = 0; i < site.n; i++) {
		files[n++] = site.items[i];
	}
	for (size_t i = 0; i < shipped.n; i++) {
		bool replaced = false;

		for (size_t j = 0; j < site.n && !replaced; j++) {
			replaced = strcmp(site.items[j].path, shipped.items[i].path) == 0;
		}
		if (!replaced) {
			files[n++] = shipped.items[i];
		}
	}
	qsort(files, n, sizeof(*files), loading_compare);
	loading->files = files;
	loading->n = n;
	loading->sources = def_array(r, n, sizeof(*loading->sources));
}

static void
loading_parse(struct def_reader *r, struct loading *loading)
{
	for (size_t i = 0; !r->failed && i < loading->n; i++) {
		const struct def_file *file = &loading->files[i];
		struct def_source *source = &loading->sources[i];
		const char *path = arena_strdup(r->arena, file->path);

		if (path == NULL ||
			ini_parse(path, file->data, file->len, r->problems, &source->ini) ==
				ERR_NOMEM) {
			r->failed = true;
			return;
		}
		source->ini.path = path;
		hash_of(file->data, file->len, &source->hash);
	}
}

/*
 * Keeps the files of the procedure, those of organisations left out, and makes
 * the hash that names them: over each path, with its length before it, and the
 * hash of what is in the file.  Contents are hashed once: it is a third of the
 * time a start of the program takes here.
 */
static void
loading_keep(struct def_reader *r, const struct loading *loading, struct procedure *p)
{
	struct def_file *files = def_array(r, loading->n, sizeof(*files));
	struct str all = STR_INIT;

	for (size_t i = 0; files != NULL && i < loading->n; i++) {
		const struct def_source *source = &loading->sources[i];

		if (path_kind(source->ini.path) == DEF_ORG) {
			continue;
		}
		files[p->n_files] = loading->files[i];
		files[p->n_files++].path = source->ini.path;
		str_addf(&all, "%zu:%s", strlen(source->ini.path), source->ini.path);
		str_add_n(&all, (const char *)source->hash.bytes, sizeof(source->hash.bytes));
	}
	p->files = files;
	hash_of(str_text(&all), all.len, &p->hash);
	r->failed = r->failed || all.failed;
	str_release(&all);
}

static size_t
loading_count(const struct loading *loading, enum def_file_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < loading->n; i++) {
		n += path_kind(loading->files[i].path) == kind;
	}
	return n;
}

/* Room for what several files add to. */
static void
loading_prepare(struct def_reader *r, const struct loading *loading, struct legal_clock **ret_legal,
	struct form **ret_forms)
{
	size_t n_legal = 0;

	for (size_t i = 0; i < loading->n; i++) {
		n_legal += def_count(&loading->sources[i].ini, "clock");
	}
	*ret_legal = def_array(r, n_legal, sizeof(**ret_legal));
	*ret_forms = def_array(r, loading_count(loading, DEF_FORM), sizeof(**ret_forms));
}

/* The wording of messages: nothing else in the procedure refers to it. */
static void
loading_read_templates(struct def_reader *r, const struct loading *loading, struct procedure *p)
{
	struct message_template *templates =
		def_array(r, loading_count(loading, DEF_MESSAGE), sizeof(*templates));

	for (size_t i = 0; !r->failed && i < loading->n; i++) {
		const struct def_source *source = &loading->sources[i];

		r->path = source->ini.path;
		if (path_kind(r->path) == DEF_MESSAGE) {
			template_read(r, &source->ini, &templates[p->n_templates++]);
		}
	}
	p->templates = templates;
}

static void
loading_report_unknown(struct def_reader *r)
{
	ini_report(r->problems, r->path, 0,
		"policy/*.ini, policy/legal/*.ini, *.form, incident/incident.flow, message/*.ini "
		"or org/*.ini",
		"This is no file of the procedure.");
}

static void
loading_read(struct def_reader *r, const struct loading *loading, struct procedure *p)
{
	struct legal_clock *legal;
	struct form *forms;

	loading_prepare(r, loading, &legal, &forms);
	p->fiscal_month = 4; /* where no file says so: the year of Japanese companies */
	for (size_t i = 0; !r->failed && i < loading->n; i++) {
		const struct def_source *source = &loading->sources[i];
		const struct org *org;

		r->path = source->ini.path;
		switch (path_kind(r->path)) {
		case DEF_CLASSIFICATION:
			classification_read(r, &source->ini, &p->classification);
			break;
		case DEF_CHAIN:
			chain_read(r, &source->ini, p);
			break;
		case DEF_CLOCK:
			clock_read(r, &source->ini, p);
			break;
		case DEF_REVIEW:
			chain_read_reviews(r, &source->ini, p);
			break;
		case DEF_YEAR:
			year_read(r, &source->ini, p);
			break;
		case DEF_LEGAL:
			legal_read(r, &source->ini, legal, &p->n_legal);
			break;
		case DEF_TERMINAL:
			terminal_policy_read(r, &source->ini, p);
			break;
		case DEF_FORM:
			form_file_read(r, source, &forms[p->n_forms++]);
			break;
		case DEF_FLOW:
			flow_file_read(r, source, &p->incident_flow);
			break;
		case DEF_MESSAGE:
			break; /* loading_read_templates() */
		case DEF_ORG:
			/* Read for its findings only: the organisation in force is in the ledger.
			 */
			r->failed =
				org_parse(r->arena, &source->ini, r->problems, &org) == ERR_NOMEM;
			break;
		case DEF_UNKNOWN:
			loading_report_unknown(r);
			break;
		}
	}
	p->legal = legal;
	p->forms = forms;
}

static void
loading_check_wanted(struct def_reader *r, const struct loading *loading)
{
	for (size_t i = 0; i < ARRAY_LEN(file_kinds); i++) {
		const char *path =
			arena_printf(r->arena, "%s%s", file_kinds[i].prefix, file_kinds[i].suffix);

		if (path == NULL) {
			r->failed = true;
		} else if (file_kinds[i].wanted &&
			loading_count(loading, (enum def_file_kind)i) == 0) {
			ini_report(r->problems, path, 0, "this file", "The file is missing.");
		}
	}
}

/* Hands the findings to the caller, whose list may live in another arena. */
static enum err
loading_hand_over(const struct ini_problems *own, struct ini_problems *problems)
{
	for (size_t i = 0; i < own->n; i++) {
		const struct ini_problem *item = &own->items[i];

		ini_report(problems, item->path, item->line, item->expected, "%s", item->text);
	}
	problems->lost += own->lost;
	return own->n + own->lost > 0 ? ERR_INVALID : ERR_OK;
}

enum err
procedure_load(struct arena *arena, struct def_files shipped, struct def_files site,
	struct ini_problems *problems, const struct procedure **ret_procedure)
{
	/* What is read lives where its findings do: in the arena of the procedure. */
	struct ini_problems own = { .arena = arena };
	struct def_reader r = { .arena = arena, .problems = &own };
	struct loading loading = { 0 };
	struct procedure *p = arena_alloc(arena, sizeof(*p));
	enum err err;

	if (p == NULL) {
		return ERR_NOMEM;
	}
	p->terminal = (struct terminal_policy){ .clipboard = CLIPBOARD_IDS };
	loading_gather(&r, shipped, site, &loading);
	loading_parse(&r, &loading);
	if (!r.failed) {
		loading_keep(&r, &loading, p);
	}
	if (r.failed) {
		return ERR_NOMEM;
	}
	loading_check_wanted(&r, &loading);
	loading_read(&r, &loading, p);
	loading_read_templates(&r, &loading, p);
	if (!r.failed) {
		procedure_check(&r, p, file_kinds[DEF_FLOW].prefix);
	}
	if (r.failed) {
		return ERR_NOMEM;
	}
	err = loading_hand_over(&own, problems);
	if (err == ERR_OK) {
		*ret_procedure = p;
	}
	return err;
}

const struct form *
procedure_form(const struct procedure *p, const char *name)
{
	for (size_t i = 0; i < p->n_forms; i++) {
		if (words_same(p->forms[i].name, name)) {
			return &p->forms[i];
		}
	}
	return NULL;
}
