/* SPDX-License-Identifier: Apache-2.0 */
/* The program: hands its words to the command table and ends with its exit code. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#include "cli/cli.h"

/* Blocks over this go back to the system when they are freed, instead of filling the gaps
 * of a heap that one large request has made large. */
#define RETURN_BYTES (256 << 10)

/* What a heap keeps at its end for the next request, and takes at once: without it every
 * large request pays for zeroed pages again, a quarter of a bulk load's page faults. */
#define KEEP_BYTES (8 << 20)
#define TAKE_BYTES (1 << 20)

int main(int argc, char **argv)
{
    const char *level = NULL;

    /* NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread has started yet */
    mallopt(M_MMAP_THRESHOLD, RETURN_BYTES);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): as above */
    mallopt(M_TRIM_THRESHOLD, KEEP_BYTES);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): as above */
    mallopt(M_TOP_PAD, TAKE_BYTES);
    level = getenv("BELAY_LOG"); /* NOLINT(concurrency-mt-unsafe): as above */
    if (level && strcmp(level, "debug") == 0)
        log_level_set(LOG_DEBUG);
    return cli_main(argc, argv);
}
