/* SPDX-License-Identifier: Apache-2.0 */
#include "samples.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"

#define UUID 36
#define URN "urn:uuid:"
#define URN_LEN 9

struct name {
    char uuid[UUID];
    const char *type;
};

struct names {
    struct name *list;
    size_t count;
};

static const char *type_of(const struct names *names, const char *uuid)
{
    size_t i;

    for (i = 0; i < names->count; i++)
        if (memcmp(names->list[i].uuid, uuid, UUID) == 0)
            return names->list[i].type;
    return NULL;
}

/* Copy ${in}, writing names for urns and noting where ids come to stand. */
static void rewrite(
    struct sample *s, const struct names *names, const struct buf *in, struct buf *out)
{
    const char *type;
    size_t i = 0;

    while (i < in->len) {
        size_t left = in->len - i;
        type = left > URN_LEN + UUID && memcmp(in->data + i, URN, URN_LEN) == 0
                   ? type_of(names, in->data + i + URN_LEN)
                   : NULL;
        if (type) {
            buf_addf(out, "%s/", type);
            i += URN_LEN;
            s->ids[s->id_count++] = out->len;
        } else if (s->id_count == 0 && left > 6 + UUID &&
                   memcmp(in->data + i, "\"id\":\"", 6) == 0) {
            buf_add(out, in->data + i, 6);
            i += 6;
            s->ids[s->id_count++] = out->len;
        }
        buf_addc(out, in->data[i++]);
    }
}

static void add_one(
    struct samples *samples, const struct names *names, const struct json *resource)
{
    struct sample *s;
    struct buf in, out;

    samples->list =
        realloc(samples->list, (samples->count + 1) * sizeof(*samples->list));
    s = &samples->list[samples->count++];
    *s = (struct sample){
        .type = fhir_resource_named(json_get_text(resource, "resourceType"))};
    buf_init(&in, LIMIT_RECORD_BYTES);
    buf_init(&out, LIMIT_RECORD_BYTES);
    json_write(&in, resource);
    s->ids = calloc(in.len / UUID + 2, sizeof(*s->ids));
    rewrite(s, names, &in, &out);
    buf_done(&in);
    buf_detach(&out, &s->text, &s->len);
}

void samples_add(struct samples *s, const struct json *bundle)
{
    const struct json *entries = json_get(bundle, "entry");
    struct names names = {.list = calloc(json_count(entries) + 1, sizeof(struct name))};
    struct json_each it = json_each(entries);

    while (json_next(&it)) {
        struct str url = json_get_text(it.value, "fullUrl");
        struct name *name = &names.list[names.count++];
        memcpy(name->uuid, url.p + URN_LEN, UUID);
        name->type = fhir_resource_named(
            json_get_text(json_get(it.value, "resource"), "resourceType"))
                         ->name;
    }
    for (it = json_each(entries); json_next(&it);)
        add_one(s, &names, json_get(it.value, "resource"));
    free(names.list);
}

void sample_renumber(struct sample *s, unsigned copy)
{
    char digits[16];
    size_t i;

    if (copy == 0)
        return;
    snprintf(digits, sizeof(digits), "%05x", copy);
    for (i = 0; i < s->id_count; i++)
        memcpy(s->text + s->ids[i], digits, 5);
}

void samples_done(struct samples *s)
{
    size_t i;

    for (i = 0; i < s->count; i++) {
        base_free(s->list[i].text);
        free(s->list[i].ids);
    }
    free(s->list);
}
