/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Invented people: common given and family names put together at random. None is meant
 * to be anybody.
 */
#include "app/demo_internal.h"

const struct demo_department demo_departments[] = {
    {"medicine", "Internal Medicine"},
    {"surgery", "General Surgery"},
    {"orthopaedics", "Orthopaedics"},
    {"paediatrics", "Paediatrics"},
    {"obstetrics", "Obstetrics and Gynaecology"},
};
const size_t demo_department_count =
    sizeof(demo_departments) / sizeof(demo_departments[0]);

const struct demo_doctor demo_doctors[] = {
    {"tenzin", "Lhamo", "Tenzin", "female", "tingri", NULL, "General physician"},
    {"dawa", "Norbu", "Dawa", "male", "amdo", NULL, "General physician"},
    {"pema", "Yangchen", "Pema", "female", "medog", NULL, "General physician"},
    {"karma", "Wangdu", "Karma", "male", "gyantse", NULL, "General physician"},
    {"sonam", "Drolkar", "Sonam", "female", "lhasa", "paediatrics", "Paediatrician"},
    {"nyima", "Tsering", "Nyima", "male", "lhasa", "surgery", "Surgeon"},
    {"rustam", "Saidov", "Rustam", "male", "khorugh", NULL, "General physician"},
    {"fang", "Wang", "Fang", "female", "beijing", "medicine", "Physician"},
    {"wei", "Li", "Wei", "male", "beijing", "orthopaedics", "Orthopaedic surgeon"},
    {"jing", "Chen", "Jing", "female", "shanghai", "obstetrics", "Obstetrician"},
    {"lei", "Zhao", "Lei", "male", "shanghai", "surgery", "Surgeon"},
    {"min", "Zhang", "Min", "female", "guangzhou", "paediatrics", "Paediatrician"},
};
const size_t demo_doctor_count = sizeof(demo_doctors) / sizeof(demo_doctors[0]);

const struct app_demo_person app_demo_people[] = {
    {"Tenzin Lhamo", "clinician", "Practitioner/demo-tenzin",
        "Organization/demo-hospital-tingri"},
    {"Dawa Norbu", "clinician", "Practitioner/demo-dawa",
        "Organization/demo-hospital-amdo"},
    {"Fang Wang", "expert", "Practitioner/demo-fang",
        "Organization/demo-hospital-beijing"},
    {"Wei Li", "expert", "Practitioner/demo-wei", "Organization/demo-hospital-beijing"},
    {"Lei Zhao", "expert", "Practitioner/demo-lei",
        "Organization/demo-hospital-shanghai"},
    {"Administrator", "administrator", NULL, NULL},
};
const size_t app_demo_people_count =
    sizeof(app_demo_people) / sizeof(app_demo_people[0]);
