/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bed: a Location of the physicalType `bd`, whose operationalStatus says whether somebody may
 * be put into it. The extension bed-transfer says which transfer has it, by the id of the
 * case, which tells nothing to whom that case is not shown.
 */
#ifndef APP_BED_H
#define APP_BED_H

#include "app/app.h"
#include "json/json.h"

#define BED_KIND_SYSTEM "http://terminology.hl7.org/CodeSystem/location-physical-type"
#define BED_STATE_SYSTEM "http://terminology.hl7.org/CodeSystem/v2-0116"
#define BED_TRANSFER_URL "https://belay.health/StructureDefinition/bed-transfer"

struct bed_state {
    const char *code;    /* of v2-0116 */
    struct str transfer; /* the id of the case that has it; p NULL: none */
    bool promised;       /* nobody may say otherwise */
};

/* Is ${location} a bed that is in use at all? */
bool bed_is(const struct json *location);

bool bed_is_free(const struct json *location);

/* Has the transfer ${id} this bed? NULL is nobody's. */
bool bed_is_of(const struct json *location, struct str id);

/* Is it kept for somebody who is not there yet? */
bool bed_is_promised(const struct json *location);

/* "occupied", for a sentence. */
const char *bed_word(const struct json *location);

/* Append ${location} as it is in ${state}. */
void bed_put(struct buf *b, const struct json *location, const struct bed_state *state);

#endif
