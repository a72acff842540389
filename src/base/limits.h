/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every ceiling of the program, in one list. A buffer, body, depth, page, queue or
 * time-out without a name here is a mistake. Each has a test that meets it.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define LIMIT_BODY_BYTES (64u << 20)   /* an HTTP request body, decoded */
#define LIMIT_RECORD_BYTES (16u << 20) /* one record's JSON */
#define LIMIT_JSON_DEPTH 100           /* nesting of arrays and objects */
#define LIMIT_JSON_VALUES (16u << 20)  /* values in a text denser than one in 6 bytes */
#define LIMIT_STRING_BYTES (1u << 20) /* a string or markdown of a record, as R4 says */
#define LIMIT_NARRATIVE_DEPTH 64      /* nesting of elements in a narrative */
#define LIMIT_RESPONSE_BYTES (128u << 20) /* a response body before compression */
#define LIMIT_URL_BYTES (64u << 10)       /* path and query */
#define LIMIT_HEADER_BYTES (32u << 10)    /* request line and headers of one request */
#define LIMIT_ID_CHARS 64                 /* FHIR id */
#define LIMIT_CODE_CHARS 4096             /* token code or system in a search */
#define LIMIT_ISSUES 100                  /* problems listed in one OperationOutcome */
#define LIMIT_BUNDLE_ENTRIES 100000       /* entries in a batch or transaction */
#define LIMIT_PAGE 1000                   /* _count */
#define LIMIT_PAGE_DEFAULT 20             /* _count when none is given */
#define LIMIT_INCLUDES 10000              /* included resources on one page */
#define LIMIT_INCLUDE_ROUNDS 8            /* :iterate */
#define LIMIT_QUERY_PARAMS 200            /* parameters in one query */
#define LIMIT_QUERY_VALUES 1000           /* ORed values of one parameter */
#define LIMIT_CHAIN_DEPTH 6               /* links in a chained search */
#define LIMIT_SORT_KEYS 8                 /* keys in _sort */
#define LIMIT_SORT_MEMORY (32u << 20)     /* a sort held in memory, bytes */
#define LIMIT_EVERYTHING 100000           /* resources in one $everything */
#define LIMIT_PATCH_OPS 1000              /* operations in one patch */
#define LIMIT_PATCH_VALUES 1000000        /* values copied by one patch */
#define LIMIT_PATH_CHARS 2000             /* a FHIRPath expression */
#define LIMIT_PATH_DEPTH 32               /* nesting in a FHIRPath expression */
#define LIMIT_PATH_NODES 100000           /* values one expression may produce */
#define LIMIT_PATH_STEPS 1000000          /* steps of evaluating one expression */
#define LIMIT_NAME_BYTES 2048             /* an id or URL that records refer to */
#define LIMIT_SETTING_BYTES (1u << 20)    /* a setting's value */
#define LIMIT_BLOB_INLINE (32u << 10)     /* a packed body kept in its row */
#define LIMIT_LOG_BYTES (64u << 20) /* commits beside the database before a halt */
#define LIMIT_LOG_TIDY (32u << 20)  /* commits beside the database before tidying */
#define LIMIT_RID_CACHE 32768u      /* names the writer remembers */
#define LIMIT_ROWS_HELD (8u << 20)  /* views' rows held back, bytes */
#define LIMIT_GROUP_RECORDS 4096    /* records in one group commit */
#define LIMIT_DICTIONARY_BYTES (64u << 10) /* a compression dictionary */
#define LIMIT_TRAIN_BODIES 2000            /* bodies a dictionary is trained on */
#define LIMIT_TRAIN_BYTES (1u << 20)       /* the same, bytes */
#define LIMIT_HEADS 64                     /* heads of one record looked at */
#define LIMIT_QUEUE_WRITES 4096            /* transactions waiting for the writer */
#define LIMIT_GROUP_WRITES 256             /* transactions in one group commit */
#define LIMIT_QUEUE_JOBS 1024              /* long requests waiting for a job thread */
#define LIMIT_RACE_TRIES 8                 /* a write that loses a race begins again */
#define LIMIT_BATCH_AT_ONCE 64             /* entries of a batch under way together */
#define LIMIT_TOKEN_LOOKUPS 200            /* unknown tokens looked up in one second */
#define LIMIT_STRICT_RECORDS 200000 /* records of one import that is all or nothing */
#define LIMIT_CONNECTIONS 4096      /* open HTTP connections */
#define LIMIT_CONNECTION_SECONDS 75 /* an idle HTTP connection */
#define LIMIT_BODIES_BYTES (256u << 20) /* bodies of all requests under way together */
#define LIMIT_REQUEST_SECONDS 60        /* for a request to arrive or an answer to go */
#define LIMIT_REQUEST_RATE 4096         /* ... and one second more for so many bytes */
#define LIMIT_REQUESTS_KEPT 128         /* request memories kept for the next request */
#define LIMIT_ANSWER_KEPT (256u << 10)  /* an answer's memory kept with them */
#define LIMIT_PACK_BYTES 1200           /* answers below this are sent as they are */
#define LIMIT_STOP_SECONDS 30           /* waiting for running requests at the end */
#define LIMIT_EVENT_CLIENTS 512         /* open event streams */
#define LIMIT_EVENT_BACKLOG 1024        /* events waiting for one slow client */
#define LIMIT_EVENT_BYTES 512           /* one event as it is sent */
#define LIMIT_TOKEN_HOURS 8784          /* life of a bearer token: a leap year */
#define LIMIT_SEAL_BYTES 4096           /* what a sealed string holds */
#define LIMIT_ARENA_BLOCK (1u << 20)    /* largest block an arena keeps on reset */
#define LIMIT_IMPORT_LINE (16u << 20)   /* one NDJSON line */
#define LIMIT_IMPORT_FILE (1u << 30)    /* one Bundle file, decompressed */
#define LIMIT_IMPORT_FOLDERS 32         /* folders within folders */

#endif
