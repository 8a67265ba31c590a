"""The measures of a slide: in inches, type in points."""

WIDTH, HEIGHT = 13.333, 7.5
MARGIN = 0.62
ROOM = WIDTH - 2 * MARGIN
FOOT = 6.62
"""How far from the top the foot begins."""
SMALLEST = 14
"""The smallest type on a slide: what the last row of a meeting room can read."""
