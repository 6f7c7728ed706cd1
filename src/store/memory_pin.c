/* SPDX-License-Identifier: MIT */
/*
 * PINs in memory, and the tries at them.
 */
#include <string.h>

#include "memory.h"

/* The row that begins with this key; NULL: there is none. */
static void *
row_find(const struct memory_rows *rows, const char *key)
{
	for (size_t i = 0; i < rows->n; i++) {
		char *row = (char *)rows->items + i * rows->size;

		if (strcmp(*(const char *const *)(const void *)row, key) == 0) {
			return row;
		}
	}
	return NULL;
}

/* Replaces the row of the same key, or adds one; room was reserved. */
static void
row_put(struct memory_rows *rows, const char *key, const void *row)
{
	void *place = row_find(rows, key);

	memcpy(place != NULL ? place : memory_insert(rows, rows->n), row, rows->size);
}

static void
row_drop(struct memory_rows *rows, const char *key)
{
	char *row = row_find(rows, key);

	if (row != NULL) {
		memory_remove(rows, (size_t)(row - (char *)rows->items) / rows->size);
	}
}

enum err
memory_ready_pins(struct memory_store *store, const struct pin_change *change)
{
	struct memory_pins *ready = &store->pins_ready;

	*ready = (struct memory_pins){ .has_pin = change != NULL && change->pin != NULL };
	if (change == NULL) {
		return ERR_OK;
	}
	ready->ended = change->ended;
	ready->n_tries = change->n_tries;
	ready->tries = arena_array(store->arena, change->n_tries, sizeof(*ready->tries));
	if (ready->tries == NULL || memory_reserve(&store->pins, 1) != ERR_OK ||
		memory_reserve(&store->pin_tries, change->n_tries) != ERR_OK) {
		return ERR_NOMEM;
	}
	store->failed = false;
	if (ready->has_pin) {
		ready->pin = *change->pin;
		memory_keep(store, &ready->pin.person);
		memory_keep(store, &ready->pin.hash);
		memory_keep(store, &ready->pin.key_id);
		memory_keep(store, &ready->pin.set_by);
	}
	for (size_t i = 0; i < change->n_tries; i++) {
		ready->tries[i] = change->tries[i];
		memory_keep(store, &ready->tries[i].name);
		memory_keep(store, &ready->tries[i].checks);
	}
	return store->failed ? ERR_NOMEM : ERR_OK;
}

void
memory_put_pins(struct memory_store *store)
{
	const struct memory_pins *ready = &store->pins_ready;

	for (size_t i = 0; i < ready->ended.n; i++) {
		row_drop(&store->pins, ready->ended.items[i]);
	}
	if (ready->has_pin) {
		row_put(&store->pins, ready->pin.person, &ready->pin);
	}
	for (size_t i = 0; i < ready->n_tries; i++) {
		row_put(&store->pin_tries, ready->tries[i].name, &ready->tries[i]);
	}
}

enum err
memory_store_pin(
	struct store *base, struct arena *arena, const char *person, struct pin_row *ret_row)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct pin_row *row = row_find(&store->pins, person);

	(void)arena; /* texts stay as long as the store */
	if (row == NULL) {
		return ERR_NOT_FOUND;
	}
	*ret_row = *row;
	return ERR_OK;
}

enum err
memory_store_pins(struct store *base, struct arena *arena, struct pin_list *ret_list)
{
	struct memory_store *store = (struct memory_store *)base;
	struct pin_row *items = arena_array(arena, store->pins.n, sizeof(*items));

	if (items == NULL) {
		return ERR_NOMEM;
	}
	if (store->pins.n > 0) {
		memcpy(items, store->pins.items, store->pins.n * sizeof(*items));
	}
	*ret_list = (struct pin_list){ items, store->pins.n };
	return ERR_OK;
}

enum err
memory_store_pin_try(
	struct store *base, struct arena *arena, const char *name, struct pin_try *ret_try)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct pin_try *row = row_find(&store->pin_tries, name);

	(void)arena;
	if (row == NULL) {
		return ERR_NOT_FOUND;
	}
	*ret_try = *row;
	return ERR_OK;
}

enum err
memory_store_pin_try_put(struct store *base, const struct pin_try *tries, size_t n)
{
	struct memory_store *store = (struct memory_store *)base;
	const struct pin_change change = { .tries = tries, .n_tries = n };
	enum err err = memory_ready_pins(store, &change);

	if (err == ERR_OK) {
		memory_put_pins(store);
	}
	return err;
}
