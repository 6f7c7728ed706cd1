/* SPDX-License-Identifier: MIT */
/*
 * What of a package comes from the desk itself: whose keys sign, ends that went out to
 * witnesses, and the seal: a text that names the manifest, signed with the desk's key
 * (docs/signatures.md, "The package").
 */
#include <inttypes.h>
#include <string.h>

#include "heads.h"
#include "package.h"
#include "toban/base/attr.h"

#define NAME_SIZE 48

static int
ask(struct cli *cli, const struct package_scope *scope, const char *manifest, json_t **ret_result)
{
	return cli_call(cli, "ledger.seal",
		json_pack("{s:s*, s:o*, s:s*, s:b, s:b}", "id", scope->id, "last",
			scope->last ? json_integer(scope->last) : NULL, "manifest", manifest,
			"mask", scope->mask, "unsigned", scope->is_unsigned),
		ret_result);
}

int
package_seal_start(struct cli *cli, struct package_scope *scope)
{
	json_t *result = NULL;
	int status = ask(cli, scope, NULL, &result);

	scope->head = json_integer_value(json_object_get(json_object_get(result, "head"), "seq"));
	json_decref(result);
	return status;
}

/* --- ends ---------------------------------------------------------------------------------- */

static void
write_end(struct package *package, size_t number, const char *text, const char *signature)
{
	char name[NAME_SIZE];

	snprintf(name, sizeof(name), "heads/%zu.txt", number);
	package_write(package, name, text, strlen(text));
	snprintf(name, sizeof(name), "heads/%zu.sig", number);
	package_write(package, name, signature, strlen(signature));
}

/* The text that is signed of an end, from the document that travels (docs/witness.md). */
static void
write_kept(struct package *package, size_t number, const json_t *end)
{
	struct str text = STR_INIT;

	str_addf(&text, "toban-head-1\ndesk %s\nseq %lld\nrow_hash %s\nat %s\nsigned_at %s\n",
		cli_string(end, "desk"), (long long)json_integer_value(json_object_get(end, "seq")),
		cli_string(end, "row_hash"), cli_string(end, "at"), cli_string(end, "signed_at"));
	write_end(package, number, str_text(&text), cli_string(end, "signature"));
	package->failed = package->failed || text.failed;
	str_release(&text);
}

/* Those of a witness, of which the desk itself keeps the newest alone. */
static int
write_ends(struct cli *cli, struct package *package, const json_t *newest)
{
	const char *path = cli_value(cli, "heads");
	struct kept_ends kept = { NULL, 0 };
	const json_t *end;
	size_t number = 0;
	size_t i;
	int status = path ? heads_file(cli, path, &kept) : EXIT_DONE;

	json_array_foreach(newest, i, end)
	{
		write_end(package, ++number, cli_string(end, "text"), cli_string(end, "signature"));
	}
	json_array_foreach(kept.heads, i, end)
	{
		if (*cli_string(end, "signature")) { /* of others there is nothing to check */
			write_kept(package, ++number, end);
		}
	}
	json_decref(kept.heads);
	return status;
}

/* --- both ------------------------------------------------------------------------------------ */

static void
write_text(struct package *package, const char *name, const json_t *doc, const char *member)
{
	const char *text = cli_string(doc, member);

	package_write(package, name, text, strlen(text));
}

int
package_seal_parts(struct cli *cli, struct package *package, const struct package_scope *scope)
{
	json_t *result = NULL;
	char *head;
	int status = ask(cli, scope, NULL, &result);

	if (status != EXIT_DONE) {
		return status;
	}
	head = json_dumps(json_object_get(result, "head"), JSON_COMPACT | JSON_SORT_KEYS);
	package_write(package, "head.json", head ? head : "", head ? strlen(head) : 0);
	package->failed = package->failed || !head;
	write_text(package, "allowed_signers", result, "signers");
	write_text(package, "desk_signers", result, "desk_signers");
	status = write_ends(cli, package, json_object_get(result, "heads"));
	free(head);
	json_decref(result);
	return status;
}

int
package_seal_finish(struct cli *cli, struct package *package, const struct package_scope *scope,
	const char *manifest, char ret_key[PACKAGE_KEY_SIZE])
{
	json_t *result = NULL;
	int status = scope->is_unsigned ? EXIT_DONE : ask(cli, scope, manifest, &result);

	ret_key[0] = '\0';
	if (status == EXIT_DONE && !scope->is_unsigned) {
		write_text(package, "seal", result, "text");
		write_text(package, "seal.sig", result, "signature");
		snprintf(ret_key, PACKAGE_KEY_SIZE, "%s", cli_string(result, "key"));
	}
	json_decref(result);
	return status;
}
