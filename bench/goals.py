# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""The goals, as data."""

import collections

OURS = 'boost_ipq'
IN_PLACE = 'boost_ipq_in_place'
PEER = '*'  # the fastest peer that copies, as our copying calls do

# A figure is (row, channel) for a time, or (row, channel, counter). `found` is
# `of` divided by `what` if it has to be at least `least` (times as fast), and
# `what` divided by `of` if it has to be at most `most`. Without `of`, it is
# `what` itself: a counter, or the time as million messages in a second.
Goal = collections.namedtuple('Goal', 'text what of least most placement',
                              defaults=(None, None, None, None))


def at_least(text, what, of, least, placement=None):
    return Goal(text, what, of, least, None, placement)


def at_most(text, what, of, most):
    return Goal(text, what, of, None, most)


def one_to_one(kind, size):
    return f'throughput/1to1/{kind}/{size}'


def size_text(size):
    return (f'{size >> 20} MiB' if size >= 1 << 20 else
            f'{size >> 10} KiB' if size >= 1 << 10 else f'{size} B')


KIB = 1 << 10
COPYING = ((64, 2), (256, 2), (KIB, 1.4), (2 * KIB, 1.2), (4 * KIB, 1.2),
           (8 * KIB, 0.97), (16 * KIB, 0.97), (64 * KIB, 0.97),
           (256 * KIB, 0.97), (KIB * KIB, 0.97))
LOANS = ((64, 10), (KIB, 10), (64 * KIB, 5), (KIB * KIB, 5))
POLLING, WAITING = 'round_trip/polling/64', 'round_trip/waiting/64'
SLEEPING = 'round_trip/sleeping/64'
TRY, WAIT = one_to_one('try', 64), one_to_one('waiting', 64)
CROWD = 'throughput/16to16/{}/64'

TO_ALL = 'broadcast/1to{}/{}'
TOUCHED = f'broadcast/1to8/touched/{KIB * KIB}'
BROADCAST_SIZES = (8, 64, KIB, 64 * KIB, KIB * KIB)
TO_EIGHT = (('copied', 64, OURS, 'iceoryx2', 10),
            ('in runs', 64, 'boost_ipq_runs', 'iceoryx2', 25),
            ('copied', KIB, OURS, 'iceoryx2', 4.5),
            ('copied', 64 * KIB, OURS, 'iceoryx2', 1.1))

GOALS = (
    at_least('1 to 1, 8 B: speed / spsc_queue\'s',
             (one_to_one('try', 8), OURS),
             (one_to_one('try', 8), 'spsc_queue'), 0.55),
    *(at_least(f'1 to 1, {size_text(size)}: speed / fastest peer\'s',
               (one_to_one('try', size), OURS),
               (one_to_one('try', size), PEER), least)
      for size, least in COPYING),
    at_least('2 to 2, 64 B: speed / 1 to 1',
             ('throughput/2to2/try/64', OURS), (TRY, OURS), 1),
    at_most('round trip, polling: time / cache line\'s',
            (POLLING, OURS), (POLLING, 'floor_cache_line'), 1.05),
    at_most('round trip, busy: waiting calls / polling',
            (WAITING, OURS), (POLLING, OURS), 1.05),
    at_most('1 to 1, 64 B, busy: waiting calls / polling',
            (WAIT, OURS), (TRY, OURS), 1.05),
    at_most('round trip, polling: 99th percentile / median',
            (POLLING, OURS, 'p99'), (POLLING, OURS), 2),
    at_most('round trip, asleep: time / bare futex\'s',
            (SLEEPING, OURS), (SLEEPING, 'floor_futex'), 1.15),
    *(at_least(f'in place, 8 bytes of {size_text(size)}: speed / '
               'iceoryx2\'s loans',
               (one_to_one('touched', size), IN_PLACE),
               (one_to_one('touched', size), 'iceoryx2_loans'), least)
      for size, least in LOANS),
    at_least('in place, 8 bytes of 64 B: million messages in a second',
             (one_to_one('touched', 64), IN_PLACE), None, 60, 'near'),
    *(at_least(f'in place, {size_text(size)} written and read whole: speed / '
               'memcpy\'s',
               (one_to_one('whole', size), IN_PLACE),
               (f'memcpy/{size}', 'floor'), 0.9)
      for size in (64 * KIB, KIB * KIB)),
    *(at_least(f'one thread, {size_text(size)}: in place / copying speed',
               (f'pair/{size}', IN_PLACE), (f'pair/{size}', OURS), 1)
      for size, _ in COPYING if size >= KIB),
    *(at_least(f'batch of 64 x 64 B, {where}: speed / single calls',
               (row, 'boost_ipq_batch'), (row, OURS), 2)
      for where, row in (('one thread', 'pair/64'), ('1 to 1', TRY))),
    *(at_least(f'16 to 16, {kind} calls: speed / 1 to 1',
               (CROWD.format(kind), OURS), (one_to_one(kind, 64), OURS), 0.5)
      for kind in ('try', 'waiting')),
    *(at_least(f'16 to 16, {kind} calls: slowest {role} / mean',
               (CROWD.format(kind), OURS, f'slowest_{role}'), None, 0.25)
      for kind in ('try', 'waiting') for role in ('sender', 'receiver')),
    *(at_least(f'broadcast 1 to 1, {size_text(size)}, {how}: speed / the '
               'queue\'s',
               (TO_ALL.format(1, size), OURS + form),
               (TO_ALL.format(1, size), 'boost_ipq_queue' + form), 0.95)
      for how, form in (('copied', ''), ('in runs', '_runs'))
      for size in BROADCAST_SIZES),
    *(at_least(f'broadcast 1 to 8, {size_text(size)}, {how}: deliveries / '
               'iceoryx2\'s',
               (TO_ALL.format(8, size), ours),
               (TO_ALL.format(8, size), theirs), least)
      for how, size, ours, theirs, least in TO_EIGHT),
    at_least('broadcast 1 to 8, 8 bytes of 1 MiB in place: deliveries / '
             'iceoryx2\'s loans',
             (TOUCHED, IN_PLACE), (TOUCHED, 'iceoryx2_loans'), 1.5),
    *(at_most(f'a subscriber that stopped, {size_text(size)}: time / without '
              'one', (f'lagging/1/{size}', OURS, 'slower'), None, 1.05)
      for size in (8, 64, KIB, 64 * KIB)),
)
