/* SPDX-License-Identifier: Apache-2.0 */
/* The log: each line is put together in memory and leaves in one write(2), so that
 * lines of several threads do not mix. A line that is too long is cut. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"

#define LINE_MAX_BYTES 1400 /* an error with path and sentence fits */

static enum log_level least = LOG_INFO;

void log_level_set(enum log_level level)
{
    least = level;
}

static const char *level_name(enum log_level level)
{
    switch (level) {
    case LOG_DEBUG:
        return "debug";
    case LOG_INFO:
        return "info";
    case LOG_WARN:
        return "warn";
    case LOG_ERROR:
        return "error";
    }
    return "error";
}

void log_line(enum log_level level, const char *fmt, ...)
{
    char line[LINE_MAX_BYTES + 1];
    size_t len = 0;
    va_list ap;
    int n = 0;

    if (level < least)
        return;
    len = time_iso(time_now(), line);
    n = snprintf(line + len, sizeof(line) - len, " %s ", level_name(level));
    len += (size_t)n;
    va_start(ap, fmt);
    n = vsnprintf(line + len, sizeof(line) - len, fmt, ap);
    va_end(ap);
    if (n > 0)
        len += (size_t)n < sizeof(line) - len ? (size_t)n : sizeof(line) - len - 1;
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = ' ';
    }
    line[len++] = '\n';
    /* nobody can be told that the log cannot be written */
    if (write(STDERR_FILENO, line, len) < 0)
        return;
}

void log_err(const char *doing, const struct err *err)
{
    enum log_level level = err_class(err->code) == ERR_CALLER ? LOG_INFO : LOG_ERROR;

    log_line(level, "%s: error=%s%s%s %s", doing, err_name(err->code),
        err->path[0] ? " path=" : "", err->path, err->text);
}
