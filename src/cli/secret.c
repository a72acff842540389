/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets of commands: out of a file or standard input, never from the command line, which
 * every process of the machine may read. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli_internal.h"

static int open_secret(const char *path, struct err *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd < 0)
        return err_sys(err, errno, path, "Cannot read the file");
    if (fstat(fd, &st) == 0 && (st.st_mode & (S_IRWXO | S_IWGRP)) == 0)
        return fd;
    close(fd);
    return err_set(err, E_FORBIDDEN, path,
        "Others may read or change this secret: say 'chmod 600', and get a new one if "
        "anybody may have read it.");
}

int cli_secret_read(const char *path, char out[CLI_SECRET_MAX + 2], struct err *err)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open_secret(path, err);
    ssize_t n = 0;
    size_t len = 0;

    if (fd < 0)
        return fd;
    while (len < CLI_SECRET_MAX + 1 &&
           (n = read(fd, out + len, CLI_SECRET_MAX + 1 - len)) > 0)
        len += (size_t)n;
    if (!standard)
        close(fd);
    if (n < 0)
        return err_sys(err, errno, path, "Cannot read the secret");
    out[len] = '\0';
    out[strcspn(out, "\r\n")] = '\0';
    return out[0] ? 0 : err_set(err, E_USAGE, path, "There is no secret in this file.");
}
