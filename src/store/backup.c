/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A copy of the node while it serves. The database first, then the files: every body the
 * copied log names was written before it, so it is there to be copied.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "store/driver.h"
#include "store/folder.h"
#include "store/internal.h"

int store_backup(struct store *s, const char *to, struct err *err)
{
    int fd = -1;
    int r = 0;

    if (!s->driver->backup)
        return err_set(err, E_UNSUPPORTED, NULL, "A store in memory has no backup.");
    r = folder_make(to, err);
    if (r == 0)
        r = s->driver->backup(s->node, to, err);
    if (r == 0)
        r = blob_copy_all(s, to, err);
    if (r < 0)
        return r;
    fd = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) < 0)
        r = err_sys(err, errno, to, "The copy cannot be made safe");
    if (fd >= 0)
        close(fd);
    return r;
}
