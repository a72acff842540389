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
#define LIMIT_TEXT_WORDS 64               /* words of _text or _content */
#define LIMIT_LOOK_SECONDS 30             /* reading records one by one in a search */
#define LIMIT_TREE_DEPTH 64               /* levels that :above and :below follow */
#define LIMIT_TREE_RECORDS 10000          /* records they come to */
#define LIMIT_CHAIN_DEPTH 6               /* links in a chained search */
#define LIMIT_FILTER_BYTES (16 << 10)     /* text of one _filter */
#define LIMIT_FILTER_DEPTH 32             /* levels in a _filter */
#define LIMIT_FILTER_TESTS 200            /* conditions in one _filter */
#define LIMIT_FILTER_CLAUSES 10000        /* the same, spelled out for each type */
#define LIMIT_VALUE_SET_CODES 5000        /* codes of a ValueSet that :in reads */
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
#define LIMIT_TRAIN_AGAIN 100000           /* bodies after which another is trained */
#define LIMIT_TRAIN_EACH 20                /* on one of so many */
#define LIMIT_HEADS 64                     /* heads of one record looked at */
#define LIMIT_READER_WAIT_MS 100L          /* for a snapshot; then there is one more */
#define LIMIT_QUEUE_WRITES 4096            /* transactions waiting for the writer */
#define LIMIT_GROUP_WRITES 256             /* transactions in one group commit */
#define LIMIT_QUEUE_JOBS 1024              /* long requests waiting for a job thread */
#define LIMIT_RACE_TRIES 8                 /* a write that loses a race begins again */
#define LIMIT_BATCH_AT_ONCE 64             /* entries of a batch under way together */
#define LIMIT_TOKEN_LOOKUPS 200            /* unknown tokens looked up in one second */
#define LIMIT_STRICT_RECORDS 200000 /* records of one import that is all or nothing */
#define LIMIT_CONNECTIONS 4096      /* open HTTP connections */
#define LIMIT_FILES_BESIDE 512      /* open files that are no connection */
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
#define LIMIT_PASSWORD_LEAST 8          /* characters, where a code is asked as well */
#define LIMIT_PASSWORD_ALONE 12         /* characters, where it stands alone */
#define LIMIT_PASSWORD_BYTES 512        /* of a password, normalised */
#define LIMIT_PASSWORD_QUEUE 32         /* passwords waiting to be hashed */
#define LIMIT_SIGN_IN_BYTES 8192        /* body of a request under /session */
#define LIMIT_RECOVERY_CODES 10         /* of one person */
#define LIMIT_ENROL_HOURS 72            /* an enrolment link works */
#define LIMIT_POSTS 64                  /* posts of one person that are looked at */
#define LIMIT_PEOPLE_CACHED 4096        /* people whose posts are remembered */
#define LIMIT_SESSION_IDLE_MINUTES 60   /* without a request */
#define LIMIT_SESSION_HOURS 12          /* in all: a long shift */
#define LIMIT_SESSION_HALF_MINUTES 10   /* between password and code */
#define LIMIT_SESSION_PROOF_MINUTES 5   /* a password or code stands for its giver */
#define LIMIT_SESSION_CODES 5           /* wrong codes in one half session */
#define LIMIT_SESSIONS_PERSON 20        /* of one account; the oldest goes */
#define LIMIT_TRIES_PAIR 5              /* wrong before one account and address wait */
#define LIMIT_TRIES_PAIR_SECONDS 900    /* longest wait of these */
#define LIMIT_TRIES_ACCOUNT 20          /* wrong from anywhere before strangers wait */
#define LIMIT_TRIES_ACCOUNT_SECONDS 30  /* longest wait of these */
#define LIMIT_TRIES_CODE 5              /* wrong codes behind the right password */
#define LIMIT_TRIES_CODE_SECONDS 900    /* longest wait of these */
#define LIMIT_TRIES_HOURS 24            /* until wrong tries are forgotten */
#define LIMIT_TRIES_TRACKED 65536u      /* counters of tries */
#define LIMIT_SEAL_BYTES 4096           /* what a sealed string holds */
#define LIMIT_ARENA_BLOCK (1u << 20)    /* largest block an arena keeps on reset */
#define LIMIT_IMPORT_LINE (16u << 20)   /* one NDJSON line */
#define LIMIT_IMPORT_FILE (1u << 30)    /* one Bundle file, decompressed */
#define LIMIT_IMPORT_FOLDERS 32         /* folders within folders */

/* programs (docs/PROGRAMS.md) */
#define LIMIT_CLIENT_NAME 64               /* characters of a program's name */
#define LIMIT_CLIENT_MINUTES_LEAST 5       /* life of a program's token */
#define LIMIT_CLIENT_MINUTES 60            /* the same, at most */
#define LIMIT_CLIENT_TOKENS 100            /* of one program; the oldest goes */
#define LIMIT_CLIENT_GRANTS 64             /* different scopes one program asked for */
#define LIMIT_CLIENT_FIELDS 16             /* fields of a request for a token */
#define LIMIT_CLIENT_KEYS 8                /* public keys of one program */
#define LIMIT_CLIENT_KEY_BYTES (16u << 10) /* a file with them */
#define LIMIT_ASSERTION_SECONDS 300        /* a program's signed assertion holds */
#define LIMIT_ASSERTIONS 4096u             /* assertions remembered, to be used once */
#define LIMIT_SCOPES 64                    /* of one program */
#define LIMIT_SCOPE_BYTES 4096             /* all of them as text */

/* the audit trail (docs/adr/0012-audit-trail.md) */
#define LIMIT_TRAIL_WAIT_MS 1000  /* a read waits at most so long to be written */
#define LIMIT_TRAIL_PENDING 65536 /* records read that wait to be written */
#define LIMIT_TRAIL_WINDOW_S 300  /* a person's reads of a record that are one */
#define LIMIT_TRAIL_SEEN 65536    /* pairs of person and record remembered for that */
#define LIMIT_TRAIL_AGENTS 4096   /* persons, with place and role, in one block */
#define LIMIT_TRAIL_REFUSALS 64   /* different refusals told of in one minute */
#define LIMIT_TRAIL_WHYS 16       /* reasons told apart in one answer */
#define LIMIT_TRAIL_BLOCK (8u << 20) /* a block, bytes */
#define LIMIT_TRAIL_TEXT 256         /* a name, a role, a reason in the trail, bytes */
#define LIMIT_TRAIL_SCAN 20000       /* blocks looked at for one page of an answer */

/* sign-on by another's OpenID Connect (docs/adr/0020-sign-on.md) */
#define LIMIT_OUTSIDE_THREADS 4          /* questions to other servers at once */
#define LIMIT_OUTSIDE_WAITING 64         /* people waiting for such a question */
#define LIMIT_OUTSIDE_BYTES (256u << 10) /* another server's answer */
#define LIMIT_OUTSIDE_CONNECT_SECONDS 5  /* until another server has taken a call */
#define LIMIT_SIGN_ON_SECONDS 12         /* all that one sign-on asks a provider */
#define LIMIT_SIGN_ON_MINUTES 10      /* from leaving for a provider to coming back */
#define LIMIT_SIGN_ON_USED 4096u      /* ways back remembered, to be used once */
#define LIMIT_SIGN_ON_KEPT_MINUTES 60 /* a provider's description and keys */
#define LIMIT_SIGN_ON_RETRY_SECONDS 5 /* before asking again who gave no answer */
#define LIMIT_SIGN_ON_PROVIDERS 16    /* of one node */

/* notifications (docs/adr/0042-notifications.md) */
#define LIMIT_NOTIFY_QUEUE 4096u  /* messages waiting; beyond it only emergencies */
#define LIMIT_NOTIFY_PEOPLE 200u  /* told of one step of one case */
#define LIMIT_NOTIFY_BEHIND 1000u /* steps read again after a pause; older ones pass */
#define LIMIT_NOTIFY_OLD_HOURS 12 /* a step older than this is told to nobody */
#define LIMIT_NOTIFY_CHARTS_MS                                                         \
    (5 * 1000LL)              /* between looks at charts after sign-offs */
#define LIMIT_NOTIFY_TRIES 12 /* then it is given up and told to the administrator */
#define LIMIT_NOTIFY_PAUSE_MS (60 * 1000LL) /* the first pause; each next is twice it */
#define LIMIT_NOTIFY_PAUSE_STAT_MS (5 * 1000LL) /* the same in an emergency */
#define LIMIT_NOTIFY_PAUSE_MOST_MS (3600 * 1000LL)
#define LIMIT_NOTIFY_HOUR 30            /* to one person by one way in an hour */
#define LIMIT_NOTIFY_HOUR_STAT 120      /* the same with emergencies */
#define LIMIT_NOTIFY_SECONDS 10LL       /* all that handing over one message may take */
#define LIMIT_SIGN_ON_RULES 64          /* claims that give roles, of one provider */
#define LIMIT_SIGN_ON_TOKEN (64u << 10) /* an ID token, bytes */
#define LIMIT_SIGN_ON_KEYS 32           /* keys of one provider that are looked at */
#define LIMIT_SIGN_ON_VALUES 1024       /* values of one claim that are looked at */
#define LIMIT_SIGN_ON_SKEW_SECONDS 60   /* clocks may differ by */
#define LIMIT_RSA_BITS 8192             /* of a key of others */

/* who may read (docs/adr/0010-who-may-read.md) */
#define LIMIT_READER_MEMO 16384  /* things remembered of one kind in one request */
#define LIMIT_READER_SET 1024    /* records of one kind that a rule goes through */
#define LIMIT_READER_UNITS 8     /* steps from a unit to its hospital */
#define LIMIT_READER_PLACES 16   /* places of a hospital asked for its country */
#define LIMIT_READER_CONSENTS 64 /* consents of one patient; with more none holds */
#define LIMIT_READER_FOLLOW 3    /* records in a row from one that names no patient */
#define LIMIT_READER_FOLLOWED 64 /* references of such a record; with more it is shut */
#define LIMIT_REFUSAL_NS 250000 /* a person's "not found" comes at a multiple of this */
#define LIMIT_READER_CASES 20000 /* open cases of one person that are listed */
#define LIMIT_READER_PAGES                                                             \
    2048u /* of 8 KB: facts of 1,024 records that readers share */
#define LIMIT_READER_KEPT                                                              \
    (16u << 20) /* what is kept of persons between requests, bytes */
#define LIMIT_READER_KEPT_ONE                                                          \
    (2u << 20) /* one list of one person; a longer one is not */
#define LIMIT_READER_CHANGES                                                           \
    4096u /* changes that lists of persons are kept in step with */
#define LIMIT_READER_ORDER                                                             \
    4096u /* records of one list along a sort order, if learned */
#define LIMIT_READER_ORDER_WHOLE 65536u /* the same, if it is all there are */

/* numbers of cases (docs/NUMBERS.md) */
#define LIMIT_CASELOAD_CASES 500000   /* cases of one quarter that are counted */
#define LIMIT_CASELOAD_AXIS 10000     /* hospitals, or departments, of one quarter */
#define LIMIT_INDICATOR_FACTS 2000000 /* looked at for one figure */
#define LIMIT_INDICATOR_YEARS 20      /* told in one answer */
#define LIMIT_INDICATOR_KEPT                                                           \
    (96u << 20) /* facts of figures that are kept between questions, bytes */
#define LIMIT_INDICATOR_TOLD 256 /* funnels whose hospitals are kept, at most, */
#define LIMIT_INDICATOR_TOLD_BYTES (4u << 20) /* and their bytes */
#define LIMIT_MAP_DAYS                                                                 \
    160u /* moments of which the map is kept, as known now and then */
#define LIMIT_MAP_DAYS_BYTES (32u << 20)
#define LIMIT_CASELOAD_CELLS 250000 /* of one table of a quarter */

/* vital signs (docs/VITALS.md) */
#define LIMIT_VITALS_SETS 500          /* sets in one answer */
#define LIMIT_VITALS_OBSERVATIONS 5000 /* looked at for one answer */
#define LIMIT_VITALS_TRIAL 100         /* records tried out at once */
/* the network of hospitals, and the way to one (app/network.h) */
#define LIMIT_NETWORK_RECORDS 200000 /* records of one type in it */
#define LIMIT_NETWORK_CASES 1000000  /* operations in it */
#define LIMIT_NETWORK_PAST 4000000   /* facts of all versions of one type in it */
#define LIMIT_NETWORK_THEN 4         /* networks of earlier that are kept */
#define LIMIT_NETWORK_PENDING                                                          \
    1024                         /* changed records of one type that are read singly */
#define LIMIT_CATALOGUE_NEEDS 8  /* procedures that one illness needs */
#define LIMIT_NETWORK_WAYS 64    /* ways told of one place */
#define LIMIT_NETWORK_ROADS 1024 /* places with ways that are put together */
#define LIMIT_NETWORK_HOURS 64   /* hours of duty, and absences, of one post */
#define LIMIT_WAY_MINUTES 20160  /* the longest way: a fortnight */
#define LIMIT_ROUTE_CODES 8      /* illnesses and procedures of one question */
#define LIMIT_REASON_TEXT 4096   /* a reason as a sentence, bytes */
#define LIMIT_ANSWER_CASES 1000  /* of a department, whose times to answer count */
#define LIMIT_ANSWER_UNITS 10000 /* departments whose times are kept */

/* clocks and worklists of cases (docs/adr/0031-clocks-and-worklists.md) */
#define LIMIT_WORKLIST_TOTAL 2000 /* rows of a worklist that are counted */

/* logbooks */
#define LIMIT_PROCEDURE_PARTS 16  /* people of one operation that are looked at */
#define LIMIT_PROCEDURE_DEVICES 8 /* that one operation used */
#define LIMIT_PROCEDURE_CODE 64   /* bytes of a procedure's code */
#define LIMIT_PROCEDURE_STEPS 24  /* entries with a step, of one operation */
#define LIMIT_STEP_BYTES 120      /* which step of an operation it was */
#define LIMIT_OWN_STEPS 6         /* of one person in one operation, in the logbook */
#define LIMIT_IMPORT_ROWS 2000    /* lines of an older logbook taken in at once */
#define LIMIT_IMPORT_TEXT 300     /* bytes of a name, a place or a number of a line */
#define LIMIT_LOGBOOK_CASES 20000 /* operations of one person that are read at once */
#define LIMIT_LOGBOOK_WAITING 200 /* of a list of what waits */
#define LIMIT_RATE_DAYS 90        /* an operation waits so long to be rated */
#define LIMIT_COURSE_PEOPLE 24   /* organisers, teachers or supervisors of one course */
#define LIMIT_COURSE_AIMS 16     /* aims of one course or person */
#define LIMIT_COURSE_CHANGES 100 /* times that a course is moved, and cancelled */
#define LIMIT_COURSE_SEATS 100000 /* the largest capacity that can be said */
#define LIMIT_LEARNING_LIST 500   /* enrolments that are listed at once */
#define LIMIT_USED_ASK_DAYS 180   /* a year after return it is asked so long yet */
#define LIMIT_WORD_BYTES 2000     /* a word beside a rating or an outcome */

/* apprenticeships */
#define LIMIT_APPRENTICE_GOALS 30           /* procedures of one apprenticeship */
#define LIMIT_APPRENTICE_AGREEMENTS 100     /* of one, with those to later ends */
#define LIMIT_APPRENTICE_DAYS 3653          /* from its start to its end */
#define LIMIT_APPRENTICE_OTHERS 200         /* of one person that are looked at */
#define LIMIT_LINEAGE_STEPS 4               /* up to masters' masters, and down */
#define LIMIT_LINEAGE_PEOPLE 200            /* of one picture, in each direction */
#define LIMIT_INDEPENDENCE 20000            /* people in a procedure each, at once */
#define LIMIT_INDEPENDENCE_KEPT (16u << 20) /* what is kept of them, bytes */
#define LIMIT_LINEAGE_TIES 400              /* of one picture */

#define LIMIT_TIMER_SECONDS 20 /* between two looks at what is due, at most */
#define LIMIT_DUE_BATCH 64     /* clocks that have run out, looked at together */

/* teams */
#define LIMIT_ROSTER_TERMS 100      /* of one team, that are looked at */
#define LIMIT_QUALITY_ROWS 200      /* that one answer lists */
#define LIMIT_FITNESS_AHEAD_DAYS 60 /* who comes later waits for no doctor yet */
#define LIMIT_ROSTER_DAYS 1100      /* that one roster shows: three years */

/* emergencies (docs/adr/0011-break-glass.md) */
#define LIMIT_EMERGENCY_MS (60LL * 60 * 1000) /* leave by break-glass lasts */
#define LIMIT_EMERGENCIES_PERSON 16 /* patients opened by one person at one time */
#define LIMIT_EMERGENCIES_HELD                                                         \
    1000 /* in force on one node; with more the oldest shut */
#define LIMIT_CASE_TEXT_BYTES 20000  /* one text of a step of a case */
#define LIMIT_CASE_ATTACHMENTS 24    /* files that go with one step */
#define LIMIT_CASE_UNITS 16          /* that one case is sent to */
#define LIMIT_CASE_LADDER 16         /* rungs of a case's ladder */
#define LIMIT_CASE_MINUTES 43200     /* that a pairing may promise: thirty days */
#define LIMIT_CASE_GONE_SECONDS 3600 /* who was asked hears who took a case away */
#define LIMIT_MDT_INVITED 24      /* departments, and persons, that one meeting asks */
#define LIMIT_MDT_PARTICIPANTS 60 /* of one meeting, with those who came along */
#define LIMIT_MDT_DECISIONS 24    /* of one meeting */
#define LIMIT_MDT_HOURS 12        /* one meeting lasts */
#define LIMIT_MDT_DAYS 370        /* ahead that a meeting may be */
#define LIMIT_BESIDE_VERSIONS                                                          \
    1000                       /* of a record that is looked through for its first */
#define LIMIT_PLAN_GOALS 12    /* of one plan of rehabilitation */
#define LIMIT_PLAN_SESSIONS 12 /* kinds of session in one plan */
#define LIMIT_REASON_LEAST 10  /* a reason, and a reviewer's word, bytes */
#define LIMIT_REASON_BYTES 1000

/* reviews of closed cases (docs/REVIEW.md) */
#define LIMIT_REVIEW_WEEKS 8      /* that are made up for after a node was off */
#define LIMIT_REVIEW_DAYS 7       /* until a rating is due */
#define LIMIT_REVIEW_CASES 20000  /* closed in one week, looked at */
#define LIMIT_REVIEW_PEOPLE 10000 /* who could be asked */
#define LIMIT_REVIEW_MESSAGES 500 /* of one case, shown to a reviewer */
#define LIMIT_REVIEW_DEPTH 8      /* of units within units, up to the hospital */
#define LIMIT_REVIEW_LIST 200     /* results in one answer */
#define LIMIT_EQUIPMENT 500       /* devices in one answer */
#define LIMIT_EQUIPMENT_TASKS 200 /* steps or faults of one device, told */
#define LIMIT_EQUIPMENT_PEOPLE 40 /* trained, in one call */
#define LIMIT_GAPS 200000         /* technique gaps in the network */
#define LIMIT_GAPS_TOLD 1000      /* of them in one answer */
#define LIMIT_GAPS_PENDING 2048   /* changed Tasks and services that are read singly */
#define LIMIT_GAP_WRITES 500 /* gaps that stand elsewhere now, written in one look */

/* technique gaps and money (docs/EQUIPMENT.md) */
#define LIMIT_GAP_SECONDS 60       /* between two looks of the node at gaps */
#define LIMIT_LEARNT_SECONDS 3600  /* ... and whether what was learnt is used */
#define LIMIT_FUNDINGS 1000        /* commitments in one answer */
#define LIMIT_FIGURES 2000         /* published figures in one answer */
#define LIMIT_FUNDING_PAYMENTS 400 /* out of one commitment */
#define LIMIT_EQUIPMENT_SPANS 400  /* times in service of one device, counted */
#define LIMIT_REVIEW_AGAIN_MINUTES                                                     \
    60 /* until a week without reviewers is tried again */

/* the pulse of pairings (docs/TEAMS.md) */
#define LIMIT_PULSE_PAIRINGS 200  /* told together */
#define LIMIT_PULSE_UNITS 1000    /* of one side, with what is part of it */
#define LIMIT_PULSE_RECORDS 20000 /* of one type that are looked at for one pairing */
#define LIMIT_PULSE_FACTS 200000  /* the same for all pairings at once */
#define LIMIT_PULSE_KEPT (32u << 20) /* what is kept of them between questions, bytes */
#define LIMIT_PULSE_GOALS 5          /* of one pairing: few */
#define LIMIT_PULSE_ASSISTED 20      /* things one department is assisted in */
#define LIMIT_PULSE_WORDS 280        /* characters beside an answer */
#define LIMIT_PULSE_ANSWERS 400      /* kept of one pairing: sixteen years */
#define LIMIT_PULSE_MOST_TARGET 10000

/* what is handed over when a post ends (docs/HANDOVER.md) */
#define LIMIT_HANDOVER_DAYS 60 /* before the end of a post, its pack is shown */
#define LIMIT_HANDOVER_PAST_DAYS                                                       \
    366 /* after it, what nobody has taken over is still looked for */
#define LIMIT_HANDOVER_ITEMS 2000 /* of one person */
#define LIMIT_HANDOVER_POSTS 2000 /* that end, looked at together */
#define LIMIT_BEHALF_POSTS 200    /* of one person, looked at for an operation */
#define LIMIT_HANDOVER_STEPS 8    /* successors of successors that are followed */
#define LIMIT_HANDOVER_OPERATION_DAYS                                                  \
    400 /* operations whose outcome is still asked after */
#define LIMIT_HANDOVER_LOOK_MINUTES 10 /* between two looks at posts that have ended */

/* patients under shared watch (docs/VITALS.md), guided procedures (docs/CASES.md) */
#define LIMIT_WATCHES 10000          /* looked at on one node */
#define LIMIT_WATCH_DAYS 14          /* the longest */
#define LIMIT_WATCH_EVERY_LEAST 5    /* minutes between two measurements */
#define LIMIT_WATCH_GRACE_MINUTES 10 /* beyond them until an alert */
#define LIMIT_GUIDED_OPERATORS 6     /* people who perform one procedure */

/* the wire */
#define LIMIT_TLS_CHAIN 8                 /* certificates from ours to the root */
#define LIMIT_TLS_FILE_BYTES (256u << 10) /* a file with certificates or a key */
#define LIMIT_PROXIES 32 /* addresses and networks of proxies that are believed */
#define LIMIT_FORWARDED_HOPS 16       /* proxies in a row that are looked at */
#define LIMIT_HEADERS 100             /* header lines of one request */
#define LIMIT_RATE_TRACKED 16384u     /* counters of requests and connections */
#define LIMIT_ADDRESS_CONNECTIONS 128 /* open connections of one address */
#define LIMIT_ADDRESS_RATE 200        /* requests a second of one address, lasting */
#define LIMIT_PERSON_RATE 100         /* requests a second of one person, lasting */
#define LIMIT_RATE_MOST 1000000       /* the largest rate that can be asked for */
#define LIMIT_RATE_BURST 10 /* seconds' worth of requests that may come at once */

#endif
