/* SPDX-License-Identifier: Apache-2.0 */
/* Taking a literal reference apart. */
#include "base/id.h"
#include "base/limits.h"

#include "fhir/definition.h"
#include "fhir/value.h"

static struct fhir_reference plain(enum fhir_reference_form form, struct str text)
{
    return (struct fhir_reference){.form = form, .text = text};
}

/* "Type/id" or "Type/id/_history/version"; BAD when it is neither. */
static struct fhir_reference parse_local(struct str text, struct str path)
{
    struct fhir_reference ref = plain(FHIR_REF_BAD, text);
    struct str rest = path;
    struct str name = str_cut(&rest, '/');
    struct str id = str_cut(&rest, '/');
    const struct fhir_type *type = NULL;
    if (!id_valid(id))
        return ref;
    if (rest.p) {
        if (!str_is(str_cut(&rest, '/'), "_history") || !id_valid(rest))
            return ref;
    }
    type = fhir_resource_named(name);
    if (!type)
        return ref;
    ref.form = FHIR_REF_LOCAL;
    ref.type = type->number;
    ref.id = id;
    ref.version = rest;
    return ref;
}

static struct fhir_reference parse_search(struct str text, size_t mark)
{
    struct fhir_reference ref = plain(FHIR_REF_BAD, text);
    const struct fhir_type *type = fhir_resource_named((struct str){text.p, mark});
    if (!type)
        return ref;
    ref.form = FHIR_REF_SEARCH;
    ref.type = type->number;
    ref.text = (struct str){text.p + mark + 1, text.len - mark - 1};
    return ref;
}

/* Where the scheme's ':' is, or 0: a letter, then letters, digits, + - . */
static size_t scheme_length(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if (c == ':')
            return i;
        if (!letter &&
            (i == 0 || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')))
            return 0;
    }
    return 0;
}

static bool is_ours(struct str text, struct str base)
{
    return base.p && base.len > 0 && text.len > base.len + 1 &&
           text.p[base.len] == '/' && memcmp(text.p, base.p, base.len) == 0;
}

struct fhir_reference fhir_reference_parse(struct str text, struct str base)
{
    const char *mark;
    if (text.len == 0)
        return plain(FHIR_REF_NONE, text);
    if (text.p[0] == '#') {
        struct fhir_reference ref = plain(FHIR_REF_CONTAINED, text);
        ref.id = (struct str){text.p + 1, text.len - 1};
        return ref;
    }
    if (scheme_length(text) > 0) {
        struct fhir_reference ref = plain(FHIR_REF_BAD, text);
        if (str_starts(text, "urn:"))
            return plain(FHIR_REF_URN, text);
        if (is_ours(text, base))
            ref = parse_local(
                text, (struct str){text.p + base.len + 1, text.len - base.len - 1});
        return ref.form == FHIR_REF_LOCAL ? ref : plain(FHIR_REF_ABSOLUTE, text);
    }
    mark = memchr(text.p, '?', text.len);
    if (mark)
        return parse_search(text, (size_t)(mark - text.p));
    return parse_local(text, text);
}
