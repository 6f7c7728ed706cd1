/* SPDX-License-Identifier: MIT */
/*
 * Judging a change of rights by its entry alone: see org_proof.h.
 */
#include "org_proof.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "signing.h"
#include "toban/base/sshsig.h"

static const char *
text_of(const json_t *proof, const char *key)
{
	const char *text = json_string_value(json_object_get(proof, key));

	return text ? text : "";
}

/* The text that must have been signed. */
static enum err
make_text(const struct org_proof *p, const json_t *body, struct str *out)
{
	const char *salt = text_of(json_object_get(body, BODY_SIGNED), "salt");
	json_t *rest = json_copy((json_t *)(uintptr_t)body); /* jansson wants it mutable */
	struct decision decision = {
		.desk = p->desk,
		.event = p->event->id,
		.subject = p->event->subject,
		.step = p->event->kind,
		.actor = p->event->actor,
		.post = p->event->post,
		.stands_on = p->before->seq,
		.stands_on_hash = p->before->row_hash,
	};
	char *fields;
	enum err e = ERR_INVALID;

	(void)json_object_del(rest, BODY_SIGNED); /* its caller saw that it is there */
	fields = rest ? json_dumps(rest, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	if (fields && strlen(salt) == SALT_SIZE - 1) {
		decision_fields(salt, fields, &decision.fields);
		e = decision_text(&decision, out);
	}
	free(fields);
	json_decref(rest);
	return e;
}

static bool
is_by_their_key(const struct org_proof *p, const json_t *proof, const struct str *text)
{
	char signer[SSH_FINGERPRINT_SIZE];
	struct ssh_public public;

	if (sshsig_verify(text_of(proof, "signature"), DECISION_NAMESPACE,
		    (struct ssh_bytes){ str_text(text), text->len }, NULL, &public)) {
		return false;
	}
	ssh_fingerprint(&public, signer);
	return key_book_signer(p->book, p->event->actor, signer, p->event->seq) != NULL;
}

bool
org_proof_signed(const struct org_proof *p)
{
	json_t *body = p->event->body ? json_loads(p->event->body, 0, NULL) : NULL;
	const json_t *proof = json_object_get(body, BODY_SIGNED);
	struct str text = STR_INIT;
	stamp made = 0;
	bool holds = proof && !make_text(p, body, &text) &&
		!decision_event_time(p->event->id, &made) && p->event->at >= made &&
		p->event->at < made + DECISION_VALID_MS && is_by_their_key(p, proof, &text);

	str_release(&text);
	json_decref(body);
	return holds;
}

bool
org_proof_allowed(const struct org_proof *p)
{
	const struct person *maker = org_person(p->was, p->event->actor);

	if (!maker || !(maker->roles & (ROLE_ADMIN | ROLE_OFFICE_HEAD))) {
		return false;
	}
	for (size_t i = 0; i < p->now->n_people; i++) {
		const struct person *person = &p->now->people[i];
		bool theirs = strcmp(person->id, maker->id) == 0 ||
			(maker->login[0] && strcmp(person->login, maker->login) == 0);

		if (theirs && person->roles & ~maker->roles & ~(unsigned)ROLE_STAFF) {
			return false;
		}
	}
	return true;
}
