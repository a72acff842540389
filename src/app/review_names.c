/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names that a reviewer must not be told: of the patient, of the people who had to do with the
 * case, of both hospitals and their towns. Where a free text holds one of them as it is
 * written in the record it becomes "[...]"; a nickname or a misspelt name stays, so the page
 * says that texts may name somebody.
 */
#include <string.h>

#include "app/review_internal.h"

#define NAME_BYTES_LEAST 3 /* one CJK character, or three letters */

static int add(const struct seek *s, struct review_strings *names, struct str text,
    struct err *err)
{
    text = text.p ? text_trim(text) : text;
    if (!text.p || text.len < NAME_BYTES_LEAST)
        return 0;
    return review_strings_add(s->a, names, text, err);
}

/* Is a part of a name a name by itself? One character of Chinese is not. */
static bool stands_alone(struct str part)
{
    return part.len > NAME_BYTES_LEAST || (part.len > 0 && (part.p[0] & 0x80) == 0);
}

/* The names of ${human}, a HumanName; whole ones of Chinese are kept whole: one character of a
 * family name stands in many words. */
static int add_human(const struct seek *s, struct review_strings *names,
    const struct json *human, struct err *err)
{
    struct json_each given = json_each(json_get(human, "given"));
    struct str family = json_get_text(human, "family");
    int r = add(s, names, json_get_text(human, "text"), err);

    if (r == 0 && stands_alone(family))
        r = add(s, names, family, err);
    while (r == 0 && json_next(&given)) {
        struct str one = json_text(given.value);

        if (stands_alone(one))
            r = add(s, names, one, err);
    }
    return r;
}

static int add_humans(const struct seek *s, struct review_strings *names,
    const struct json *record, struct err *err)
{
    struct json_each it = json_each(json_get(record, "name"));
    int r = 0;

    while (r == 0 && json_next(&it))
        r = add_human(s, names, it.value, err);
    return r;
}

static int add_towns(const struct seek *s, struct review_strings *names,
    const struct json *addresses, struct err *err)
{
    static const char *const parts[] = {"city", "district"};
    struct json_each it = json_each(addresses);
    int r = 0;

    while (r == 0 && json_next(&it)) {
        for (size_t i = 0; r == 0 && i < 2; i++)
            r = add(s, names, json_get_text(it.value, parts[i]), err);
    }
    return r;
}

/* A hospital, not a department: "Surgery" tells nothing. */
static int add_hospital(const struct seek *s, struct review_strings *names,
    struct str reference, struct err *err)
{
    const struct json *hospital = NULL;
    struct json_each alias;
    int r = seek_reference(s, reference, "Organization", &hospital, err);

    if (r == 0)
        r = add(s, names, json_get_text(hospital, "name"), err);
    alias = json_each(json_get(hospital, "alias"));
    while (r == 0 && json_next(&alias))
        r = add(s, names, json_text(alias.value), err);
    return r == 0 ? add_towns(s, names, json_get(hospital, "address"), err) : r;
}

int review_names(const struct seek *s, const struct review_case *c,
    const struct review_sides *sides, struct review_strings *ret, struct err *err)
{
    struct review_strings people = {NULL, 0, 0};
    struct review_strings hospitals = {NULL, 0, 0};
    int r = review_case_people(s, c, &people, err);

    if (r == 0)
        r = add_humans(s, ret, c->patient, err);
    if (r == 0)
        r = add_towns(s, ret, json_get(c->patient, "address"), err);
    for (size_t i = 0; r == 0 && i < people.count; i++) {
        const struct json *person = NULL;

        r = seek_reference(s, people.list[i], "Practitioner", &person, err);
        if (r == 0)
            r = add_humans(s, ret, person, err);
    }
    if (r == 0)
        r = review_strings_add(s->a, &hospitals, sides->asking, err);
    for (size_t i = 0; r == 0 && i < sides->asked_units.count; i++) {
        struct str hospital = {NULL, 0};

        r = review_hospital(s, sides->asked_units.list[i], &hospital, err);
        if (r == 0)
            r = review_strings_add(s->a, &hospitals, hospital, err);
    }
    for (size_t i = 0; r == 0 && i < hospitals.count; i++)
        r = add_hospital(s, ret, hospitals.list[i], err);
    return r;
}

/* ---- hiding; pure ---- */

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
}

static bool is_letter(char c)
{
    unsigned char l = lower(c);

    return (l >= 'a' && l <= 'z') || (l >= '0' && l <= '9');
}

/* Does ${name} stand at ${at} of ${text}, as words of its own? */
static bool stands_at(struct str text, size_t at, struct str name)
{
    if (text.len - at < name.len)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        if (lower(text.p[at + i]) != lower(name.p[i]))
            return false;
    }
    if (is_letter(name.p[0]) && at > 0 && is_letter(text.p[at - 1]))
        return false;
    return !is_letter(name.p[name.len - 1]) || at + name.len == text.len ||
           !is_letter(text.p[at + name.len]);
}

/* The longest of ${names} at ${at}; 0: none. */
static size_t longest_at(const struct review_strings *names, struct str text, size_t at)
{
    size_t longest = 0;

    for (size_t i = 0; i < names->count; i++) {
        if (names->list[i].len > longest && stands_at(text, at, names->list[i]))
            longest = names->list[i].len;
    }
    return longest;
}

struct str review_hide(
    struct arena *a, const struct review_strings *names, struct str text)
{
    static const char mark[] = "[...]";
    /* a name has three bytes at least, and becomes five */
    char *out = arena_alloc_raw(a, text.len * 2 + sizeof(mark));
    size_t len = 0;
    size_t at = 0;

    while (out && at < text.len) {
        size_t skip = longest_at(names, text, at);

        if (skip) {
            memcpy(out + len, mark, sizeof(mark) - 1);
            len += sizeof(mark) - 1;
            at += skip;
        } else {
            out[len++] = text.p[at++];
        }
    }
    return (struct str){out, out ? len : 0};
}
