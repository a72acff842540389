/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target once on each file of the folders named, without a fuzzer. */
#include <dirent.h>

#include "fuzz.h"

#define FILE_MAX (4u << 20)

static int run_file(const char *path)
{
    static uint8_t bytes[FILE_MAX];
    uint8_t *exact = NULL;
    size_t len = 0;
    FILE *f = fopen(path, "rb");

    if (!f) {
        perror(path);
        return -1;
    }
    len = fread(bytes, 1, sizeof(bytes), f);
    fclose(f);
    /* a copy of its size: the address sanitiser sees a read behind it */
    exact = malloc(len ? len : 1);
    if (!exact)
        return -1;
    for (size_t i = 0; i < len; i++)
        exact[i] = bytes[i];
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(exact, len);
    free(exact);
    return 0;
}

/* How many files were run; -1 when one cannot be read. */
static int run_folder(const char *folder)
{
    DIR *d = opendir(folder);
    struct dirent *entry = NULL;
    int count = 0;

    if (!d)
        return 0; /* a target without finds has no such folder */
    while (count >= 0 && (entry = readdir(d)) != NULL) {
        char path[4096];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        count = run_file(path) < 0 ? -1 : count + 1;
    }
    closedir(d);
    return count;
}

int main(int argc, char **argv)
{
    int total = 0;

    for (int i = 1; i < argc; i++) {
        int count = run_folder(argv[i]);

        if (count < 0)
            return 1;
        total += count;
    }
    printf("%d files\n", total);
    return total > 0 ? 0 : 1;
}
