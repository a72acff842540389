/* SPDX-License-Identifier: Apache-2.0 */
#include "random_words.h"

const char *const words[11] = {"Müller", "Muller", "MULLER", "Mu", "Tashi", "བཀྲ་ཤིས",
    "王小明", "Иванов", "tashi delek",
    "an uncommonly long name that goes on and on and on "
    "until it is cut by the index, ending in one",
    "an uncommonly long name that goes on "
    "and on and on until it is cut by the index, ending in two"};
const char *const dates[13] = {"1980", "1980-05", "1980-05-17", "1980-12-31",
    "1981-01-01", "1980-05-17T10:00:00Z", "1980-05-17T10:00:00+02:00",
    "1980-05-17T10:00:00.250Z", "2020", "2020-02", "2020-02-29", "9999-12-31", "0001"};
const char *const numbers[12] = {
    "0", "1", "1.0", "1.5", "-3", "72", "72.4", "100", "99.6", "1e2", "0.001", "-0.5"};
const char *const codes[6] = {"a", "A", "b", "c", "d", "e"};
const char *const systems[2] = {"urn:s", "urn:t"};
const char *const units[3] = {"kg", "mg", "mm[Hg]"};
const char *const uris[5] = {"http://x.example/a", "http://x.example/a/b",
    "http://x.example/ab", "http://x.example/a/b/c", "urn:oid:1.2"};
const char *const homes[2] = {
    "http://here.example/fhir", "https://also.example:8443/x/fhir"};
