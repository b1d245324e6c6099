"""A page's own colour, made readable on light and on dark ground (WCAG 2.2, 1.4.3)."""

LEAST_CONTRAST = 4.6  # AA asks for 4.5
ROUNDS = 60
LINEAR_UNTIL = 0.04045  # of sRGB
STEP = 0.04
Rgb = tuple[float, float, float]
LIGHT_GROUND: Rgb = (248.0, 249.0, 250.0)
DARK_GROUND: Rgb = (27.0, 30.0, 36.0)


def on_light(colour: str) -> str:
    """The colour, as much darker as it must be for words on light ground."""
    return _readable(colour, LIGHT_GROUND, (0.0, 0.0, 0.0))


def on_dark(colour: str) -> str:
    """The colour, as much lighter as it must be for words on dark ground."""
    return _readable(colour, DARK_GROUND, (255.0, 255.0, 255.0))


def contrast(first: Rgb, second: Rgb) -> float:
    """How well one is read on the other: 1 to 21."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _readable(colour: str, ground: Rgb, towards: Rgb) -> str:
    now = parsed(colour)
    for _ in range(ROUNDS):
        if contrast(now, ground) >= LEAST_CONTRAST:
            break
        mixed = [a + (b - a) * STEP for a, b in zip(now, towards, strict=True)]
        now = (mixed[0], mixed[1], mixed[2])
    return "#" + "".join(f"{round(part):02x}" for part in now)


def parsed(colour: str) -> Rgb:
    """The parts of #rrggbb."""
    red, green, blue = bytes.fromhex(colour.lstrip("#"))
    return float(red), float(green), float(blue)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= LINEAR_UNTIL else ((part + 0.055) / 1.055) ** 2.4
