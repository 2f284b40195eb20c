/* Copyright 2026 The boost_ipq authors
   Distributed under the Boost Software License, Version 1.0.
   (See accompanying file LICENSE_1_0.txt or copy at
   https://www.boost.org/LICENSE_1_0.txt)

   The ring: two publishers, two subscribers, death before any step.

   A step is one store or compare-and-swap that another process can see,
   together with the loads of values that no other process can change at that
   time. Steps are named after the functions in boost_ipq/detail. Memory is
   sequentially consistent. See README.md. */

#ifndef GRANULES
#define GRANULES 4      /* of the buffer; records may use all but one */
#endif
#ifndef START
#define START 3         /* the first position */
#endif
#ifndef MESSAGES0
#define MESSAGES0 1     /* sent by publisher 0 */
#endif
#ifndef MESSAGES1
#define MESSAGES1 1
#endif
#ifndef SPAN0
#define SPAN0 2         /* granules of a record of publisher 0: 1 to 3 */
#endif
#ifndef SPAN1
#define SPAN1 1
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
/* -DRESERVE: publishers also reserve, then commit, shorten or abandon.
   -DDELIVER: subscribers also read in place, then acknowledge or give back.
   -DBATCH:   publishers also send two messages in one publication.
   -DSPANS:   finished records in front of `read` are merged.
   -DFILLED:  the messages of publisher 1 are there, each of one granule, and
              it is not: for searches in which many records are taken. */

/* A header: state, owner, span. The length of the body shows as the span. */
#define NONE      0
#define RESERVED  1
#define COMMITTED 2
#define CLAIMED   3
#define RETURNED  4
#define CONSUMED  5
#define ABANDONED 6
#define PADDING   7
#define SPANNED   8     /* finished records as one; its owner means nothing */
#define GARBAGE   255   /* not a header: bodies, memory never used */
#define HEADER(state, owner, span) ((state) | (owner) << 4 | (span) << 6)
#define STATE(h) ((h) & 15)
#define OWNER(h) (((h) >> 4) & 3)
#define SPAN(h)  ((h) >> 6)
#define WITH(h, state, owner) HEADER(state, owner, SPAN(h))

#define AT(position) ((position) % GRANULES)
#ifdef WRONG_ROOM       /* the sentinel has no room of its own */
#define LIMIT GRANULES
#else
#define LIMIT (GRANULES - 1)
#endif
#define SELF (me + 1)   /* in a lock word, where 0 means free */
#define IDS (MESSAGES0 + MESSAGES1 + 1)
#define PUBLISHER_OF(id) ((id) > MESSAGES0)

byte hdr[GRANULES];     /* headers; 0 is the sentinel */
byte val[GRANULES];     /* bodies: the message's number in each granule */
byte head = START, cached_free = START, rd = START, fr = START;
byte plock, slock;      /* the robust locks */
#ifdef SPANS
byte word;              /* subscriber_line::span; 0: none */
#endif

bool dead[4];           /* 0, 1: publishers; 2, 3: subscribers */
byte deaths;
byte ended;             /* processes that have finished or died */
bool over[2];           /* publishers that have */

/* The ledger: what must hold is checked against it. */
bool sent[IDS];         /* published */
bool dropped[IDS];      /* its reservation was abandoned by its owner */
bool taken[IDS];        /* copied and passed by `read`, or acknowledged */
bool seen[IDS];         /* delivered in place before */
byte last[2];           /* of each publisher, the youngest passed by `read` */

#define DIE atomic { deaths < DEATHS -> deaths++; goto died }

#define STORE(where, header) if :: atomic { hdr[AT(where)] = header } :: DIE fi

/* Whether the whole body is there. */
#define WHOLE(at, span, id) (val[AT(at)] == (id) && \
    ((span) < 2 || val[AT((at) + 1)] == (id)) && \
    ((span) < 3 || val[AT((at) + 2)] == (id)))

/* ---- read_end.hpp ------------------------------------------------------- */

#define HEADER_AT_READ hdr[AT(rd)]
#define HELD(h) (STATE(h) == CLAIMED || STATE(h) == RETURNED)
#define DEAD_RESERVED(h) (STATE(h) == RESERVED && dead[OWNER(h)])
#define AGAIN(h) ((h) != GARBAGE && \
    (STATE(h) == RETURNED || STATE(h) == CLAIMED && dead[OWNER(h)]))
#define AGAIN_AT(j) (fr + (j) < rd && AGAIN(hdr[AT(fr + (j))]))
#define ANY_AGAIN (AGAIN_AT(0) || AGAIN_AT(1) || AGAIN_AT(2) || AGAIN_AT(3))
/* A settled record is freed by the next process that looks. */
#define FREE_BEHIND (fr < rd && !HELD(hdr[AT(fr)]) && \
    (slock == 0 || dead[slock - 1]))

/* ring_reader::look: something to take, to deliver again or to tidy. */
#define SOMETHING (STATE(HEADER_AT_READ) > RESERVED || \
    DEAD_RESERVED(HEADER_AT_READ) || ANY_AGAIN || FREE_BEHIND)

/* write_end::leftovers: what a publisher without room may tidy. */
#define LEFTOVERS (STATE(HEADER_AT_READ) == PADDING || \
    STATE(HEADER_AT_READ) == ABANDONED || \
    DEAD_RESERVED(HEADER_AT_READ) || FREE_BEHIND)

/* robust_lock::acquire: recovers a dead holder's lock by compare-and-swap. */
#ifdef WRONG_LOCK
#define RECOVER_LOCK(lock) :: atomic { lock = SELF; t = 0 }
#else
#define RECOVER_LOCK(lock) :: atomic { lock == t -> lock = SELF; t = 0 }
#endif

inline acquire_subscribers()
{
    do
    :: atomic { slock == 0 -> slock = SELF; break }
    :: atomic { slock != 0 && dead[slock - 1] -> t = slock };
       if
       RECOVER_LOCK(slock); break
       :: atomic { slock != t -> t = 0 }
       :: DIE
       fi
    :: DIE
    od
}

inline release_subscribers()
{
    if
    :: atomic { assert(slock == SELF); slock = 0 }
    :: DIE
    fi
}

/* ---- spans.hpp ---------------------------------------------------------- */

#ifdef WRONG_SPAN_HELD  /* also what is read in place */
#define MERGEABLE(h) (h != GARBAGE)
#else
#define MERGEABLE(h) (!HELD(h))
#endif
#define MAY_FOLLOW(at, next) ((next) < rd && AT(next) > AT(at) && \
    MERGEABLE(hdr[AT(next)]) && !(STATE(hdr[AT(next)]) == PADDING && \
    AT(next) + SPAN(hdr[AT(next)]) == GRANULES))

/* The word is where a walk from `free` comes by, and not at `free`. */
inline check_word()
{
    d_step {
        k = fr;
        do
        :: k < rd && k != word -> k = k + SPAN(hdr[AT(k)])
        :: else -> break
        od;
        assert(word == 0 || word == k && fr < word && word < rd);
        k = 0
    }
}

/* Reading settled headers is one step, as in advance_free(). Each call walks to
   the end: the code does so in several calls. */
inline merge()
{
    check_word();
    atomic { pos = (word != 0 -> word : fr); t = 0; k = 0 };
    do
    :: d_step {
           pos < rd ->
           t = pos; k = SPAN(hdr[AT(pos)]);
           do
           :: pos != fr && MERGEABLE(hdr[AT(pos)]) &&
              MAY_FOLLOW(pos, pos + k) -> k = k + SPAN(hdr[AT(pos + k)])
           :: else -> break
           od
       };
       if
       :: k == SPAN(hdr[AT(pos)]) -> skip
       :: k != SPAN(hdr[AT(pos)]) ->
          if :: atomic { word = pos } :: DIE fi;
          STORE(pos, HEADER(SPANNED, 0, k))
       fi;
       atomic { pos = pos + k; k = 0 }
    :: atomic { pos >= rd -> pos = 0; break }
    :: DIE
    od;
    if                                          /* go_on_at */
    :: atomic { word = (t == fr -> 0 : t); t = 0 }
    :: DIE
    fi
}

/* Reading headers that no process can change any more and storing `free` is one
   step. A claim that ends the walk may be settled between the two. */
inline advance_free()
{
    if
    :: d_step {
           k = fr;
#ifdef WRONG_FREE       /* also past records that are read in place */
           k = rd;
#endif
           do
           :: k < rd && !HELD(hdr[AT(k)]) ->
              assert(hdr[AT(k)] != GARBAGE && hdr[AT(k)] != NONE);
              k = k + SPAN(hdr[AT(k)])
           :: else -> break
           od;
           assert(k <= rd);
           if
#ifdef SPANS
           :: k == rd && word != 0 && k != fr -> skip
           :: k == rd && (word == 0 || k == fr) -> fr = k; k = 0
#else
           :: k == rd -> fr = k; k = 0
#endif
           :: k < rd && k == fr -> k = 0
           :: else -> skip
           fi
       }
    :: DIE
    fi;
#if defined(SPANS) && !defined(WRONG_SPAN_FREE) /* the word stays behind */
    if
    :: k != 0 && word != 0 && word <= k -> if :: atomic { word = 0 } :: DIE fi
    :: else -> skip
    fi;
#endif
    if
    :: k != 0 -> if :: d_step { fr = k; k = 0 } :: DIE fi
    :: else -> skip
    fi
}

/* find_oldest: before anything is taken. */
inline tidy_finished()
{
#ifdef SPANS
    if
    :: fr == rd -> check_word()
    :: fr != rd ->
       advance_free();
#ifdef WRONG_SPAN_LOCK  /* merges without the lock */
       release_subscribers();
       merge();
       acquire_subscribers()
#else
       if
       :: fr == rd -> check_word()
       :: fr != rd -> merge()
       fi
#endif
    fi
#else
    skip
#endif
}

/* Recovery replaces only the very word that was examined. */
#ifdef WRONG_ABANDON
#define REPLACE_ABANDONED(where, examined, word) where = word
#else
#define REPLACE_ABANDONED(where, examined, word) REPLACE(where, examined, word)
#endif
#ifdef WRONG_RETURN
#define REPLACE_RETURNED(where, examined, word) where = word
#else
#define REPLACE_RETURNED(where, examined, word) REPLACE(where, examined, word)
#endif
#define REPLACE(where, examined, word) \
    if :: where == examined -> where = word :: else -> skip fi
#ifdef WRONG_WITNESS    /* does not ask whether the owner is dead */
#define ALIVE(h) false
#else
#define ALIVE(h) (!dead[OWNER(h)])
#endif

/* Leaves in `h` the header at `read` that is to be delivered, or NONE. */
inline skip_leftovers()
{
    do
    :: atomic {
           h = HEADER_AT_READ;
           assert(h != GARBAGE);
           assert(STATE(h) != RETURNED && STATE(h) != CONSUMED &&
               STATE(h) != SPANNED);
           if
           :: STATE(h) == RESERVED -> skip       /* examined in the next step */
           :: STATE(h) == ABANDONED || STATE(h) == PADDING ->
#ifdef WRONG_SKIP       /* padding is longer than its header */
              rd = rd + 1;
#else
              rd = rd + SPAN(h);                 /* advance_read */
#endif
              h = NONE
           :: else -> break
           fi
       };
       if
       :: h == NONE -> skip
       :: atomic { h != NONE && ALIVE(h) -> h = NONE; break }
       :: atomic {
              h != NONE && !ALIVE(h) ->
              REPLACE_ABANDONED(HEADER_AT_READ, h,
                  WITH(h, ABANDONED, OWNER(h)));
              h = NONE
          }
       :: DIE
       fi
    :: DIE
    od
}

/* ---- write_end.hpp, ring_writer.hpp ------------------------------------- */

/* The place of a record of `span` granules that is written at `p`: behind
   padding if it does not fit before the end of the buffer. */
#define REST(p) (GRANULES - AT(p))
#define PLACE(p) ((p) + (span > REST(p) -> REST(p) : 0))
#define BEHIND(p) (PLACE(p) + span)
#define ROOM(end) ((end) - cached_free <= LIMIT)

/* A holder died: it may not have moved `head` past what it published. */
inline roll_forward()
{
#ifdef WRONG_ROLL_FORWARD
    skip
#else
    t = head;
    do
    :: atomic {
           hdr[AT(t)] != NONE ->
           assert(hdr[AT(t)] != GARBAGE);
           t = t + SPAN(hdr[AT(t)])
       }
    :: atomic { hdr[AT(t)] == NONE -> head = t; t = 0; break }
    :: DIE
    od
#endif
}

inline acquire_publishers()
{
    do
    :: atomic { plock == 0 -> plock = SELF; break }
    :: atomic { plock != 0 && dead[plock - 1] -> t = plock };
       if
       RECOVER_LOCK(plock); roll_forward(); break
       :: atomic { plock != t -> t = 0 }
       :: DIE
       fi
    :: DIE
    od
}

inline release_publishers()
{
    if
    :: atomic { assert(plock == SELF); plock = 0 }
    :: DIE
    fi
}

/* write_end::try_tidy: does not wait for the subscribers' lock while it holds
   the publishers' lock. */
inline tidy()
{
    do
    :: atomic { slock == 0 -> slock = SELF; break }
    :: atomic { slock != 0 && dead[slock - 1] -> t = slock };
       if
       RECOVER_LOCK(slock); break
       :: atomic { slock != t -> t = 0 }
       :: DIE
       fi
    :: atomic { slock != 0 && !dead[slock - 1] -> goto blocked }
    :: DIE
    od;
    skip_leftovers();
    h = NONE;
    advance_free();
    release_subscribers()
}

/* The ring is empty, and the record does not fit before the end of the buffer:
   publishes only padding. */
inline write_padding()
{
    if :: atomic { hdr[0] = NONE } :: DIE fi;
    if :: atomic { hdr[AT(head)] = HEADER(PADDING, me, REST(head)) } :: DIE fi;
    if :: atomic { head = head + REST(head) } :: DIE fi
}

/* The body, granule by granule. Granules behind the first hold no headers. */
inline copy_in(place, id)
{
    k = 0;
    do
    :: atomic {
           val[AT(place + k)] = id;
           if
           :: k > 0 -> hdr[AT(place + k)] = GARBAGE
           :: else -> skip
           fi;
           k++;
           if
           :: k == span -> k = 0; break
           :: else -> skip
           fi
       }
    :: DIE
    od
}

#define PUBLISH(where, header) if \
    :: atomic { hdr[AT(where)] = header; \
                sent[m] = !reserve; \
                if :: n == 2 -> sent[m + 1] = true :: else -> skip fi } \
    :: DIE fi
#define THIS HEADER((reserve -> RESERVED : COMMITTED), me, span)

/* Publishes the record and the padding in front of it. The record is invisible
   as long as the header of the padding is zero. */
inline store_header()
{
    if
    :: PLACE(head) == head -> PUBLISH(head, THIS)
    :: else ->
#ifdef WRONG_PADDING
       PUBLISH(head, HEADER(PADDING, me, REST(head)));
       STORE(PLACE(head), THIS)
#else
       STORE(PLACE(head), THIS);
       PUBLISH(head, HEADER(PADDING, me, REST(head)))
#endif
    fi
}

/* Stores the header of the second record of a batch, which is invisible until
   the first is published. */
inline store_next_header()
{
    STORE(PLACE(BEHIND(head)), HEADER(COMMITTED, me, span));
    if
    :: PLACE(BEHIND(head)) != BEHIND(head) ->
       STORE(BEHIND(head), HEADER(PADDING, me, REST(BEHIND(head))))
    :: else -> skip
    fi
}

#define COMMIT(granules) if \
    :: atomic { assert(hdr[AT(at)] == HEADER(RESERVED, me, span)); \
                hdr[AT(at)] = HEADER(COMMITTED, me, granules); \
                sent[m] = true } \
    :: DIE fi

/* commit(record), commit(record, length), abandon(record) */
inline settle()
{
    if
    :: COMMIT(span)
    :: atomic {
           assert(hdr[AT(at)] == HEADER(RESERVED, me, span));
           hdr[AT(at)] = HEADER(ABANDONED, me, span); dropped[m] = true
       }
    :: span > 1 ->      /* the rest becomes padding; it is not visible yet */
#ifdef WRONG_SHORTER
       COMMIT(1); STORE(at + 1, HEADER(PADDING, me, span - 1))
#else
       STORE(at + 1, HEADER(PADDING, me, span - 1)); COMMIT(1)
#endif
    :: DIE
    fi
}

proctype publisher(byte me; byte m; byte end; byte span)
{
    byte n;             /* messages in this publication; `m` is the first */
    byte at;            /* the record's place */
    byte t, k, h;
    bit reserve;

again:
    acquire_publishers();
    do
    :: atomic {                         /* find_place, write_sentinel */
           ROOM(BEHIND(head)) ->
           n = 1; at = PLACE(head);
#ifdef RESERVE
           if :: skip :: reserve = true fi;
#endif
#ifdef BATCH
           if
           :: m + 1 < end && ROOM(BEHIND(BEHIND(head))) ->
              n = 2; hdr[AT(BEHIND(BEHIND(head)))] = NONE
           :: skip
           fi;
#endif
#ifndef WRONG_SENTINEL                  /* stored behind the header, below */
           if
           :: n == 1 -> hdr[AT(BEHIND(head))] = NONE
           :: else -> skip
           fi;
#endif
           break
       }
    :: atomic {                         /* make_room */
           !ROOM(BEHIND(head)) ->
           cached_free = fr;
           if
           :: ROOM(BEHIND(head)) -> skip
           :: else ->
              if
              :: cached_free == head -> k = 1
              :: cached_free != head && LEFTOVERS -> k = 2
              :: else -> goto no_room
              fi
           fi
       };
       if
       :: k == 0 -> skip
       :: atomic { k == 1 -> k = 0 }; write_padding()
       :: atomic { k == 2 -> k = 0 }; tidy()
       fi
    :: DIE
    od;
    if
    :: !reserve -> copy_in(at, m)
    :: else -> skip
    fi;
#ifdef BATCH
    if
    :: n == 2 ->
       atomic { at = PLACE(BEHIND(head)) };
       copy_in(at, m + 1)
    :: else -> skip
    fi;
#ifndef WRONG_BATCH                     /* the first header first */
    if
    :: n == 2 -> store_next_header()
    :: else -> skip
    fi;
#endif
#endif
    store_header();
#ifdef WRONG_BATCH
    if
    :: n == 2 -> store_next_header()
    :: else -> skip
    fi;
#endif
#ifdef WRONG_SENTINEL
    STORE(BEHIND(head), NONE);
#endif
    if                                  /* store_header moves `head` */
    :: atomic {
           if :: !reserve -> at = 0 :: else -> skip fi;
           head = (n == 2 -> BEHIND(BEHIND(head)) : BEHIND(head))
       }
    :: DIE
    fi;
    release_publishers();
    if
    :: reserve ->
       copy_in(at, m);
       settle()
    :: else -> skip
    fi;
    atomic {
        m = m + n; n = 0; at = 0; reserve = false;
        if
        :: m < end -> goto again
        :: else -> goto through
        fi
    };
blocked:                                /* write_end::tidy */
    release_publishers();
    acquire_subscribers();
    skip_leftovers();
    h = NONE;
    advance_free();
    release_subscribers();
    goto again;
no_room:
    release_publishers();
    if                                  /* waits for room */
    :: BEHIND(head) - fr <= LIMIT || fr == head || LEFTOVERS ||
       plock != 0 && dead[plock - 1] -> goto again
    :: dead[2] && dead[3] -> goto through
    :: DIE
    fi;
through:
    if                                  /* it may still die, owning nothing */
    :: goto gone
    :: DIE
    fi;
died:
    atomic { dead[me] = true; goto gone };
gone:
    atomic {
        over[me] = true; ended++;
        m = 0; end = 0; span = 0; n = 0; at = 0; t = 0; k = 0; h = 0;
        reserve = false
    };
end_through:
    false
}

/* ---- ring_reader.hpp ---------------------------------------------------- */

/* Searches the claimed records for one that was given back, or whose owner is
   dead. Leaves its position in `pos` and its header in `h`, or NONE. */
inline find_again()
{
    pos = fr;
    do
    :: atomic {
           do
           :: pos < rd && !HELD(hdr[AT(pos)]) -> pos = pos + SPAN(hdr[AT(pos)])
           :: else -> break
           od;
           if
           :: pos >= rd -> pos = 0; break
           :: else -> h = hdr[AT(pos)]
           fi;
           if
           :: STATE(h) == RETURNED -> again = true; break
           :: else -> skip
           fi
       };
       if
       :: atomic { ALIVE(h) -> pos = pos + SPAN(h); h = NONE }
       :: atomic {
              !ALIVE(h) ->
              REPLACE_RETURNED(hdr[AT(pos)], h, WITH(h, RETURNED, OWNER(h)));
              h = NONE
          }
       :: DIE
       fi
    :: DIE
    od
}

inline must_be_whole()
{
    assert(x != 0 && !taken[x] && !dropped[x]);
    assert(WHOLE(pos, SPAN(h), x))
}

/* After a first delivery: `read` moves past the record. */
inline advance_read()
{
    assert(last[PUBLISHER_OF(x)] < x);      /* not reordered, not duplicated */
    last[PUBLISHER_OF(x)] = x;
    rd = rd + SPAN(h)
}

/* try_take of a small message: copied with the lock held. */
inline take()
{
    if
    :: again ->
       if
       :: atomic {
              must_be_whole();
              hdr[AT(pos)] = WITH(h, CONSUMED, me);
              taken[x] = true
          }
       :: DIE
       fi
    :: else ->
       if
       :: STATE(h) == CLAIMED -> STORE(pos, WITH(h, COMMITTED, me))
       :: else -> skip
       fi;
#ifdef WRONG_TAKE       /* moves `free` before `read` */
       if :: atomic { fr == rd -> fr = fr + SPAN(h) } :: fr != rd :: DIE fi;
#endif
#ifdef WRONG_COPY       /* copies after `read` has moved */
       if
       :: atomic { must_be_whole(); advance_read(); taken[x] = true }
       :: DIE
       fi;
       advance_free();
       if :: atomic { assert(WHOLE(pos, SPAN(h), x)) } :: DIE fi
#else
       if
       :: atomic { must_be_whole(); advance_read(); taken[x] = true }
       :: DIE
       fi
#endif
    fi;
    advance_free();
    release_subscribers();
    done()
}

/* try_claim, then acknowledge or give_back. */
inline claim()
{
#ifdef WRONG_CLAIM      /* moves `read` before the header is marked */
    if
    :: atomic { !again -> advance_read() }
    :: again -> skip
    :: DIE
    fi;
#endif
    if
    :: atomic {
           must_be_whole();
           assert(!seen[x] || again || STATE(h) == CLAIMED); /* redelivered() */
           seen[x] = true;
           hdr[AT(pos)] = WITH(h, CLAIMED, me);
           h = hdr[AT(pos)]
       }
    :: DIE
    fi;
#ifndef WRONG_CLAIM
    if
    :: atomic { !again -> advance_read() }
    :: again -> skip
    :: DIE
    fi;
#endif
    again = false;
    advance_free();
    release_subscribers();
    if                                          /* settle */
    :: atomic {
           assert(hdr[AT(pos)] == h);           /* it was not taken away */
           must_be_whole();
           hdr[AT(pos)] = WITH(h, CONSUMED, me);
           taken[x] = true;
           done()
       }
    :: atomic {
           assert(hdr[AT(pos)] == h);
           hdr[AT(pos)] = WITH(h, RETURNED, me);
           done()
       }
    :: DIE
    fi
}

/* try_claim_run, then consume_batch: acknowledges the records one by one, or
   gives the rest back after an exception. The whole run is marked before `read`
   moves past it. */
#define SECOND (pos + SPAN(h))
#define TWO (!again && AT(pos) + SPAN(h) < GRANULES && \
    STATE(hdr[AT(SECOND)]) == COMMITTED)

inline mark_second()
{
    atomic {
        assert(hdr[AT(SECOND)] != GARBAGE);
        g = WITH(hdr[AT(SECOND)], CLAIMED, me); y = val[AT(SECOND)];
        assert(y != 0 && !taken[y] && !dropped[y] && !seen[y]);
        assert(WHOLE(SECOND, SPAN(g), y));
        seen[y] = true;
        hdr[AT(SECOND)] = g
    }
}

#define SETTLE(where, word, id, state) \
    assert(hdr[AT(where)] == word); \
    hdr[AT(where)] = WITH(word, state, me); \
    taken[id] = taken[id] || state == CONSUMED

inline claim_run()
{
    if
    :: atomic {
           must_be_whole();
           assert(!seen[x] || again || STATE(h) == CLAIMED); /* redelivered() */
           seen[x] = true;
           hdr[AT(pos)] = WITH(h, CLAIMED, me);
           h = hdr[AT(pos)]
       }
    :: DIE
    fi;
#ifndef WRONG_RUN
    if
    :: TWO -> mark_second()
    :: !TWO -> skip
    :: DIE
    fi;
#endif
    if
    :: atomic {
           !again -> advance_read();
#ifdef WRONG_RUN        /* moves `read` before the second is marked */
           if :: STATE(HEADER_AT_READ) == COMMITTED -> y = val[AT(rd)]
           :: else -> skip fi;
           if :: y != 0 -> g = HEADER_AT_READ :: else -> skip fi;
#endif
           if
           :: y != 0 ->
              assert(last[PUBLISHER_OF(y)] < y);
              last[PUBLISHER_OF(y)] = y;
              rd = rd + SPAN(g)
           :: else -> skip
           fi
       }
    :: again -> skip
    :: DIE
    fi;
#ifdef WRONG_RUN
    if :: y != 0 -> mark_second() :: y == 0 -> skip :: DIE fi;
#endif
    again = false;
    advance_free();
    release_subscribers();
    if
    :: atomic { SETTLE(pos, h, x, CONSUMED) };
       if
       :: y == 0 -> skip
       :: atomic { y != 0 -> SETTLE(SECOND, g, y, CONSUMED) }
       :: atomic { y != 0 -> SETTLE(SECOND, g, y, RETURNED) }
       :: DIE
       fi
    :: atomic { SETTLE(pos, h, x, RETURNED) };
       if
       :: y == 0 -> skip
       :: atomic { y != 0 -> SETTLE(SECOND, g, y, RETURNED) }
       :: DIE
       fi
    :: DIE
    fi;
    atomic { done(); y = 0; g = NONE };
    if                                          /* try_free_run */
    :: atomic { slock == 0 -> slock = SELF };
       advance_free();
       release_subscribers()
    :: atomic { slock != 0 -> skip }
    :: DIE
    fi
}

inline done() { d_step { pos = 0; x = 0; h = NONE; again = false } }

#define DRAINED (over[0] && over[1] && HEADER_AT_READ == NONE && fr == rd)

proctype subscriber(byte me)
{
    byte pos;           /* the record found */
    byte h;             /* its header */
    byte x;             /* its message */
    bit again;          /* it is before `read` */
    byte t, k;
#ifdef RUN
    byte g, y;          /* the record behind it, in a run */
#endif

    do
    :: SOMETHING ->
       acquire_subscribers();
       tidy_finished();
       find_again();
       if
       :: again -> skip
       :: else -> skip_leftovers(); pos = rd
       fi;
       if
       :: h == NONE ->
          advance_free();
          release_subscribers();
          done()
       :: atomic { h != NONE -> x = val[AT(pos)] }; take()
#ifdef DELIVER
       :: atomic { h != NONE -> x = val[AT(pos)] }; claim()
#endif
#ifdef RUN
       :: atomic { h != NONE -> x = val[AT(pos)] }; claim_run()
#endif
       fi
    :: atomic { DRAINED -> break }
    :: DIE
    od;
    goto through;
died:
    atomic { dead[me] = true; goto through };
through:
    atomic {
        ended++; t = 0; k = 0; done();
#ifdef RUN
        g = NONE; y = 0
#endif
    };
end_through:
    false
}

init {
    byte i;
    atomic {
        i = 0;
        do
        :: i < GRANULES -> hdr[i] = (i == AT(START) -> NONE : GARBAGE); i++
        :: else -> break
        od;
        i = 0;
        run publisher(0, 1, MESSAGES0 + 1, SPAN0);
#ifdef FILLED
        do
        :: i < MESSAGES1 ->
           hdr[AT(head)] = HEADER(COMMITTED, 1, 1);
           val[AT(head)] = MESSAGES0 + 1 + i;
           sent[MESSAGES0 + 1 + i] = true;
           head = head + 1; hdr[AT(head)] = NONE; i++
        :: else -> break
        od;
        over[1] = true; ended++;
#else
        run publisher(1, MESSAGES0 + 1, IDS, SPAN1);
#endif
        run subscriber(2);
        run subscriber(3)
    };
    /* The survivors have finished, without a deadlock. */
    atomic {
        ended == 4 ->
        if
        :: dead[2] && dead[3] -> skip
        :: else ->
           assert(fr == rd);
           i = 1;
           do
           :: i < IDS -> assert(!sent[i] || taken[i]); i++
           :: else -> break
           od
        fi
    }
}
