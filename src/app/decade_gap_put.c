/* SPDX-License-Identifier: Apache-2.0 */
/* The records of a gap: opened and planned as gap.c writes them, and where it stands as the node
 * writes it, by its very function. */
#include "app/decade_gap_internal.h"
#include "fhir/put.h"

#define OPENED_MINUTE (8 * 60)
#define PLANNED_MINUTE (9 * 60)

static const char *task_id(uint32_t gap, char out[PERSON_ID_MAX])
{
    snprintf(out, PERSON_ID_MAX, "d-w%u", gap + 1);
    return out;
}

static const char *service_id(uint32_t gap, char out[PERSON_ID_MAX])
{
    snprintf(out, PERSON_ID_MAX, "d-n%u", gap + 1);
    return out;
}

/* ${b} is the Task now: kept, and written. Empties ${b}. */
static int keep(struct decade_gaps *g, uint32_t gap, struct buf *b, struct err *err)
{
    struct gap *one = &g->list[gap];
    int r = buf_keep(b, g->d->arena, "A gap of the decade", &one->text, err);

    if (r == 0) {
        buf_add(&g->d->lines, b->data, b->len);
        buf_adds(&g->d->lines, "\n");
    }
    buf_done(b);
    return r;
}

/* ---- opened ---- */

static void write_service(struct decade_gaps *g, uint32_t gap)
{
    const struct gap *one = &g->list[gap];
    struct decade *d = g->d;
    char id[PERSON_ID_MAX];
    struct json_out *o = decade_open(d, "HealthcareService", service_id(gap, id));

    put_bool(o, "active", one->said);
    put_reference(o, "providedBy", "Organization", d->departments[one->department].id);
    json_name(o, "type");
    json_open(o, '[');
    json_open(o, '{');
    json_name(o, "coding");
    json_open(o, '[');
    fhir_put_coding(o,
        catalogue_is_procedure(one->thing) ? CATALOGUE_PROCEDURE_SYSTEM
                                           : CATALOGUE_ILLNESS_SYSTEM,
        str_of(catalogue_thing(one->thing)->code), (struct str){NULL, 0});
    json_close(o, ']');
    json_close(o, '}');
    json_close(o, ']');
    decade_close(d);
}

void gap_write_said(struct decade_gaps *g, uint32_t gap)
{
    g->list[gap].said = true;
    write_service(g, gap);
}

/* What Task/$gap and Task/ID/$gap both say of its plan. */
static void put_plan(
    struct decade_gaps *g, struct json_out *o, uint32_t gap, int minute)
{
    const struct gap *one = &g->list[gap];

    put_instant(o, "lastModified", g->d->day, minute);
    put_person(g->d, o, "owner", one->owner);
    if (one->planned == 0)
        return;
    json_name(o, "restriction");
    json_open(o, '{');
    json_name(o, "period");
    json_open(o, '{');
    put_date(o, "end", one->planned);
    json_close(o, '}');
    json_close(o, '}');
}

int gap_write_opened(struct decade_gaps *g, uint32_t gap, struct err *err)
{
    struct gap *one = &g->list[gap];
    char id[PERSON_ID_MAX];
    struct json_out o;
    struct buf b;

    one->state = one->planned ? GAP_PLANNED : GAP_OPENED;
    write_service(g, gap);
    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    put_text(&o, "resourceType", "Task");
    put_text(&o, "id", task_id(gap, id));
    put_text(&o, "status", "in-progress");
    fhir_put_concept(
        &o, "businessStatus", GAP_STATE_SYSTEM, str_of(gap_state_code(one->state)));
    put_text(&o, "intent", "plan");
    fhir_put_concept(&o, "code", EQUIPMENT_WORK_SYSTEM, STR("technique-gap"));
    put_reference(&o, "focus", "HealthcareService", service_id(gap, id));
    put_instant(&o, "authoredOn", g->d->day, OPENED_MINUTE);
    put_person(g->d, &o, "requester", one->owner);
    put_plan(g, &o, gap, OPENED_MINUTE);
    json_close(&o, '}');
    return keep(g, gap, &b, err);
}

/* ---- written anew ---- */

static void put_planned(
    struct decade_gaps *g, struct json_out *o, const struct json *task, uint32_t gap)
{
    static const char *const but[] = {
        "meta", "lastModified", "owner", "restriction", NULL};

    json_open(o, '{');
    fhir_put_but(o, task, but);
    put_plan(g, o, gap, PLANNED_MINUTE);
    json_close(o, '}');
}

/* The Task ${gap}, from how it was written last: as ${look} says (NULL: with its plan). */
static int rewrite(struct decade_gaps *g, uint32_t gap, const struct gap_look *look,
    utc_ms now, struct err *err)
{
    const struct json *task = NULL;
    struct json_out o;
    struct buf b;
    int r = json_read_trusted(g->scratch, g->list[gap].text, &task, err);

    if (r < 0)
        return r;
    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    if (look)
        gap_put(&o, task, look, now);
    else
        put_planned(g, &o, task, gap);
    r = keep(g, gap, &b, err);
    arena_reset(g->scratch);
    return r;
}

int gap_write_planned(struct decade_gaps *g, uint32_t gap, struct err *err)
{
    return rewrite(g, gap, NULL, 0, err);
}

int gap_write_state(struct decade_gaps *g, uint32_t gap, const struct gap_look *look,
    utc_ms now, struct err *err)
{
    int r = rewrite(g, gap, look, now, err);

    g->list[gap].state = look->state;
    return r;
}
