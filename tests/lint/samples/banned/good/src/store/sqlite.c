/* SPDX-License-Identifier: MIT */
/* Sample: the engine's file may speak to the engine. */
static const char *const start[] = { "PRAGMA synchronous=FULL", "BEGIN IMMEDIATE", "COMMIT" };
