/* SPDX-License-Identifier: Apache-2.0 */
/* Views of a node: registering, opening, filling. Sets of views are bit masks by their
 * order at store_open. */
#ifndef STORE_VIEWS_H
#define STORE_VIEWS_H

#include "store/writer.h"

/* Number the views' tables. */
int views_register(struct store *s, const struct store_view *const *views, size_t count,
    struct err *err);

/* Make or find their tables on ${conn}; ${ret_stale} gets those not filled, or filled by
 * other code. */
int views_open(
    struct store *s, struct driver_conn *conn, uint32_t *ret_stale, struct err *err);

/* Note that the views of ${mask} are filled by this program, or are not. In a
 * transaction. */
int views_set_filled(struct store *s, struct driver_conn *conn, uint32_t mask,
    bool filled, struct err *err);

struct fill_progress {
    void (*tell)(void *arg, int64_t done, int64_t total); /* may be NULL */
    void *arg;
    const struct store_fill_watch *watch; /* may stop it: E_CANCELLED; may be NULL */
};

/* Empty the tables of ${mask} and fill them from the log. No transaction is open. */
int views_fill(struct writer *w, uint32_t mask, const struct fill_progress *progress,
    struct err *err);

/* Bring everything ${sorter} holds to the tables, in transactions of bounded size; ${watch}
 * (may be NULL) is asked after each: E_CANCELLED. */
int views_drain(struct writer *w, struct sorter *sorter,
    const struct store_fill_watch *watch, struct err *err);

/* Tell the views of ${mask} that keep no past of the version ${v} as of a new record; rows
 * go where ${tx} says. ${a} is emptied. */
int views_replay(struct store_tx *tx, uint32_t mask, struct arena *a,
    const struct driver_version *v, struct str id, struct err *err);

/* Tell those of ${mask} that do every change of ${record}, as the log has them; ${undo}: to
 * take back their rows. */
int views_replay_past(struct store_tx *tx, uint32_t mask,
    const struct driver_record *record, bool undo, struct err *err);

/* Is ${a} current where both are heads? The greater clock, then the greater hash: the same
 * choice on every node. */
bool foreign_wins(const struct driver_version *a, const struct driver_version *b);

#endif
