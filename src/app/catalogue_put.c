/* SPDX-License-Identifier: Apache-2.0 */
#include "app/catalogue_put.h"

#include "app/catalogue.h"
#include "fhir/part.h"

void catalogue_put_thing(struct json_out *o, const char *name, uint32_t thing)
{
    const struct catalogue_entry *entry = catalogue_thing(thing);

    fhir_part_open(o, name);
    json_name(o, "valueCoding");
    json_open(o, '{');
    json_name(o, "system");
    json_put_str(o, catalogue_is_procedure(thing) ? CATALOGUE_PROCEDURE_SYSTEM
                                                  : CATALOGUE_ILLNESS_SYSTEM);
    json_name(o, "code");
    json_put_str(o, entry->code);
    json_name(o, "display");
    json_put_str(o, entry->name);
    json_close(o, '}');
    json_close(o, '}');
}
