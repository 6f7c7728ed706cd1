/* SPDX-License-Identifier: MIT */
/*
 * The entries of custody, beside the steps of a case.
 */
#include "custody.h"

#include <string.h>

#include "record.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"

#define TRIES 20
#define MINUTE_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)

/* For how long one entry tells of the next, too; by whom, too, or by anybody. */
static const struct {
	const char *kind;
	int64_t ms;
	bool same_person;
} folded[] = {
	{ KIND_EVIDENCE_OPENED, MINUTE_MS, true },
	{ KIND_EVIDENCE_EXPORTED, MINUTE_MS, true },
	{ KIND_EVIDENCE_MEASURED, DAY_MS, false },
	{ KIND_EVIDENCE_DAMAGED, DAY_MS, false },
};

const struct evidence *
custody_file(const struct incident *incident, int64_t seq)
{
	for (size_t i = 0; i < incident->n_evidence; i++) {
		if (incident->evidence[i].seq == seq) {
			return &incident->evidence[i];
		}
	}
	return NULL;
}

const struct custody *
custody_newest(const struct incident *incident, int64_t file, const char *kind, const char *person)
{
	for (size_t i = incident->n_custody; i-- > 0;) {
		const struct custody *entry = &incident->custody[i];

		if (entry->file == file && strcmp(entry->kind, kind) == 0 &&
			(!person || strcmp(entry->by, person) == 0)) {
			return entry;
		}
	}
	return NULL;
}

bool
custody_is_damaged(const struct incident *incident, int64_t file)
{
	const struct custody *damaged = custody_newest(incident, file, KIND_EVIDENCE_DAMAGED, NULL);
	const struct custody *whole = custody_newest(incident, file, KIND_EVIDENCE_MEASURED, NULL);

	return damaged && (!whole || whole->seq < damaged->seq);
}

/* What the newest measurement said must not be said again; the opposite must be. */
static bool
is_told(const struct call *call, const struct incident *incident, const struct custody_note *note)
{
	bool damage = strcmp(note->kind, KIND_EVIDENCE_DAMAGED) == 0;
	bool measure = damage || strcmp(note->kind, KIND_EVIDENCE_MEASURED) == 0;

	if (measure && custody_is_damaged(incident, note->file) != damage) {
		return false;
	}
	for (size_t i = 0; i < ARRAY_LEN(folded); i++) {
		const struct custody *last = custody_newest(incident, note->file, folded[i].kind,
			folded[i].same_person ? call->person->id : NULL);

		/* A clock that was put back must not hide what is done now. */
		if (strcmp(folded[i].kind, note->kind) == 0) {
			return last && call->now >= last->at && call->now - last->at < folded[i].ms;
		}
	}
	return false;
}

static enum err
try_record(struct call *call, const struct custody_note *note)
{
	struct dossier *dossier = NULL;
	char id[NEW_ID_SIZE];
	struct record record = { .subject = note->id, .event_id = id, .kind = note->kind };
	const struct evidence *file;
	enum err e = dossier_open(call, note->id, &dossier);

	if (e) {
		return e;
	}
	file = custody_file(&dossier->incident, note->file);
	if (!file) {
		return call_fail(call, "D375");
	}
	if (is_told(call, &dossier->incident, note)) {
		return ERR_OK;
	}
	/* No name: an erasure of the entry that has it must leave none behind. */
	record.before = dossier;
	record.body = call_keep(call,
		json_pack("{s:I, s:s, s:s}", "file", (json_int_t)note->file, "sha256", file->sha256,
			"state", dossier->incident.state));
	random_id(call->now, id);
	return record.body ? record_commit(call, &record) : ERR_NOMEM;
}

enum err
custody_record(struct call *call, const struct custody_note *note)
{
	enum err e = ERR_CONFLICT;

	for (int tries = 0; e == ERR_CONFLICT && tries < TRIES; tries++) {
		e = try_record(call, note);
	}
	return e == ERR_CONFLICT ? call_fail(call, "D410") : e;
}
