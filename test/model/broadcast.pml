/* Copyright 2026 The boost_ipq authors
   Distributed under the Boost Software License, Version 1.0.
   (See accompanying file LICENSE_1_0.txt or copy at
   https://www.boost.org/LICENSE_1_0.txt)

   A broadcast: two publishers, two subscribers, both policies, joining, death
   before any step.

   All records have the same size, and a mark stands before each. The ring has
   N cells, of which one holds the sentinel. Each access to a shared word is a
   step; a body is written in two. Steps are named after the functions in
   boost_ipq/detail. See README.md.

   -DDROP:    overflow::drop_oldest; else block.
   -DRESERVE: publisher 1 fills its record without the lock.
   -DPLACE:   subscriber 1 reads in place.
   -DHISTORY: a subscriber begins at the oldest record that is kept.
   -DSKIP:    subscriber 0 may skip all messages. */

#ifndef N
#define N 3
#endif
#ifndef MESSAGES0
#define MESSAGES0 2
#endif
#ifndef MESSAGES1
#define MESSAGES1 1
#endif
#ifndef DEATHS
#define DEATHS 0
#endif

#define NONE      0
#define RESERVED  1
#define COMMITTED 2
#define ABANDONED 3
#define DIRTY   255

byte state[N]; byte owner[N]; byte body[N];
byte head, free;
byte lock;              /* process + 1 */
bool dead[4];
byte deaths;

/* The word of a cursor, and its counts of dropped messages. */
bool live[2]; byte at[2]; bool which[2]; bool reading[2];
byte dropped[4];        /* [2 * cursor + which] */
byte joined[2];         /* where it began */
byte received[2], passed[2], skipped[2];
byte ended;             /* publishers that will send no more */

#define ME (_pid - 1)  /* publishers 0 and 1, subscribers 2 and 3 */
#define CELL(p) ((p) % N)

/* A process may die before any step. */
#define STEP if :: DEATHS > deaths -> deaths++; dead[ME] = true; goto die \
             :: true fi

inline acquire()
{
    if
    :: d_step { lock == 0 -> lock = ME + 1 }
    :: d_step { lock != 0 && dead[lock - 1] -> lock = ME + 1 };
       /* roll_forward(): the header was published, `head` is behind */
       do
       :: d_step { state[CELL(head)] != NONE -> head++ }
       :: else -> break
       od
    fi
}

inline release() { lock = 0 }

/* broadcast_room: one record is to be freed. `made`: there is room. */
inline make_room()
{
    target = free + 1;
    made = true;
    if
    :: state[CELL(free)] == RESERVED ->
        if
        :: dead[owner[CELL(free)]] -> state[CELL(free)] = ABANDONED
#ifndef WRONG_RESERVED
        :: else -> made = false
#else
        :: else
#endif
        fi
    :: else
    fi;
    i = 0;
    do
    :: i < 2 && made ->
        if
        :: live[i] && at[i] < target ->
            if
            :: dead[i + 2] -> live[i] = false
            :: else ->
#ifdef DROP
                STEP;
                /* What is judged is the word that is replaced. */
                d_step { seen = at[i]; w = which[i]; busy = reading[i] };
                if
                :: seen >= target
                :: seen < target && busy -> made = false
                :: seen < target && !busy ->
                    STEP;
#ifdef WRONG_COUNT
                    dropped[2 * i + w] =
                        dropped[2 * i + w] + (target - seen);
                    STEP;
                    if
                    :: d_step { at[i] == seen && which[i] == w &&
                                !reading[i] -> at[i] = target }
                    :: else -> i = i - 1 /* look again */
                    fi
#else
                    /* the other count first */
                    dropped[2 * i + 1 - w] =
                        dropped[2 * i + w] + (target - seen);
                    STEP;
                    if
                    :: d_step { at[i] == seen && which[i] == w &&
                                !reading[i] ->
                                at[i] = target; which[i] = 1 - w }
                    :: else -> i = i - 1 /* look again */
                    fi
#endif
                fi
#else
                made = false
#endif
            fi
        :: else
        fi;
        i = i + 1
    :: else -> break
    od;
    STEP;
    if
    :: made -> free = target
    :: else
    fi
}

proctype publisher(byte count; bool reserves)
{
    byte sent, target, i, seen, place, w;
    bool made, busy;

    do
    :: sent < count ->
        STEP;
        acquire();
        STEP;
        made = true;
        if
        :: head - free == N - 1 -> make_room()
        :: else
        fi;
        if
        :: !made ->
            release()
        :: else ->
            STEP;
            place = head;
            state[CELL(place + 1)] = NONE;  /* the sentinel */
            if
            :: reserves ->
                STEP;
                d_step { owner[CELL(place)] = ME;
                         state[CELL(place)] = RESERVED };
                STEP;
                head++;
                STEP;
                release();
                STEP;
                body[CELL(place)] = DIRTY;
                STEP;
                body[CELL(place)] = place + 1;
                STEP;
                state[CELL(place)] = COMMITTED
            :: else ->
                STEP;
                body[CELL(place)] = DIRTY;
                STEP;
                body[CELL(place)] = place + 1;
                STEP;
                state[CELL(place)] = COMMITTED;
                STEP;
                head++;
                STEP;
                release()
            fi;
            sent++
        fi
    :: else -> break
    od;
die:
    ended++
}

proctype subscriber(byte me; bool in_place)
{
    byte p, s, b, h;
    bool w;

    STEP;
#ifndef WRONG_JOIN
    acquire();
    STEP;
#endif
#ifdef HISTORY
    p = free;
#else
    p = head;
#endif
    STEP;
    /* A cursor never stands where publishers may write. */
    d_step { assert(p >= free);
             at[me] = p; joined[me] = p; which[me] = 0; live[me] = true };
#ifndef WRONG_JOIN
    STEP;
    release();
#endif
    do
    :: ended == 2 && lock == 0 && at[me] == head && state[CELL(head)] == NONE ->
        break
    :: ended == 2 && lock != 0 && dead[lock - 1] ->
        acquire(); release() /* else nothing would move `head` */
    :: !(ended == 2 && lock == 0 && at[me] == head) ->
        STEP;
        d_step { p = at[me]; w = which[me] };
        STEP;
        s = state[CELL(p)];
        if
        :: s == RESERVED && dead[owner[CELL(p)]] ->
            STEP;
            d_step { if
                     :: state[CELL(p)] == RESERVED &&
                        dead[owner[CELL(p)]] -> state[CELL(p)] = ABANDONED
                     :: else
                     fi }
        :: s == ABANDONED ->
            STEP;
            if
            :: d_step { at[me] == p && which[me] == w ->
                        at[me] = p + 1; passed[me]++ }
            :: else
            fi
        :: s == COMMITTED && in_place ->
            STEP;
            if
            :: d_step { at[me] == p && which[me] == w ->
                        reading[me] = true };
                STEP;
                assert(body[CELL(p)] == p + 1);
                STEP;
                assert(body[CELL(p)] == p + 1);
                received[me]++;
                d_step { at[me] = p + 1; reading[me] = false }
            :: else
            fi
        :: s == COMMITTED && !in_place ->
            STEP;
            b = body[CELL(p)];
            STEP;
#ifdef WRONG_COPY
            at[me] = p + 1;
            assert(b == p + 1);
            received[me]++
#else
            if
            :: d_step { at[me] == p && which[me] == w -> at[me] = p + 1 };
                assert(b == p + 1);
                received[me]++
            :: else
            fi
#endif
        :: else
        fi
#ifdef SKIP
    :: me == 0 && at[me] < head ->
        STEP;
        d_step { p = at[me]; w = which[me] };
        STEP;
        h = head; /* without the lock */
        STEP;
        if
        :: h > p ->
#ifdef WRONG_SKIP
            /* As publishers do it: but they write the same count. */
            dropped[2 * me + 1 - w] = dropped[2 * me + w] + (h - p);
            STEP;
            if
            :: d_step { at[me] == p && which[me] == w ->
                        at[me] = h; which[me] = 1 - w }
            :: else
            fi
#else
            if
            :: d_step { at[me] == p && which[me] == w -> at[me] = h };
                STEP;
                skipped[me] = skipped[me] + (h - p)
            :: else
            fi
#endif
        :: else
        fi
#endif
    od;
    /* All is received, or was missed and counted. */
#ifdef DROP
    /* An abandoned record that was dropped counts as missed. */
    assert(received[me] + passed[me] + skipped[me] +
           dropped[2 * me + which[me]] == head - joined[me]);
#else
    assert(dropped[2 * me] + dropped[2 * me + 1] == 0);
    assert(received[me] + passed[me] == head - joined[me]);
#endif
    STEP;
    live[me] = false;
die:
    skip
}

init
{
    atomic
    {
        run publisher(MESSAGES0, false);
#ifdef RESERVE
        run publisher(MESSAGES1, true);
#else
        run publisher(MESSAGES1, false);
#endif
        run subscriber(0, false);
#ifdef PLACE
        run subscriber(1, true)
#else
        run subscriber(1, false)
#endif
    }
}
