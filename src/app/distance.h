/* SPDX-License-Identifier: Apache-2.0 */
/* How far, in bands: figures are told apart by them, of cases and of who lives where. */
#ifndef APP_DISTANCE_H
#define APP_DISTANCE_H

/* The band of ${kilometres}, as "under-50-km"; NULL: NAN, so nobody knows. */
const char *distance_band(double kilometres);

#endif
