/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What FHIR R4 says, as tables. They are generated at build time by
 * tools/definitions/generate.mjs from the published definitions and from definitions/
 * (our own types), and are read-only data: nothing is parsed at start-up. All strings
 * are NUL-terminated and live for ever. Any thread.
 *
 * Numbers: a type's number is stable for ever (it is stored in the log): the 148 names of
 * R4's resource-types in alphabetical order are 1..148 (146 types and the abstract
 * DomainResource and Resource, whose numbers are never used), our own types follow from
 * 301 in the order of definitions/types.txt. Slot and parameter numbers may change when
 * definitions do; views record fhir_tables_digest and are filled again when it differs.
 */
#ifndef FHIR_DEFINITION_H
#define FHIR_DEFINITION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* ---- types and elements ---- */

enum fhir_kind {
    FHIR_PRIMITIVE,
    FHIR_COMPLEX,  /* data type: HumanName, Period, Reference ... */
    FHIR_BACKBONE, /* anonymous structure inside a type: Patient.contact */
    FHIR_RESOURCE, /* may stand alone */
    FHIR_ABSTRACT, /* Resource, DomainResource: "any resource" where an element's type */
};

/* Primitive types by the check their text needs. Order is part of the contract. */
enum fhir_primitive {
    FHIR_NOT_PRIMITIVE,
    FHIR_BOOLEAN,
    FHIR_INTEGER,
    FHIR_UNSIGNED_INT,
    FHIR_POSITIVE_INT,
    FHIR_DECIMAL,
    FHIR_STRING,
    FHIR_MARKDOWN,
    FHIR_CODE,
    FHIR_ID,
    FHIR_URI,
    FHIR_URL,
    FHIR_CANONICAL,
    FHIR_OID,
    FHIR_UUID,
    FHIR_DATE,
    FHIR_DATE_TIME,
    FHIR_INSTANT,
    FHIR_TIME,
    FHIR_BASE64,
    FHIR_XHTML,
};

#define FHIR_MANY 0xffff

struct fhir_element {
    const char *name; /* JSON name; a choice is one element a type: "valueQuantity" */
    uint16_t type;    /* index in fhir_types; contentReference already resolved */
    uint16_t choice;  /* 0, or the number of the choice group within the type, from 1 */
    uint16_t min;     /* of the group, for a choice */
    uint16_t max;     /* 1 or FHIR_MANY (or another number where R4 says so) */
    uint16_t binding; /* 0, or index in fhir_value_sets: a required binding */
    uint16_t targets; /* Reference/canonical: index in fhir_target_lists; 0 = any */
    bool summary;     /* isSummary */
    bool modifier;    /* isModifier */
    uint8_t name_len;
};

struct fhir_type {
    const char *name; /* "Patient", "HumanName", "Patient.contact", "string" */
    enum fhir_kind kind;
    enum fhir_primitive primitive; /* for FHIR_PRIMITIVE */
    uint16_t number;               /* of a resource type; else 0 */
    uint16_t first;                /* elements: fhir_elements[first .. first+count) */
    uint16_t count;                /* sorted by name (length first, then bytes) */
    bool own;                      /* ours: served under /programme */
    uint16_t required; /* how many elements (a choice group counts once) have min > 0 */
    const char *url;   /* canonical of its StructureDefinition */
};

/* Index 0 is Element; the rest follow by name, the shorter first. */
extern const struct fhir_type fhir_types[];
extern const uint16_t fhir_type_count;
extern const struct fhir_element fhir_elements[];
extern const uint16_t fhir_element_count;

/* A list of resource type numbers: count, then the numbers. Index 0 is the empty list. */
extern const uint16_t *const fhir_target_lists[];

/* Index in fhir_types of a resource type's number; 0 (never a resource) if unknown. */
extern const uint16_t fhir_type_of_number[];
#define FHIR_TYPE_NUMBER_MAX 399

/* ---- value sets of required bindings ---- */

struct fhir_code {
    const char *system;
    const char *code;
};

struct fhir_value_set {
    const char *url;
    uint32_t first; /* fhir_codes[first .. first+count), sorted by code, then system */
    uint32_t count;
    bool complete; /* false: the bundled systems cannot list it; not checked */
};

extern const struct fhir_value_set fhir_value_sets[]; /* index 0 is not used */
extern const uint16_t fhir_value_set_count;
extern const struct fhir_code fhir_codes[];

/* ---- search parameters ---- */

enum fhir_search_kind {
    FHIR_SEARCH_NUMBER,
    FHIR_SEARCH_DATE,
    FHIR_SEARCH_STRING,
    FHIR_SEARCH_TOKEN,
    FHIR_SEARCH_REFERENCE,
    FHIR_SEARCH_COMPOSITE,
    FHIR_SEARCH_QUANTITY,
    FHIR_SEARCH_URI,
    FHIR_SEARCH_SPECIAL, /* near */
};

/*
 * One step from a JSON value to its children: take member ${name}; of an array all
 * items, or only the one at ${index}; keep those whose member ${where} has the text
 * ${equals}. Fields of no use are NULL or -1.
 */
struct fhir_step {
    const char *name;
    uint8_t name_len;
    int16_t index;
    const char *where;
    const char *equals;
};

/* One way to a slot's values: steps from the resource, and the type found there. */
struct fhir_way {
    uint32_t first; /* fhir_steps[first .. first+count) */
    uint16_t count;
    uint16_t type;    /* index in fhir_types of what the last step gives */
    uint16_t binding; /* of that element: 0, or index in fhir_value_sets */
};

enum fhir_slot_special {
    FHIR_SLOT_PLAIN,
    FHIR_SLOT_DECEASED, /* true unless absent or deceasedBoolean false */
    FHIR_SLOT_POSITION, /* Location.position */
};

/*
 * A slot is what is indexed once: one expression of one resource type, read as one kind
 * of search value. Parameters that share an expression share the slot.
 */
struct fhir_slot {
    uint16_t type; /* number of the resource type */
    enum fhir_search_kind kind;
    enum fhir_slot_special special;
    uint32_t first; /* fhir_ways[first .. first+count) */
    uint16_t count;
    const char *expression; /* for people: "Observation.value as Quantity" */
};

#define FHIR_PARAM_SLOTS 4

/* A search parameter as it applies to one resource type. */
struct fhir_param {
    const char *code; /* "birthdate" */
    const char *url;
    uint16_t type; /* number of the resource type */
    enum fhir_search_kind kind;
    uint16_t slots[FHIR_PARAM_SLOTS]; /* indexes in fhir_slots; a match in any counts */
    uint16_t slot_count;
    uint16_t targets;    /* reference: list of allowed target types; 0 = any. Where the
                             expression says `resolve() is Patient`, that one */
    uint16_t components; /* composite: index in fhir_components of the first; else 0 */
    uint16_t component_count;
};

/* A part of a composite: evaluated on each value of the composite's own slot (a root
 * such as Observation or Observation.component). */
struct fhir_component {
    uint16_t slot; /* slot whose ways start at the composite's root element */
    enum fhir_search_kind kind;
    const char *code; /* of the parameter that defines it */
    uint16_t param;   /* index in fhir_params of that parameter on the same type */
    bool outside;     /* evaluated on the record itself, whatever the root */
};

extern const struct fhir_step fhir_steps[];
extern const struct fhir_way fhir_ways[];
extern const struct fhir_slot fhir_slots[]; /* index 0 is not used */
extern const uint16_t fhir_slot_count;
/* Slots of type number n that are indexed (no composite roots or parts):
 * fhir_slots[fhir_type_slots[n] .. fhir_type_slots[n] + fhir_type_slot_counts[n]) */
extern const uint16_t fhir_type_slots[];
extern const uint16_t fhir_type_slot_counts[];
extern const struct fhir_param fhir_params[]; /* sorted by type, then code */
extern const uint16_t fhir_param_count;
/* Parameters of type number n: fhir_params[fhir_type_params[n] ..] */
extern const uint16_t fhir_type_params[];
extern const uint16_t fhir_type_param_counts[];
/* URLs of parameters in the package of definitions that no type has here: _text,
 * _content, _query, and one that is not R4's. Ends with NULL. (_id is a parameter without
 * slots: the record's key answers it.) */
extern const char *const fhir_params_not_supported[];
extern const struct fhir_component fhir_components[]; /* index 0 is not used */

/* ---- compartments: which parameters tie a type to a compartment's resource ---- */

struct fhir_compartment_link {
    uint16_t compartment; /* resource type number: Patient, Encounter ... */
    uint16_t type;        /* resource type number */
    uint16_t param;       /* index in fhir_params */
};

extern const struct fhir_compartment_link fhir_compartment_links[]; /* sorted */
extern const uint16_t fhir_compartment_link_count;

/* First 16 hexadecimal digits of a digest over all tables. */
extern const char fhir_tables_digest[];

/* ---- look-ups ---- */

/* The type named ${name}; NULL if there is none. */
const struct fhir_type *fhir_type_named(struct str name);

/* The resource type named ${name} (not abstract); NULL if there is none. */
const struct fhir_type *fhir_resource_named(struct str name);

/* The resource type with ${number}; NULL if there is none. */
const struct fhir_type *fhir_type_numbered(unsigned number);

/* The element ${name} of ${type}; NULL if there is none. */
const struct fhir_element *fhir_element_named(
    const struct fhir_type *type, struct str name);

/* The parameter ${code} of resource type ${number}; NULL if there is none. */
const struct fhir_param *fhir_param_named(unsigned number, struct str code);

/* All parameters of a resource type; their count in ${ret_count}. */
const struct fhir_param *fhir_params_of(unsigned number, size_t *ret_count);

/* True when ${vs} holds ${code}; ${system} with p NULL: any system. */
bool fhir_value_set_has(
    const struct fhir_value_set *vs, struct str system, struct str code);

#endif
