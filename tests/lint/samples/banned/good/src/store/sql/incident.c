/* SPDX-License-Identifier: MIT */
/* Sample: statements at home. */
const char *const incident_get = "SELECT id FROM incident WHERE id = :id";
