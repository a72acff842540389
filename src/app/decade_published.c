/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What programmes have published of themselves (data/published-figures.csv), written down at the
 * end of the decade as somebody would who holds it against the records. They are those of the
 * demonstration, which has them as records already; nothing that the decade makes looks at them.
 */
#include "base/compress.h"
#include "base/limits.h"

#include "app/decade_internal.h"
#include "app/demo_internal.h"

/* The published figures among the entries of ${bundle}, a record a line. */
static int write_figures(struct decade *d, const struct json *bundle, struct err *err)
{
    struct json_each it = json_each(json_get(bundle, "entry"));

    while (json_next(&it)) {
        const struct json *record = json_get(it.value, "resource");

        if (!str_is(json_get_text(record, "resourceType"), "PublishedFigure"))
            continue;
        d->out = json_out(&d->lines);
        json_put_value(&d->out, record);
        buf_adds(&d->lines, "\n");
    }
    return buf_error(&d->lines, "A day of the decade", err);
}

static int write_part(struct decade *d, const struct demo_part *part, struct err *err)
{
    const struct str packed = {(const char *)part->packed, part->len};
    const struct json *bundle = NULL;
    struct buf plain;
    int r = 0;

    buf_init(&plain, LIMIT_BODY_BYTES);
    r = decompress_gzip(packed, &plain, err);
    if (r == 0)
        r = json_read_trusted(
            d->arena, (struct str){plain.data, plain.len}, &bundle, err);
    if (r == 0)
        r = write_figures(d, bundle, err);
    buf_done(&plain);
    return r;
}

static int end(struct decade *d, void *keep, struct err *err)
{
    int r = 0;

    (void)keep;
    for (size_t i = 0; r == 0 && i < demo_part_count; i++) {
        if (demo_parts[i].kind == DEMO_PROGRAMME)
            r = write_part(d, &demo_parts[i], err);
    }
    return r;
}

const struct decade_part decade_published = {.name = "published", .end = end};
