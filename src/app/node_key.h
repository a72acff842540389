/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node's own key: 32 random bytes. The secrets in settings (app/setting.h), cursors of pages and
 * names of events are sealed under keys that follow from it.
 *
 *   setting         value
 *   seal-key        the key; or "file:PATH", a file of ours that holds it as hexadecimal, so that
 *                   whoever gets the database alone does not get it
 *   seal-key-next   the same of the key it is being changed to
 *
 * Changing it goes through these steps, each kept before the next; a node that was stopped between
 * them goes on with the second when it is opened again, and then both keys open a secret:
 *
 *   1. the new key is written down (into its file, if it has one) and named in seal-key-next
 *   2. each secret is opened with either key and sealed with the new one
 *   3. seal-key names the new one
 *   4. seal-key-next goes
 *
 * PATH may begin with "$CREDENTIALS_DIRECTORY/", which the service manager sets.
 */
#ifndef APP_NODE_KEY_H
#define APP_NODE_KEY_H

#include "app/app.h"

/* Take the key up, make one for a new node (in ${file}; NULL: in its database), and finish a change that was
 * begun. What reading the file fails with, and E_CORRUPT: there is no key in it. */
int node_key_load(struct app *app, const char *file, struct err *err);

struct node_key_changed {
    size_t sealed;       /* secrets */
    struct str old_file; /* in the arena; p NULL: the old key was in the database */
};

/* Give the node another key, in the new file ${file}, which must not be there (NULL: in the database), and
 * the trail one too. Only where nobody else has the node open and nothing is under way. E_CONFLICT: ${file} is there. */
int node_key_change(struct app *app, struct arena *a, const char *file,
    struct node_key_changed *ret, struct err *err);

#endif
