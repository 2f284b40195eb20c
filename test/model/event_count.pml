/* Copyright 2026 The boost_ipq authors
   Distributed under the Boost Software License, Version 1.0.
   (See accompanying file LICENSE_1_0.txt or copy at
   https://www.boost.org/LICENSE_1_0.txt)

   Sleeping and waking: two publishers that wait for room, two subscribers that
   wait for messages, death before any step.

   What ring.pml proves is one step here: an attempt at the ring changes it at
   once, but takes the subscribers' lock before and releases it after that.
   Counts, tokens and looks are single steps. Steps are named after the
   functions in boost_ipq/detail. See README.md. */

#ifndef ROOM
#define ROOM 2          /* units that messages may use */
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
#define TIMEOUTS 1      /* sleeps that end early, though nothing was lost */
#endif
/* -DRESERVE: publishers also reserve, then commit or abandon.
   -DDELIVER: subscribers also read in place, then acknowledge or give back.
   -DLEAVE:   a call that waits may end when its deadline comes.
   -DFULL=1, -DFULL=2: the queue is full to begin with, of messages that big.
   -DBOUNDED: a sleep may be needed to end early without a death, too.
   -DSMALL:   subscriber 3 cannot take a message of two units. */

/* The queue: records in order, those before `rd` are taken. */
#define COMMITTED 1
#define RESERVED  2
#define ABANDONED 3
#define CLAIMED   4
#define RETURNED  5
#define TAKEN     6
byte kind[ROOM]; byte size[ROOM]; byte owner[ROOM];
byte n, rd, used;
byte slock;

/* The two signals: sleepers counted, tokens of the semaphore. */
#define MESSAGE_SIGNAL 0
#define ROOM_SIGNAL 1
byte count[2];
byte tokens[2];
bool asleep[4];         /* the slot's part of the count */
bool dead[4];
byte deaths, timeouts;

#define SELF (me + 1)
/* what it waits for */
#define ITS(who) (who < 2 -> ROOM_SIGNAL : MESSAGE_SIGNAL)
#define MINE ITS(me)
#define FREE_LOCK (slock == 0 || dead[slock - 1])
#define PROCESSES 4
#define DIE atomic { deaths < DEATHS -> deaths++; goto died }

/* A wake-up that a sleeper needed and did not get: an error without a death. */
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
/* Settled by who could not have the lock: a publisher may give its room back. */
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

/* ring_reader::try_take, try_claim. Leaves the record in `got`: a copy,
   a claim, or a declined one; or nothing. */
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
       :: atomic { !FREE_LOCK -> over = true }      /* the deadline has come */
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
#ifdef WRONG_PATIENCE   /* gives up, then sleeps, as if there were no room */
       :: atomic { !FREE_LOCK -> break }
#endif
       :: DIE
       fi
    :: DIE
    od
}

/* Commit, abandon, acknowledge, give_back: one store in the own record; it is
   there, since its owner lives. */
inline settle(state)
{
    if
    :: kind[0] == was && owner[0] == me && n > 0 -> kind[0] = state
    :: else ->
       assert(kind[1] == was && owner[1] == me && n > 1);
       kind[1] = state
    fi
}

/* ---- sleep_signal.hpp ---------------------------------------------------- */

/* notify_one: the change of the ring came before. */
inline notify_one(signal)
{
    if
    :: atomic { count[signal] == 0 -> skip }
    :: atomic { count[signal] != 0 -> skip }; wake_one(signal)
    :: DIE
    fi
}

inline post(signal)
{
    if
    :: atomic { tokens[signal]++; assert(tokens[signal] <= PROCESSES) }
    :: DIE
    fi
}

inline wake_one(signal)
{
#ifdef WRONG_POST       /* posts and leaves the sleeper on the count */
    post(signal)
#else
    if                                      /* take_one_off */
    :: atomic { count[signal] != 0 -> count[signal]-- }; post(signal)
    :: atomic { count[signal] == 0 -> skip }
    :: DIE
    fi
#endif
}

inline notify_all(signal)
{
#ifdef WRONG_ONE        /* one of them, whom the room may be too small for */
    notify_one(signal)
#else
    w = count[signal];
    do
    :: w != 0 -> w--; wake_one(signal)
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
#ifndef WRONG_WITHDRAW  /* leaves itself on the count */
    if
    :: atomic { count[MINE] != 0 -> count[MINE]-- }
#ifdef WRONG_WAIT       /* waits for its token, which another may take */
    :: atomic { count[MINE] == 0 -> skip };
       if
       :: atomic { tokens[MINE] != 0 -> tokens[MINE]-- }
       :: timeout -> LOST
       :: DIE
       fi
#else                   /* a waker was faster: tries both until one works */
    :: atomic { count[MINE] == 0 && tokens[MINE] != 0 -> tokens[MINE]-- }
    :: timeout -> LOST          /* the waker died */
#endif
    :: DIE
    fi;
#endif
    if :: atomic { asleep[me] = false } :: DIE fi
}

/* idle: takes the dead off the count, after a sleep in which nothing
   happened. */
inline forget(who)
{
    if
    :: atomic { dead[who] && asleep[who] -> asleep[who] = false };
       if
       :: atomic { count[ITS(who)] != 0 -> count[ITS(who)]-- }
       :: atomic { count[ITS(who)] == 0 -> skip }
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

/* ---- waiting_room.hpp, wait_in ------------------------------------------- */

/* A sleep ends early as often as TIMEOUTS says; else only when the whole system
   has come to rest. If there is something to do for this sleeper then, its
   wake-up was lost: without a death, that is an error. */
#define SLEEP(needed) \
    if \
    :: atomic { tokens[MINE] != 0 -> tokens[MINE]--; woken = true } \
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
#ifdef WRONG_SLEEP                          /* does not look after it */
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
    :: atomic { slept && SOMETHING -> skip }; notify_one(MESSAGE_SIGNAL)
    :: atomic { !(slept && SOMETHING) -> skip }
    :: DIE
    fi;
#endif
    if
    :: got == COPY -> notify_all(ROOM_SIGNAL)
    :: got == CLAIM ->
       if
       :: atomic {                          /* acknowledge */
              was = CLAIMED; settle(TAKEN); was = 0
          };
          if                               /* try_advance_free */
          :: atomic { slock == 0 -> slock = SELF };
             if :: atomic { advance_free() } :: DIE fi;
             if :: atomic { slock = 0 } :: DIE fi
          :: atomic { slock != 0 -> skip }
          :: DIE
          fi;
          notify_all(ROOM_SIGNAL)
       :: atomic {                          /* give_back */
              was = CLAIMED; settle(RETURNED); was = 0
          };
          notify_one(MESSAGE_SIGNAL)
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
#ifdef WRONG_WAKE                           /* looks at the sleepers before */
    atomic { w = count[MESSAGE_SIGNAL] };
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
       :: w != 0 -> wake_one(MESSAGE_SIGNAL)
       :: else -> skip
       fi;
       w = 0
#else
       notify_one(MESSAGE_SIGNAL)
#endif
    :: got == CLAIM ->
       if
       :: atomic { was = RESERVED; settle(COMMITTED); was = 0 };
          notify_one(MESSAGE_SIGNAL)
       :: atomic { was = RESERVED; settle(ABANDONED); was = 0 };
          notify_one(MESSAGE_SIGNAL);
#ifndef WRONG_ABANDON   /* tells subscribers only that the record is gone */
          notify_all(ROOM_SIGNAL)
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
