/* SPDX-License-Identifier: Apache-2.0 */
/* The items of an array, by brackets and quotes alone. */
#include "json/skim.h"

#include <string.h>

struct skim {
    const char *at;
    const char *end;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static void skip_space(struct skim *s)
{
    while (s->at < s->end && is_space(*s->at))
        s->at++;
}

static bool take(struct skim *s, char c)
{
    skip_space(s);
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

/* From behind the opening quote to behind the closing one. */
static bool skip_string(struct skim *s)
{
    for (;;) {
        const char *quote = memchr(s->at, '"', (size_t)(s->end - s->at));
        const char *slash = quote;

        if (!quote)
            return false;
        /* an odd number of backslashes before it makes it part of the text */
        while (slash > s->at && slash[-1] == '\\')
            slash--;
        s->at = quote + 1;
        if ((quote - slash) % 2 == 0)
            return true;
    }
}

/* What ends or nests a value outside of strings. */
static const bool special[256] = {
    ['"'] = true,
    ['['] = true,
    ['{'] = true,
    [']'] = true,
    ['}'] = true,
    [','] = true,
};

/* To the comma or bracket behind the value. */
static bool skip_value(struct skim *s)
{
    size_t depth = 0;

    skip_space(s);
    for (;;) {
        char c = 0;

        while (s->at < s->end && !special[(unsigned char)*s->at])
            s->at++;
        if (s->at == s->end)
            return false;
        c = *s->at;
        if (depth == 0 && (c == ',' || c == ']' || c == '}'))
            return true;
        s->at++;
        if (c == '"' && !skip_string(s))
            return false;
        if (c == '[' || c == '{')
            depth++;
        else if (c == ']' || c == '}')
            depth--;
    }
}

static struct str trim_end(const char *from, const char *to)
{
    while (to > from && is_space(to[-1]))
        to--;
    return (struct str){from, (size_t)(to - from)};
}

/* The text of a value; what is around it goes. */
static bool take_item(struct skim *s, struct str *ret)
{
    const char *from = NULL;

    skip_space(s);
    from = s->at;
    if (!skip_value(s))
        return false;
    *ret = trim_end(from, s->at);
    return ret->len > 0;
}

struct items {
    struct arena *arena;
    struct str *list;
    size_t count;
    size_t cap;
    size_t most;
};

static int add_item(struct items *items, struct str text, struct err *err)
{
    if (items->count == items->most)
        return err_set(err, E_TOO_LARGE, NULL,
            "The array has more than %zu items, which is the most that is taken.",
            items->most);
    if (items->count == items->cap) {
        size_t cap = items->cap ? items->cap * 2 : 64;
        struct str *more = arena_grow(
            items->arena, items->list, items->cap * sizeof(*more), cap * sizeof(*more));

        if (!more)
            return err_nomem(err);
        items->list = more;
        items->cap = cap;
    }
    items->list[items->count++] = text;
    return 0;
}

/* Behind the opening bracket. 1: all is well, 0: broken. */
static int take_items(struct skim *s, struct items *items, struct err *err)
{
    struct str item;
    int r = 0;

    if (take(s, ']'))
        return 1;
    do {
        if (!take_item(s, &item))
            return 0;
        r = add_item(items, item, err);
        if (r < 0)
            return r;
    } while (take(s, ','));
    return take(s, ']');
}

/* Go to behind the opening bracket of the array ${name}. */
static bool find_array(struct skim *s, const char *name)
{
    size_t len = strlen(name);

    if (!take(s, '{'))
        return false;
    for (;;) {
        const char *from = NULL;
        bool found = false;

        if (!take(s, '"'))
            return false;
        from = s->at;
        if (!skip_string(s))
            return false;
        found = (size_t)(s->at - from) == len + 1 && memcmp(from, name, len) == 0;
        if (!take(s, ':'))
            return false;
        if (found)
            return take(s, '[');
        if (!skip_value(s) || !take(s, ','))
            return false;
    }
}

int json_skim(struct arena *a, struct str text, const char *name, size_t most,
    struct json_skim *ret, struct err *err)
{
    struct skim s = {text.p, text.p + text.len};
    struct items items = {.arena = a, .most = most};
    const char *from = NULL;
    size_t head = 0;
    size_t tail = 0;
    char *rest = NULL;
    int r = 0;

    if (text.len == 0 || !find_array(&s, name))
        return 0;
    from = s.at;
    r = take_items(&s, &items, err);
    if (r <= 0)
        return r;
    head = (size_t)(from - text.p);
    tail = (size_t)(s.end - s.at) + 1;
    rest = arena_alloc_raw(a, head + tail);
    if (!rest)
        return err_nomem(err);
    memcpy(rest, text.p, head);
    memcpy(rest + head, s.at - 1, tail);
    *ret = (struct json_skim){{rest, head + tail}, items.list, items.count};
    return 1;
}
