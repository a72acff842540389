/* SPDX-License-Identifier: Apache-2.0 */
/* How far a long command has come, and numbers as people read them. */
#include <stdio.h>
#include <unistd.h>

#include "base/time.h"

#include "cli/cli_internal.h"

#define REDRAW_NS 100000000u
#define BAR_CELLS 30

void cli_progress_begin(struct cli_progress *p, const char *label)
{
    *p = (struct cli_progress){.label = label,
        .shown = isatty(STDERR_FILENO) == 1,
        .begun = time_monotonic_ns()};
}

static void draw_bar(int64_t done, int64_t total)
{
    int cells = (int)((double)done / (double)total * BAR_CELLS);

    fputs(" [", stderr);
    for (int i = 0; i < BAR_CELLS; i++)
        fputc(i < cells ? '=' : ' ', stderr);
    fprintf(stderr, "] %3d %%", (int)((double)done / (double)total * 100));
}

void cli_progress_show(
    struct cli_progress *p, int64_t done, int64_t total, const char *note)
{
    uint64_t now;

    if (!p->shown)
        return;
    now = time_monotonic_ns();
    if (p->drawn != 0 && now - p->drawn < REDRAW_NS)
        return;
    p->drawn = now;
    fprintf(stderr, "\r%s", p->label);
    if (total > 0)
        draw_bar(done < total ? done : total, total);
    fprintf(stderr, "  %s\033[K", note ? note : "");
    fflush(stderr);
}

void cli_progress_end(struct cli_progress *p)
{
    if (p->shown && p->drawn != 0)
        fputs("\r\033[K", stderr);
    p->drawn = 0;
}

void cli_progress_step(void *progress, int64_t done, int64_t total)
{
    cli_progress_show(progress, done, total, NULL);
}

const char *cli_number(int64_t n, char out[CLI_NUMBER_MAX])
{
    char digits[CLI_NUMBER_MAX];
    int len = snprintf(digits, sizeof(digits), "%lld", (long long)(n < 0 ? -n : n));
    char *to = out;

    if (n < 0)
        *to++ = '-';
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = 0;
    return out;
}

const char *cli_bytes(int64_t n, char out[CLI_NUMBER_MAX])
{
    static const char *const units[] = {"B", "KB", "MB", "GB", "TB"};
    double value = (double)n;
    size_t unit = 0;

    while (value >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0])) {
        value /= 1024;
        unit++;
    }
    snprintf(
        out, CLI_NUMBER_MAX, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    return out;
}
