/* SPDX-License-Identifier: MIT */
/*
 * Alerts of the memory engine.
 */
#ifndef TOBAN_SRC_STORE_MEMORY_ALERT_H
#define TOBAN_SRC_STORE_MEMORY_ALERT_H

#include "memory.h"

/* Within a commit; for the third, room for the row was reserved. */
enum err memory_check_alert(struct memory_store *store, const struct alert_put *put);
void memory_keep_alert(struct memory_store *store, struct alert_put *put);
void memory_put_alert(struct memory_store *store, const struct alert_put *put);

enum err memory_store_alert(
	struct store *store, struct arena *arena, int64_t num, struct alert_row *ret_row);
enum err memory_store_alert_of_key(struct store *store, struct arena *arena, const char *source,
	const char *key, struct alert_row *ret_row);
enum err memory_store_alerts(struct store *store, struct arena *arena,
	const struct alert_filter *filter, struct alert_list *ret_list);
enum err memory_store_alert_counts(struct store *store, struct alert_counts *ret_counts);

#endif
