# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Draws curves as SVG, on a light or a dark background as the reader's system
asks for. Every channel has one colour in all plots; ours are in front."""

import math
from xml.sax.saxutils import escape

# name: (on light, on dark, width, dashes). The later ones are drawn in front.
STYLES = {
    'pipe': ('#8a8f98', '#7d848f', 1.5, ''),
    'socketpair': ('#5f6670', '#a3aab5', 1.5, ''),
    'posix_queue': ('#a08a3c', '#b9a45a', 1.5, ''),
    'zeromq': ('#0f8b8d', '#35b5b7', 1.5, ''),
    'iceoryx': ('#8c564b', '#c08a7e', 1.5, ''),
    'iceoryx_loans': ('#c49c94', '#8f6a62', 1.5, '6 3'),
    'iceoryx2': ('#7b3fb5', '#b388e8', 2, ''),
    'iceoryx2_loans': ('#b07cd8', '#8560b0', 2, '6 3'),
    'cloudtoid': ('#d6336c', '#f06595', 2, ''),
    'message_queue': ('#2b8a3e', '#51cf66', 2, ''),
    'spsc_queue': ('#e8710a', '#ffa94d', 2, ''),
    'floor': ('#111111', '#eeeeee', 1.5, '2 3'),
    'floor_cache_line': ('#111111', '#eeeeee', 1.5, '2 3'),
    'floor_futex': ('#555555', '#bbbbbb', 1.5, '2 3'),
    'boost_ipq_waiting': ('#3b9ae1', '#8fd0ff', 3, '2 4'),
    'boost_ipq_batch': ('#0b3d91', '#c5e3ff', 3, '10 4'),
    'boost_ipq_in_place': ('#12a4d9', '#66d9ff', 3.5, '8 4'),
    'boost_ipq': ('#1052cc', '#4c9aff', 4.5, ''),
}
WIDTH, HEIGHT = 900, 560
LEFT, RIGHT, TOP, BOTTOM = 84, 680, 72, 492


def bytes_text(size):
    for unit, factor in (('MiB', 1 << 20), ('KiB', 1 << 10)):
        if size >= factor:
            return f'{size / factor:g} {unit}'
    return f'{size:g} B'


def ns_text(time):
    return f'{time / 1e3:g} µs' if time >= 1e3 else f'{time:g} ns'


def number_text(value):
    return f'{value:g}'


class Axis:
    """A scale from data to pixels; logarithmic unless `linear`."""

    def __init__(self, values, low, high, linear=False):
        self._linear, self._low, self._high = linear, low, high
        least, most = min(values), max(values)
        if linear:
            self._from, self._to = 0, most * 1.05
        else:
            self._from = math.log10(least) - 0.04
            self._to = max(math.log10(most) + 0.04, self._from + 0.3)

    def __call__(self, value):
        at = value if self._linear else math.log10(value)
        part = (at - self._from) / (self._to - self._from)
        return self._low + part * (self._high - self._low)

    def ticks(self):
        if self._linear:
            step = 10 ** math.floor(math.log10(self._to / 2))
            while self._to / step > 8:
                step *= 2
            return [i * step for i in range(int(self._to / step) + 1)]
        marks = (1, 2, 5) if self._to - self._from < 3 else (1,)
        powers = range(math.floor(self._from), math.ceil(self._to))
        return [mark * 10.0 ** power for power in powers for mark in marks
                if self._from <= math.log10(mark) + power <= self._to]


def style_sheet(names):
    def rules(column):
        yield from (f'.{name}{{stroke:{STYLES[name][column]};'
                    f'fill:{STYLES[name][column]}}}' for name in names)
    yield ('<style>text{font:14px sans-serif;stroke:none}.title{font-size:18px;'
           'font-weight:bold}.curve{fill:none!important;stroke-linejoin:round}'
           '.label{stroke:none!important}.ours{font-weight:bold}')
    yield ('.back{fill:#fff}.ink{fill:#1f2328}.grid{stroke:#d0d7de}'
           + ''.join(rules(0)))
    yield ('@media(prefers-color-scheme:dark){.back{fill:#0d1117}'
           '.ink{fill:#e6edf3}.grid{stroke:#30363d}' + ''.join(rules(1))
           + '}</style>')


def axes(x, y, x_ticks, texts, labels):
    labelled = -math.inf
    for tick in x_ticks:
        at = x(tick)
        yield f'<path class="grid" d="M{at:.1f} {TOP}V{BOTTOM}"/>'
        if at - labelled < 56:  # no room for another label
            continue
        labelled = at
        yield (f'<text class="ink" x="{at:.1f}" y="{BOTTOM + 20}" '
               f'text-anchor="middle">{texts[0](tick)}</text>')
    for tick in y.ticks():
        at = f'{y(tick):.1f}'
        yield (f'<path class="grid" d="M{LEFT} {at}H{RIGHT}"/>'
               f'<text class="ink" x="{LEFT - 8}" y="{at}" dy="5" '
               f'text-anchor="end">{texts[1](tick)}</text>')
    yield (f'<text class="ink" x="{(LEFT + RIGHT) / 2}" y="{BOTTOM + 48}" '
           f'text-anchor="middle">{escape(labels[0])}</text>')
    yield (f'<text class="ink" text-anchor="middle" transform="translate(20 '
           f'{(TOP + BOTTOM) / 2}) rotate(-90)">{escape(labels[1])}</text>')


def curve(name, points, x, y, dots):
    width, dashes = STYLES[name][2:]
    line = 'L'.join(f'{x(a):.1f} {y(b):.1f}' for a, b in sorted(points))
    dash = f' stroke-dasharray="{dashes}"' if dashes else ''
    yield (f'<path class="curve {name}" stroke-width="{width}"{dash} '
           f'd="M{line}"/>')
    if dots:
        yield from (f'<circle class="{name}" cx="{x(a):.1f}" cy="{y(b):.1f}" '
                    f'r="{width * 0.9:.1f}"/>' for a, b in points)


def legend(order, where):
    """Names at the right, near the ends of their curves, without overlap."""
    wanted = sorted(order, key=lambda name: where[name])
    at, last = {}, TOP - 20
    for name in wanted:
        last = at[name] = max(where[name], last + 20)
    shift = max(0, last - BOTTOM)
    for name in reversed(wanted):
        at[name] = min(at[name], BOTTOM + 4 if shift else at[name])
        if shift:
            index = wanted.index(name)
            limit = (at[wanted[index + 1]] - 20 if index + 1 < len(wanted)
                     else BOTTOM)
            at[name] = min(at[name], limit)
    for name in order:
        ours = ' ours' if name.startswith('boost_ipq') else ''
        yield (f'<path class="curve {name}" stroke-width="{STYLES[name][2]}" '
               f'd="M{RIGHT + 14} {at[name]:.1f}h22" stroke-dasharray="'
               f'{STYLES[name][3]}"/><text class="label {name}{ours}" '
               f'x="{RIGHT + 42}" y="{at[name]:.1f}" dy="5">{name}</text>')


def draw(path, title, machine, labels, curves, x_text=bytes_text,
         y_text=number_text, linear_y=False, dots=True):
    """Writes a plot of a machine; curves: {channel: [(x, y)]}."""
    curves = {name: curves[name] for name in STYLES
              if len(curves.get(name, ())) > 1}
    if not curves:
        return
    points = [point for found in curves.values() for point in found]
    x = Axis([a for a, _ in points], LEFT, RIGHT)
    y = Axis([b for _, b in points], BOTTOM, TOP, linear_y)
    x_ticks = (sorted({a for a, _ in points if a >= 8})
               if x_text is bytes_text else x.ticks())
    ends = {name: y(max(found)[1]) for name, found in curves.items()}
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} '
             f'{HEIGHT}" width="{WIDTH}" height="{HEIGHT}">',
             *style_sheet(curves),
             f'<rect class="back" width="{WIDTH}" height="{HEIGHT}"/>',
             f'<text class="ink title" x="{LEFT}" y="30">'
             f'{escape(title)}</text>',
             f'<text class="ink" x="{LEFT}" y="52">{escape(machine)}</text>',
             *axes(x, y, x_ticks, (x_text, y_text), labels)]
    for name, found in curves.items():
        parts += curve(name, found, x, y, dots)
    parts += legend(list(curves), ends)
    path.write_text('\n'.join(parts + ['</svg>', '']))
