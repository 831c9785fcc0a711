"""A table or a text file as an HTML page that needs nothing beside it."""

import html
import re
from pathlib import Path

import pandas as pd

STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; margin: 1rem; color: #222 }
table { border-collapse: collapse }
th, td { padding: 0.25rem 0.6rem; border-bottom: 1px solid #ddd; white-space: nowrap }
th { position: sticky; top: 0; background: #fff; text-align: left }
tr:nth-child(even) td { background: #f6f6f6 }
td { text-align: right; font-variant-numeric: tabular-nums }
td.text { text-align: left }
pre { white-space: pre-wrap }
"""

# The exponent has a sign, as pandas writes it, so that no digest passes for a number.
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[+-][0-9]+)?")


def write_page(source: str, output: str) -> None:
    """Write a CSV file as a page with a table, or any other text file as it is.

    Parameters
    ----------
    source : str
        File to show. Numbers of a table are rounded to four digits.
    output : str
        Page to write.
    """
    source = Path(source)
    body = _table(source) if source.suffix == ".csv" else _text(source)
    page = (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{source.name}</title>\n'
        f"<style>{STYLE}</style>\n<p>{html.escape(str(source))}</p>\n{body}\n</html>\n"
    )
    Path(output).write_text(page, encoding="utf-8")


def _table(path: Path) -> str:
    # As text, what is no number stays as it is in the file: the vector `none`, a basin's id.
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    head = "".join(f"<th>{html.escape(name)}</th>" for name in table)
    rows = ("".join(_cell(value) for value in row) for row in table.itertuples(index=False))
    lines = "\n".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table>"


def _cell(value: str) -> str:
    if not NUMBER.fullmatch(value):
        return f'<td class="text">{html.escape(value)}</td>'
    fraction = "." in value or "e" in value
    return f"<td>{f'{float(value):.4g}' if fraction else value}</td>"


def _text(path: Path) -> str:
    return f"<pre>{html.escape(path.read_text(encoding='utf-8'))}</pre>"
