"""A table or a text file as an HTML page that needs nothing beside it."""

import html
import re
from pathlib import Path

import docutils.core
import pandas as pd

from randvec.formatting import p_value, with_interval

STYLE = """
body { font: 13px/1.4 system-ui, sans-serif; margin: 1rem; color: #222 }
table { border-collapse: collapse }
th, td { padding: 0.2rem 0.4rem; border-bottom: 1px solid #ddd; white-space: nowrap }
th { position: sticky; top: 0; background: #fff; text-align: left; white-space: normal }
tr:nth-child(even) td { background: #f6f6f6 }
td { text-align: right; font-variant-numeric: tabular-nums }
td.text { text-align: left }
td.long { white-space: normal; min-width: 15rem }
pre { white-space: pre-wrap }
.words { max-width: 60rem; font-size: 14px }
.words table, .words th, .words td { text-align: left; border-left: 0; border-right: 0 }
"""

# The exponent has a sign, as pandas writes it, so that no digest passes for a number.
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[+-][0-9]+)?")
INTERVAL = "[95\N{NO-BREAK SPACE}%]"
LONG = 32  # characters, from which on a text runs over several lines, and a digest is cut


def write_page(source: str, output: str) -> None:
    """Write a table (CSV), a text with markup (reStructuredText) or any other text as a page.

    Of a table the page shows what one reads: numbers are rounded, a median stands in one cell with
    its interval, and columns that are the same in all rows stand above it.

    Parameters
    ----------
    source : str
        File to show.
    output : str
        Page to write.
    """
    source = Path(source)
    body = {".csv": _table, ".rst": _words}.get(source.suffix, _text)(source)
    page = (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{source.name}</title>\n'
        f"<style>{STYLE}</style>\n<p>{html.escape(str(source))}</p>\n{body}\n</html>\n"
    )
    Path(output).write_text(page, encoding="utf-8")


def _table(path: Path) -> str:
    # As text, what is no number stays as it is in the file: the vector `none`, a basin's id.
    table = _with_intervals(pd.read_csv(path, dtype=str, keep_default_na=False))
    same = [name for name in table if len(table) > 1 and table[name].nunique() == 1]
    said = "; ".join(f"{name} {_shown(name, table[name].iloc[0])}" for name in same)
    above = f"<p>The same in all rows: {html.escape(said)}.</p>\n" if same else ""
    table = table.drop(columns=same)
    head = "".join(f"<th>{_breakable(name)}</th>" for name in table)
    rows = (zip(table, row, strict=True) for row in table.itertuples(index=False))
    lines = "\n".join(f"<tr>{''.join(_cell(*named) for named in row)}</tr>" for row in rows)
    return f"{above}<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table>"


def _with_intervals(table: pd.DataFrame) -> pd.DataFrame:
    """The table with each median and the two ends of its interval in one column."""
    for name in [name for name in table if name.endswith("_median")]:
        ends = [name.replace("_median", end) for end in ("_low", "_high")]
        if set(ends) <= set(table):
            cells = zip(*(table[column] for column in (name, *ends)), strict=True)
            table[name] = [_interval(*cell) for cell in cells]
            table = table.drop(columns=ends).rename(columns={name: f"{name} {INTERVAL}"})
    return table


def _interval(median: str, low: str, high: str) -> str:
    if not median:
        return ""
    return with_interval(*(float(each or "nan") for each in (median, low, high)))


def _breakable(name: str) -> str:
    return html.escape(name).replace("_", "_<wbr>")


def _cell(name: str, value: str) -> str:
    if NUMBER.fullmatch(value):
        return f"<td>{html.escape(_shown(name, value))}</td>"
    if len(value) <= LONG:
        kind = "" if name.endswith(INTERVAL) else ' class="text"'
        return f"<td{kind}>{html.escape(value)}</td>"
    if " " in value:
        return f'<td class="text long">{html.escape(value)}</td>'
    return f'<td class="text" title="{html.escape(value)}">{html.escape(value[:10])}…</td>'


def _shown(name: str, value: str) -> str:
    """A value, rounded if it is a number with a fraction."""
    if not NUMBER.fullmatch(value) or not ("." in value or "e" in value):
        return value
    if name.startswith("p_"):
        return p_value(float(value))
    return f"{float(value):.4g}" if abs(float(value)) < 1e4 else f"{float(value):.0f}"


def _words(path: Path) -> str:
    parts = docutils.core.publish_parts(path.read_text(encoding="utf-8"), writer="html")
    return f'<div class="words">{parts["body"]}</div>'


def _text(path: Path) -> str:
    return f"<pre>{html.escape(path.read_text(encoding='utf-8'))}</pre>"
