"""Draws learning curves as SVG text.

`report` calls it. It is written by hand, since a plotting library would be the demo's largest dependency; it knows
lines, two axes and a legend, and nothing of training.
"""

from html import escape

WIDTH, HEIGHT = 620, 330
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 56, 44

Curve = list[tuple[float, float]]


def draw(title: str, groups: list[tuple[str, str, list[Curve]]]) -> str:
    """An SVG of groups (name, colour, curves): curves thin, their mean thick; x in steps, y a share."""
    points = [point for _, _, curves in groups for curve in curves for point in curve]
    if not points:
        return ""
    right = max(x for x, _ in points)
    low = max(0.0, min(y for _, y in points) - 0.02)
    high = min(1.0, max(y for _, y in points) + 0.02)
    if low < 0.5 * high:
        low = 0.0
    step = tick((high - low) / 8)

    def place(x: float, y: float) -> tuple[float, float]:
        across = LEFT + (WIDTH - LEFT - RIGHT) * x / right
        return across, TOP + (HEIGHT - TOP - BOTTOM) * (high - y) / (high - low)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(title)}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="18" font-size="14" font-weight="bold">{escape(title)}</text>',
    ]
    level = step * int(low / step + 0.999)
    while level <= high + 1e-9:
        x, y = place(0, level)
        parts.append(f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#dddddd"/>')
        parts.append(f'<text x="{x - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{100 * level:.0f} %</text>')
        level += step
    stride = tick(right / 6)
    across = 0.0
    while across <= right + 1e-9:
        x, y = place(across, low)
        parts.append(f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{across:.0f}</text>')
        across += stride
    parts.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 8}" text-anchor="middle">gradient steps</text>'
    )
    legend = LEFT
    for name, colour, _ in groups:
        parts.append(f'<line x1="{legend}" y1="36" x2="{legend + 20}" y2="36" stroke="{colour}" stroke-width="3"/>')
        parts.append(f'<text x="{legend + 26}" y="40">{escape(name)}</text>')
        legend += 8 * len(name) + 50
    for _, colour, curves in groups:
        for curve in curves:
            parts.append(line([place(*p) for p in curve], colour, 1, 0.35))
        parts.append(line([place(*p) for p in mean(curves)], colour, 3, 1))
    return "\n".join([*parts, "</svg>"])


def line(points: list[tuple[float, float]], colour: str, width: int, opacity: float) -> str:
    """A polyline."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}" opacity="{opacity}"/>'


def mean(curves: list[Curve]) -> Curve:
    """The mean of curves that share their x."""
    return [(column[0][0], sum(y for _, y in column) / len(column)) for column in zip(*curves, strict=True)]


def tick(rough: float) -> float:
    """The round number (1, 2 or 5 times a power of ten) next above."""
    power = 1.0
    while power > rough:
        power /= 10
    while power * 10 <= rough:
        power *= 10
    return next(power * k for k in (1, 2, 5, 10) if power * k >= rough * 0.999)
