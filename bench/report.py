#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Merges the results of the benchmarks; writes tables, the goals and plots.

report.py DIRECTORY
report.py --compare BEFORE AFTER     prints what changed between two runs
"""

import collections
import json
import pathlib
import statistics
import sys

OURS = 'boost_ipq'
FLOOR = 'floor'


class Results:
    """Medians by row, "what/how/size", and channel."""

    def __init__(self, entries):
        times = collections.defaultdict(list)
        counters = collections.defaultdict(lambda: collections.defaultdict(list))
        self.errors = {}
        for entry in entries:
            if entry.get('run_type') != 'iteration':
                continue
            name = entry['name']
            for suffix in ('/iterations:', '/repeats:', '/manual_time'):
                name = name.split(suffix)[0]
            row, channel = name.rsplit('/', 1)
            if entry.get('error_occurred'):
                self.errors[row, channel] = entry['error_message']
                continue
            times[row, channel].append(entry['real_time'])
            for key, value in entry.items():
                if isinstance(value, (int, float)):
                    counters[row, channel][key].append(value)
        self.rows = collections.defaultdict(dict)
        for (row, channel), all_times in times.items():
            self.rows[row][channel] = statistics.median(all_times)
        self._times = times
        self._counters = {
            key: {name: statistics.median(values)
                  for name, values in found.items()}
            for key, found in counters.items()}

    def time(self, row, channel=OURS):
        return self.rows.get(row, {}).get(channel)

    def counter(self, row, name, channel=OURS):
        return self._counters.get((row, channel), {}).get(name)

    def range(self, row, channel):
        """The fastest and the slowest repetition."""
        times = self._times[row, channel]
        return min(times), max(times)

    def best_peer(self, row):
        """(time, name) of the fastest peer, or (None, None)."""
        return min(((time, channel)
                    for channel, time in self.rows.get(row, {}).items()
                    if not channel.startswith((OURS, FLOOR))),
                   default=(None, None))

    def floor(self, row):
        """(time, name) of the least that the machine needs."""
        what, *how, size = row.split('/')
        if what in ('pair', 'throughput', 'original'):
            return max((time, name) for time, name in (
                (self.time('lock_cmpxchg/8', FLOOR) or 0, 'lock cmpxchg'),
                (self.time(f'memcpy/{size}', FLOOR) or 0, 'memcpy')))
        if what == 'round_trip':
            mode, name = (('sleeping', 'futex') if 'sleeping' in how
                          else ('polling', 'cache line'))
            return (self.time(f'round_trip/{mode}/{size}',
                              f'{FLOOR}_{name.replace(" ", "_")}'), name)
        if what == 'growth':
            return min((self.time(other), 'fastest')
                       for other in self.rows
                       if other.startswith(f'growth/{how[0]}/'))
        return None, None


def ns(time):
    return '-' if time is None else f'{time:,.4g} ns' if time < 1e5 else \
        f'{time / 1e3:,.4g} µs'


def ratio(numerator, denominator):
    if not numerator or not denominator:
        return '-'
    return f'{numerator / denominator:.2f}'


def table(heads, lines):
    yield '| ' + ' | '.join(heads) + ' |'
    yield '|' + ' --- |' * len(heads)
    for line in lines:
        yield '| ' + ' | '.join(str(cell) for cell in line) + ' |'
    yield ''


def measurements(results):
    for row, channels in results.rows.items():
        if row.split('/')[0] == 'segment':
            continue
        peer, peer_name = results.best_peer(row)
        floor, floor_name = results.floor(row)
        for channel, time in channels.items():
            if channel.startswith(OURS):
                yield (row, channel, ns(time),
                       f'{1e3 / time:.4g}' if time else '-',
                       peer_name or '-', ns(peer), ratio(peer, time),
                       floor_name or '-', ns(floor), ratio(time, floor))


def all_channels(results):
    for row, channels in results.rows.items():
        for channel, time in channels.items():
            yield (row, channel, ns(time)) + tuple(
                ns(results.counter(row, name, channel))
                for name in ('p99', 'p99.9'))


def compare_goal(goal, found, wanted, at_most, unit=''):
    """(goal, found, wanted, reached); reached is None if not measured."""
    if found is None or wanted is None:
        return goal, '-', '-', None
    reached = found <= wanted if at_most else found >= wanted
    sign = '<=' if at_most else '>='
    return goal, f'{found:.4g}{unit}', f'{sign} {wanted:.4g}{unit}', reached


def times(value, factor):
    return None if value is None else value * factor


def over(a, b):
    return None if not a or not b else a / b


def pair_goals(r):
    cmpxchg = r.time('lock_cmpxchg/8', FLOOR)
    for size in (3, 64):
        row = f'pair/{size}'
        ours = r.time(row)
        yield compare_goal(
            f'pair in one thread, {size} B', ours,
            max(15, 1.75 * cmpxchg) if cmpxchg else None, True, ' ns')
        yield compare_goal(f'pair, {size} B: times message_queue',
                           over(r.time(row, 'message_queue'), ours), 2.5, False)
        yield compare_goal(f'pair, {size} B: level with spsc_queue (1.1)',
                           over(ours, r.time(row, 'spsc_queue')), 1.1, True)


def throughput_goals(r):
    for size in (8, 64, 256, 1024, 65536, 1048576):
        for calls in ('try', 'waiting'):
            row = f'throughput/1to1/{calls}/{size}'
            yield compare_goal(
                f'1->1 {size} B, {calls}: times the fastest peer',
                over(r.best_peer(row)[0], r.time(row)), 1, False)
    row = 'throughput/1to1/try/64'
    ours = r.time(row)
    yield compare_goal('1->1 64 B', over(1e3, ours), 75, False, ' M/s')
    yield compare_goal('1->1 64 B: times the fastest peer',
                       over(r.best_peer(row)[0], ours), 1.25, False)
    yield compare_goal('1->1 64 B: times message_queue',
                       over(r.time(row, 'message_queue'), ours), 15, False)
    yield compare_goal('1->1 1 MiB in place: fraction of memcpy\'s bandwidth',
                       over(r.time('memcpy/1048576', FLOOR),
                            r.time('throughput/1to1/try/1048576',
                                   OURS + '_in_place')), 0.9, False)
    row = 'throughput/2to2/try/64'
    yield compare_goal('2->2 64 B', over(1e3, r.time(row)), 27, False, ' M/s')
    yield compare_goal('2->2 64 B: times message_queue',
                       over(r.time(row, 'message_queue'), r.time(row)),
                       4.5, False)


def round_trip_goals(r):
    row = 'round_trip/polling/64'
    ours = r.time(row)
    yield compare_goal('round trip 64 B polling: times the cache line\'s',
                       over(ours, r.floor(row)[0]), 1.6, True)
    yield compare_goal('round trip 64 B polling: the fastest peer\'s',
                       ours, r.best_peer(row)[0], True, ' ns')
    yield compare_goal('round trip 64 B polling: p99',
                       r.counter(row, 'p99'), times(ours, 2), True, ' ns')
    yield compare_goal('round trip 64 B waiting while busy: times polling',
                       over(r.time('round_trip/waiting/64'), ours), 1.3, True)
    row = 'round_trip/sleeping/64'
    yield compare_goal('round trip through sleep: times a bare futex\'s',
                       over(r.time(row), r.floor(row)[0]), 1.15, True)


def batch_goals(r):
    for where, row in (('one thread', 'pair/64'),
                       ('1->1', 'throughput/1to1/try/64')):
        yield compare_goal(f'batch of 64 x 64 B, {where}: times single calls',
                           over(r.time(row), r.time(row, OURS + '_batch')),
                           2, False)


def crowd_goals(r):
    for calls in ('try', 'waiting'):
        row = f'throughput/16to16/{calls}/64'
        one_to_one = r.time(f'throughput/1to1/{calls}/64')
        yield compare_goal(f'16+16, {calls}: fraction of 1->1',
                           over(one_to_one, r.time(row)), 0.5, False)
        for role in ('sender', 'receiver'):
            yield compare_goal(f'16+16, {calls}: slowest {role} / mean',
                               r.counter(row, f'slowest_{role}'), 0.25, False)


def growth_goals(r):
    for what in ('capacity', 'participants', 'waiting'):
        series = [channels[OURS] for row, channels in r.rows.items()
                  if row.startswith(f'growth/{what}/')]
        slowest, fastest = max(series, default=None), min(series, default=None)
        yield compare_goal(f'growth of {what}: slowest / fastest',
                           over(slowest, fastest), 1.5, True)
    for row in list(r.rows):
        if row.startswith('segment/'):
            capacity = r.counter(row, 'capacity')
            yield compare_goal(f'segment of {int(capacity)} B of capacity',
                               r.counter(row, 'segment'),
                               capacity * 1.02 + 65536, True, ' B')


def goals(r):
    """All goals, each as compare_goal() returns it."""
    for group in (pair_goals, throughput_goals, round_trip_goals, batch_goals,
                  crowd_goals, growth_goals):
        yield from group(r)


def write_markdown(path, context, results):
    lines = ['# Results', '']
    lines += [f'{context.get("date", "")}, {context.get("num_cpus")} processors '
              f'at {context.get("mhz_per_cpu")} MHz, load '
              f'{context.get("load_avg")}.', '']
    for key, value in context.items():
        if key.startswith(('absent', 'left_out', 'shared_memory')):
            lines.append(f'- {key}: {value}')
    lines += ['', '## Goals', '']
    lines += table(('goal', 'found', 'wanted', 'reached'), (
        (goal, found, wanted,
         {True: 'yes', False: '**no**', None: 'not measured'}[reached])
        for goal, found, wanted, reached in goals(results)))
    lines += ['## Measurements', '',
              'Medians; time of a message, a pair or a round trip. A peer ratio '
              'of 2 means twice as fast as the best peer; a floor ratio of 2 '
              'means twice the floor\'s time.', '']
    lines += table(('measurement', 'form', 'time', 'M/s', 'best peer', 'time',
                    'ratio', 'floor', 'time', 'ratio'), measurements(results))
    lines += ['## All channels', '']
    lines += table(('measurement', 'channel', 'median', 'p99', 'p99.9'),
                   all_channels(results))
    if results.errors:
        lines += ['## Not measured', '']
        lines += table(('measurement', 'channel', 'reason'),
                       ((row, channel, reason) for (row, channel), reason
                        in results.errors.items()))
    path.write_text('\n'.join(lines))


def plot(path, title, labels, log, curves, style='linespoints'):
    """Writes a gnuplot script with its data; curves: {name: [(x, y)]}."""
    curves = {name: points for name, points in curves.items() if points}
    if not curves:
        return
    text = ['set terminal svg size 900,600 background "white" dynamic',
            f'set output "{path.stem}.svg"', f'set title "{title}"',
            f'set xlabel "{labels[0]}"', f'set ylabel "{labels[1]}"',
            f'set logscale {log}', 'set key outside noenhanced', 'set grid']
    for number, (name, points) in enumerate(curves.items()):
        text.append(f'$d{number} << END')
        text += [f'{x} {y}' for x, y in sorted(points)]
        text.append('END')
    text.append('plot ' + ', '.join(
        f'$d{number} with {style} title "{name}"'
        for number, name in enumerate(curves)))
    path.write_text('\n'.join(text) + '\n')


def by_size(results, prefix, value):
    curves = collections.defaultdict(list)
    for row, channels in results.rows.items():
        if row.startswith(prefix):
            size = int(row.rsplit('/', 1)[1])
            for channel, time in channels.items():
                if time:
                    curves[channel].append((size, value(size, time)))
    return curves


def histograms(path):
    counts = collections.defaultdict(collections.Counter)
    if path.exists():
        for line in path.read_text().splitlines():
            name, time, count = line.split('\t')
            counts[name][float(time)] += int(count)
    for mode in ('polling', 'waiting', 'sleeping'):
        yield mode, {
            name.rsplit('/', 1)[1]: [
                (time, count / sum(found.values()))
                for time, count in found.items()]
            for name, found in counts.items() if f'/{mode}/' in name}


def compare(before, after):
    """Prints each row; faster or slower if the repetitions do not overlap."""
    then, now = (Results(json.loads(pathlib.Path(path).read_text())
                         ['benchmarks']) for path in (before, after))
    print(f'{"":60} {"before":>12} {"after":>12}  after/before')
    for row, channels in now.rows.items():
        for channel, time in channels.items():
            old = then.time(row, channel)
            if not old:
                continue
            old_range, new_range = (r.range(row, channel) for r in (then, now))
            change = ('faster' if new_range[1] < old_range[0] else
                      'slower' if new_range[0] > old_range[1] else '')
            print(f'{row + "/" + channel:60} {ns(old):>12} {ns(time):>12}  '
                  f'{ratio(time, old)} {change}')


def main():
    if sys.argv[1] == '--compare':
        compare(*sys.argv[2:4])
        return
    out = pathlib.Path(sys.argv[1])
    merged = {'context': {}, 'benchmarks': []}
    for path in sorted(out.glob('*_bench.*.json')):
        part = json.loads(path.read_text())
        merged['context'] = {**part['context'], **merged['context']}
        merged['benchmarks'] += part['benchmarks']
    (out / 'results.json').write_text(json.dumps(merged, indent=1))
    results = Results(merged['benchmarks'])
    write_markdown(out / 'results.md', merged['context'], results)

    plot(out / 'latency.gnuplot', 'Enqueue and dequeue in one thread',
         ('message, bytes', 'ns'), 'xy',
         by_size(results, 'pair/', lambda size, time: time))
    for calls in ('try', 'waiting'):
        plot(out / f'throughput_{calls}.gnuplot',
             f'One process to one, {calls} calls',
             ('message, bytes', 'MB/s'), 'xy',
             by_size(results, f'throughput/1to1/{calls}/',
                     lambda size, time: size / time * 1e3))
    for mode, curves in histograms(out / 'histograms.tsv'):
        plot(out / f'round_trip_{mode}.gnuplot', f'Round trip, {mode}',
             ('ns', 'fraction of all'), 'x', curves, 'steps')

    for goal, found, wanted, reached in goals(results):
        if reached is False:
            print(f'not reached: {goal}: {found}, wanted {wanted}')


if __name__ == '__main__':
    main()
