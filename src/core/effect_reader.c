/* SPDX-License-Identifier: MIT */
/*
 * Named readers of a restricted case: somebody without a part in it who must know all the same,
 * and who must no longer.  They read and nothing else; who has a part reads by that, and cannot
 * be taken off.
 */
#include <string.h>

#include "effect.h"
#include "effect_body.h"

static enum err
take_admit(struct taking *t)
{
	const struct incident *inc = t->context->incident;
	const struct person *person =
		org_person(t->context->org, body_text_or(t->fields, "person", ""));

	if (!person) {
		taking_fault(t, "person", "D107", _("There is no such person; look up the id."));
		return ERR_OK;
	}
	if (incident_is_involved(inc, person->id)) {
		taking_fault(t, "person", "D103",
			_("This person is involved in the incident and may not read it."));
		return ERR_OK;
	}
	if (word_list_has(&inc->readers, person->id)) {
		taking_fault(t, "person", "D405", _("This person is named as a reader already."));
		return ERR_OK;
	}
	return effect_tell(t,
		&(struct notice){ .person = person->id,
			.role = role_word(person_main_role(person)),
			.due_at = STAMP_NONE });
}

static enum err
fold_admit(struct fold *f, const struct entry *entry)
{
	const char *person = body_text(entry->fields, "person");
	const char **added = person ? fold_push(f->arena, &f->readers, sizeof(*added)) : NULL;

	if (!added) {
		return person ? ERR_NOMEM : ERR_CORRUPT;
	}
	*added = person;
	return ERR_OK;
}

static enum err
take_remove(struct taking *t)
{
	const char *person = body_text_or(t->fields, "person", "");

	if (!word_list_has(&t->context->incident->readers, person)) {
		taking_fault(t, "person", "D107",
			_("This person is not named as a reader: whoever reads by their part "
			  "cannot be taken off."));
	}
	return ERR_OK;
}

static enum err
fold_remove(struct fold *f, const struct entry *entry)
{
	const char **readers = f->readers.items;
	const char *person = body_text_or(entry->fields, "person", "");
	size_t n = 0;

	for (size_t i = 0; i < f->readers.n; i++) {
		if (strcmp(readers[i], person) != 0) {
			readers[n++] = readers[i];
		}
	}
	f->readers.n = n;
	return ERR_OK;
}

const struct effect effect_reader_table[] = {
	{ "admit-reader", take_admit, fold_admit },
	{ "remove-reader", take_remove, fold_remove },
	{ NULL, NULL, NULL },
};
