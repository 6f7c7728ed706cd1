/* SPDX-License-Identifier: MIT */
/*
 * The entries about keys: each well-formed, proved by whoever brought the key in, decided by
 * another who had the right to, signed where it must be, and no key under two people.
 */
#include "keys.h"
#include "verify.h"

static enum err
check_approval(struct verify *verify, const struct keys *keys, const struct key_entry *key)
{
	const struct key_approval approval = { key, key->approved_by, key->approved_seq };
	bool alone = false;
	enum err e = keys_alone(verify->call, keys, &approval, &alone);

	if (alone) {
		ledger_report(&verify->problems, key->approved_seq, "duties",
			"keys: entry %lld approves a key of %s, whom %s had entered or given "
			"their account or PIN alone",
			(long long)key->approved_seq, key->person, key->approved_by);
	}
	if (key->first && keys_late(keys, key)) {
		ledger_report(&verify->problems, key->approved_seq, "duties",
			"keys: entry %lld approves a key of %s unsigned, though keys that approve "
			"had been there before: whoever owns the file can enter that",
			(long long)key->approved_seq, key->person);
	}
	return e;
}

enum err
verify_keys(struct verify *verify)
{
	struct arena *arena = arena_new();
	struct keys keys;
	enum err e = arena ? keys_read(verify->call, arena, &keys) : ERR_NOMEM;

	for (size_t i = 0; !e && i < keys.book.n_faults; i++) {
		const struct key_fault *fault = &keys.book.faults[i];

		ledger_report(&verify->problems, fault->seq, fault->kind,
			"keys: entry %lld %s; it does not count", (long long)fault->seq,
			fault->text);
	}
	for (size_t i = 0; !e && i < keys.book.n_keys; i++) {
		if (keys.book.keys[i].approved_seq) {
			e = check_approval(verify, &keys, &keys.book.keys[i]);
		}
	}
	if (!e && keys.orgs.not_allowed_seq) {
		ledger_report(&verify->problems, keys.orgs.not_allowed_seq, "duties",
			"org: entry %lld changes rights by who may not, or gives its maker a part; "
			"it does not count",
			(long long)keys.orgs.not_allowed_seq);
	}
	arena_free(arena);
	return e;
}
