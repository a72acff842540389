/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of Bundles. */
#ifndef TEST_APP_BUNDLE_H
#define TEST_APP_BUNDLE_H

#define U1 "urn:uuid:6f2f3e60-0000-4000-8000-000000000001"
#define U2 "urn:uuid:6f2f3e60-0000-4000-8000-000000000002"
#define BUNDLE(type, entries)                                                          \
    "{\"resourceType\":\"Bundle\",\"type\":\"" type "\",\"entry\":[" entries "]}"
#define TX(entries) BUNDLE("transaction", entries)
#define REQUEST(method, url)                                                           \
    "\"request\":{\"method\":\"" method "\",\"url\":\"" url "\"}"
#define PUT_PATIENT(id, more)                                                          \
    "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"" id "\"" more               \
    "}," REQUEST("PUT", "Patient/" id) "}"

#endif
