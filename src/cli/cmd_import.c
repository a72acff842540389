/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_internal.h"

static int run(struct cli_call *call, struct err *err)
{
    (void)call;
    return err_set(err, E_UNSUPPORTED, NULL, "Not yet.");
}

const struct cli_command cmd_import = {
    "import", "import", "usage: belay import\n", run};
