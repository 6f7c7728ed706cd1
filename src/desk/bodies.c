/* SPDX-License-Identifier: MIT */
/*
 * Keeping read bodies: see bodies.h.  Few cases are worked on at the same time, so a handful
 * of places is looked through from end to end; the one that was used least recently goes.
 */
#include "bodies.h"

#include <stdlib.h>
#include <string.h>

#include "call.h"

#define CASES_MOST 64
/* Of text; its documents take some eight times that. */
#define BYTES_MOST ((size_t)2 * 1024 * 1024)

/* The bodies of one case. */
struct kept_case {
	char *subject; /* NULL: a free place */
	char **texts;  /* what each document was read from; NULL: none */
	size_t n;
	size_t bytes;     /* of all texts */
	json_t *bodies;   /* parallel to `texts` */
	uint64_t used_at; /* in calls of bodies_read() */
};

struct body_cache {
	struct kept_case cases[CASES_MOST];
	size_t bytes;
	uint64_t calls;
};

/* --- one case --------------------------------------------------------------------------- */

static void
case_cut(struct kept_case *kept, size_t n)
{
	while (kept->n > n) {
		char *text = kept->texts[--kept->n];
		size_t len = text ? strlen(text) : 0;

		if (text) {
			kept->bytes -= len + 1;
			explicit_bzero(text, len); /* it may go because it was erased */
		}
		free(text);
		(void)json_array_remove(kept->bodies, kept->n); /* the last one is there */
	}
}

static void
case_drop(struct kept_case *kept)
{
	case_cut(kept, 0);
	free(kept->texts);
	free(kept->subject);
	json_decref(kept->bodies);
	*kept = (struct kept_case){ NULL };
}

/* Whether a document that is kept was read from this text. */
static bool
case_holds(const struct kept_case *kept, size_t i, const char *text)
{
	return kept->texts[i] ? text && strcmp(kept->texts[i], text) == 0 : !text;
}

/* Reads one body more. */
static enum err
case_add(struct kept_case *kept, const char *text)
{
	char *copy = text ? strdup(text) : NULL;
	json_t *body = copy ? json_loadb(copy, strlen(copy), JSON_REJECT_DUPLICATES, NULL) : NULL;

	if ((text && !copy) || json_array_append_new(kept->bodies, body ? body : json_null())) {
		free(copy);
		return ERR_NOMEM;
	}
	kept->texts[kept->n++] = copy;
	kept->bytes += copy ? strlen(copy) + 1 : 0;
	return ERR_OK;
}

/* From the first text that is another on, all are read anew: that is an erasure, or a repair. */
static enum err
case_follow(struct kept_case *kept, const struct event *events, size_t n)
{
	size_t same = 0;
	char **texts;
	enum err e = ERR_OK;

	while (same < n && same < kept->n && case_holds(kept, same, events[same].body)) {
		same++;
	}
	case_cut(kept, same);
	if (same == n) {
		return ERR_OK;
	}
	texts = reallocarray(kept->texts, n, sizeof(*texts));
	if (!texts) {
		return ERR_NOMEM;
	}
	kept->texts = texts;
	for (size_t i = same; !e && i < n; i++) {
		e = case_add(kept, events[i].body);
	}
	return e;
}

/* --- all of them -------------------------------------------------------------------------- */

static void
cache_drop(struct body_cache *cache, struct kept_case *kept)
{
	cache->bytes -= kept->bytes;
	case_drop(kept);
}

/* The place used least recently; a free one, which never was, before all others. */
static struct kept_case *
cache_oldest(struct body_cache *cache)
{
	struct kept_case *oldest = &cache->cases[0];

	for (size_t i = 1; i < CASES_MOST; i++) {
		if (cache->cases[i].used_at < oldest->used_at) {
			oldest = &cache->cases[i];
		}
	}
	return oldest;
}

/* Makes room until all texts fit, or `but` is the only one left. */
static void
cache_shrink(struct body_cache *cache, const struct kept_case *but)
{
	while (cache->bytes > BYTES_MOST && cache->bytes > but->bytes) {
		struct kept_case *oldest = NULL;

		for (size_t i = 0; i < CASES_MOST; i++) {
			struct kept_case *kept = &cache->cases[i];

			if (kept->bytes > 0 && kept != but &&
				(!oldest || kept->used_at < oldest->used_at)) {
				oldest = kept;
			}
		}
		cache_drop(cache, oldest);
	}
}

/* The place of a subject, which may be new and empty; NULL without memory. */
static struct kept_case *
cache_place(struct body_cache *cache, const char *subject)
{
	struct kept_case *kept;

	for (size_t i = 0; i < CASES_MOST; i++) {
		kept = &cache->cases[i];
		if (kept->subject && strcmp(kept->subject, subject) == 0) {
			return kept;
		}
	}
	kept = cache_oldest(cache);
	cache_drop(cache, kept);
	kept->subject = strdup(subject);
	kept->bodies = json_array();
	if (!kept->subject || !kept->bodies) {
		case_drop(kept);
		return NULL;
	}
	return kept;
}

static struct body_cache *
cache_of(struct desk *desk)
{
	if (!desk->bodies) {
		desk->bodies = calloc(1, sizeof(*desk->bodies));
	}
	return desk->bodies;
}

enum err
bodies_read(struct desk *desk, const struct event *events, size_t n, const json_t **ret_bodies)
{
	struct body_cache *cache = cache_of(desk);
	struct kept_case *kept = cache && n ? cache_place(cache, events[0].subject) : NULL;
	size_t before;
	enum err e;

	if (!kept) {
		*ret_bodies = NULL;
		return n ? ERR_NOMEM : ERR_OK;
	}
	before = kept->bytes;
	e = case_follow(kept, events, n);
	cache->bytes += kept->bytes - before; /* unsigned: less is right, too */
	if (e) {
		cache_drop(cache, kept);
		return e;
	}
	kept->used_at = ++cache->calls;
	cache_shrink(cache, kept);
	*ret_bodies = kept->bodies;
	return ERR_OK;
}

void
bodies_forget(struct desk *desk)
{
	for (size_t i = 0; desk->bodies && i < CASES_MOST; i++) {
		case_drop(&desk->bodies->cases[i]);
	}
	free(desk->bodies);
	desk->bodies = NULL;
}
