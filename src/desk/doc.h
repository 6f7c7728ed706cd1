/* SPDX-License-Identifier: MIT */
/*
 * From structs to the documents of docs/methods.md.  Each function returns a
 * new reference, NULL without memory; json_pack() passes a NULL part up.
 */
#ifndef TOBAN_DESK_DOC_H
#define TOBAN_DESK_DOC_H

#include <jansson.h>

#include "call.h"

json_t *json_of_text(const char *text);                  /* null for NULL */
json_t *json_of_time(const struct call *call, stamp at); /* RFC 3339, null for none */
json_t *json_of_words(const struct words *words);        /* {"en", "ja"} */
/*
 * WORDS of a name and how its person is reached: "Minoru Sudo (03-5550-0128)", the number that the
 * organisation has and none of their own; without one where they are found.
 */
json_t *json_of_reach(const struct org *org, const struct person *person);
json_t *json_of_list(const struct word_list *list);
json_t *doc_head(const struct call *call, const struct ledger_head *head);
json_t *doc_person(const struct person *person);
json_t *doc_post(const struct post *post); /* null for NULL */
json_t *doc_department(const struct department *department);
json_t *doc_event(const struct call *call, const struct event *event);
json_t *doc_log(const struct call *call, const struct event_list *events);

/* Who is awaited, from the text of a row: waiting_for of docs/methods.md. */
json_t *doc_waiting(const struct call *call, const char *waiting);

/* One row of a list. */
json_t *doc_row(const struct call *call, const struct incident_row *row);

/* All that incident.show adds to the row; merged into `into`. */
enum err doc_case(struct call *call, const struct dossier *dossier, json_t *into);

/*
 * The result with all its versions (doc_result.c); null while there is none.
 * `looked_seq`: up to where the caller has read the case, 0 nowhere.
 */
json_t *doc_result(const struct call *call, const struct incident *incident, int64_t looked_seq);

/* The telephone attempts of a case, in order. */
/* One attached file with its custody: the `i`th of the incident; NULL without memory. */
json_t *doc_evidence_file(const struct call *call, const struct incident *incident, size_t i);
json_t *doc_calls(const struct call *call, const struct dossier *dossier);

/* The procedure for screens. */
json_t *doc_procedure(const struct procedure *procedure);

#endif
