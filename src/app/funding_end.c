/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Funding/ID/$close and $cancel, both with reason (a word) and on (a day; today).
 *
 *   committed ─► closed      nothing more is paid from it; what is left was not used
 *       └──────► cancelled   it was taken back: only before anything was paid
 *
 * There is no way back: money that comes after all is committed anew.
 */
#include "app/funding.h"
#include "fhir/put.h"

/* Was it ended before: by the same call, or otherwise? May it be? */
static int check(struct equipment *e, const char *status, struct err *err)
{
    struct str now = json_get_text(e->device, "status");
    struct equipment_again again = {
        &e->device_record, false, "This commitment was closed or cancelled already."};

    if (!str_is(now, "committed")) {
        again.same =
            str_is(now, status) &&
            equipment_by_caller(e, json_get(json_get(e->device, "ended"), "by"));
        return equipment_repeat(e, &again, err);
    }
    if (strcmp(status, "cancelled") == 0 &&
        json_count(json_get(e->device, "payment")) > 0)
        return err_set(err, E_CONFLICT, NULL,
            "Payments were made out of it: it can be closed, and not be cancelled.");
    return 0;
}

static void put_end(
    struct json_out *o, const struct equipment *e, struct str on, struct str reason)
{
    json_name(o, "ended");
    json_open(o, '{');
    json_member(o, "on", on);
    fhir_put_reference(o, "by", e->call->caller.practitioner);
    json_member(o, "reason", reason);
    json_close(o, '}');
}

static int write_end(struct equipment *e, const char *status, struct str on,
    struct str reason, struct err *err)
{
    static const char *const but[] = {"meta", "status", NULL};
    struct json_out o;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    fhir_put_but(&o, e->device, but);
    json_member(&o, "status", str_of(status));
    put_end(&o, e, on, reason);
    json_close(&o, '}');
    r = change_put(&e->change, fhir_resource_named(STR("Funding")), e->device_record.id,
        &e->device_record, &b, err);
    buf_done(&b);
    return r;
}

static int end(struct equipment *e, const char *status, struct err *err)
{
    struct equipment_when on = {{NULL, 0}, 0};
    struct str reason = {NULL, 0};
    int r = equipment_take_only(e, "reason on", err);

    if (r == 0)
        r = procedure_word(e->body, "reason", &reason, err);
    if (r == 0 && !reason.p)
        r = err_set(
            err, E_INVALID, "reason", "Say why: the parameter reason, a valueString.");
    if (r == 0)
        r = equipment_take_past(e, "on", true, &on, err);
    if (r == 0)
        r = check(e, status, err);
    if (r < 0 || e->repeated)
        return r;
    return write_end(e, status, on.text, reason, err);
}

int funding_close(struct equipment *e, struct err *err)
{
    return end(e, "closed", err);
}

int funding_cancel(struct equipment *e, struct err *err)
{
    return end(e, "cancelled", err);
}
