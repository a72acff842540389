/* SPDX-License-Identifier: Apache-2.0 */
/* The program: hands its words to the command table and ends with its exit code. */
#include "cli/cli.h"

int main(int argc, char **argv)
{
    return cli_main(argc, argv);
}
