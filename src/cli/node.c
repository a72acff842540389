/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a node for a command, and folders that may become one. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli_internal.h"
#include "store/store.h"

int cli_node_open(
    const char *path, enum cli_open how, struct app **ret, struct err *err)
{
    struct app_options options = {
        .path = path,
        .read_only = how == CLI_OPEN_READ,
        .bulk = how == CLI_OPEN_BULK,
    };

    return app_open(&options, ret, err);
}

int cli_node_copy(const char *from, const char *to, struct err *err)
{
    struct app *app = NULL;
    int r = cli_folder_empty(to, err);

    if (r == 0)
        r = cli_node_open(from, CLI_OPEN_READ, &app, err);
    if (r == 0)
        r = store_backup(app_store(app), to, err);
    app_close(app);
    return r;
}

int cli_path_whole(const char *path, char **ret, struct err *err)
{
    const char *name = path ? strrchr(path, '/') : NULL;
    char *folder = NULL;
    char *whole = NULL;

    *ret = NULL;
    if (!path)
        return 0;
    if (strncmp(path, "$CREDENTIALS_DIRECTORY/", 23) == 0) {
        *ret = strdup(path);
        return *ret ? 0 : err_nomem(err);
    }
    folder = name ? strndup(path, (size_t)(name - path) + 1) : strdup(".");
    whole = folder ? realpath(folder, NULL) : NULL;
    free(folder);
    if (!whole)
        return err_sys(err, errno, path, "Cannot find the folder");
    if (asprintf(ret, "%s/%s", strcmp(whole, "/") == 0 ? "" : whole,
            name ? name + 1 : path) < 0)
        *ret = NULL;
    free(whole);
    return *ret ? 0 : err_nomem(err);
}

int cli_folder_empty(const char *path, struct err *err)
{
    DIR *folder = opendir(path);
    struct dirent *entry = NULL;
    int r = 0;

    if (!folder && errno == ENOENT)
        return 0;
    if (!folder)
        return err_sys(err, errno, path, "Cannot look into the folder");
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): the folder is ours alone */
    while (r == 0 && (entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            r = err_set(
                err, E_CONFLICT, path, "The folder is not empty; name a new one.");
    }
    closedir(folder);
    return r;
}
