/* SPDX-License-Identifier: Apache-2.0 */
/* Problems the validator tells of: their list, and the path written from a place. */
#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"

#include "fhir/validate_internal.h"

#define ISSUES_FIRST 8

int fhir_issue_add(struct arena *a, struct fhir_issues *issues, struct fhir_issue issue)
{
    if (issue.severity == FHIR_ERROR)
        issues->errors++;
    if (issues->count >= LIMIT_ISSUES)
        return 0;
    if (issues->count == issues->cap_) {
        size_t cap = issues->cap_ ? issues->cap_ * 2 : ISSUES_FIRST;
        struct fhir_issue *list = arena_grow(
            a, issues->list, issues->cap_ * sizeof(*list), cap * sizeof(*list));
        if (!list)
            return E_NOMEM;
        issues->list = list;
        issues->cap_ = cap;
    }
    issues->list[issues->count++] = issue;
    return 0;
}

/* A name as the client gave it: cut, so that a path stays readable. */
static size_t shown_length(const struct place *place)
{
    return utf8_cut(place->name, SHOWN_CHARS).len;
}

/* The characters of ${place} alone, into ${out} if not NULL; their number. */
static size_t write_place(const struct place *place, char *out)
{
    char digits[24];
    size_t dot = place->up && place->name.len > 0 ? 1 : 0;
    size_t name = shown_length(place);
    size_t index = 0;

    if (place->index >= 0)
        index = (size_t)snprintf(digits, sizeof(digits), "[%ld]", place->index);
    if (out) {
        if (dot)
            out[0] = '.';
        if (name)
            memcpy(out + dot, place->name.p, name);
        if (index)
            memcpy(out + dot + name, digits, index);
    }
    return dot + name + index;
}

/* "Patient.name[0].given[1]"; NULL when memory is out. */
static char *write_path(struct arena *a, const struct place *place)
{
    size_t len = 0;
    char *path = NULL;

    for (const struct place *p = place; p; p = p->up)
        len += write_place(p, NULL);
    path = arena_alloc_raw(a, len + 1);
    if (!path)
        return NULL;
    path[len] = '\0';
    for (const struct place *p = place; p; p = p->up) {
        len -= write_place(p, NULL);
        write_place(p, path + len);
    }
    return path;
}

static char *format_text(struct arena *a, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

static char *format_text(struct arena *a, const char *fmt, va_list ap)
{
    char text[ERR_TEXT_MAX];

    text[0] = '\0';
    vsnprintf(text, sizeof(text), fmt, ap);
    text_one_line(text, sizeof(text));
    return arena_strndup(a, text, strlen(text));
}

void check_problem(
    struct check *c, const struct place *place, const char *code, const char *fmt, ...)
{
    struct fhir_issue issue = {.severity = FHIR_ERROR, .code = code};
    va_list ap;

    c->errors++;
    if (c->failed)
        return;
    if (c->issues->count >= LIMIT_ISSUES) {
        c->issues->errors++;
        return;
    }
    va_start(ap, fmt);
    issue.text = format_text(c->arena, fmt, ap);
    va_end(ap);
    issue.path = write_path(c->arena, place);
    if (!issue.text || !issue.path || fhir_issue_add(c->arena, c->issues, issue) < 0) {
        c->failed = err_nomem(c->err);
        return;
    }
    if (c->errors == 1)
        err_set(c->err, E_INVALID, issue.path, "%s", issue.text);
}
