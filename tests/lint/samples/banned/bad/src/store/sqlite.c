/* SPDX-License-Identifier: MIT */
/* Sample: a statement outside src/store/sql. */
static const char *const four = "INSERT INTO event (id) VALUES (:id)";
