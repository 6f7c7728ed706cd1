/* SPDX-License-Identifier: MIT */
/*
 * What desk this is, who sits at it, and the rules it works by.
 */
#include <string.h>

#include "call.h"
#include "doc.h"
#include "duty.h"
#include "method.h"
#include "seat.h"
#include "witness.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/desk/engine.h"

/* Who runs the clocks; null: nobody does at this moment. */
static enum err
find_engine(struct call *call, json_t **ret_engine)
{
	const char *path = call->desk->parts.engine_path;
	struct engine_holder holder;
	enum err e = path && lease_is_held(path)
		? engine_holder_get(call->store, call->arena, &holder)
		: ERR_NOT_FOUND;

	if (e && e != ERR_NOT_FOUND) {
		return e;
	}
	*ret_engine = e ? json_null()
			: json_pack("{s:I, s:s, s:s, s:o}", "pid", (json_int_t)holder.pid, "host",
				  holder.host, "kind", holder.kind, "since",
				  json_of_time(call, holder.since));
	return ERR_OK;
}

enum err
method_desk_info(struct call *call, json_t **ret_result)
{
	struct ledger_head head;
	char hex[HASH_HEX_SIZE];
	json_t *engine = NULL;
	const char *founded = "";
	enum err e = store_head(call->store, &head);
	unsigned roles = call->person ? call->person->roles : 0;

	if (!e) {
		e = call_founded(call, &founded);
	}
	if (!e) {
		e = find_engine(call, &engine);
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	hash_hex(&call->procedure->hash, hex);
	*ret_result = json_pack(
		"{s:o, s:b, s:s, s:o, s:i, s:o, s:o, s:b, s:s, s:s, s:s, s:s, s:o, s:o,"
		" s:{s:b, s:b}}",
		"organisation", json_of_words(&call->org->name), "trial", call->org->trial,
		"protection", call->desk->parts.protection, "now", json_of_time(call, call->now),
		"offset_min", call->org->offset_min, "person",
		call->person ? doc_person(call->person) : json_null(), "post",
		doc_post(call->seat->post), "locked", call->seat->post && !call->person, "version",
		TOBAN_VERSION, "procedure_hash", hex, "founded", founded, "table_version",
		call->procedure->classification.version, "head", doc_head(call, &head), "engine",
		engine, "can", "report", (roles & ROLE_STAFF) != 0, "admin",
		(roles & ROLE_ADMIN) != 0);
	e = *ret_result ? witness_add_doc(call, *ret_result) : ERR_NOMEM;
	if (e) {
		json_decref(*ret_result);
		*ret_result = NULL;
		return call_fail_store(call, e, false);
	}
	return ERR_OK;
}

static json_t *
doc_ways(const struct call *call, const struct duty *duty, const struct person *person)
{
	json_t *ways = json_array();

	for (size_t i = 0; i < duty->n_ways; i++) {
		const struct way *way = &duty->ways[i];

		if (strcmp(way->person, person->id) == 0) {
			json_array_append_new(ways,
				json_pack("{s:s, s:s, s:i, s:o}", "kind", way->kind, "value",
					way->value, "order", way->order, "confirmed_on",
					json_of_time(call, way->confirmed_on)));
		}
	}
	return ways;
}

/* The person, and whether they are there: what a list of people and numbers needs. */
static json_t *
doc_reached(struct call *call, const struct person *person)
{
	const struct duty_query query = duty_query_at(call, call->now);
	const struct absence *absence = duty_absence(query.duty, person->id, call->now);
	const struct person *stand_in = duty_stand_in(&query, person->id);
	json_t *doc = doc_person(person);

	if (doc) {
		json_object_set_new(doc, "phone", json_string(duty_number(query.duty, person)));
		json_object_set_new(doc, "ways", doc_ways(call, query.duty, person));
		json_object_set_new(doc, "absent_until",
			absence ? json_of_time(call, absence->until) : json_null());
		json_object_set_new(doc, "stand_in", json_of_text(stand_in ? stand_in->id : NULL));
	}
	return doc;
}

/* What finding one's name in a list takes, for whoever looks at a locked console. */
static json_t *
doc_named(const struct person *person)
{
	return json_pack("{s:s, s:o, s:o, s:s, s:s}", "id", person->id, "name",
		json_of_words(&person->name), "title", json_of_words(&person->title), "department",
		person->department, "kana", person->kana);
}

/* Who may sit down at this post. */
static json_t *
doc_admitted(struct call *call)
{
	json_t *people = json_array();

	for (size_t i = 0; i < call->org->n_people; i++) {
		const struct person *person = &call->org->people[i];

		if (post_admits(call->seat->post, person)) {
			json_array_append_new(people, doc_named(person));
		}
	}
	return people;
}

enum err
method_org_show(struct call *call, json_t **ret_result)
{
	json_t *departments = json_array();
	bool locked = call->seat->post && !call->person;
	json_t *people = locked ? doc_admitted(call) : json_array();

	for (size_t i = 0; i < call->org->n_departments; i++) {
		json_array_append_new(departments, doc_department(&call->org->departments[i]));
	}
	for (size_t i = 0; !locked && i < call->org->n_people; i++) {
		json_array_append_new(people, doc_reached(call, &call->org->people[i]));
	}
	*ret_result = json_pack("{s:o, s:o}", "departments", departments, "people", people);
	if (arg_flag(call, "text")) {
		struct str text = STR_INIT;

		org_text(call->org, &text);
		json_object_set_new(*ret_result, "text",
			text.failed ? NULL : json_string(str_text(&text)));
		str_release(&text);
	}
	return ERR_OK;
}

enum err
method_procedure_show(struct call *call, json_t **ret_result)
{
	*ret_result = doc_procedure(call->procedure);
	return ERR_OK;
}

enum err
method_form_get(struct call *call, json_t **ret_result)
{
	const struct form *form = procedure_form(call->procedure, arg_text(call, "form"));

	if (!form) {
		return call_fail_field(
			call, "D103", "form", _("The procedure knows no form of this name."));
	}
	*ret_result = form_to_json(form);
	return ERR_OK;
}
