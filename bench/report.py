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

import plot
from goals import GOALS, IN_PLACE, OURS, PEER, one_to_one, size_text

FLOOR = 'floor'

# A cache line there and back takes less if the processors are near each other.
NEAR_NS = 250
# The floors before and after a measurement; more apart: the processors moved.
MOVED = 1.5
# No processors are as far apart: another program ran on one of them.
BUSY_NS = 1500

Figure = collections.namedtuple('Figure', 'time counters round placement')


def placement(entry):
    """'near', 'far', 'disturbed', or None if the floor was not measured."""
    if 'floor_before' not in entry:
        return None
    low, high = sorted((entry['floor_before'], entry['floor_after']))
    if high > MOVED * low or high > BUSY_NS:
        return 'disturbed'
    return 'near' if high < NEAR_NS else 'far'


def copies(channel):
    """Whether it is a peer that copies messages in and out."""
    return not channel.startswith((OURS, FLOOR)) and not lends(channel)


def lends(channel):
    return channel.endswith('_loans')


class Results:
    """All figures, by row, "what/how/size", and channel."""

    def __init__(self, merged):
        self.context = merged['context']
        self.figures = collections.defaultdict(list)
        self.rows = collections.defaultdict(list)  # channels, in their order
        self.errors = {}
        floors = collections.defaultdict(list)
        for entry in merged['benchmarks']:
            if entry.get('run_type') == 'iteration':
                self._add(entry, floors)
        self.floors = {where: statistics.median(found)
                       for where, found in floors.items()}

    def _add(self, entry, floors):
        name = entry['name']
        for suffix in ('/iterations:', '/repeats:', '/manual_time'):
            name = name.split(suffix)[0]
        key = tuple(name.rsplit('/', 1))
        if entry.get('error_occurred'):
            self.errors[key] = entry['error_message']
            return
        where = placement(entry)
        if where in ('near', 'far'):
            floors[where] += [entry['floor_before'], entry['floor_after']]
        counters = {name: value for name, value in entry.items()
                    if isinstance(value, (int, float))}
        if key[1] not in self.rows[key[0]]:
            self.rows[key[0]].append(key[1])
        self.figures[key].append(
            Figure(entry['real_time'], counters,
                   entry.get('round', entry.get('repetition_index', 0)), where))

    def placements(self):
        """The placements that figures were measured in."""
        return [where for where in ('near', 'far') if where in self.floors]

    def rounds(self):
        return sorted({figure.round for found in self.figures.values()
                       for figure in found})

    def found(self, row, channel, where, number=None):
        """The figures of a placement (and those that do not depend on it)."""
        return [figure for figure in self.figures.get((row, channel), ())
                if figure.placement in (None, where)
                and number in (None, figure.round)]

    def value(self, row, channel, where, number=None, counter=None):
        """The median time, or counter; None if it was not measured."""
        if channel == PEER:
            channel = self.fastest(row, where)
        values = [figure.counters[counter] if counter else figure.time
                  for figure in self.found(row, channel, where, number)]
        return statistics.median(values) if values else None

    def fastest(self, row, where, like=copies):
        """The name of the peer with the least median, or None."""
        times = [(self.value(row, channel, where), channel)
                 for channel in self.rows.get(row, ()) if like(channel)]
        return min((one for one in times if one[0]), default=(0, None))[1]

    def depends(self, row):
        """Whether the row's figures depend on the processors' distance."""
        return any(figure.placement for channel in self.rows.get(row, ())
                   for figure in self.figures[row, channel])

    def title(self, where):
        """The processor and, with a placement, the floor."""
        name = self.context.get('processor', 'unknown processor')
        if where not in self.floors:
            return name
        return f'{name}; {where}: {self.floors[where]:.0f} ns'


def ns(time):
    if time is None:
        return '-'
    return (f'{time:.3g} ns' if time < 1e3 else f'{time / 1e3:.3g} µs'
            if time < 1e6 else f'{time / 1e6:.3g} ms')


def rate(time):
    """Messages in a second."""
    if not time:
        return '-'
    return (f'{1e3 / time:.3g} M' if time < 1e3 else f'{1e6 / time:.3g} k'
            if time < 1e6 else f'{1e9 / time:.3g}')


def table(heads, lines):
    yield '| ' + ' | '.join(heads) + ' |'
    yield '|' + ' --- |' * len(heads)
    for line in lines:
        yield '| ' + ' | '.join(str(cell) for cell in line) + ' |'
    yield ''


def goal_value(results, goal, where, number=None):
    """The value of a goal in a round, or of the medians of all rounds."""
    def value(row, channel, counter=None):
        return results.value(row, channel, where, number, counter)
    what = value(*goal.what)
    if what is None:
        return None
    if goal.of is None:
        return what if len(goal.what) == 3 else 1e3 / what
    of = value(*goal.of)
    if not of or not what:
        return None
    return of / what if goal.least is not None else what / of


def holds(goal, value):
    return value >= goal.least if goal.least is not None else \
        value <= goal.most


def check_goal(results, goal, where):
    """(median, rounds in which it holds, rounds in which it was measured)."""
    values = [goal_value(results, goal, where, number)
              for number in results.rounds()]
    values = [value for value in values if value is not None]
    if values:
        return (statistics.median(values),
                sum(holds(goal, value) for value in values), len(values))
    # No round has all its figures in one placement: compares their medians.
    return goal_value(results, goal, where), 0, 0


def growth_goals(results):
    """(goal, found, wanted, holds), from the medians of the repetitions."""
    for what in ('capacity', 'participants', 'waiting'):
        series = [results.value(row, OURS, None) for row in results.rows
                  if row.startswith(f'growth/{what}/')]
        if series:
            found = max(series) / min(series)
            yield (f'growth of {what}: slowest / fastest', f'{found:.2f}',
                   '<= 1.5', found <= 1.5)
    for row in list(results.rows):
        if row.startswith('segment/'):
            capacity, segment = (
                results.value(row, OURS, None, counter=counter)
                for counter in ('capacity', 'segment'))
            most = capacity * 1.02 + 65536
            yield (f'segment of {int(capacity)} B of capacity',
                   f'{segment:.0f} B', f'<= {most:.0f} B', segment <= most)


def goal_lines(results):
    """For each goal and placement: (text, wanted, where, median, holds)."""
    for goal in GOALS:
        wanted = (f'>= {goal.least:g}' if goal.least is not None
                  else f'<= {goal.most:g}')
        rows = [figure[0] for figure in (goal.what, goal.of) if figure]
        depends = any(results.depends(row) for row in rows)
        for where in results.placements() if depends else [None]:
            if goal.placement not in (None, where):
                continue
            median, held, count = check_goal(results, goal, where)
            if median is None:
                continue
            verdict = (f'{held} of {count}' if count else
                       'medians: ' + ('yes' if holds(goal, median) else 'no'))
            yield goal.text, wanted, where or '-', f'{median:.2f}', verdict
    for text, found, wanted, held in growth_goals(results):
        yield text, wanted, '-', found, '1 of 1' if held else '0 of 1'


SUMMARY = (
    ('one thread, in and out, 3 B', 'pair/3'),
    ('one thread, in and out, 64 B', 'pair/64'),
    ('one thread, in and out, 1 KiB', 'pair/1024'),
    *((f'1 process to 1, {size_text(size)}', one_to_one('try', size))
      for size in (8, 64, 256, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14,
                   1 << 16, 1 << 18, 1 << 20)),
    ('64 B, waiting calls', one_to_one('waiting', 64)),
    ('2 processes to 2, 64 B', 'throughput/2to2/try/64'),
    ('16 processes to 16, 64 B, waiting', 'throughput/16to16/waiting/64'),
    *((f'8 bytes of {size_text(size)} touched', one_to_one('touched', size))
      for size in (64, 1 << 10, 1 << 16, 1 << 20)),
    *((f'{size_text(size)} written and read whole', one_to_one('whole', size))
      for size in (1 << 16, 1 << 20)),
    ('round trip, polling, 64 B', 'round_trip/polling/64'),
    ('round trip, asleep, 64 B', 'round_trip/sleeping/64'),
)
COLUMNS = {OURS: 'ours', IN_PLACE: 'in place', 'spsc_queue': '`spsc_queue`',
           'message_queue': '`message_queue`', 'cloudtoid': 'cloudtoid v3',
           'iceoryx2': 'iceoryx2', 'iceoryx2_loans': 'iceoryx2, loans'}


def floor(results, row, where):
    """(time, name) of the least that the machine needs; (None, None)."""
    what, *how, size = row.split('/')
    if what in ('pair', 'throughput'):
        names = (('lock cmpxchg', ('lock_cmpxchg/8', FLOOR)),
                 ('memcpy', (f'memcpy/{size}', FLOOR)))
        return max(((results.value(*key, where) or 0, name)
                    for name, key in names))
    if what == 'round_trip':
        name = 'futex' if 'sleeping' in how else 'cache line'
        return (results.value(row, f'{FLOOR}_{name.replace(" ", "_")}', where),
                name)
    return None, None


def summary(results, where):
    """The table for doc/benchmarks.md."""
    lines = []
    for text, row in SUMMARY:
        if row not in results.rows:
            continue
        cells = [ns(results.value(row, channel, where)) for channel in COLUMNS]
        if set(cells) == {'-'}:
            continue
        least, name = floor(results, row, where)
        lines.append((text, *cells, f'{ns(least)}, {name}' if least else '-'))
    return table((results.title(where), *COLUMNS.values(), 'floor'), lines)


def rates_by_size(results, where, prefixes=(
        'throughput/1to1/', 'throughput/2to2/try')):
    """Messages or deliveries in a second, all channels."""
    rows = [row for row in results.rows if row.startswith(prefixes)]
    channels = list(dict.fromkeys(channel for row in rows
                                  for channel in results.rows[row]))
    lines = ((row.split('/', 1)[1], *(
        rate(results.value(row, channel, where)) for channel in channels))
        for row in rows)
    return table((results.title(where), *channels),
                 (line for line in lines if set(line[1:]) != {'-'}))


def all_figures(results, where):
    for row, channels in results.rows.items():
        if row.split('/')[0] == 'segment':
            continue
        for channel in channels:
            times = [figure.time
                     for figure in results.found(row, channel, where)]
            if times and (where is None or results.depends(row)):
                yield (row, channel, ns(statistics.median(times)),
                       ns(min(times)), ns(max(times)), len(times),
                       *(ns(results.value(row, channel, where, None, name))
                         if name in results.found(row, channel, where)[0]
                         .counters else '-' for name in ('p99', 'p99.9')))


def write_markdown(path, results):
    context = results.context
    lines = ['# Results', '',
             f'{context.get("date")}, {context.get("num_cpus")} processors: '
             f'{results.title(None)}. Load {context.get("load_avg")}. '
             f'{len(results.rounds())} rounds.', '',
             'Near and far: a cache line there and back takes less, or not, '
             f'than {NEAR_NS} ns. Its time stands in the tables.', '']
    for key, value in context.items():
        if key.startswith(('absent', 'left_out', 'shared_memory')):
            lines.append(f'- {key}: {value}')
    disturbed = sum(figure.placement == 'disturbed'
                    for found in results.figures.values() for figure in found)
    lines += ['- not used, because the processors moved or were busy: '
              f'{disturbed} figures', '',
              '## Goals', '',
              'Medians of the rounds, and how many rounds reach the goal.', '']
    lines += table((results.title(None), 'wanted', 'placement', 'found',
                    'holds in rounds'), goal_lines(results))
    for where in results.placements() or [None]:
        lines += [f'## Summary, {where}', '', 'Median times.', '']
        lines += summary(results, where)
        lines += [f'## Messages in a second, {where}', '']
        lines += rates_by_size(results, where)
        lines += [f'## Broadcasts: deliveries in a second, {where}', '']
        lines += rates_by_size(results, where, ('broadcast/1to',
                                                'broadcast/2to'))
    for where in (None, *results.placements()):
        lines += [f'## All figures, {where or "independent of the placement"}',
                  '']
        lines += table((results.title(where), 'channel', 'median', 'least',
                        'most', 'figures', 'p99', 'p99.9'),
                       all_figures(results, where))
    if results.errors:
        lines += ['## Not measured', '']
        lines += table((results.title(None), 'channel', 'reason'),
                       ((row, channel, reason) for (row, channel), reason
                        in results.errors.items()))
    path.write_text('\n'.join(lines))


def by_size(results, prefix, where, value):
    curves = collections.defaultdict(list)
    for row, channels in results.rows.items():
        if row.startswith(prefix):
            size = int(row.rsplit('/', 1)[1])
            for channel in channels:
                time = results.value(row, channel, where)
                if time:
                    curves[channel].append((size, value(size, time)))
    return curves


def histograms(path, where):
    """{channel: [(time, fraction)]} of the polling round trips."""
    counts = collections.defaultdict(collections.Counter)
    if path.exists():
        for line in path.read_text().splitlines():
            name, time, count, before, after = line.split('\t')
            row, channel = name.rsplit('/', 1)
            floors = {'floor_before': float(before),
                      'floor_after': float(after)}
            if '/polling/' in row and placement(floors) == where:
                counts[channel][float(time)] += int(count)
    # The few that took very long would squeeze the rest.
    return {channel: [(time, 100 * count / sum(found.values()))
                      for time, count in found.items()
                      if count > sum(found.values()) / 200]
            for channel, found in counts.items()}


def draw_all(out, results):
    plot.draw(out / 'latency.svg', 'Enqueue and dequeue in one thread',
              results.title(None), ('message', 'time, nanoseconds'),
              by_size(results, 'pair/', None, lambda size, time: time))
    for where in results.placements():
        title = results.title(where)
        for kind, text in (('try', 'polling'), ('waiting', 'waiting calls'),
                           ('touched', 'in place, 8 bytes touched')):
            touched = kind == 'touched'
            plot.draw(out / f'throughput_{kind}_{where}.svg',
                      f'1 process to 1, {text}', title,
                      ('message', 'million messages per second' if touched
                       else 'GB per second'),
                      by_size(results, f'throughput/1to1/{kind}/', where,
                              lambda size, time, touched=touched:
                              1e3 / time if touched else size / time))
        plot.draw(out / f'round_trip_polling_{where}.svg',
                  'Round trip of 64 B, polling', title,
                  ('time', 'percent of all round trips'),
                  histograms(out / 'histograms.tsv', where),
                  x_text=plot.ns_text, linear_y=True, dots=False)


def compare(before, after):
    """Prints each row; faster or slower if at least three rounds of each do
    not overlap."""
    then, now = (Results(json.loads(pathlib.Path(path).read_text()))
                 for path in (before, after))
    for name, results in (('before', then), ('after', now)):
        print(f'{name}: {results.title(None)}', *(
            f'{where}: {time:.0f} ns'
            for where, time in results.floors.items()))
    print(f'{"":60} {"":5} {"before":>10} {"after":>10}  after/before')
    for (row, channel), found in now.figures.items():
        for where in (None, 'near', 'far'):
            old, new = ([figure.time for figure in figures
                         if figure.placement == where] for figures in
                        (then.figures.get((row, channel), ()), found))
            if not old or not new:
                continue
            change = ('' if min(len(old), len(new)) < 3 else
                      'faster' if max(new) < min(old) else
                      'slower' if min(new) > max(old) else '')
            old_time, new_time = map(statistics.median, (old, new))
            ratio = f'{new_time / old_time:.2f}' if old_time else '-'
            print(f'{row + "/" + channel:60} {where or "":5} '
                  f'{ns(old_time):>10} {ns(new_time):>10}  {ratio} {change}')


def merge(out):
    """All results of a run; those of PROGRAM.ROUND.json get their round."""
    merged = {'context': {}, 'benchmarks': []}
    for path in sorted(out.glob('*_bench.*.json')):
        part = json.loads(path.read_text())
        merged['context'] = {**part['context'], **merged['context']}
        number = path.name.split('.')[1]
        for entry in part['benchmarks']:
            if number.isdigit():
                entry['round'] = int(number)
        merged['benchmarks'] += part['benchmarks']
    return merged


def main():
    if sys.argv[1] == '--compare':
        compare(*sys.argv[2:4])
        return
    out = pathlib.Path(sys.argv[1])
    merged = merge(out)
    (out / 'results.json').write_text(json.dumps(merged, indent=1))
    results = Results(merged)
    write_markdown(out / 'results.md', results)
    draw_all(out, results)

    print(results.title(None), *(f'{where}: {time:.0f} ns'
                                 for where, time in results.floors.items()))
    if results.context.get('absent_peers'):
        print('absent:', results.context['absent_peers'])
    for text, wanted, where, found, verdict in goal_lines(results):
        print(f'{text:68} {wanted:>9} {where:5} {found:>8}  {verdict}')


if __name__ == '__main__':
    main()
