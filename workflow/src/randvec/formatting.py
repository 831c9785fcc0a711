"""Numbers as figures and the report print them."""

import math

NOTHING = "–"  # for what is undefined


def number(value: float, digits: int = 2) -> str:
    """A number with a true minus sign, also where it rounds to zero; a dash where undefined."""
    return NOTHING if math.isnan(value) else f"{value:.{digits}f}".replace("-", "−")


def signed(value: float, digits: int = 2) -> str:
    """A difference with its sign, a dash where it is undefined; what rounds to zero is +0."""
    text = NOTHING if math.isnan(value) else f"{value:+z.{digits}f}"
    return text.replace("-", "−")


def with_interval(value: float, low: float, high: float) -> str:
    """A value to three digits with the ends of its interval: ``0.012 [0.008, 0.014]``."""
    return f"{number(value, 3)} [{number(low, 3)}, {number(high, 3)}]"


def p_value(value: float) -> str:
    """A p-value to three digits, and none smaller than 0.001."""
    return "< 0.001" if value < 0.001 else number(value, 3)


def equation(value: float) -> str:
    """A p-value with its p: ``p = 0.250``, ``p < 0.001``."""
    printed = p_value(value)
    return f"p {printed}" if printed.startswith("<") else f"p = {printed}"
