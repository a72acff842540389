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
 * Of some figures it was published that they are of one hospital, and not of which: in a file for every node no
 * hospital can be named, so who writes it down says whose it is. Of techniques that were first in the region a
 * programme says so of the hospital where most were, in these ten years Xigaze's; departments were 4 and three
 * years later 9, and the partners 12 of one city, at that of Lhasa (decade_parameters.c).
 */
struct whose {
    const char *measure, *scope;
    uint32_t hospital;
    const char *asked;
    const char *from, *until; /* NULL: it was published without a time */
};

static const struct whose all_whose[] = {
    {"techniques-introduced", "first in the region at one hospital", 2,
        "techniques-first-in-network", "2015", "2022"},
    {"departments-twinned", "one hospital", 1, "departments-twinned", NULL, NULL},
    {"hospital-pairs", "one city with one hospital", 1, "hospital-pairs", NULL, NULL},
};

static const struct whose *whose_is(const struct json *record)
{
    for (size_t i = 0; i < sizeof(all_whose) / sizeof(all_whose[0]); i++) {
        if (str_is(json_get_text(record, "measure"), all_whose[i].measure) &&
            str_is(json_get_text(record, "scope"), all_whose[i].scope))
            return &all_whose[i];
    }
    return NULL;
}

static void put_asked(struct decade *d, const struct whose *whose)
{
    char stratum[DECADE_ID_MAX + 32];
    struct json_out *o = &d->out;

    snprintf(stratum, sizeof(stratum), "hospital|Organization/%s",
        d->hospitals[whose->hospital].id);
    json_name(o, "asked");
    json_open(o, '{');
    put_text(o, "measure", whose->asked);
    put_text(o, "stratum", stratum);
    if (whose->until) {
        json_name(o, "period");
        json_open(o, '{');
        put_text(o, "start", whose->from);
        put_text(o, "end", whose->until);
        json_close(o, '}');
    }
    json_close(o, '}');
}

static void write_figure(struct decade *d, const struct json *record)
{
    static const char *const but[] = {"asked", NULL};
    const struct whose *whose = whose_is(record);

    d->out = json_out(&d->lines);
    if (whose) {
        json_open(&d->out, '{');
        fhir_put_but(&d->out, record, but);
        put_asked(d, whose);
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
