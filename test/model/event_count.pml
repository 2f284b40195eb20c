/* Copyright 2026 The boost_ipq authors
   Distributed under the Boost Software License, Version 1.0.
   (See accompanying file LICENSE_1_0.txt or copy at
   https://www.boost.org/LICENSE_1_0.txt)

   Sleeping and waking: two publishers that wait for room, two subscribers that
   wait for messages, death before any step.

   An attempt at the ring, which ring.pml proves correct, is one step here. The
   subscribers' lock is acquired before it and released after it, in separate
   steps. Each access to a count, a semaphore or the ring is a single step.
   Steps are named after the functions in boost_ipq/detail. See README.md. */

#ifndef ROOM
#define ROOM 2          /* units for messages */
#endif
#ifndef MESSAGES0
#define MESSAGES0 1     /* sent by publisher 0 */
#endif
#ifndef MESSAGES1
#define MESSAGES1 1
#endif
#ifndef SIZE0
#define SIZE0 1         /* units of a message of publisher 0: 1 or 2 */
#endif
#ifndef SIZE1
#define SIZE1 1
#endif
#ifndef DEATHS
#define DEATHS 0
#endif
#ifndef TIMEOUTS
#define TIMEOUTS 1      /* sleeps that end early although no wake-up was lost */
#endif
/* -DRESERVE: publishers also reserve, then commit or abandon.
   -DDELIVER: subscribers also read in place, then acknowledge or give back.
   -DLEAVE:   a waiting call may end at its deadline.
   -DFULL=1, -DFULL=2: the queue is full at first, of messages of that size.
   -DBOUNDED: the bounded sleep may be needed even without a death.
   -DSMALL:   subscriber 3 cannot take a message of two units. */

/* The queue: records in order; those before `rd` are taken or claimed. */
#define COMMITTED 1
#define RESERVED  2
#define ABANDONED 3
#define CLAIMED   4
#define RETURNED  5
#define TAKEN     6
byte kind[ROOM]; byte size[ROOM]; byte owner[ROOM];
byte n, rd, used;
byte slock;

/* The two event counts: the number of sleepers, the semaphore's value. */
#define MESSAGE_EVENTS 0
#define ROOM_EVENTS 1
byte count[2];
byte value[2];
bool asleep[4];         /* whether the slot's process is counted */
bool dead[4];
byte deaths, timeouts;

#define SELF (me + 1)
/* the event count on which it waits */
#define EVENTS_OF(id) (id < 2 -> ROOM_EVENTS : MESSAGE_EVENTS)
#define MINE EVENTS_OF(me)
#define FREE_LOCK (slock == 0 || dead[slock - 1])
#define PROCESSES 4
#define DIE atomic { deaths < DEATHS -> deaths++; goto died }

/* A sleeper did not get a wake-up that it needed: without a death, an error. */
#ifdef BOUNDED
#define LOST skip
#else
#define LOST assert(deaths != 0)
#endif

#define IS(i, what) ((i) < n && kind[i] == (what))
#define DEAD_AT(i) dead[owner[i]]
#define LEFTOVER(i) ((i) >= rd && (i) == rd && \
    (IS(i, ABANDONED) || IS(i, RESERVED) && DEAD_AT(i)))
#define LEFTOVERS (LEFTOVER(0) || LEFTOVER(1))
/* Settled by a process that did not get the lock: a publisher may free it. */
#define SETTLED (rd > 0 && (kind[0] == TAKEN || kind[0] == ABANDONED))
#define TIDY (LEFTOVERS || SETTLED)
#define REDELIVER(i) ((i) < rd && \
    (IS(i, RETURNED) || IS(i, CLAIMED) && DEAD_AT(i)))
#define TAKEABLE(i) ((i) == rd && IS(i, COMMITTED))
#define SOMETHING (LEFTOVERS || REDELIVER(0) || REDELIVER(1) || \
    TAKEABLE(0) || TAKEABLE(1))

/* ---- The ring ---------------------------------------------------------- */

inline advance_free()
{
    do
    :: rd > 0 && (kind[0] == TAKEN || kind[0] == ABANDONED) ->
       used = used - size[0];
       kind[0] = kind[1]; size[0] = size[1]; owner[0] = owner[1];
       kind[1] = 0; size[1] = 0; owner[1] = 0;
       n--; rd--
    :: else -> break
    od
}

inline skip_leftovers()
{
    do
    :: LEFTOVERS -> kind[rd] = ABANDONED; rd++
    :: else -> break
    od
}

/* ring_reader::try_take, try_claim. Leaves the result in `got`: a copy, a
   claim, a declined record, or nothing. */
#define NOTHING 0
#define COPY 1
#define CLAIM 2
#define DECLINED 3

#ifdef SMALL
#define FITS(i) (me != 3 || size[i] == 1)
#else
#define FITS(i) true
#endif

inline take_at(i)
{
    if
    :: !FITS(i) -> got = DECLINED
    :: FITS(i) -> got = COPY; kind[i] = TAKEN
#ifdef DELIVER
    :: got = CLAIM; kind[i] = CLAIMED; owner[i] = me
#endif
    fi;
    if
    :: i == rd && got != DECLINED -> rd++
    :: else -> skip
    fi
}

inline attempt_to_take()
{
    if
    :: atomic { !SOMETHING -> skip }                                /* look */
    :: atomic { SOMETHING -> skip };
       if
       :: atomic { FREE_LOCK -> slock = SELF };
          if
          :: atomic {
                 skip_leftovers();
                 if
                 :: REDELIVER(0) -> take_at(0)
                 :: !REDELIVER(0) && REDELIVER(1) -> take_at(1)
                 :: !REDELIVER(0) && !REDELIVER(1) && TAKEABLE(0) -> take_at(0)
                 :: !REDELIVER(0) && !REDELIVER(1) && TAKEABLE(1) -> take_at(1)
                 :: else -> skip
                 fi;
                 advance_free()
             }
          :: DIE
          fi;
          if :: atomic { slock = 0 } :: DIE fi
#ifdef LEAVE
       :: atomic { !FREE_LOCK -> over = true }    /* the deadline has passed */
#endif
       :: DIE
       fi
    :: DIE
    fi
}

/* ring_writer::try_publish, try_reserve; make_room, tidy. */
inline attempt_to_publish()
{
    do
    :: atomic {
           used + units <= ROOM ->
           used = used + units; size[n] = units; owner[n] = me;
           kind[n] = COMMITTED; got = COPY;
#ifdef RESERVE
           if :: kind[n] = RESERVED; got = CLAIM :: skip fi;
#endif
           n++;
           break
       }
    :: atomic { used + units > ROOM && !TIDY -> break }
    :: atomic { used + units > ROOM && TIDY -> skip };
       if
       :: atomic { FREE_LOCK -> slock = SELF };
          if
          :: atomic { skip_leftovers(); advance_free() }
          :: DIE
          fi;
          if :: atomic { slock = 0 } :: DIE fi
#ifdef WRONG_GIVE_UP   /* gives up and sleeps, as if there were no room */
       :: atomic { !FREE_LOCK -> break }
#endif
       :: DIE
       fi
    :: DIE
    od
}

/* commit, abandon, acknowledge, give_back: one store in its own record, which
   is there since its owner is alive. */
inline settle(state)
{
    if
    :: kind[0] == was && owner[0] == me && n > 0 -> kind[0] = state
    :: else ->
       assert(kind[1] == was && owner[1] == me && n > 1);
       kind[1] = state
    fi
}

/* ---- event_count.hpp ----------------------------------------------------- */

/* The ring was changed before. */
inline notify_one(events)
{
    if
    :: atomic { count[events] == 0 -> skip }
    :: atomic { count[events] != 0 -> skip }; wake_one(events)
    :: DIE
    fi
}

inline post(events)
{
    if
    :: atomic { value[events]++; assert(value[events] <= PROCESSES) }
    :: DIE
    fi
}

inline wake_one(events)
{
#ifdef WRONG_POST       /* posts, but leaves the sleeper counted */
    post(events)
#else
    if                                      /* take_one_off */
    :: atomic { count[events] != 0 -> count[events]-- }; post(events)
    :: atomic { count[events] == 0 -> skip }
    :: DIE
    fi
#endif
}

inline notify_all(events)
{
#ifdef WRONG_ONE        /* wakes one, for which the room may be too small */
    notify_one(events)
#else
    w = count[events];
    do
    :: w != 0 -> w--; wake_one(events)
    :: w == 0 -> break
    :: DIE
    od
#endif
}

/* prepared_wait: counts itself, looks at the ring again, and sleeps. */
inline announce()
{
    if :: atomic { asleep[me] = true } :: DIE fi;
    if :: atomic { count[MINE]++; assert(count[MINE] <= PROCESSES) } :: DIE fi
}

inline withdraw()
{
#ifndef WRONG_WITHDRAW  /* stays counted */
    if
    :: atomic { count[MINE] != 0 -> count[MINE]-- }
#ifdef WRONG_WAIT       /* waits for a wake-up that another may consume */
    :: atomic { count[MINE] == 0 -> skip };
       if
       :: atomic { value[MINE] != 0 -> value[MINE]-- }
       :: timeout -> LOST
       :: DIE
       fi
#else                   /* a waker was faster: tries both until one works */
    :: atomic { count[MINE] == 0 && value[MINE] != 0 -> value[MINE]-- }
    :: timeout -> LOST          /* the waker died */
#endif
    :: DIE
    fi;
#endif
    if :: atomic { asleep[me] = false } :: DIE fi
}

/* idle: after a sleep that was not ended by a wake-up, removes dead processes
   from the count. */
inline forget(who)
{
    if
    :: atomic { dead[who] && asleep[who] -> asleep[who] = false };
       if
       :: atomic { count[EVENTS_OF(who)] != 0 -> count[EVENTS_OF(who)]-- }
       :: atomic { count[EVENTS_OF(who)] == 0 -> skip }
       :: DIE
       fi
    :: atomic { !(dead[who] && asleep[who]) -> skip }
    :: DIE
    fi
}

inline idle()
{
#if DEATHS > 0
    forget(0); forget(1); forget(2); forget(3)
#else
    skip
#endif
}

/* ---- waiters.hpp, wait_in ------------------------------------------------ */

/* A sleep ends early at most TIMEOUTS times; otherwise only when no process can
   take a step. If this sleeper could work then, its wake-up was lost: without a
   death, that is an error. */
#define SLEEP(needed) \
    if \
    :: atomic { value[MINE] != 0 -> value[MINE]--; woken = true } \
    :: atomic { timeouts < TIMEOUTS -> timeouts++; woken = false } \
    :: atomic { timeout && (needed) -> LOST; woken = false } \
    :: DIE \
    fi

proctype subscriber(byte me)
{
    byte got, was, w;
    bool slept, woken, over;

call:
    attempt_to_take();
    do
    :: got != NOTHING || over -> break
    :: else ->
#ifdef WRONG_SLEEP                          /* does not look after that */
       attempt_to_take();
       if
       :: got != NOTHING || over -> break
       :: else -> announce()
       fi;
#else
       announce();
       attempt_to_take();
       if
       :: got != NOTHING || over -> withdraw(); break
       :: else -> skip
       fi;
#endif
       slept = true;
end_asleep:
       SLEEP(SOMETHING);
       if
       :: woken ->
          if :: atomic { asleep[me] = false; woken = false } :: DIE fi;
          attempt_to_take()
       :: !woken -> withdraw(); idle()
#ifdef LEAVE
       :: !woken -> withdraw(); over = true
#endif
       fi
    od;
#ifndef WRONG_PASS_ON
    if                                      /* pass_on */
    :: atomic { slept && SOMETHING -> skip }; notify_one(MESSAGE_EVENTS)
    :: atomic { !(slept && SOMETHING) -> skip }
    :: DIE
    fi;
#endif
    if
    :: got == COPY -> notify_all(ROOM_EVENTS)
    :: got == CLAIM ->
       if
       :: atomic {                          /* acknowledge */
              was = CLAIMED; settle(TAKEN); was = 0
          };
          notify_all(ROOM_EVENTS)
       :: atomic {                          /* give_back */
              was = CLAIMED; settle(RETURNED); was = 0
          };
          notify_one(MESSAGE_EVENTS)
       :: DIE
       fi
    :: else -> skip
    fi;
    atomic {
        slept = false;
        if
        :: got != DECLINED && !over -> got = NOTHING; goto call
        :: got = NOTHING; over = false; goto gone   /* never calls again */
        fi
    };
died:
    atomic { dead[me] = true; got = 0; was = 0; w = 0; slept = false;
             woken = false; over = false; goto gone };
gone:
end_gone:
    false
}

proctype publisher(byte me; byte units; byte messages)
{
    byte got, was, w, m;
    bool woken;

call:
#ifdef WRONG_WAKE                           /* reads the sleepers' count before */
    atomic { w = count[MESSAGE_EVENTS] };
#endif
    attempt_to_publish();
    do
    :: got != NOTHING -> break
    :: else ->
       announce();
       attempt_to_publish();
       if
       :: got != NOTHING -> withdraw(); break
       :: else -> skip
       fi;
end_asleep:
       SLEEP(used + units <= ROOM || TIDY);
       if
       :: woken ->
          if :: atomic { asleep[me] = false; woken = false } :: DIE fi;
          attempt_to_publish()
       :: else -> withdraw(); idle()
       fi
    od;
    if
    :: got == COPY ->
#ifdef WRONG_WAKE
       if
       :: w != 0 -> wake_one(MESSAGE_EVENTS)
       :: else -> skip
       fi;
       w = 0
#else
       notify_one(MESSAGE_EVENTS)
#endif
    :: got == CLAIM ->
       if
       :: atomic { was = RESERVED; settle(COMMITTED); was = 0 };
          notify_one(MESSAGE_EVENTS)
       :: atomic { was = RESERVED; settle(ABANDONED); was = 0 };
          notify_one(MESSAGE_EVENTS);
#ifndef WRONG_ABANDON   /* notifies only subscribers of the free record */
          notify_all(ROOM_EVENTS)
#endif
       :: DIE
       fi
    fi;
    atomic {
        got = NOTHING; m++;
        if
        :: m < messages -> goto call
        :: else -> m = 0; units = 0; messages = 0; goto gone
        fi
    };
died:
    atomic { dead[me] = true; got = 0; was = 0; w = 0; m = 0; units = 0;
             messages = 0; woken = false; goto gone };
gone:
end_gone:
    false
}

init {
    atomic {
#ifdef FULL
        kind[0] = COMMITTED; size[0] = FULL; n = 1; used = 2;
        if
        :: FULL == 1 -> kind[1] = COMMITTED; size[1] = 1; n = 2
        :: else -> skip
        fi;
#endif
        run publisher(0, SIZE0, MESSAGES0);
        run publisher(1, SIZE1, MESSAGES1);
        run subscriber(2);
        run subscriber(3)
    }
}
