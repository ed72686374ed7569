"""A planar subdivision that looks like a province: counties with shared, uneven borders, grouped into cities.

Counties are the Voronoi cells of relaxed random sites inside a lobed outline. Every border is drawn once, as a
"noisy edge": a line that is displaced again and again inside the quadrilateral of its two ends and the two sites
beside it. The quadrilaterals of different borders do not overlap, so borders never cross; neighbours use the
same points, so there are no gaps. Angles in degrees; the place is open ocean, far from any land.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import Voronoi

from publishing.synthetic.arrays import Floats, Ints

CENTRE = (152.4, 23.6)
DECIMALS = 4
SHORTEST_INLAND = 0.045
SHORTEST_COAST = 0.018

Border = tuple[int, int]
Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Subdivision:
    """Counties by number: `sites` (lon, lat), `city_of` each, and per pair of neighbours the shared line.

    `borders[(a, b)]` is the line between county a < b; -1 stands for the outside. `rings` are the counties'
    outlines, clockwise.
    """

    sites: Floats
    city_of: Ints
    city_count: int
    borders: dict[Border, list[Ring]]
    rings: tuple[Ring, ...]


def build_subdivision(rng: np.random.Generator, *, counties: int, cities: int) -> Subdivision:
    """Draw the counties and group them into connected cities of similar size."""
    sites, inside = _relaxed_sites(rng, counties)
    diagram = Voronoi(sites)
    inside_number = np.full(len(sites), -1)
    inside_number[inside] = np.arange(counties)
    borders: dict[Border, list[Ring]] = {}
    edges_of: list[list[tuple[Border, Ring]]] = [[] for _ in range(counties)]
    for (left, right), (start, end) in zip(diagram.ridge_points, diagram.ridge_vertices, strict=True):
        a, b = sorted((int(inside_number[left]), int(inside_number[right])))
        if b < 0 or start < 0 or end < 0:
            continue
        quad = _quadrilateral(diagram.vertices[start], sites[left], diagram.vertices[end], sites[right])
        shortest = SHORTEST_COAST if a < 0 and _faces_the_sea(quad[0]) else SHORTEST_INLAND
        line = _noisy_line(quad, shortest, rng)
        borders.setdefault((a, b), []).append(line)
        for county in (a, b):
            if county >= 0:
                edges_of[county].append(((a, b), line))
    rings = tuple(clockwise(chained([line for _, line in edges])[0]) for edges in edges_of)
    city_of = _grouped(sites[inside], list(borders), cities, rng)
    return Subdivision(sites[inside], city_of, cities, borders, rings)


def _relaxed_sites(rng: np.random.Generator, counties: int) -> tuple[Floats, Ints]:
    """Random sites made even by two rounds of moving each to the middle of its cell; which ones are the province."""
    lon, lat = CENTRE
    count = int(counties * 2.6)
    sites = np.column_stack(
        [rng.uniform(lon - 4.6, lon + 4.6, count), rng.uniform(lat - 3.7, lat + 3.7, count)]
    )
    for _ in range(2):
        diagram = Voronoi(sites)
        for point, region in enumerate(diagram.point_region):
            corners = diagram.regions[region]
            if corners and -1 not in corners:
                middle = diagram.vertices[corners].mean(axis=0)
                if abs(middle[0] - lon) < 4.6 and abs(middle[1] - lat) < 3.7:
                    sites[point] = 0.35 * sites[point] + 0.65 * middle
    reach = _outline_measure(sites - np.array(CENTRE))
    return sites, np.sort(np.argsort(reach, kind="stable")[:counties])


def _outline_measure(offset: Floats) -> Floats:
    """Below 1 inside a lobed shape with bays; the smallest values make up the province."""
    angle = np.arctan2(offset[:, 1] * 1.15, offset[:, 0])
    radius = np.hypot(offset[:, 0] * 0.86, offset[:, 1] * 1.15)
    lobes = (
        1 + 0.16 * np.cos(2 * angle + 0.6) + 0.10 * np.cos(3 * angle - 1.1) + 0.06 * np.cos(5 * angle + 2.0)
    )
    return np.asarray(radius / lobes)


def _faces_the_sea(point: Floats) -> bool:
    """The sea lies to the south and east; the border towards the neighbours in the north-west is smoother."""
    return bool((point[0] - CENTRE[0]) * 0.8 - (point[1] - CENTRE[1]) > -0.5)


def _quadrilateral(
    start: Floats, left: Floats, end: Floats, right: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """The room a border may wander in: never wider than it is long, or short borders would grow spikes."""
    middle = (start + end) / 2
    length = float(np.hypot(*(end - start)))
    sides = []
    for side in (left, right):
        reach = float(np.hypot(*(side - middle)))
        sides.append(middle + (side - middle) * min(1.0, 0.75 * length / max(reach, 1e-9)))
    return start, sides[0], end, sides[1]


def _noisy_line(
    quad: tuple[Floats, Floats, Floats, Floats], shortest: float, rng: np.random.Generator
) -> Ring:
    """From the first to the third corner of the quadrilateral, wandering towards the second and fourth."""
    points: list[Floats] = [quad[0]]
    _subdivide(quad, shortest, rng, points)
    points.append(quad[2])
    return [(round(float(x), DECIMALS), round(float(y), DECIMALS)) for x, y in points]


def _subdivide(
    quad: tuple[Floats, Floats, Floats, Floats],
    shortest: float,
    rng: np.random.Generator,
    points: list[Floats],
) -> None:
    start, left, end, right = quad
    if np.hypot(*(end - start)) < shortest or np.hypot(*(left - right)) < shortest / 2:
        return
    along, across = rng.uniform(0.35, 0.65), rng.uniform(0.3, 0.7)
    right_side, left_side = _between(start, right, along), _between(left, end, along)
    start_side, end_side = _between(start, left, across), _between(right, end, across)
    middle = _between(right_side, left_side, across)
    first, second = 1 - rng.uniform(-0.3, 0.3), 1 - rng.uniform(-0.3, 0.3)
    _subdivide(
        (start, _between(start_side, left, 1 - first), middle, _between(right_side, right, 1 - second)),
        shortest,
        rng,
        points,
    )
    points.append(middle)
    _subdivide(
        (middle, _between(left_side, end, 1 - second), end, _between(end_side, right, 1 - first)),
        shortest,
        rng,
        points,
    )


def _between(first: Floats, second: Floats, share: float) -> Floats:
    clipped = min(max(share, 0.0), 1.0)
    return np.asarray(first + (second - first) * clipped)


def chained(lines: list[Ring]) -> list[Ring]:
    """Join lines end to end into closed rings, the longest first; each ring ends where it starts."""
    ends: dict[tuple[float, float], list[int]] = {}
    for number, line in enumerate(lines):
        ends.setdefault(line[0], []).append(number)
        ends.setdefault(line[-1], []).append(number)
    unused = set(range(len(lines)))
    rings: list[Ring] = []
    for first in range(len(lines)):
        if first not in unused:
            continue
        unused.remove(first)
        ring = list(lines[first])
        while ring[-1] != ring[0]:
            following = next(number for number in ends[ring[-1]] if number in unused)
            unused.remove(following)
            line = lines[following]
            ring.extend(line[1:] if line[0] == ring[-1] else line[-2::-1])
        rings.append(ring)
    return sorted(rings, key=len, reverse=True)


def signed_area(ring: Ring) -> float:
    """Twice the area enclosed: negative when the ring runs clockwise (longitude right, latitude up)."""
    corners = np.array(ring)
    x, y = corners[:, 0], corners[:, 1]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))


def clockwise(ring: Ring) -> Ring:
    """The same ring, running clockwise: map libraries on d3 fill the whole box otherwise."""
    return ring if signed_area(ring) < 0 else ring[::-1]


def _grouped(sites: Floats, borders: list[Border], groups: int, rng: np.random.Generator) -> Ints:
    """Grow connected groups of neighbours; the smallest group takes the next neighbour."""
    neighbours: list[list[int]] = [[] for _ in sites]
    for a, b in sorted(borders):
        if a >= 0:
            neighbours[a].append(b)
            neighbours[b].append(a)
    group_of = np.full(len(sites), -1)
    seeds = _spread_seeds(sites, groups, rng)
    group_of[seeds] = np.arange(groups)
    appetite = rng.uniform(0.75, 1.35, groups)
    while (group_of < 0).any():
        free_beside = [
            [n for m in np.flatnonzero(group_of == g) for n in neighbours[m] if group_of[n] < 0]
            for g in range(groups)
        ]
        hungry = min(
            (g for g in range(groups) if free_beside[g]),
            key=lambda g: ((group_of == g).sum() / appetite[g], g),
        )
        middle = sites[group_of == hungry].mean(axis=0)
        group_of[min(free_beside[hungry], key=lambda n: (((sites[n] - middle) ** 2).sum(), n))] = hungry
    return group_of


def _spread_seeds(sites: Floats, groups: int, rng: np.random.Generator) -> Ints:
    """Sites far from one another: each next is the farthest from all before it, after a random first."""
    chosen = [int(rng.integers(len(sites)))]
    for _ in range(groups - 1):
        distance = np.min([((sites - sites[c]) ** 2).sum(axis=1) for c in chosen], axis=0)
        chosen.append(int(np.argmax(distance * rng.uniform(0.6, 1.0, len(sites)))))
    return np.array(chosen)


def contains(ring: Ring, points: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which points lie inside the ring (even-odd rule)."""
    corners = np.array(ring)
    x, y = points[:, :1], points[:, 1:]
    x1, y1 = corners[:-1, 0], corners[:-1, 1]
    x2, y2 = corners[1:, 0], corners[1:, 1]
    spans = (y1 > y) != (y2 > y)
    rise = np.where(y2 == y1, 1.0, y2 - y1)
    crossing = spans & (x < (x2 - x1) * (y - y1) / rise + x1)
    return np.asarray(crossing.sum(axis=1) % 2 == 1)


def points_inside(subdivision: Subdivision, area: int, count: int, rng: np.random.Generator) -> Floats:
    """Points spread over a county, denser around its site, all strictly inside its outline."""
    ring = subdivision.rings[area]
    site = subdivision.sites[area]
    spread = np.ptp(np.array(ring), axis=0) * 0.28
    candidates = np.round(site + rng.normal(size=(count * 6 + 12, 2)) * spread, DECIMALS)
    accepted = candidates[contains(ring, candidates)][:count]
    missing = count - len(accepted)
    return np.vstack([accepted, np.tile(np.round(site, DECIMALS), (missing, 1))])
