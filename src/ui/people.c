/* SPDX-License-Identifier: MIT */
/*
 * Finding a person in a list by typing.
 */
#include "people.h"

#include <stdlib.h>
#include <string.h>

#include "book.h"
#include "doc.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

enum { FIND_MOST = 60, WIDE = 100, NARROW_BELOW = 72, DEPARTMENT_COLS = 22 };

void
people_init(struct people *people)
{
	edit_init(&people->find, false, FIND_MOST);
}

void
people_release(struct people *people)
{
	edit_release(&people->find);
	list_release(&people->list);
	free(people->hits);
	people->hits = NULL;
}

static const char *
hit_id(const void *ctx, int i)
{
	return doc_text(((const struct people *)ctx)->hits[i], "id");
}

const char *
people_chosen(const struct people *people)
{
	return people->list.n > 0 ? hit_id(people, people->list.selected) : "";
}

void
people_words(struct book *book, const json_t *person, struct str *out)
{
	const json_t *name = json_object_get(person, "name");

	str_addf(out, "%s %s %s %s %s %s %s", doc_text(name, "en"), doc_text(name, "ja"),
		doc_text(person, "kana"), doc_text(person, "id"), doc_words_of(person, "title"),
		book_role(book, doc_text(person, "role")),
		book_department(book, doc_text(person, "department")));
}

bool
people_words_hold(const struct str *words, const char *needle)
{
	struct str hay = STR_INIT;
	bool found;

	text_fold(&hay, str_text(words), words->len);
	found = strstr(str_text(&hay), needle) != NULL;
	str_release(&hay);
	return found;
}

static bool
person_matches(struct book *book, const json_t *person, const char *needle)
{
	struct str words = STR_INIT;
	bool found;

	people_words(book, person, &words);
	found = people_words_hold(&words, needle);
	str_release(&words);
	return found;
}

enum err
people_load(struct people *people, struct book *book)
{
	const json_t *all = doc_list(book_org(book), "people");
	struct str needle = STR_INIT;
	int n = 0;
	size_t i;
	json_t *person;

	free(people->hits);
	people->hits = calloc(json_array_size(all) + 1, sizeof(*people->hits));
	if (!people->hits) {
		people->list.n = 0;
		return ERR_NOMEM;
	}
	text_fold(&needle, edit_text(&people->find), people->find.text.len);
	json_array_foreach(all, i, person)
	{
		if (person_matches(book, person, str_text(&needle))) {
			people->hits[n++] = person;
		}
	}
	str_release(&needle);
	list_update(&people->list, n, hit_id, people);
	return ERR_OK;
}

/* The person at `i` of those who fit, in a row. */
static void
paint_person(struct people *people, struct book *book, struct canvas *c, int row, int i)
{
	const json_t *person = people->hits[i];
	bool selected = i == people->list.selected;
	const char *title = doc_words_of(person, "title");
	int wide = c->cols > WIDE ? 30 : DEPARTMENT_COLS;
	int name = c->cols > WIDE ? 24 : 16;
	struct span spans[] = {
		{ 2, ROLE_SELECTED, selected ? ">" : "" },
		{ name, selected ? ROLE_HEAD : ROLE_TEXT, doc_words_of(person, "name") },
		{ 1, ROLE_TEXT, "" },
		{ 14, ROLE_QUIET, doc_text(person, "id") },
	};
	/* One blank between '>' and the name stays plain. */
	int col = paint_spans(c, (struct place){ row, 1, 0 }, spans, ARRAY_LEN(spans)) + 1;

	/* Where there is no room for both, the department tells people apart. */
	if (c->cols < NARROW_BELOW) {
		wide = c->cols - col - 1;
	}
	(void)paint_cut(c, (struct place){ row, col, wide }, ROLE_TEXT,
		book_department(book, doc_text(person, "department")));
	if (c->cols < NARROW_BELOW) {
		return;
	}
	(void)paint_cut(c, (struct place){ row, col + wide + 1, c->cols - col - wide - 2 },
		ROLE_TEXT, title[0] ? title : book_role(book, doc_text(person, "role")));
}

void
people_paint(struct people *people, struct book *book, struct canvas *c, const char *label)
{
	int rows = c->rows - 2;
	int top = list_view(&people->list, rows);
	int col;

	for (int i = 0; i < rows && top + i < people->list.n; i++) {
		paint_person(people, book, c, 2 + i, top + i);
	}
	if (people->list.n == 0) {
		(void)paint_text(
			c, (struct place){ 2, 3, 0 }, ROLE_QUIET, _("Nobody is called that here."));
	}
	col = paint_text(c, (struct place){ 0, 1, 0 }, ROLE_TEXT, label);
	edit_paint(&people->find, c, (struct place){ 0, col + 2, c->cols - col - 3 }, 1, true);
}

bool
people_key(struct people *people, struct book *book, const struct key *key)
{
	enum edit_reply reply;

	if ((key->code == K_UP || key->code == K_DOWN || key->code == K_PGUP ||
		    key->code == K_PGDN) &&
		list_key(&people->list, key->code)) {
		if (people->list.n > 0) {
			list_anchor(&people->list, people_chosen(people));
		}
		return true;
	}
	reply = edit_key(&people->find, key);
	if (reply == EDIT_CHANGED) {
		(void)people_load(people, book); /* without memory the list is empty */
		people->list.selected = 0;
	}
	return reply != EDIT_IGNORED;
}
