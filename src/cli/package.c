/* SPDX-License-Identifier: MIT */
/*
 * `export --format package`: a folder that somebody without toban can check
 * (docs/signatures.md, "The package").
 */
#include "package.h"

#include <inttypes.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/clock.h"
#include "toban/base/i18n.h"

#define PAGE 100
#define NAME_SIZE 48

/* verify.sh, made from package.sh when the program is built. */
extern const char package_script[];
extern const size_t package_script_len;

/* What is exported, and the files that grow with it. */
struct export
{
	struct cli *cli;
	struct package package;
	struct package_file rows; /* ledger.jsonl */
	struct package_file chain;
	struct package_file signed_list;
	struct package_scope scope;
	json_t *forms; /* by name, for masking */
	json_int_t entries;
	json_int_t withheld;
	char key[PACKAGE_KEY_SIZE]; /* of the desk, that signed it; "" none */
};

/* --- one entry ---------------------------------------------------------------------------- */

static void
add_text(struct package_file *file, const char *text)
{
	package_add(file, text, strlen(text));
}

/* "20261129221000": what ssh-keygen reads, in UTC. */
static void
compact_time(stamp at, char out[16])
{
	char text[STAMP_SIZE];
	size_t n = 0;

	stamp_format(at, 0, text);
	for (size_t i = 0; text[i] && n < 14; i++) {
		if (text[i] >= '0' && text[i] <= '9') {
			out[n++] = text[i];
		}
	}
	out[n] = '\0';
}

static void
write_numbered(struct export *x, const char *pattern, json_int_t seq, const struct str *text)
{
	char name[NAME_SIZE];

	snprintf(name, sizeof(name), pattern, (long long)seq);
	package_write(&x->package, name, str_text(text), text->len);
}

static size_t
write_row(struct export *x, const json_t *event, json_int_t seq)
{
	struct str row = STR_INIT;
	size_t len;

	if (base64_parse(cli_string(event, "row"), &row) != ERR_OK || row.len == 0) {
		x->package.failed = true;
	}
	write_numbered(x, "entries/%lld.row", seq, &row);
	len = row.len;
	str_release(&row);
	return len;
}

/* Nonce and body: SHA-256 of this file is the commitment. */
static void
write_body(struct export *x, const json_t *event, json_int_t seq)
{
	struct str body = STR_INIT;

	if (base64_parse(cli_string(event, "nonce"), &body) != ERR_OK) {
		x->package.failed = true;
	}
	str_add(&body, cli_string(event, "body_text"));
	write_numbered(x, "entries/%lld.body", seq, &body);
	str_release(&body);
}

/* What was entered: of a change of rights all of its body but the proof. */
static char *
what_was_entered(const json_t *event, const json_t *body)
{
	bool org = strcmp(cli_string(event, "subject"), "org") == 0;
	json_t *entered = org ? json_copy((json_t *)(uintptr_t)body) /* jansson wants it mutable */
			      : json_incref(json_object_get(body, "fields"));
	char *text;

	if (org) {
		(void)json_object_del(entered, "signed"); /* its caller saw that it is there */
	}
	text = json_dumps(entered, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(entered);
	return text;
}

/* The salted fields of a decision: SHA-256 of this file stands in the signed text. */
static void
write_fields(struct export *x, const json_t *event, json_int_t seq)
{
	const json_t *body = json_object_get(event, "body");
	const char *salt = cli_string(json_object_get(body, "signed"), "salt");
	char *fields = *salt ? what_was_entered(event, body) : NULL;
	struct str text = STR_INIT;

	if (fields) {
		str_add(&text, salt);
		str_add(&text, fields);
		write_numbered(x, "signed/%lld.fields", seq, &text);
	}
	free(fields);
	str_release(&text);
}

static bool
is_plain(const char *text, const char *more)
{
	for (; *text; text++) {
		bool plain = (*text >= 'a' && *text <= 'z') || (*text >= '0' && *text <= '9') ||
			strchr(more, *text);

		if (!plain) {
			return false;
		}
	}
	return true;
}

/* The signed text and its signature, and what is needed to check them. */
static void
write_signed(struct export *x, const json_t *event)
{
	const json_t *body = json_object_get(event, "body");
	const json_t *proof = json_object_get(body, "signed");
	const char *actor = cli_string(event, "actor");
	const char *key = cli_string(proof, "key");
	json_int_t seq = json_integer_value(json_object_get(event, "seq"));
	struct str text = STR_INIT;
	char when[16];

	/* A proposal is proved by a key that signs for nobody yet. */
	if (!proof || strcmp(cli_string(event, "kind"), "key-proposed") == 0) {
		return;
	}
	if (!is_plain(actor, "-") || !is_plain(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ:+/")) {
		x->package.failed = true; /* the verifier of the desk names it */
		return;
	}
	str_add(&text, cli_string(proof, "text"));
	write_numbered(x, "signed/%lld.txt", seq, &text);
	str_clear(&text);
	str_add(&text, cli_string(proof, "signature"));
	write_numbered(x, "signed/%lld.sig", seq, &text);
	if (!x->scope.mask) {
		write_fields(x, event, seq);
	}
	compact_time(json_integer_value(json_object_get(event, "at_ms")), when);
	str_clear(&text);
	str_addf(&text, "%lld %s %s %s\n", (long long)seq, actor, when, key);
	package_add(&x->signed_list, str_text(&text), text.len);
	str_release(&text);
}

/* One line of ledger.jsonl: what a program reads; the bytes are in entries/. */
static void
write_line(struct export *x, json_t *event)
{
	json_t *line = x->scope.mask && json_is_object(json_object_get(event, "body"))
		? package_masked(x->cli, event, x->forms)
		: json_copy(event);
	char *text;

	json_object_del(line, "row");
	json_object_del(line, "body_text");
	text = json_dumps(line, JSON_COMPACT | JSON_SORT_KEYS);
	if (text) {
		add_text(&x->rows, text);
		add_text(&x->rows, "\n");
	}
	x->package.failed = x->package.failed || !text;
	free(text);
	json_decref(line);
}

static void
write_entry(struct export *x, json_t *event)
{
	json_int_t seq = json_integer_value(json_object_get(event, "seq"));
	bool withheld = json_is_true(json_object_get(event, "withheld"));
	bool erased = json_is_null(json_object_get(event, "body_text"));
	const char *what = withheld ? "withheld"
		: erased            ? "erased"
		: x->scope.mask     ? "masked"
				    : "body";
	size_t size = withheld ? 0 : write_row(x, event, seq);
	struct str line = STR_INIT;

	if (!withheld && !erased && !x->scope.mask) {
		write_body(x, event, seq);
	}
	write_signed(x, event);
	write_line(x, event);
	str_addf(&line, "%lld %zu %s %s %s %s\n", (long long)seq, size,
		cli_string(event, "prev_hash"), withheld ? "-" : cli_string(event, "commitment"),
		cli_string(event, "row_hash"), what);
	package_add(&x->chain, str_text(&line), line.len);
	x->package.failed = x->package.failed || line.failed;
	x->entries++;
	x->withheld += withheld;
	x->scope.last = seq;
	str_release(&line);
}

/* Every entry that may be read, in order. */
static int
write_entries(struct export *x)
{
	const char *id = x->scope.id;
	json_int_t after = 0;
	int status = EXIT_DONE;
	bool more = true;

	while (more && status == EXIT_DONE) {
		json_t *page = NULL;
		json_t *event;
		size_t i;

		status = cli_call(x->cli, "ledger.export",
			json_pack("{s:s*, s:I, s:i, s:b}", "id", id, "after", after, "limit", PAGE,
				"raw", true),
			&page);
		json_array_foreach(json_object_get(page, "events"), i, event)
		{
			write_entry(x, event);
		}
		after = json_integer_value(json_object_get(page, "next"));
		more = after > 0;
		json_decref(page);
	}
	return status;
}

/* --- keys ------------------------------------------------------------------------------------- */

static int
write_keys(struct export *x)
{
	struct str history = STR_INIT;
	json_t *result = NULL;
	json_t *key;
	size_t i;
	int status = cli_call(x->cli, "key.list", NULL, &result);

	json_array_foreach(json_object_get(result, "keys"), i, key)
	{
		char *text;

		if (x->scope.mask) {
			json_object_del(key, "comment");
			json_object_del(key, "why");
		}
		json_object_del(key, "may"); /* of who asked, not of the key */
		text = json_dumps(key, JSON_COMPACT | JSON_SORT_KEYS);
		str_addf(&history, "%s\n", text ? text : "");
		free(text);
	}
	package_write(&x->package, "keys/history.jsonl", str_text(&history), history.len);
	x->package.failed = x->package.failed || history.failed;
	str_release(&history);
	json_decref(result);
	return status;
}

/* --- about the package ---------------------------------------------------------------------- */

static const char *const readme[] = {
	"A package of the record of a toban desk\n"
	"=======================================\n"
	"\n"
	"Check it:   sh verify.sh\n"
	"\n"
	"It needs sha256sum and ssh-keygen (OpenSSH 8.9 or newer) and nothing of toban. Whoever "
	"made\n"
	"the package also made the verify.sh in it: take the one of your own copy of toban\n"
	"(src/cli/package.sh) if you do not trust them, and run it as: sh package.sh FOLDER\n"
	"\n"
	"seal, seal.sig   what the desk vouches for, signed with its key (desk_signers): which\n"
	"                 manifest, made by whom, up to which entry, with which keys of people.\n"
	"                 Compare the fingerprint that verify.sh prints with one you were told\n"
	"                 elsewhere, or give it: sh verify.sh . SHA256:...\n"
	"heads/           ends that went out to witnesses, each signed with the desk's key\n"
	"evidence/        attached files, named by their SHA-256 (export --evidence)\n"
	"manifest         SHA-256 of every file; manifest.sha256 is that of the manifest itself\n"
	"about            who made this, when, of which desk\n"
	"head.json        where the ledger ended: compare it with an end that was kept elsewhere\n"
	"chain            each entry: number, bytes, hash before, commitment, hash, what is here "
	"of it\n"
	"entries/N.row    what is hashed of entry N: its SHA-256 is the entry's hash\n"
	"entries/N.body   16 random bytes and the body: its SHA-256 is the commitment\n"
	"ledger.jsonl     the same entries for programs, one a line\n"
	"signed/N.txt     what was signed in entry N; N.sig the signature; N.fields what was "
	"entered,\n"
	"                 behind a random salt: its SHA-256 is in N.txt\n"
	"signed/list      number, who, when (UTC), with which key\n"
	"allowed_signers  whose keys signed from when to when (ssh-keygen -Y verify; times in "
	"UTC)\n"
	"keys/            the history of all keys\n"
	"\n"
	"masked: texts and names people typed are left out; hashes and signatures still hold.\n"
	"withheld: the entry is of a case that whoever made the package may not read.\n"
	"Cut-off entries at the end are found by comparing head.json with an end kept elsewhere.\n"
	"\n",
	"toban デスクの記録パッケージ\n"
	"============================\n"
	"\n"
	"検証方法:   sh verify.sh\n"
	"\n"
	"必要なのは sha256sum と ssh-keygen (OpenSSH 8.9 以降) だけで、toban は要りません。\n"
	"verify.sh もこのパッケージの作成者が入れたものです。信用できない場合は、手元の toban の\n"
	"src/cli/package.sh を使い、sh package.sh フォルダー と実行してください。\n"
	"\n"
	"seal, seal.sig   デスクが自身の鍵 (desk_signers) で署名した証明。対象の "
	"manifest、作成者、\n"
	"                 最後の記録、署名者の鍵。verify.sh "
	"が表示する指紋を、別の経路で知らされた\n"
	"                 指紋と比べるか、引数で渡してください: sh verify.sh . SHA256:...\n"
	"heads/           外部保管先に送った台帳末尾。それぞれデスクの鍵で署名されています\n"
	"evidence/        添付ファイル。名前は SHA-256 です (export --evidence)\n"
	"manifest         全ファイルの SHA-256。manifest.sha256 は manifest 自身の SHA-256\n"
	"about            作成者、作成日時、対象のデスク\n"
	"head.json        台帳の末尾。別の場所に保管した末尾と比べてください\n"
	"chain            "
	"各記録の番号、バイト数、直前のハッシュ、コミットメント、ハッシュ、本文の有無\n"
	"entries/N.row    記録 N のハッシュ対象。このファイルの SHA-256 が記録のハッシュです\n"
	"entries/N.body   乱数16バイトと本文。このファイルの SHA-256 がコミットメントです\n"
	"ledger.jsonl     同じ記録をプログラム用に1行1件で収めたもの\n"
	"signed/N.txt     記録 N で署名された文面。N.sig は署名、N.fields は入力内容 (先頭は乱数)\n"
	"signed/list      番号、署名者、日時 (UTC)、鍵\n"
	"allowed_signers  誰の鍵がいつからいつまで有効か (日時は UTC)\n"
	"keys/            鍵の履歴\n"
	"\n"
	"masked: 入力された文章と氏名を除いたもの。ハッシュと署名はそのまま検証できます。\n"
	"withheld: 作成者に閲覧権限のない案件の記録です。\n"
	"末尾の切り捨ては、head.json を別に保管した末尾と比べると分かります。\n",
};

static int
write_about(struct export *x)
{
	struct str about = STR_INIT;
	struct package_file file;
	json_t *desk = NULL;
	int status = cli_call(x->cli, "desk.info", NULL, &desk);

	if (status != EXIT_DONE) {
		return status;
	}
	str_addf(&about,
		"toban-package-1\nmade-by %s\nmade-at %s\ndesk %s\ntrial %s\nscope %s\n"
		"masked %s\nentries %lld\nwithheld %lld\nversion %s\n",
		cli_string(json_object_get(desk, "person"), "id"), cli_string(desk, "now"),
		cli_string(desk, "founded"),
		json_is_true(json_object_get(desk, "trial")) ? "yes" : "no",
		x->scope.id ? x->scope.id : "whole", x->scope.mask ? "yes" : "no",
		(long long)x->entries, (long long)x->withheld, cli_string(desk, "version"));
	package_write(&x->package, "about", str_text(&about), about.len);
	package_open(&x->package, "README.txt", &file);
	for (size_t i = 0; i < ARRAY_LEN(readme); i++) {
		add_text(&file, readme[i]);
	}
	package_close(&file);
	package_write(&x->package, "verify.sh", package_script, package_script_len);
	str_release(&about);
	json_decref(desk);
	return EXIT_DONE;
}

/* --- all of it -------------------------------------------------------------------------------- */

/* The entries; what the desk says of keys and ends is as of the newest of them. */
static int
fill_entries(struct export *x)
{
	int status;

	package_open(&x->package, "ledger.jsonl", &x->rows);
	package_open(&x->package, "chain", &x->chain);
	package_open(&x->package, "signed/list", &x->signed_list);
	add_text(&x->chain, x->scope.id ? "toban-chain-1 part\n" : "toban-chain-1 whole\n");
	status = write_entries(x);
	package_close(&x->rows);
	package_close(&x->chain);
	package_close(&x->signed_list);
	if (x->scope.id && x->scope.last < x->scope.head) {
		x->scope.last = x->scope.head;
	}
	return status;
}

/* First what makes entries of its own: they are then part of what is exported. */
static int
fill(struct export *x)
{
	struct cli *cli = x->cli;
	int status = package_seal_start(cli, &x->scope);

	if (status == EXIT_DONE && cli_flag(cli, "evidence")) {
		status = package_evidence(cli, &x->package, &x->scope);
	}
	if (status == EXIT_DONE) {
		status = fill_entries(x);
	}
	if (status == EXIT_DONE) {
		status = package_seal_parts(cli, &x->package, &x->scope);
	}
	if (status == EXIT_DONE) {
		status = write_keys(x);
	}
	return status == EXIT_DONE ? write_about(x) : status;
}

/* The manifest, and what the desk vouches for with it. */
static int
finish(struct export *x, enum err *ret_err)
{
	char manifest[HASH_HEX_SIZE];
	int status = EXIT_DONE;

	*ret_err = package_finish(&x->package, manifest);
	if (!*ret_err) {
		status = package_seal_finish(x->cli, &x->package, &x->scope, manifest, x->key);
		*ret_err = x->package.failed ? ERR_IO : ERR_OK;
	}
	return status;
}

static int
say_done(struct export *x, const char *path)
{
	struct str out = STR_INIT;
	char entries[24];
	struct str_arg args[] = { { "n", entries }, { "path", path }, { "key", x->key } };
	int status;

	if (x->cli->globals.json) {
		json_t *result = json_pack("{s:s, s:I, s:I, s:b, s:s?}", "path", path, "entries",
			x->entries, "withheld", x->withheld, "masked", x->scope.mask, "key",
			x->key[0] ? x->key : NULL);

		status = cli_print_json(x->cli, result);
		json_decref(result);
		return status;
	}
	snprintf(entries, sizeof(entries), "%lld", (long long)x->entries);
	str_say(&out, _("{n} entries are in {path}. Check them with: sh {path}/verify.sh\n"), args,
		ARRAY_LEN(args));
	if (x->key[0]) {
		str_say(&out,
			_("The desk signed them with its key {key}. Tell that to whoever checks, "
			  "by another way than the package.\n"),
			args, ARRAY_LEN(args));
	}
	status = cli_print_text(x->cli, &out);
	str_release(&out);
	return status;
}

int
package_export(struct cli *cli, const char *path)
{
	struct export x = { .cli = cli,
		.scope = { .id = cli->n_words ? cli->words[0] : NULL,
			.mask = cli_flag(cli, "mask"),
			.is_unsigned = cli_flag(cli, "unsigned") },
		.forms = json_object() };
	enum err e = package_make(&x.package, path);
	int status = EXIT_FAILED;

	if (e == ERR_EXISTS) {
		status = cli_fail(cli, EXIT_FAILED, "D422",
			_("There is something of that name already."),
			_("Nothing was overwritten. Choose another name."));
	} else if (!e) {
		status = fill(&x);
		status = status == EXIT_DONE ? finish(&x, &e) : status;
	}
	if (e && e != ERR_EXISTS) {
		status = cli_fail(cli, EXIT_FAILED, "D415", _("The file could not be written."),
			_("The folder is not complete: remove it and try again elsewhere."));
	} else if (status == EXIT_DONE) {
		status = say_done(&x, path);
	}
	package_release(&x.package);
	json_decref(x.forms);
	return status;
}
