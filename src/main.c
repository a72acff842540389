/* SPDX-License-Identifier: Apache-2.0 */
/* The program: hands its words to the command table and ends with its exit code. */
#include <malloc.h>

#include "cli/cli.h"

/* Blocks over this go back to the system when they are freed, instead of filling the gaps
 * of a heap that one large request has made large. */
#define RETURN_BYTES (256 << 10)

int main(int argc, char **argv)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread has started yet */
    mallopt(M_MMAP_THRESHOLD, RETURN_BYTES);
    return cli_main(argc, argv);
}
