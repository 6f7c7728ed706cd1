/* SPDX-License-Identifier: MIT */
/*
 * toban-sender: the program that sends the messages of one desk.  A process of
 * its own, so that no screen ever loads libcurl or waits for a network; the
 * desk starts it, `toban outbox run` runs it, and it may be killed at any
 * moment (src/notify/outbox.c says why nothing is lost).
 *
 * Whoever starts it with --stop-fd keeps the other end of a pipe: when that
 * end is closed, also by dying, the sender finishes.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "toban/base/arena.h"
#include "toban/base/attr.h"
#include "toban/base/clock.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/base/log.h"
#include "toban/base/str.h"
#include "toban/forms.h"
#include "toban/notify/notify.h"
#include "toban/notify/secret.h"
#include "toban/store/store.h"

#include "folder.h"
#include "hardening.h"
#include "places.h"
#include "stop.h"

#define TIMEOUT_MS 15000
#define TIMEOUT_LEAST_MS 100
#define TIMEOUT_MOST_MS 60000

/* While another sender works on the desk: how often its lock is tried. */
#define LOCK_PAUSE_MS 100

/* With --once: how long a sender that is just finishing is waited for. */
#define LOCK_PATIENCE_MS 3000

/* As in the table of exit statuses of toban itself. */
enum status {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_DENIED = 4,
	STATUS_NO_DESK = 7
};

struct arguments {
	const char *desk;
	struct clock clock;
	bool once;
	bool json;
	bool verbose;
	int stop_fd; /* -1 none */
	int timeout_ms;
	enum lang lang;
};

/* --- arguments --------------------------------------------------------------------- */

static void
usage(FILE *stream)
{
	(void)fputs(_("Usage: toban-sender --desk FILE [--once] [--stop-fd N] [--timeout MS] "
		      "[--lang ja|en] [--json] [--verbose]\n"
		      "Sends the messages that wait in the outbox of a desk, and goes on until it "
		      "is told to stop.\n"
		      "  --once        send what is due now, then end\n"
		      "  --stop-fd N   end when this descriptor is readable or closed\n"
		      "  --timeout MS  limit of one exchange (15000)\n"
		      "Example: toban-sender --desk desk.db --once\n"),
		stream); /* a closed stream cannot be complained about */
}

static bool
parse_int(const char *text, long least, long most, int *ret_value)
{
	char *end;

	errno = 0;

	long value = strtol(text, &end, 10);

	if (errno != 0 || end == text || *end != '\0' || value < least || value > most) {
		return false;
	}
	*ret_value = (int)value;
	return true;
}

static bool
parse_lang(const char *text, enum lang *ret_lang)
{
	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		if (strcmp(text, lang_word(lang)) == 0) {
			*ret_lang = lang;
			return true;
		}
	}
	return false;
}

static bool
arguments_parse(int argc, char **argv, struct arguments *args, bool *ret_help)
{
	static const struct option options[] = {
		{ "desk", required_argument, NULL, 'd' },
		{ "once", no_argument, NULL, 'o' },
		{ "stop-fd", required_argument, NULL, 's' },
		{ "timeout", required_argument, NULL, 't' },
		{ "lang", required_argument, NULL, 'l' },
		{ "json", no_argument, NULL, 'j' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	bool ok = true;
	int option;

	while (ok && (option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'd':
			args->desk = optarg;
			break;
		case 'o':
			args->once = true;
			break;
		case 's':
			ok = parse_int(optarg, 0, INT32_MAX, &args->stop_fd);
			break;
		case 't':
			ok = parse_int(
				optarg, TIMEOUT_LEAST_MS, TIMEOUT_MOST_MS, &args->timeout_ms);
			break;
		case 'l':
			ok = parse_lang(optarg, &args->lang);
			break;
		case 'j':
			args->json = true;
			break;
		case 'v':
			args->verbose = true;
			break;
		case 'h':
			*ret_help = true;
			break;
		default:
			ok = false;
		}
	}
	return ok && optind == argc && (args->desk != NULL || *ret_help);
}

/* --- running ------------------------------------------------------------------------------ */

/* True when told to stop within `ms`. */
static bool
stopped_within(int stop_fd, int ms)
{
	struct pollfd wait = { .fd = stop_fd, .events = POLLIN };

	return poll(&wait, 1, ms) > 0;
}

/* Runs, waiting for the end of another sender first. */
static enum err
run_when_free(const struct sender_options *options, int64_t *ret_sent, int64_t *ret_failed)
{
	int waited = 0;
	enum err err = sender_run(options, ret_sent, ret_failed);

	while (err == ERR_BUSY && !(options->once && waited >= LOCK_PATIENCE_MS)) {
		if (stopped_within(options->stop_fd, LOCK_PAUSE_MS)) {
			return ERR_OK;
		}
		waited += LOCK_PAUSE_MS;
		err = sender_run(options, ret_sent, ret_failed);
	}
	return err;
}

/* What went wrong, in the form toban itself gives it. */
static void
complain(const struct arguments *args, const char *code, const char *text)
{
	json_t *document;

	if (!args->json) {
		(void)fprintf(stderr, "toban: %s (%s)\n", text, code);
		return;
	}
	document = json_pack("{s:s, s:s, s:s, s:s, s:[], s:[]}", "code", code, "class", "failed",
		"text", text, "what_to_do", _("What waits is kept, and is sent later."), "fields",
		"who");
	/* A closed stream cannot be complained about. */
	(void)json_dumpf(document, stderr, JSON_COMPACT);
	(void)fputc('\n', stderr);
	json_decref(document);
}

static void
print_summary(const struct arguments *args, enum err err, int64_t sent, int64_t failed)
{
	char sent_text[24];
	char failed_text[24];
	struct str line = STR_INIT;

	(void)snprintf(sent_text, sizeof(sent_text), "%" PRId64, sent);
	(void)snprintf(failed_text, sizeof(failed_text), "%" PRId64, failed);
	if (args->json) {
		str_addf(&line, "{\"ok\":%s,\"sent\":%s,\"failed\":%s,\"error\":%s%s%s}",
			err == ERR_OK ? "true" : "false", sent_text, failed_text,
			err == ERR_OK ? "" : "\"", err == ERR_OK ? "null" : err_name(err),
			err == ERR_OK ? "" : "\"");
	} else {
		const struct str_arg values[] = {
			{ "sent", sent_text },
			{ "failed", failed_text },
		};

		str_say(&line, _("Messages sent: {sent}. Attempts that failed: {failed}."), values,
			ARRAY_LEN(values));
	}
	(void)puts(str_text(&line)); /* a closed stream cannot be complained about */
	str_release(&line);
	if (err == ERR_BUSY) {
		complain(args, "D505", _("Another sender is at work on this desk."));
	} else if (err != ERR_OK) {
		complain(args, "D413", err_name(err));
	}
}

/*
 * The wording of messages: the site's when its files are in order, else the
 * shipped one.  A slip in a file is no reason to tell nobody.
 */
static const struct procedure *
load_procedure(struct arena *arena)
{
	const struct def_files shipped = { shipped_files, shipped_files_n };
	const struct procedure *procedure = NULL;
	struct ini_problems problems = { .arena = arena };
	struct def_files site = { NULL, 0 };
	const char *dir = places_forms_dir();
	enum err err = ERR_OK;

	if (dir != NULL) {
		err = folder_read_forms(arena, dir, &problems, &site.items, &site.n);
	}
	if (err == ERR_OK && problems.n == 0) {
		err = procedure_load(arena, shipped, site, &problems, &procedure);
	}
	if (procedure == NULL) {
		log_line(LOG_ERROR, "the site's definition files have faults: messages are worded "
				    "as shipped");
		err = procedure_load(
			arena, shipped, (struct def_files){ NULL, 0 }, &problems, &procedure);
	}
	return err == ERR_OK ? procedure : NULL;
}

static enum status
send_all(const struct arguments *args, struct store *store, int stop_fd)
{
	struct arena *arena = arena_new();
	const struct procedure *procedure = arena != NULL ? load_procedure(arena) : NULL;
	struct str lock = STR_INIT;
	struct str secrets = STR_INIT;
	int64_t sent = 0;
	int64_t failed = 0;
	enum err err = ERR_NOMEM;

	str_addf(&lock, "%s.sender", args->desk);
	str_addf(&secrets, "%s.secrets", args->desk);
	if (procedure != NULL && !lock.failed && !secrets.failed) {
		const struct sender_options options = {
			.store = store,
			.clock = args->clock,
			.procedure = procedure,
			.mail_program = "/proc/self/exe",
			.lock_path = lock.data,
			.stop_fd = stop_fd,
			.once = args->once,
			.timeout_ms = args->timeout_ms,
			.reload_secrets = secrets.data,
			.given_secrets = places_credential(arena, PLACES_SECRETS),
		};

		err = run_when_free(&options, &sent, &failed);
	}
	str_release(&lock);
	str_release(&secrets);
	arena_free(arena);
	print_summary(args, err, sent, failed);
	return err == ERR_OK ? STATUS_OK : STATUS_FAILED;
}

static enum status
run(const struct arguments *args)
{
	struct str why = STR_INIT;
	struct store *store = NULL;
	int stop_fd = stop_descriptor(args->stop_fd);

	if (stop_fd < 0) {
		(void)fprintf(stderr, "toban-sender: %s\n", strerror(errno));
		return STATUS_FAILED;
	}
	if (hash_start() != ERR_OK) {
		return STATUS_FAILED;
	}
	if (store_sqlite_open(args->desk, &why, &store) != ERR_OK) {
		(void)fprintf(stderr, "%s\n", str_text(&why));
		str_release(&why);
		return STATUS_NO_DESK;
	}

	enum status status = send_all(args, store, stop_fd);

	store_close(store);
	str_release(&why);
	return status;
}

int
main(int argc, char **argv)
{
	struct arguments args = { .stop_fd = -1, .timeout_ms = TIMEOUT_MS };
	bool help = false;

	if (!hardening_hold_streams()) {
		return STATUS_FAILED;
	}
	if (hardening_is_privileged()) {
		(void)fputs("toban-sender refuses to run setuid or setgid (D301)\n", stderr);
		return STATUS_DENIED;
	}
	hardening_start();
	/* One mail, for a sender: nothing of a desk is opened.  See src/notify/mail.h. */
	if (argc == 2 && strcmp(argv[1], "--mail") == 0) {
		return hash_start() == ERR_OK ? mail_exchange(STDIN_FILENO, STDOUT_FILENO) : 1;
	}

	bool understood = arguments_parse(argc, argv, &args, &help);
	struct arena *arena = arena_new();

	stamp standing = STAMP_NONE;

	if (arena == NULL) {
		return STATUS_FAILED;
	}
	if (places_clock(&standing, &args.clock) != ERR_OK) {
		(void)fputs("toban-sender: TOBAN_NOW is no time (D111)\n", stderr);
		arena_free(arena);
		return STATUS_FAILED;
	}
	i18n_start(args.lang, places_locale_dir(arena));
	log_start(stderr, args.verbose ? LOG_DEBUG : LOG_ERROR);
	if (!understood || help) {
		usage(understood ? stdout : stderr);
	}

	enum status status = !understood ? STATUS_USAGE : help ? STATUS_OK : run(&args);

	arena_free(arena);
	return status;
}
