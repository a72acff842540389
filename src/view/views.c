/* SPDX-License-Identifier: Apache-2.0 */
#include "view/views.h"

#include "view/deadline.h"
#include "view/indicator.h"
#include "view/logbook.h"
#include "view/search.h"
#include "view/worklist.h"

const struct store_view *const views_all[VIEWS_COUNT] = {
    &search_view, &deadline_view, &worklist_view, &logbook_view, &indicator_view};
