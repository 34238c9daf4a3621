"""Quantities such as `500m` and `1Gi` as numbers. Text only, no I/O."""

from __future__ import annotations

from decimal import ROUND_UP, Context, Decimal

from fkube.resource.patterns import compile_later


def quantity(text: str) -> Decimal | None:
    """Read a quantity as a number, exact down to a billionth; None where the text is none.

    Follows `ParseQuantity` of apimachinery: what is smaller is rounded up, what is beyond int64 and has a
    suffix such as `Ei` is cut, and digits may be missing.

    >>> quantity("1.5Ki"), quantity("500m"), quantity("1e3"), quantity("k"), quantity("web")
    (Decimal('1536.0'), Decimal('0.500'), Decimal('1E+3'), Decimal('0E+3'), None)
    """
    found = _QUANTITY.fullmatch(text) if text else None
    sign, number, suffix = found.groups() if found else ("", "", "")
    exponent = _exponent(suffix)
    extreme = exponent is None or exponent < _FINEST or suffix in ("Pi", "Ei")
    if found is None or exponent is None or (extreme and number in ("", ".")):
        return None
    exact = Context(prec=len(text) + 30, rounding=ROUND_UP)
    value = Decimal(f"{sign}0{number}e{exponent}")
    if suffix in _BINARY:
        value = min(max(exact.multiply(value, 2 ** _BINARY[suffix]), -_MOST), _MOST)
    if exponent - len(number.partition(".")[2]) < _FINEST:
        value = exact.quantize(value, Decimal(f"1e{_FINEST}"))
    return value


def _exponent(suffix: str) -> int | None:
    """The power of ten that a suffix stands for, None where it is none; int32 as in Go."""
    found = _EXPONENT.fullmatch(suffix)
    if found is None or abs(int(found[1])) >= 2**63:
        return 0 if suffix in _BINARY else _DECIMAL.get(suffix)
    return (int(found[1]) + 2**31) % 2**32 - 2**31


_FINEST = -9
_MOST = Decimal(2**63 - 1)
# Digits are never given back to what follows: a text that is none is refused in linear time.
_QUANTITY = compile_later(r"([+-]?)([0-9]*+(?:\.[0-9]*+)?+)([eEinumkKMGTP]*+[-+]?[0-9]*+)")
_EXPONENT = compile_later(r"[eE]([+-]?[0-9]{1,30})")
_DECIMAL = {"": 0, "n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
