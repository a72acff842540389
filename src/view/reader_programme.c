/* SPDX-License-Identifier: Apache-2.0 */
/* Whose a patient or a unit is, for who counts over hospitals. */
#include "view/reader_internal.h"

int reader_hospital_of(
    struct reader *rd, struct str reference, store_rid *ret, struct err *err)
{
    struct err *before = rd->run.err;
    store_rid rid = 0;
    store_rid hospital = 0;
    int r = 0;

    rd->run.err = err;
    r = reader_find(rd, reference, &rid);
    if (r == 0 && store_rid_type(rid) == rd->t->patient)
        r = reader_patient_hospital(rd, rid, &hospital);
    else if (r == 0 && store_rid_type(rid) == rd->t->organization)
        r = reader_hospital(rd, rid, &hospital);
    rd->run.err = before;
    if (r == 0)
        *ret = hospital;
    return r;
}
