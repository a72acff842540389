/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A copy of the node while it serves. The database first, then the files: every body the
 * copied log names was written before it, so it is there to be copied.
 */
#include "store/driver.h"
#include "store/folder.h"
#include "store/internal.h"

int store_backup(struct store *s, const char *to, struct err *err)
{
    int r = 0;

    if (!s->driver->backup)
        return err_set(err, E_UNSUPPORTED, NULL, "A store in memory has no backup.");
    r = folder_make(to, err);
    if (r == 0)
        r = s->driver->backup(s->node, to, err);
    if (r == 0)
        r = blob_copy_all(s, to, err);
    return r < 0 ? r : folder_sync(to, err);
}
