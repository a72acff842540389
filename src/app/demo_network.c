/* SPDX-License-Identifier: Apache-2.0 */
/* Hospitals where the places are, who helps whom, and who works there. */
#include <stdio.h>
#include <string.h>

#include "app/demo_internal.h"

static void hospital_id(const struct demo_place *p, char out[128])
{
    snprintf(out, 128, "demo-hospital-%s", p->id);
}

static void hospital_name(const struct demo_place *p, char out[256])
{
    char town[128];

    demo_town(p, town);
    if (strcmp(p->tier, "sending") == 0)
        snprintf(out, 256, "%s Partner Hospital", town);
    else if (strcmp(p->tier, "abroad") == 0)
        snprintf(out, 256, "%s City Hospital", town);
    else
        snprintf(out, 256, "%s People's Hospital", town);
}

static bool has_departments(const struct demo_place *p)
{
    return strcmp(p->tier, "region") == 0 || strcmp(p->tier, "prefecture") == 0 ||
           strcmp(p->tier, "sending") == 0;
}

static void write_location(struct demo *d, const struct demo_place *p)
{
    char id[128];
    char hospital[128];
    char town[128];

    snprintf(id, sizeof(id), "demo-place-%s", p->id);
    hospital_id(p, hospital);
    demo_town(p, town);
    demo_begin(d, "Location", id);
    demo_put(d, "status", "active");
    demo_put(d, "name", town);
    demo_put(d, "mode", "instance");
    demo_open(d, "position", '{');
    json_name(&d->out, "longitude");
    json_put_raw(&d->out, str_of(p->longitude));
    json_name(&d->out, "latitude");
    json_put_raw(&d->out, str_of(p->latitude));
    json_name(&d->out, "altitude");
    json_put_int(&d->out, p->altitude);
    demo_close(d, '}');
    demo_refer(d, "managingOrganization", "Organization", hospital, NULL);
    demo_end(d, "Location", id);
}

static void write_hospital(struct demo *d, const struct demo_place *p)
{
    char id[128];
    char name[256];
    char parent[128];

    hospital_id(p, id);
    hospital_name(p, name);
    demo_begin(d, "Organization", id);
    json_name(&d->out, "active");
    json_put_bool(&d->out, true);
    demo_open(d, "type", '[');
    json_open(&d->out, '{');
    demo_put(d, "text", "Hospital");
    json_close(&d->out, '}');
    demo_close(d, ']');
    demo_put(d, "name", name);
    demo_open(d, "address", '[');
    json_open(&d->out, '{');
    demo_town(p, parent);
    demo_put(d, "city", parent);
    demo_put(d, "country", p->country);
    json_close(&d->out, '}');
    demo_close(d, ']');
    demo_end(d, "Organization", id);
}

static void write_departments(struct demo *d, const struct demo_place *p)
{
    char hospital[128];
    char name[256];
    char id[256];

    hospital_id(p, hospital);
    hospital_name(p, name);
    for (size_t i = 0; i < demo_department_count; i++) {
        snprintf(id, sizeof(id), "demo-%s-%s", p->id, demo_departments[i].id);
        demo_begin(d, "Organization", id);
        json_name(&d->out, "active");
        json_put_bool(&d->out, true);
        demo_open(d, "type", '[');
        demo_concept(d, NULL, "http://terminology.hl7.org/CodeSystem/organization-type",
            "dept", "Department");
        demo_close(d, ']');
        demo_put(d, "name", demo_departments[i].name);
        demo_refer(d, "partOf", "Organization", hospital, name);
        demo_end(d, "Organization", id);
    }
}

/* The sending hospital that a twin's name means: a town, or what stands in brackets. */
static const struct demo_place *find_twin(const struct demo_place *p)
{
    for (size_t i = 0; p->twin[0] && i < demo_place_count; i++) {
        if (&demo_places[i] != p && strstr(demo_places[i].name, p->twin))
            return &demo_places[i];
    }
    return NULL;
}

static void write_pair(struct demo *d, const struct demo_place *p)
{
    const struct demo_place *twin = find_twin(p);
    char host[128];
    char helper[128];
    char name[256];
    char id[128];

    if (!twin)
        return;
    hospital_id(p, host);
    hospital_id(twin, helper);
    snprintf(id, sizeof(id), "demo-pair-%s", p->id);
    demo_begin(d, "OrganizationAffiliation", id);
    json_name(&d->out, "active");
    json_put_bool(&d->out, true);
    demo_open(d, "period", '{');
    demo_put(d, "start", "2024-08-01");
    demo_close(d, '}');
    hospital_name(p, name);
    demo_refer(d, "organization", "Organization", host, name);
    hospital_name(twin, name);
    demo_refer(d, "participatingOrganization", "Organization", helper, name);
    demo_open(d, "code", '[');
    json_open(&d->out, '{');
    demo_put(d, "text", "Hospital pair");
    json_close(&d->out, '}');
    demo_close(d, ']');
    demo_end(d, "OrganizationAffiliation", id);
}

static void write_practitioner(struct demo *d, const struct demo_doctor *doctor)
{
    char id[128];

    snprintf(id, sizeof(id), "demo-%s", doctor->id);
    demo_begin(d, "Practitioner", id);
    json_name(&d->out, "active");
    json_put_bool(&d->out, true);
    demo_open(d, "name", '[');
    json_open(&d->out, '{');
    demo_put(d, "family", doctor->family);
    demo_open(d, "given", '[');
    json_put_str(&d->out, doctor->given);
    demo_close(d, ']');
    json_close(&d->out, '}');
    demo_close(d, ']');
    demo_put(d, "gender", doctor->gender);
    demo_end(d, "Practitioner", id);
}

static void write_role(struct demo *d, const struct demo_doctor *doctor)
{
    char id[128];
    char who[128];
    char name[128];
    char where[256];

    snprintf(id, sizeof(id), "demo-post-%s", doctor->id);
    snprintf(who, sizeof(who), "demo-%s", doctor->id);
    if (doctor->department)
        snprintf(where, sizeof(where), "demo-%s-%s", doctor->place, doctor->department);
    else
        snprintf(where, sizeof(where), "demo-hospital-%s", doctor->place);
    demo_doctor_name(doctor, name);
    demo_begin(d, "PractitionerRole", id);
    json_name(&d->out, "active");
    json_put_bool(&d->out, true);
    demo_refer(d, "practitioner", "Practitioner", who, name);
    demo_refer(d, "organization", "Organization", where, NULL);
    demo_open(d, "code", '[');
    json_open(&d->out, '{');
    demo_put(d, "text", doctor->role);
    json_close(&d->out, '}');
    demo_close(d, ']');
    demo_end(d, "PractitionerRole", id);
}

void demo_write_network(struct demo *d)
{
    for (size_t i = 0; i < demo_place_count; i++) {
        write_location(d, &demo_places[i]);
        write_hospital(d, &demo_places[i]);
        if (has_departments(&demo_places[i]))
            write_departments(d, &demo_places[i]);
        write_pair(d, &demo_places[i]);
    }
    for (size_t i = 0; i < demo_doctor_count; i++) {
        write_practitioner(d, &demo_doctors[i]);
        write_role(d, &demo_doctors[i]);
    }
}
