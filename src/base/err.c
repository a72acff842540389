/* SPDX-License-Identifier: Apache-2.0 */
/* Filling and naming errors. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void set_path(struct err *err, const char *path)
{
    snprintf(err->path, sizeof(err->path), "%s", path ? path : "");
    text_one_line(err->path, sizeof(err->path));
}

int err_set(struct err *err, int code, const char *path, const char *fmt, ...)
{
    char text[ERR_TEXT_MAX];
    va_list ap;

    if (!err)
        return code;
    /* by way of a copy: an argument may lie in *err itself */
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    if (path != err->path)
        set_path(err, path);
    text_one_line(text, sizeof(text));
    memcpy(err->text, text, sizeof(text));
    err->code = code;
    return code;
}

int err_sys(struct err *err, int errnum, const char *path, const char *fmt, ...)
{
    char text[ERR_TEXT_MAX];
    char words[128];
    va_list ap;
    int code = E_IO;

    if (errnum == ENOSPC || errnum == EDQUOT)
        code = E_FULL;
    else if (errnum == ENOMEM)
        code = E_NOMEM;
    if (!err)
        return code;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    return err_set(
        err, code, path, "%s: %s.", text, strerror_r(errnum, words, sizeof(words)));
}

void err_nomem_text(struct err *err)
{
    if (!err)
        return;
    err->code = E_NOMEM;
    err->path[0] = '\0';
    strcpy(err->text, "There is not enough memory to do this; try again later.");
}

enum err_class err_class(int code)
{
    if (code <= E_BUG)
        return ERR_BUG;
    if (code <= E_IO)
        return ERR_OPERATOR;
    return ERR_CALLER;
}

static const struct {
    int code;
    const char *name;
} names[] = {
    {E_OK, "ok"},
    {E_INVALID, "invalid"},
    {E_NOT_FOUND, "not-found"},
    {E_GONE, "gone"},
    {E_CONFLICT, "conflict"},
    {E_PRECONDITION, "precondition"},
    {E_MULTIPLE, "multiple"},
    {E_TOO_LARGE, "too-large"},
    {E_UNSUPPORTED, "unsupported"},
    {E_UNAUTHORISED, "unauthorised"},
    {E_FORBIDDEN, "forbidden"},
    {E_USAGE, "usage"},
    {E_NOT_MODIFIED, "not-modified"},
    {E_TOO_OFTEN, "too-often"},
    {E_IO, "io"},
    {E_FULL, "full"},
    {E_NOMEM, "no-memory"},
    {E_BUSY, "busy"},
    {E_CORRUPT, "corrupt"},
    {E_CANCELLED, "cancelled"},
    {E_BUG, "bug"},
};

const char *err_name(int code)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].code == code)
            return names[i].name;
    }
    return "unknown";
}
