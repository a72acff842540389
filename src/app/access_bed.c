/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who says that a bed is free, occupied or closed: the administration, as of all places, and
 * nurses, heads of department and coordinators of the hospital, who may change nothing else of
 * it. A bed that is kept for a transfer is nobody's to give away, and no bed is kept by hand:
 * that is for the steps of the transfer (case_bed.c).
 */
#include "app/access_internal.h"
#include "app/app_internal.h"
#include "app/bed.h"

static bool same_promise(const struct json *before, const struct json *after)
{
    static const char *const members[] = {
        "operationalStatus", "status", "physicalType"};

    if (bed_is_promised(before) != bed_is_promised(after))
        return false;
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (bed_is_promised(before) && !access_same(before, after, str_of(members[i])))
            return false;
    }
    return true;
}

int access_check_bed(struct access *a, const struct access_write *write,
    const struct json *before, bool *ret_may, struct err *err)
{
    static const char *const state[] = {"operationalStatus", NULL};
    const struct json *unit = json_get(before, "managingOrganization");

    *ret_may = false;
    if (!same_promise(before, write->resource))
        return err_set(err, E_CONFLICT, "Location.operationalStatus",
            bed_is_promised(before)
                ? "This bed is kept for a transfer: it is free again when that is "
                  "declined, withdrawn or over, or when the patient comes into another "
                  "bed."
                : "A bed is kept for a transfer by $accept-transfer alone.");
    if (!before || !write->resource || !bed_is(before) ||
        !access_same_but(before, write->resource, state))
        return 0;
    return reader_keeps_beds(a->reader, json_get_text(unit, "reference"), ret_may, err);
}
