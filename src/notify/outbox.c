/* SPDX-License-Identifier: MIT */
/*
 * The loop that sends what the outbox holds.
 *
 * The store is the only memory that counts: a row is waiting until its outcome
 * is recorded, so a sender that is killed at any moment loses nothing, and at
 * worst sends again, under the same id, what was under way.  Outcomes are
 * recorded in one transaction for all that finished in the same turn; nothing
 * new is sent while they cannot be recorded.
 */
#include "toban/notify/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "toban/base/arena.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/log.h"

#include "exchange.h"
#include "gone.h"
#include "lane.h"
#include "secret_watch.h"

/* Without news the store is looked at this often, which also notices a clock that jumped. */
#define IDLE_MS 60000

/* A store that cannot wake us is looked at this often: first attempts are due within 2 s. */
#define BLIND_MS 1000

/* While rows are due that may not start yet. */
#define TICK_MS LANE_PATIENCE_MS

/*
 * When told to stop: how long exchanges under way may still finish.  Who takes
 * over waits for it, and owes urgent messages a first attempt within 2 s.
 */
#define STOP_GRACE_MS 500

/* Between tries to record outcomes, and how many before the sender gives up. */
#define RECORD_PAUSE_MS 1000
#define RECORD_TRIES 60

/* Outcomes recorded in one transaction. */
#define BATCH_MOST 64

/* An exchange that failed after this long makes its target a suspect. */
#define SLOW_FAILURE_MS 1000

struct sender {
	const struct sender_options *options;
	struct exchanges *exchanges;
	struct lanes lanes;
	struct job *done[BATCH_MOST + EXCHANGE_SLOTS]; /* finished, not recorded */
	size_t n_done;
	int failed_tries;      /* to record, in a row */
	stamp record_again_at; /* STAMP_NONE: at once */
	struct secret_watch watch;
	stamp next_due;   /* when the store must be looked at again */
	bool look_at_all; /* targets or rows may have changed */
	bool stopping;
	stamp stop_by;
	stamp once_at; /* only rows due then; STAMP_NONE: no such limit */
	int64_t sent;
	int64_t failed;
};

/* --- helpers -------------------------------------------------------------------------- */

static stamp
sender_now(const struct sender *sender)
{
	return clock_now(&sender->options->clock);
}

/* Rows due at this moment are ours to send. */
static stamp
sender_due(const struct sender *sender)
{
	return sender->once_at != STAMP_NONE ? sender->once_at : sender_now(sender);
}

/* Told to stop, and the grace is over. */
static bool
sender_is_late(const struct sender *sender)
{
	return sender->stopping && sender_now(sender) >= sender->stop_by;
}

static double
random_fraction(void)
{
	uint16_t bits;

	random_bytes(&bits, sizeof(bits));
	return (double)bits / UINT16_MAX;
}

static const char *
sender_secret(const struct sender *sender, const char *target)
{
	const struct secrets *secrets =
		sender->watch.loaded != NULL ? sender->watch.loaded : sender->options->secrets;

	return secrets != NULL ? secrets_get(secrets, target) : NULL;
}

/* --- outcomes --------------------------------------------------------------------------- */

static void
log_outcome(const struct job *job)
{
	const struct outbox_row *row = &job->row;

	if (strcmp(row->state, "sent") == 0) {
		log_line(LOG_DEBUG, "message %s to %s: sent", row->id, row->target);
	} else {
		log_line(LOG_WARNING, "message %s to %s: attempt %d, status %d, now %s: %s",
			row->id, row->target, row->attempts, row->last_status, row->state,
			row->last_answer);
	}
}

/* Takes the answer into the job and the job into what is to be recorded. */
static void
outcome_add(struct sender *sender, struct job *job, bool news)
{
	/* Without memory the answer is lost, not the outcome. */
	job->answer = strdup(job->row.last_answer);
	job->row.last_answer = job->answer != NULL ? job->answer : "";
	if (news) {
		log_outcome(job);
	}
	sender->done[sender->n_done++] = job;
}

/* Plans the row after an attempt that began at `job->started_at`. */
static void
outcome_plan(struct sender *sender, struct job *job, const struct attempt *attempt)
{
	stamp now = sender_now(sender);

	/*
	 * A crisis goes out every 60 s counted from attempt to attempt, however
	 * long each took; other delays are pauses after the end.
	 */
	job->row.tried_at = now;
	if (job->row.urgent && job->started_at <= now) {
		now = job->started_at;
	}
	outbox_plan(&job->row, attempt, now, random_fraction());
	if (attempt_judge(attempt) == DELIVERED) {
		sender->sent++;
	} else {
		sender->failed++;
	}
	outcome_add(sender, job, true);
}

/* Without its secret nothing was tried; told once, not at every look. */
static void
outcome_wait(struct sender *sender, struct job *job, const char *answer)
{
	outcome_add(sender, job, outbox_wait(&job->row, answer, sender_now(sender)));
}

/* A row whose target takes no messages any more. */
static void
outcome_stop(struct sender *sender, struct job *job)
{
	job->row.state = "stopped";
	job->row.next_at = STAMP_NONE;
	job->row.changed_at = sender_now(sender);
	job->row.last_answer = lanes_stopped(&sender->lanes, job->row.target)
		? "not sent: the target answered 410 and was stopped; start it again"
		: "the target was removed or is not active";
	outcome_add(sender, job, true);
}

/*
 * A target that says it is gone gets nothing more.  It is stopped before the
 * outcome is recorded: who is killed between the two has not forgotten it.
 */
static enum err
targets_stop(struct sender *sender)
{
	enum err err = ERR_OK;

	for (size_t i = 0; err == ERR_OK && i < sender->n_done; i++) {
		const struct job *job = sender->done[i];
		struct lane *lane = lanes_find(&sender->lanes, job->row.target);

		if (lane != NULL && is_gone(&lane->target, job)) {
			err = gone_record(sender->options->store, job, sender_now(sender));
			lane->target.stopped = err == ERR_OK;
			lane_empty(lane);
			sender->look_at_all = true;
		}
	}
	return err;
}

/* Records all outcomes; what cannot be recorded is kept and tried again. */
static enum err
outcomes_record(struct sender *sender)
{
	struct outbox_row rows[ARRAY_LEN(sender->done)];
	stamp now = sender_now(sender);

	if (sender->n_done == 0 ||
		(sender->record_again_at != STAMP_NONE && now < sender->record_again_at)) {
		return ERR_OK;
	}
	for (size_t i = 0; i < sender->n_done; i++) {
		rows[i] = sender->done[i]->row;
	}

	enum err err = targets_stop(sender);

	if (err == ERR_OK) {
		err = store_outbox_put(sender->options->store, rows, sender->n_done);
	}

	if (err != ERR_OK) {
		log_line(LOG_ERROR, "outcomes of %zu messages are not recorded: %s", sender->n_done,
			err_name(err));
		sender->record_again_at = now + RECORD_PAUSE_MS;
		sender->failed_tries++;
		return sender->failed_tries >= RECORD_TRIES || sender_is_late(sender) ? err
										      : ERR_OK;
	}
	for (size_t i = 0; i < sender->n_done; i++) {
		job_free(sender->done[i]);
	}
	sender->n_done = 0;
	sender->failed_tries = 0;
	sender->record_again_at = STAMP_NONE;
	return ERR_OK;
}

/* --- loading ------------------------------------------------------------------------------ */

static enum err
lane_load(struct sender *sender, struct arena *arena, struct lane *lane)
{
	struct outbox_list list = { 0 };
	bool drained = lane->n_queued == 0;

	lane_empty(lane);
	if (lane->gone || !lane->target.active || lane->target.stopped) {
		lane_loaded(lane, false, drained);
		return ERR_OK;
	}

	const struct outbox_filter filter = {
		.target = lane->target.name,
		.now = sender_due(sender),
		.limit = LANE_QUEUE,
	};
	enum err err = store_outbox_due_for(sender->options->store, arena, &filter, &list);

	for (size_t i = 0; err == ERR_OK && i < list.n; i++) {
		err = lane_push(lane, &list.items[i]);
	}
	lane_loaded(lane, list.n == LANE_QUEUE, drained);
	return err;
}

/* Ends rows that wait for a target which is not there. */
static enum err
load_orphans(struct sender *sender, struct arena *arena)
{
	struct outbox_list list;
	enum err err = store_outbox_due(
		sender->options->store, arena, sender_due(sender), BATCH_MOST, &list);

	for (size_t i = 0; err == ERR_OK && i < list.n && sender->n_done < BATCH_MOST; i++) {
		if (lanes_find(&sender->lanes, list.items[i].target) == NULL) {
			struct job *job = job_new(&list.items[i]);

			if (job == NULL) {
				return ERR_NOMEM;
			}
			outcome_stop(sender, job);
		}
	}
	return err;
}

static enum err
load_targets(struct sender *sender, struct arena *arena)
{
	struct target_list targets;
	enum err err = store_targets(sender->options->store, arena, &targets);

	return err == ERR_OK ? lanes_set(&sender->lanes, &targets) : err;
}

/* Sets next_due: a row that is due already but under way or queued counts as a short wait. */
static enum err
load_next(struct sender *sender, stamp now)
{
	stamp next = STAMP_NONE;
	enum err err = store_outbox_next(sender->options->store, &next);

	if (err == ERR_OK) {
		sender->next_due = next == STAMP_NONE ? now + IDLE_MS
			: next <= now                 ? now + TICK_MS
						      : next;
	}
	return err;
}

/* Fills empty lanes, and all of them when anything may have changed. */
static enum err
sender_load(struct sender *sender, struct arena *arena)
{
	stamp now = sender_now(sender);
	bool due = sender->look_at_all || now >= sender->next_due;
	enum err err = ERR_OK;

	if (sender->stopping || sender->n_done > 0) {
		return ERR_OK; /* rows that are not recorded would be loaded again */
	}
	secret_watch_refresh(&sender->watch);
	if (sender->look_at_all) {
		err = load_targets(sender, arena);
	}
	for (struct lane *lane = sender->lanes.first; err == ERR_OK && lane != NULL;
		lane = lane->next) {
		if (sender->look_at_all || (lane->n_queued == 0 && (due || lane->more))) {
			err = lane_load(sender, arena, lane);
		}
	}
	if (err == ERR_OK && due) {
		err = load_next(sender, now);
	}
	if (err == ERR_OK && due) {
		err = load_orphans(sender, arena);
	}
	if (err == ERR_OK) {
		sender->look_at_all = false;
	} else if (err == ERR_BUSY) {
		sender->next_due = now + TICK_MS;
		err = ERR_OK; /* somebody else holds the store for a moment */
	}
	arena_clear(arena);
	return err;
}

/* --- sending ------------------------------------------------------------------------------ */

/* Starts the exchange of one job; any refusal is its outcome. */
static enum err
job_send(struct sender *sender, struct job *job)
{
	const struct exchange_request request = {
		.target = &job->lane->target,
		.row = &job->row,
		.secret = sender_secret(sender, job->lane->target.name),
		.owner = job,
	};

	return exchanges_start(sender->exchanges, &request);
}

static void
sender_start(struct sender *sender)
{
	if (sender->stopping || sender->failed_tries > 0) {
		return;
	}
	while (sender->n_done < BATCH_MOST) {
		struct job *job = lanes_pick(
			&sender->lanes, exchanges_room(sender->exchanges), sender_now(sender));

		if (job == NULL) {
			return;
		}

		enum err err = job_send(sender, job);

		if (err != ERR_OK) {
			const struct attempt attempt = {
				.transport = err,
				.retry_after_ms = -1,
				.answer = exchange_refusal(err),
			};

			lane_finish(&sender->lanes, job);
			if (err == ERR_NOT_FOUND) {
				outcome_wait(sender, job, attempt.answer);
			} else {
				outcome_plan(sender, job, &attempt);
			}
		}
	}
}

static void
sender_collect(struct sender *sender)
{
	struct attempt attempt;
	void *owner;

	/* There is room: at most all slots finish, and `done` holds them beyond a batch. */
	while (sender->n_done < ARRAY_LEN(sender->done) &&
		exchanges_take(sender->exchanges, &owner, &attempt)) {
		struct job *job = owner;
		struct lane *lane = job->lane;

		lane->suspect = attempt.transport != ERR_OK &&
			sender_now(sender) - job->started_at >= SLOW_FAILURE_MS;
		lane_finish(&sender->lanes, job);
		outcome_plan(sender, job, &attempt);
		if (job->row.next_at != STAMP_NONE && job->row.next_at < sender->next_due) {
			sender->next_due = job->row.next_at;
		}
	}
}

/* --- waiting ------------------------------------------------------------------------------ */

static int
sender_patience(const struct sender *sender, int wake_fd)
{
	stamp now = sender_now(sender);
	int64_t wait = sender->next_due - now;

	if (sender->n_done > 0) {
		wait = sender->record_again_at != STAMP_NONE ? RECORD_PAUSE_MS : 0;
	} else if (sender->stopping) {
		wait = TICK_MS;
	} else if (lanes_queued(&sender->lanes) && wait > TICK_MS) {
		wait = TICK_MS;
	}
	if (wake_fd < 0 && wait > BLIND_MS) {
		wait = BLIND_MS;
	}
	return wait < 0 ? 0 : wait > IDLE_MS ? IDLE_MS : (int)wait;
}

static bool
fd_is_ready(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return fd >= 0 && poll(&poll_fd, 1, 0) > 0;
}

static enum err
sender_wait(struct sender *sender)
{
	struct store_info info;
	int fds[2];
	size_t n = 0;

	store_info(sender->options->store, &info);
	if (info.wake_fd >= 0 && !sender->stopping) {
		fds[n++] = info.wake_fd;
	}
	if (sender->options->stop_fd >= 0 && !sender->stopping) {
		fds[n++] = sender->options->stop_fd;
	}

	enum err err =
		exchanges_wait(sender->exchanges, fds, n, sender_patience(sender, info.wake_fd));

	if (info.wake_fd < 0 || fd_is_ready(info.wake_fd)) {
		sender->look_at_all = store_woke(sender->options->store) || sender->look_at_all;
	}
	if (!sender->stopping && fd_is_ready(sender->options->stop_fd)) {
		sender->stopping = true;
		sender->stop_by = sender_now(sender) + STOP_GRACE_MS;
	}
	return err;
}

/* Whether there is nothing left to do for this run. */
static bool
sender_is_done(const struct sender *sender)
{
	if (sender->n_done > 0) {
		return false;
	}
	if (sender->stopping) {
		return sender->lanes.n_busy == 0 || sender_is_late(sender);
	}
	return sender->options->once && sender->lanes.n_busy == 0 && !lanes_queued(&sender->lanes);
}

/* One turn; *ret_done when the run is over. */
static enum err
sender_turn(struct sender *sender, struct arena *arena, bool *ret_done)
{
	enum err err = sender_load(sender, arena);

	if (err != ERR_OK) {
		return err;
	}
	sender_start(sender);
	if (sender_is_done(sender)) {
		*ret_done = true;
		return ERR_OK;
	}
	err = sender_wait(sender);
	if (err != ERR_OK) {
		return err;
	}
	sender_collect(sender);
	return outcomes_record(sender);
}

static enum err
sender_loop(struct sender *sender)
{
	struct arena *arena = arena_new();
	enum err err = arena != NULL ? ERR_OK : ERR_NOMEM;
	bool done = false;

	while (err == ERR_OK && !done) {
		err = sender_turn(sender, arena, &done);
	}
	arena_free(arena);
	return err;
}

/* --- public ------------------------------------------------------------------------------- */

/* The lock dies with the process, however it dies. */
static enum err
lock_take(const char *path, int *ret_fd)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0) {
		return ERR_IO;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		enum err err = errno == EWOULDBLOCK ? ERR_BUSY : ERR_IO;

		(void)close(fd); /* holds nothing */
		return err;
	}
	*ret_fd = fd;
	return ERR_OK;
}

static void
sender_release(struct sender *sender)
{
	exchanges_free(sender->exchanges);
	for (size_t i = 0; i < sender->n_done; i++) {
		job_free(sender->done[i]);
	}
	lanes_release(&sender->lanes);
	secret_watch_release(&sender->watch);
}

enum err
sender_run(const struct sender_options *options, int64_t *ret_sent, int64_t *ret_failed)
{
	struct sender sender = {
		.options = options,
		.watch.path = options->reload_secrets,
		.watch.given = options->given_secrets,
		.record_again_at = STAMP_NONE,
		.look_at_all = true,
		.once_at = STAMP_NONE,
	};
	int lock = -1;
	enum err err = options->lock_path != NULL ? lock_take(options->lock_path, &lock) : ERR_OK;

	if (err != ERR_OK) {
		return err;
	}
	if (options->once) {
		sender.once_at = sender_now(&sender);
	}
	err = exchanges_new(options, &sender.exchanges);
	if (err == ERR_OK) {
		err = sender_loop(&sender);
	}
	sender_release(&sender);
	if (lock >= 0) {
		(void)close(lock); /* gives the lock back; nothing was written */
	}
	*ret_sent = sender.sent;
	*ret_failed = sender.failed;
	return err;
}
