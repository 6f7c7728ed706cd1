/* SPDX-License-Identifier: MIT */
/*
 * The draft behind a step: see draft.h.
 */
#include "draft.h"

#include <string.h>

#include "toban/store/draft_load.h"

void
draft_state(const char *body, char out[HASH_HEX_SIZE])
{
	struct hash hash;

	hash_of(body, strlen(body), &hash);
	hash_hex(&hash, out);
}

/* Far more than anybody writes at once. */
#define DRAFTS_MOST 200
#define BYTES_MOST ((size_t)4 << 20)

enum err
draft_check_room(struct call *call, int64_t but, size_t n, size_t bytes)
{
	struct draft_load load;
	enum err e = store_draft_load(call->store, call->person->id, but, &load);

	if (e) {
		return call_fail_store(call, e, false);
	}
	return (n > 0 && (size_t)load.n + n > DRAFTS_MOST) ||
			(size_t)load.bytes + bytes > BYTES_MOST
		? call_fail(call, "D382")
		: ERR_OK;
}

enum err
draft_find(struct call *call, int64_t number, struct draft_row *ret_draft)
{
	struct draft_list drafts = { NULL, 0 };
	enum err e = store_drafts(call->store, call->arena, call->person->id, &drafts);

	if (e) {
		return e;
	}
	for (size_t i = 0; i < drafts.n; i++) {
		if (drafts.items[i].number == number) {
			*ret_draft = drafts.items[i];
			return ERR_OK;
		}
	}
	return ERR_NOT_FOUND;
}

struct draft_drop
draft_to_drop(struct call *call)
{
	const char *expect = arg_text(call, "draft_hash");
	int64_t number = arg_draft(call, "draft");
	struct draft_row draft;
	char state[HASH_HEX_SIZE];

	/* A draft that cannot be read is no reason not to record. */
	if (number == 0 || draft_find(call, number, &draft)) {
		return (struct draft_drop){ 0, NULL };
	}
	if (!expect) {
		return (struct draft_drop){ number, NULL };
	}
	draft_state(draft.body, state);
	if (strcmp(state, expect) != 0) {
		return (struct draft_drop){ 0, NULL };
	}
	return (struct draft_drop){ number, draft.body };
}

json_t *
draft_answer(struct call *call, json_t *answer)
{
	int64_t number = arg_draft(call, "draft");
	struct draft_row draft;

	/* Looked up again: it may have gone on up to the commit itself. */
	if (answer && arg_text(call, "draft_hash") && number != 0 &&
		draft_find(call, number, &draft) == ERR_OK) {
		json_object_set_new(answer, "draft_kept", json_true());
	}
	return answer;
}
