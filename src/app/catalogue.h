/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The illnesses and procedures that hospitals of a network are asked about, from
 * data/illnesses and data/procedures.json: what each illness needs to be done, and the
 * devices each procedure needs. A *thing* is a number for either: procedures come first,
 * illnesses behind them. Constant tables; any thread.
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

extern const char *const catalogue_version;
extern const struct catalogue_entry catalogue_devices[];
extern const size_t catalogue_device_count;
extern const struct catalogue_entry catalogue_procedures[];
extern const size_t catalogue_procedure_count;
extern const struct catalogue_entry catalogue_illnesses[];
extern const size_t catalogue_illness_count;

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
