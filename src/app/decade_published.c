/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What programmes have published of themselves (data/published-figures.csv), written down at the
 * end of the decade as somebody would who holds it against the records. They are those of the
 * demonstration, which has them as records already; nothing that the decade makes looks at them.
 */
#include <stdio.h>

#include "base/compress.h"
#include "base/limits.h"

#include "app/decade_internal.h"
#include "app/demo_internal.h"
#include "fhir/put.h"

/*
 * Of techniques that were first in the region it was published that they were at one hospital, and not at
 * which: in a file for every node no hospital can be named, so who writes it down says whose it is. A
 * programme says so of the hospital where most were; in these ten years that is Xigaze's.
 */
#define AT_ONE_HOSPITAL "first in the region at one hospital"
#define FIRST_HOSPITAL 2

static void put_asked(struct decade *d)
{
    char stratum[DECADE_ID_MAX + 32];
    struct json_out *o = &d->out;

    snprintf(stratum, sizeof(stratum), "hospital|Organization/%s",
        d->hospitals[FIRST_HOSPITAL].id);
    json_name(o, "asked");
    json_open(o, '{');
    put_text(o, "measure", "techniques-first-in-network");
    put_text(o, "stratum", stratum);
    json_name(o, "period");
    json_open(o, '{');
    put_text(o, "start", "2015");
    put_text(o, "end", "2022");
    json_close(o, '}');
    json_close(o, '}');
}

static void write_figure(struct decade *d, const struct json *record)
{
    static const char *const but[] = {"asked", NULL};

    d->out = json_out(&d->lines);
    if (str_is(json_get_text(record, "scope"), AT_ONE_HOSPITAL)) {
        json_open(&d->out, '{');
        fhir_put_but(&d->out, record, but);
        put_asked(d);
        json_close(&d->out, '}');
    } else {
        json_put_value(&d->out, record);
    }
    buf_adds(&d->lines, "\n");
}

/* The published figures among the entries of ${bundle}, a record a line. */
static int write_figures(struct decade *d, const struct json *bundle, struct err *err)
{
    struct json_each it = json_each(json_get(bundle, "entry"));

    while (json_next(&it)) {
        const struct json *record = json_get(it.value, "resource");

        if (str_is(json_get_text(record, "resourceType"), "PublishedFigure"))
            write_figure(d, record);
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
