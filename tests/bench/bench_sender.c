/* SPDX-License-Identifier: MIT */
/*
 * How fast the outbox drains to a receiver that takes 1 ms for an answer: our
 * sender, durable records and signatures included, beside a bare libcurl
 * multi loop over as many kept connections.  Argument: the sender's path.
 */
#include <curl/curl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "receiver.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/notify/secret.h"
#include "toban/store/store.h"

#define MESSAGES 2000

/* --- ours -------------------------------------------------------------------------- */

/* Rows for a desk with up to 16 targets; the texts of one point into the other. */
struct content {
	char ids[MESSAGES][16];
	char names[16][16];
	char url[64];
	struct outbox_row rows[MESSAGES];
	struct target_row targets[16];
};

static void
fill_targets(struct content *content, int targets, struct secrets *secrets, stamp now)
{
	for (int i = 0; i < targets; i++) {
		struct str secret = STR_INIT;
		char *name = content->names[i];

		(void)snprintf(name, sizeof(content->names[i]), "t%d", i);
		content->targets[i] = (struct target_row){ name, "webhook", content->url, "*", true,
			true, true, now, "generic", "", "" };
		secret_make(&secret);
		if (secrets_put(secrets, name, secret.data) != ERR_OK) {
			die("secret");
		}
		str_release(&secret);
	}
}

static void
fill_messages(struct content *content, int targets, stamp now)
{
	for (int i = 0; i < MESSAGES; i++) {
		(void)snprintf(content->ids[i], sizeof(content->ids[i]), "m-%d", i);
		content->rows[i] = (struct outbox_row){
			.id = content->ids[i],
			.target = content->names[i % targets],
			.type = "incident.report",
			.subject = "26-0001",
			.body = BODY,
			.created_at = now,
			.next_at = now,
			.state = "waiting",
			.last_answer = "",
			.changed_at = now,
		};
	}
}

static void
fill_desk(const char *path, int port, int targets)
{
	static struct content content;
	struct str why = STR_INIT;
	struct str secrets_path = STR_INIT;
	struct secrets *secrets;
	struct store *store;
	struct clock clock = clock_system();
	stamp now = clock_now(&clock);

	(void)snprintf(content.url, sizeof(content.url), "http://127.0.0.1:%d/", port);
	str_addf(&secrets_path, "%s.secrets", path);
	if (store_sqlite_create(path, &why, &store) != ERR_OK ||
		secrets_open(secrets_path.data, &secrets) != ERR_OK) {
		die("desk");
	}
	fill_targets(&content, targets, secrets, now);
	fill_messages(&content, targets, now);

	struct store_batch batch = {
		.outbox = content.rows,
		.n_outbox = MESSAGES,
		.targets = content.targets,
		.n_targets = (size_t)targets,
	};

	if (store_commit(store, &batch) != ERR_OK) {
		die("commit");
	}
	store_close(store);
	secrets_close(secrets);
	str_release(&secrets_path);
	str_release(&why);
}

static double
run_ours(const char *sender, int port, int targets)
{
	char directory[] = "/tmp/toban-bench-XXXXXX";
	char path[64];
	char name[] = "toban-sender";
	char desk_option[] = "--desk";
	char once_option[] = "--once";
	char *argv[] = { name, desk_option, path, once_option, NULL };
	pid_t pid;
	int status;

	if (mkdtemp(directory) == NULL) {
		die("mkdtemp");
	}
	(void)snprintf(path, sizeof(path), "%s/desk.db", directory);
	fill_desk(path, port, targets);

	double began = seconds();

	if (posix_spawn(&pid, sender, NULL, NULL, argv, NULL) != 0 ||
		waitpid(pid, &status, 0) != pid || status != 0) {
		die("sender");
	}

	double took = seconds() - began;

	remove_folder(directory);
	return MESSAGES / took;
}

/* --- bare ---------------------------------------------------------------------------- */

static size_t
drop(char *data, size_t size, size_t n, void *context)
{
	(void)data;
	(void)context;
	return size * n;
}

static double
run_bare(int port, int connections)
{
	CURLM *multi = curl_multi_init();
	CURL *easy[16];
	char url[64];
	int started = 0;
	int done = 0;
	int running;
	double began = seconds();

	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%d/", port);
	for (int i = 0; i < connections; i++, started++) {
		easy[i] = curl_easy_init();
		curl_easy_setopt(easy[i], CURLOPT_URL, url);
		curl_easy_setopt(easy[i], CURLOPT_POSTFIELDS, BODY);
		curl_easy_setopt(easy[i], CURLOPT_WRITEFUNCTION, drop);
		curl_multi_add_handle(multi, easy[i]);
	}
	while (done < MESSAGES) {
		CURLMsg *message;
		int left;

		curl_multi_perform(multi, &running);
		while ((message = curl_multi_info_read(multi, &left)) != NULL) {
			CURL *handle = message->easy_handle;

			done++;
			curl_multi_remove_handle(multi, handle);
			if (started < MESSAGES) {
				started++;
				curl_multi_add_handle(multi, handle);
			}
		}
		if (done < MESSAGES) {
			curl_multi_perform(multi, &running);
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
		}
	}

	double rate = MESSAGES / (seconds() - began);

	for (int i = 0; i < connections; i++) {
		curl_easy_cleanup(easy[i]);
	}
	curl_multi_cleanup(multi);
	return rate;
}

int
main(int argc, char **argv)
{
	/* A target has one exchange at a time, three in a flood. */
	static const struct {
		int targets;
		int connections;
	} rows[] = { { 1, 1 }, { 1, 3 }, { 4, 4 }, { 14, 14 } };
	int port;

	if (argc != 2 || hash_start() != ERR_OK || curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK) {
		return 1;
	}

	pid_t receiver = receiver_start(&port);

	(void)printf("%d messages, receiver answers after 1 ms\n", MESSAGES);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		double bare = run_bare(port, rows[i].connections);
		double ours = run_ours(argv[1], port, rows[i].targets);

		(void)printf("%2d targets: %6.0f/s; bare libcurl, %2d connections: %6.0f/s; "
			     "ratio %.2f\n",
			rows[i].targets, ours, rows[i].connections, bare, ours / bare);
	}
	(void)kill(-receiver, SIGTERM);
	(void)waitpid(receiver, NULL, 0);
	return 0;
}
