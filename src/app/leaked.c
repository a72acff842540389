/* SPDX-License-Identifier: Apache-2.0 */
/* A sorted file of hashes, looked into by halves. */
#include "app/leaked.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"

#include "app/app_internal.h"
#include "crypto/crypto.h"
#include "crypto/password.h"

#define SETTING "leaked-passwords"
#define HEX CRYPTO_LEAK_CHARS
#define LINE_MAX_BYTES                                                                 \
    64              /* 40 digits, a colon, a count of 20 digits, two for the end */
#define PROBES 4096 /* lines compared before a list is taken */

struct list {
    const char *path;
    int fd;
    off_t size;
};

static int list_open(const char *path, struct list *ret, struct err *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0)
        return err_sys(err, errno, path, "Cannot read the list of leaked passwords");
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return err_set(err, E_INVALID, path, "The list must be a file.");
    }
    *ret = (struct list){path, fd, st.st_size};
    return 0;
}

static int not_a_list(const struct list *l, struct err *err)
{
    return err_set(err, E_CORRUPT, l->path,
        "This is not a list of SHA-1 hashes in hexadecimal, a line each.");
}

/* As many bytes from ${at} as there are, ${size} at most. */
static int read_at(const struct list *l, off_t at, char *out, size_t size,
    size_t *ret_len, struct err *err)
{
    size_t len = 0;
    ssize_t n = 1;

    while (len < size && n > 0) {
        n = pread(l->fd, out + len, size - len, at + (off_t)len);
        if (n < 0 && errno == EINTR)
            n = 1;
        else if (n < 0)
            return err_sys(
                err, errno, l->path, "Cannot read the list of leaked passwords");
        else
            len += (size_t)n;
    }
    *ret_len = len;
    return 0;
}

struct line {
    off_t start; /* the size of the file: there is none */
    off_t next;
    char hex[HEX]; /* in capitals */
};

static bool take_hex(const char *text, size_t len, char out[HEX])
{
    for (size_t i = 0; i < HEX; i++) {
        char c = '\0';

        if (i < len)
            c = text[i];
        if (c >= 'a' && c <= 'f')
            c = (char)(c - 'a' + 'A');
        if ((c < '0' || c > '9') && (c < 'A' || c > 'F'))
            return false;
        out[i] = c;
    }
    return len == HEX || text[HEX] == ':' || text[HEX] == '\r' || text[HEX] == '\n';
}

/* The first line that begins at ${at} or after it. */
static int line_at(const struct list *l, off_t at, struct line *ret, struct err *err)
{
    char text[2 * LINE_MAX_BYTES];
    const char *end = NULL;
    size_t from = 0;
    size_t len = 0;
    int r = read_at(l, at > 0 ? at - 1 : 0, text, sizeof(text), &len, err);

    if (r < 0)
        return r;
    if (at > 0) { /* behind the end of the line before, which may be right before it */
        end = memchr(text, '\n', len);
        if (!end && len == sizeof(text))
            return not_a_list(l, err);
        from = end ? (size_t)(end - text) + 1 : len;
        at -= 1;
    }
    ret->start = at + (off_t)from;
    ret->next = l->size;
    if (ret->start >= l->size || from == len) {
        ret->start = l->size;
        return 0;
    }
    end = memchr(text + from, '\n', len - from);
    if (!take_hex(text + from, len - from, ret->hex) ||
        (!end && ret->start + LINE_MAX_BYTES < l->size))
        return not_a_list(l, err);
    if (end)
        ret->next = at + (off_t)(end - text) + 1;
    return 0;
}

static int find(const struct list *l, const char hex[HEX], bool *ret, struct err *err)
{
    off_t low = 0;
    off_t high = l->size;
    int r = 0;

    *ret = false;
    while (r == 0 && !*ret && low < high) {
        off_t middle = low + (high - low) / 2;
        struct line line = {0};
        int order = 0;

        r = line_at(l, middle, &line, err);
        if (r < 0)
            break;
        order = line.start < high ? memcmp(hex, line.hex, HEX) : -1;
        if (order == 0)
            *ret = true;
        else if (order < 0)
            high = middle;
        else
            low = line.next;
    }
    return r;
}

int leaked_find(const char *path, struct str password, bool *ret, struct err *err)
{
    char hex[CRYPTO_LEAK_CHARS + 1];
    struct list l = {0};
    int r = list_open(path, &l, err);

    if (r < 0)
        return r;
    r = crypto_leak_hash(password, hex, err);
    if (r == 0)
        r = find(&l, hex, ret, err);
    crypto_wipe(hex, sizeof(hex));
    close(l.fd);
    return r;
}

/* Lines from all over the file, each above the one before. */
static int look_over(const struct list *l, struct err *err)
{
    struct line last = {.start = -1};
    struct line line = {0};
    int r = l->size > 0 ? 0 : not_a_list(l, err);

    for (off_t i = 0; r == 0 && i < PROBES; i++) {
        off_t at = l->size / PROBES * i + l->size % PROBES * i / PROBES;

        r = line_at(l, at, &line, err);
        if (r < 0 || line.start >= l->size)
            break;
        if (line.start > last.start && last.start >= 0 &&
            memcmp(last.hex, line.hex, HEX) >= 0)
            r = err_set(err, E_INVALID, l->path,
                "The hashes of this list are not sorted; services offer one that is "
                "'ordered by hash'.");
        last = line;
    }
    return r == E_CORRUPT ? E_INVALID : r;
}

int leaked_set(struct app *app, struct str path, struct err *err)
{
    struct list l = {0};
    int r = path.p ? list_open(path.p, &l, err) : 0;

    if (r == 0 && path.p) {
        r = look_over(&l, err);
        close(l.fd);
    }
    return r == 0 ? store_setting_put(app->store, SETTING, path, err) : r;
}

int leaked_path(struct app *app, struct arena *a, struct str *ret, struct err *err)
{
    int r = store_setting_get(app->store, a, SETTING, ret, err);

    if (r != E_NOT_FOUND)
        return r;
    *ret = (struct str){NULL, 0};
    return 0;
}

int leaked_check(struct app *app, struct str password, struct err *err)
{
    struct arena *a = arena_new();
    struct str path = {NULL, 0};
    const char *name = NULL;
    bool found = false;
    int r = a ? leaked_path(app, a, &path, err) : err_nomem(err);

    if (r == 0 && path.p) {
        name = arena_strndup(a, path.p, path.len);
        r = name ? leaked_find(name, password, &found, err) : err_nomem(err);
        if (r < 0)
            log_line(LOG_ERROR, "the list of leaked passwords cannot be asked, so none "
                                "can be chosen: see belay rules leaked");
    }
    arena_free(a);
    if (r < 0) /* what the client learns is that it failed, not where the file is */
        return err_set(err, E_IO, NULL,
            "Passwords cannot be checked at this moment, so none can be chosen.");
    return found ? err_set(err, E_INVALID, "password-leaked",
                       "This password was leaked somewhere and is among those that are "
                       "tried first. Take several words that do not belong together.")
                 : 0;
}
