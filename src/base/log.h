/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program's own log: one line an event on standard error, with a time, a level and
 * key=value pairs. No clinical content, tokens or passwords; record types and ids are
 * allowed. Any thread.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Lines below ${level} are dropped. Default LOG_INFO. Call before threads start. */
void log_level_set(enum log_level level);

/* One line: "2026-01-31T12:00:00.000Z info " and the formatted text. */
void log_line(enum log_level level, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* One line for an error, at the edge: what was being done, name, path, sentence. The
 * caller's errors are LOG_INFO, the operator's LOG_ERROR. */
void log_err(const char *doing, const struct err *err);

#endif
