/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The illnesses and procedures that hospitals of a network are asked about, from
 * data/illnesses and data/procedures.json: what each illness needs to be done, and the
 * devices each procedure needs. A *thing* is a number for either: procedures come first,
 * illnesses behind them. Constant tables; any thread.
 *
 * A process has one catalogue: the one that was built in, or what the node that it opened was
 * given instead (app/catalogue_node.h). It is chosen before anybody asks, and stays.
 */
#ifndef APP_CATALOGUE_H
#define APP_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define CATALOGUE_PROCEDURE_SYSTEM "https://belay.health/CodeSystem/procedure"
#define CATALOGUE_DEVICE_SYSTEM "https://belay.health/CodeSystem/device-kind"
#define CATALOGUE_ILLNESS_SYSTEM "http://hl7.org/fhir/sid/icd-10-cm"

/* Where a patient with an illness should not have to go further than. */
enum catalogue_level {
    CATALOGUE_MINOR,    /* the county */
    CATALOGUE_MODERATE, /* the prefecture */
    CATALOGUE_SERIOUS,  /* the region */
};

struct catalogue_entry {
    const char *code;
    const char *name;      /* English */
    const uint16_t *needs; /* of a procedure devices, of an illness procedures */
    uint16_t need_count;   /* of an illness at least 1 */
    bool hands; /* a procedure nobody does on advice alone: it must have been learnt */
    enum catalogue_level level; /* of an illness */
    const char *specialty;      /* of an illness: "cardiology" */
};

struct catalogue {
    const char *version;
    const struct catalogue_entry *devices, *procedures,
        *illnesses; /* each by its codes */
    size_t device_count, procedure_count, illness_count;
};

extern const struct catalogue catalogue_built_in;

/* The same as the text that app/catalogue_read.h reads. */
struct str catalogue_built_in_text(void);

/* That of this process. */
extern const char *catalogue_version;
extern const struct catalogue_entry *catalogue_devices;
extern size_t catalogue_device_count;
extern const struct catalogue_entry *catalogue_procedures;
extern size_t catalogue_procedure_count;
extern const struct catalogue_entry *catalogue_illnesses;
extern size_t catalogue_illness_count;

/* From now on it is ${c}, which outlives its use. While no other thread asks. */
void catalogue_use(const struct catalogue *c);

/* The thing that ${code} of ${system} means. ${system} p NULL: of either. A code of ICD-10
 * that is finer than the catalogue (S52.501A) means the nearest one above it (S52). False:
 * there is none. */
bool catalogue_find(struct str system, struct str code, uint32_t *ret);

/* The kind of device ${code}. */
bool catalogue_find_device(struct str code, uint32_t *ret);

/* Number of things; the entry of one; is it a procedure? */
uint32_t catalogue_things(void);
const struct catalogue_entry *catalogue_thing(uint32_t thing);
bool catalogue_is_procedure(uint32_t thing);

#endif
