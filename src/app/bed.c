/* SPDX-License-Identifier: Apache-2.0 */
/* What a Location says of a bed, read and written. */
#include "app/bed.h"

#include "app/case_internal.h"
#include "fhir/put.h"

static const struct {
    const char *code;
    const char *word;
    const char *display;
} states[] = {
    {"U", "free", "Unoccupied"},
    {"O", "occupied", "Occupied"},
    {"C", "closed", "Closed"},
    {"H", "being cleaned", "Housekeeping"},
    {"I", "isolated", "Isolated"},
    {"K", "contaminated", "Contaminated"},
};
#define STATES (sizeof(states) / sizeof(states[0]))

/* The place in states; STATES: it says nothing that is known. */
static size_t state_of(struct str code)
{
    size_t i = 0;

    while (i < STATES && !str_is(code, states[i].code))
        i++;
    return i;
}

static struct str code_of(const struct json *location)
{
    const struct json *status = json_get(location, "operationalStatus");
    struct str none = {NULL, 0};

    return str_is(json_get_text(status, "system"), BED_STATE_SYSTEM)
               ? json_get_text(status, "code")
               : none;
}

bool bed_is(const struct json *location)
{
    struct json_each it =
        json_each(json_get(json_get(location, "physicalType"), "coding"));
    struct str status = json_get_text(location, "status");

    if (status.p && !str_is(status, "active"))
        return false;
    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "system"), BED_KIND_SYSTEM) &&
            str_is(json_get_text(it.value, "code"), "bd"))
            return true;
    }
    return false;
}

bool bed_is_free(const struct json *location)
{
    return str_is(code_of(location), "U");
}

const char *bed_word(const struct json *location)
{
    size_t at = state_of(code_of(location));

    if (bed_is_promised(location))
        return "kept for another patient";
    return at < STATES ? states[at].word : "in a state that is not known";
}

/* ---- whose ---- */

/* The part ${name} of the extension; NULL: none. */
static const struct json *part(const struct json *location, const char *name)
{
    struct json_each it = json_each(json_get(location, "extension"));

    while (json_next(&it)) {
        struct json_each parts = json_each(json_get(it.value, "extension"));

        if (!str_is(json_get_text(it.value, "url"), BED_TRANSFER_URL))
            continue;
        while (json_next(&parts)) {
            if (str_is(json_get_text(parts.value, "url"), name))
                return parts.value;
        }
    }
    return NULL;
}

bool bed_is_of(const struct json *location, struct str id)
{
    struct str of = json_get_text(part(location, "case"), "valueId");

    return of.p && id.p && str_eq(of, id);
}

bool bed_is_promised(const struct json *location)
{
    return json_kind(json_get(part(location, "promised"), "valueBoolean")) == JSON_TRUE;
}

/* ---- writing ---- */

static void put_transfer(struct json_out *o, const struct bed_state *state)
{
    json_open(o, '{');
    json_member(o, "url", STR(BED_TRANSFER_URL));
    json_name(o, "extension");
    json_open(o, '[');
    json_open(o, '{');
    json_member(o, "url", STR("case"));
    json_member(o, "valueId", state->transfer);
    json_close(o, '}');
    if (state->promised) {
        json_open(o, '{');
        json_member(o, "url", STR("promised"));
        json_name(o, "valueBoolean");
        json_put_bool(o, true);
        json_close(o, '}');
    }
    json_close(o, ']');
    json_close(o, '}');
}

static void put_extensions(
    struct json_out *o, const struct json *location, const struct bed_state *state)
{
    struct json_each it = json_each(json_get(location, "extension"));
    bool open = false;

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), BED_TRANSFER_URL))
            continue;
        if (!open) {
            json_name(o, "extension");
            json_open(o, '[');
        }
        open = true;
        json_put_value(o, it.value);
    }
    if (!open && state->transfer.p) {
        json_name(o, "extension");
        json_open(o, '[');
        open = true;
    }
    if (state->transfer.p)
        put_transfer(o, state);
    if (open)
        json_close(o, ']');
}

void bed_put(struct buf *b, const struct json *location, const struct bed_state *state)
{
    static const char *const replaced[] = {"extension", "operationalStatus", NULL};
    size_t at = state_of(str_of(state->code));
    struct json_out o = json_out(b);

    json_open(&o, '{');
    fhir_put_but(&o, location, replaced);
    put_extensions(&o, location, state);
    json_name(&o, "operationalStatus");
    json_open(&o, '{');
    json_member(&o, "system", STR(BED_STATE_SYSTEM));
    json_member(&o, "code", str_of(state->code));
    if (at < STATES)
        json_member(&o, "display", str_of(states[at].display));
    json_close(&o, '}');
    json_close(&o, '}');
}
