/* SPDX-License-Identifier: MIT */
/*
 * Reading sections of definition files by tables of keys.
 *
 * Each kind of section has one table: which keys there are, of what type, and
 * where in the struct they go.  Words that name something defined elsewhere
 * (a step, a state, a form …) are noted as references while reading and looked
 * up once everything is there (procedure_check.c), so that the order of files
 * and sections does not matter.
 */
#ifndef TOBAN_SRC_CORE_PROCEDURE_READ_H
#define TOBAN_SRC_CORE_PROCEDURE_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "toban/base/hash.h"
#include "toban/base/ini.h"
#include "toban/core/procedure.h"

/* What a word in a definition file may refer to. */
enum def_ref_kind {
	REF_NONE,
	REF_ACTOR,
	REF_GUARD,
	REF_EFFECT,
	REF_STEP,
	REF_STATE,
	REF_FORM,
	REF_OPENER, /* what opens a link: a step, major-proposed, major-yes or unanswered */
	REF_CASE,   /* a category, or major: for what a section of clocks holds */
	REF_WHEN,   /* condition of a legal clock */
	REF_KINDS
};

struct def_ref {
	enum def_ref_kind kind;
	const char *word;
	const char *path;
	int line;
};

/* State of one loading; zero but for `arena` and `problems` at the start. */
struct def_reader {
	struct arena *arena;
	struct ini_problems *problems;
	const char *path; /* of the file being read */
	struct def_ref *refs;
	size_t n_refs;
	size_t cap_refs;
	bool failed; /* memory ran out; nothing read is to be used */
};

enum def_key_type {
	KEY_TEXT,     /* const char *, may be empty */
	KEY_WORD,     /* const char *, one plain word */
	KEY_WORDS,    /* struct words: both languages wanted */
	KEY_NAME,     /* struct words: a name, which need not have a Japanese form */
	KEY_LIST,     /* struct word_list */
	KEY_FLAG,     /* bool: yes or no */
	KEY_INT,      /* int, 0..9999 */
	KEY_SIZE,     /* size_t, 1..1000000 */
	KEY_DURATION, /* int64_t in ms, > 0 */
	KEY_DATE,     /* const char *, YYYY-MM-DD */
	KEY_CHOICE,   /* int: the place of the word in `words` */
	KEY_MOVES,    /* array of struct flow_move, state to state */
	KEY_BRANCHES, /* array of struct flow_move, value to state */
	KEY_WAITS,    /* array of struct flow_wait */
	KEY_PREFIX,   /* every key that begins so; the caller reads them itself */
	KEY_TYPES
};

struct def_key {
	const char *name;
	enum def_key_type type;
	size_t offset;
	size_t offset_n; /* of the count of KEY_MOVES, KEY_BRANCHES, KEY_WAITS */
	bool required;
	enum def_ref_kind ref;    /* what the word or words name */
	const char *const *words; /* KEY_CHOICE; NULL-terminated */
	int cols;                 /* KEY_WORDS: columns each may take; 0: any number */
};

/* One kind of section: its keys and whether it carries a name. */
struct def_kind {
	const char *kind;
	bool named;
	const struct def_key *keys;
	size_t n_keys;
};

/* Reads one section into *ret by its kind's table; every fault is reported. */
void def_read_section(struct def_reader *r, const struct ini_section *section,
	const struct def_kind *kind, void *ret);

/*
 * Reports sections of unknown kinds, missing or unwanted names, and names
 * given twice within a kind.
 */
void def_check_sections(struct def_reader *r, const struct ini_file *file,
	const struct def_kind *kinds, size_t n_kinds);

/* How many sections of that kind the file has. */
size_t def_count(const struct ini_file *file, const char *kind);

/* Zeroed array in the arena; on failure NULL and `failed` is set. */
void *def_array(struct def_reader *r, size_t n, size_t size);

/* Notes that `word` must name something of that kind. */
void def_refer(struct def_reader *r, enum def_ref_kind kind, const char *word, int line);

/* The entry of that key and language, NULL when there is none. */
const struct ini_entry *def_entry(
	const struct ini_section *section, const char *key, enum lang lang);

/* The line of a key, else of the section: where a finding is shown. */
int def_line(const struct ini_section *section, const char *key);

/* Both languages of an entry; what is missing or empty is reported and becomes "". */
void def_read_words(struct def_reader *r, const struct ini_entry *en, const struct ini_entry *ja,
	struct words *ret_words);

/* Both texts empty, for keys that may be left out. */
extern const struct words words_empty;
/* --- one reader for each file ---------------------------------------------- */

/* One definition file, parsed. */
struct def_source {
	struct ini_file ini;
	struct hash hash; /* of its bytes */
};

void classification_read(
	struct def_reader *r, const struct ini_file *file, struct classification *ret_table);
void chain_read(struct def_reader *r, const struct ini_file *file, struct procedure *p);
void terminal_policy_read(struct def_reader *r, const struct ini_file *file, struct procedure *p);
void clock_read(struct def_reader *r, const struct ini_file *file, struct procedure *p);
void chain_read_reviews(struct def_reader *r, const struct ini_file *file, struct procedure *p);
void year_read(struct def_reader *r, const struct ini_file *file, struct procedure *p);

/* Appends the clocks of one file at *n of the array. */
void legal_read(
	struct def_reader *r, const struct ini_file *file, struct legal_clock *clocks, size_t *n);
void form_file_read(struct def_reader *r, const struct def_source *source, struct form *ret_form);
void flow_file_read(struct def_reader *r, const struct def_source *source, struct flow *ret_flow);

/* Looks up every reference and checks what only the whole can tell, as ways through the flow. */
void procedure_check(struct def_reader *r, const struct procedure *p, const char *flow_path);

#endif
