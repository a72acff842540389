/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the capability map share.
 *
 *   map.c            who may ask, and what is asked
 *   map_write.c      Organization/$capability-map
 *   map_cell.c       Organization/ID/$capability: one cell, down to what proves it
 *   map_forecast.c   how much hangs on the twins, and until when
 *   map_put.c        parts of Parameters
 */
#ifndef APP_MAP_INTERNAL_H
#define APP_MAP_INTERNAL_H

#include "app/app_internal.h"
#include "app/catalogue.h"
#include "app/network_internal.h"
#include "app/network_map.h"
#include "fhir/part.h"

/* Of the catalogue, in the order in which its illnesses name them. */
struct map_specialty {
    const char *code;
    int illnesses;
};

struct map_answer {
    struct app_call *call;
    const struct rest *rest;
    struct store_reader *snapshot;
    const struct network *network;
    struct network_map_asked asked;
    uint32_t *hospitals;
    size_t hospital_count;
    bool single; /* one hospital was named */
    struct str area;
    struct str specialty; /* p NULL: all */
    uint32_t thing;       /* NETWORK_NOBODY: none was named */
    struct map_specialty *specialties;
    size_t specialty_count;
    uint8_t *specialty_of;          /* a thing each */
    struct capability_answer *now;  /* of one hospital, as it is asked for */
    struct capability_answer *with; /* the same with the experts */
    struct arena *scratch;
    struct json_out out;
};

/* A program needs leave for what the map is made of. E_FORBIDDEN. */
int map_check_program(const struct app_call *call, struct err *err);

/* ---- parts (map_put.c) ---- */

/* Nothing for 0. */
void map_put_count(struct json_out *o, const char *name, long long number);
void map_put_name(
    struct json_out *o, const char *name, const struct network_name *value);
/* "TYPE/ID" of ${rid}. The store's errors. */
int map_put_record(
    struct map_answer *m, const char *name, store_rid rid, struct err *err);
/* The parts of an answer: its level, since when and until when, by whom. */
void map_put_answer(
    struct json_out *o, const struct network *n, const struct capability_answer *a);

/* ---- */

int map_write(struct map_answer *m, struct err *err);
int map_cell_write(struct map_answer *m, uint32_t hospital, struct err *err);

/* Append the part `dependence` of ${hospital}, of which now is filled. E_NOMEM. */
int map_forecast_write(struct map_answer *m, uint32_t hospital, struct err *err);

#endif
