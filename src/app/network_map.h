/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The capability map of a network (app/network.h): at which level a hospital can do a thing of
 * the catalogue at a moment, by the evidence and the rules that routing uses. Nothing is
 * kept: a map of a past or a coming day is worked out as that of today is. Any thread.
 */
#ifndef APP_NETWORK_MAP_H
#define APP_NETWORK_MAP_H

#include "app/network.h"
#include "engine/capability/capability.h"

struct network_map_asked {
    int64_t at;
    bool without_experts; /* as if every visit and link had ended at that moment */
};

/* What ${thing} (app/catalogue.h) is at ${hospital}. ${ret->by} is of network_person_name(),
 * ${ret->missing} a kind of device. ${a}: what is needed meanwhile. E_NOMEM. */
int network_capability(const struct network *n, struct arena *a,
    const struct network_map_asked *asked, uint32_t hospital, uint32_t thing,
    struct capability_answer *ret);

/* The same of all things at ${hospital}, into ${ret}, which has room for catalogue_things().
 * ${scratch} is emptied. E_NOMEM. */
int network_capabilities(const struct network *n, struct arena *scratch,
    const struct network_map_asked *asked, uint32_t hospital,
    struct capability_answer *ret);

/* What a list of illnesses wants of an answer. */
struct network_level {
    uint8_t level; /* enum capability_level */
    bool listed, demonstrated, sustained;
};

/* The same of all illnesses at ${hospital}, in the catalogue's order, into ${ret}, which has room for them: what
 * network_capabilities() says, without what nobody who only counts asks for. ${scratch} is emptied. E_NOMEM. */
int network_levels(const struct network *n, struct arena *scratch,
    const struct network_map_asked *asked, uint32_t hospital,
    struct network_level *ret);

size_t network_hospital_count(const struct network *n);

/* No other network of this process has it, and one that is made later has a greater one. */
uint64_t network_serial(const struct network *n);
struct network_name network_hospital_name(const struct network *n, uint32_t hospital);
struct network_name network_person_name(const struct network *n, uint32_t person);

/* Is it one of those that the programme is for: a hospital that is helped, or one that lies in a
 * region in which one is? */
bool network_is_assisted(const struct network *n, uint32_t hospital);

/* The Location ids of its prefecture and of its region; p NULL: not known. They live as long as ${n}. */
struct str network_prefecture(const struct network *n, uint32_t hospital);
struct str network_region(const struct network *n, uint32_t hospital);

/* Does ${hospital} lie in the Location ${area}, a prefecture or a region? */
bool network_is_in(const struct network *n, uint32_t hospital, struct str area);

#endif
