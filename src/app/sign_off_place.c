/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Has the hospital what the procedure needs? Of equipment the router's own network tells,
 * since that is what decides where patients go. Anaesthesia and a team stand in no record:
 * where the catalogue names no equipment nothing is known, and people say so in their reason.
 */
#include "app/network_internal.h"
#include "app/sign_off_internal.h"

static bool serves(
    const struct network *n, uint32_t hospital, uint32_t kind, utc_ms now)
{
    for (size_t i = 0; i < n->device_count; i++) {
        const struct network_device *one = &n->devices[i];

        if (one->hospital == hospital && one->kind == kind && one->service.from != 0 &&
            one->service.from <= now &&
            (one->service.until == 0 || now < one->service.until))
            return true;
    }
    return false;
}

int sign_off_place(struct app_call *call, struct str hospital, struct str code,
    struct sign_off_equipment *ret, enum sign_off_answer *ret_answer, struct err *err)
{
    const struct network *network = NULL;
    const struct catalogue_entry *entry = NULL;
    struct sign_off_equipment found = {.count = 0};
    enum sign_off_answer answer = SIGN_OFF_NOT_KNOWN;
    uint32_t thing = 0, at = 0;
    int r = 0;

    *ret = found;
    *ret_answer = answer;
    if (!catalogue_find(STR(CATALOGUE_PROCEDURE_SYSTEM), code, &thing))
        return 0;
    entry = catalogue_thing(thing);
    if (entry->need_count == 0)
        return 0;
    r = networks_take(call->app->networks, &network, err);
    if (r < 0)
        return r;
    if (network_hospital(network, hospital, &at)) {
        answer = SIGN_OFF_MET;
        for (size_t i = 0; i < entry->need_count && i < SIGN_OFF_KINDS; i++) {
            bool there = serves(network, at, entry->needs[i], call_now(call));

            found.kinds[found.count] = catalogue_devices[entry->needs[i]].code;
            found.serves[found.count++] = there;
            answer = there ? answer : SIGN_OFF_NOT_MET;
        }
    }
    network_release(network);
    *ret = found;
    *ret_answer = answer;
    return 0;
}
