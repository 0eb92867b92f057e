"""`qrbridge report`: a command for each line of `REPORTS`."""

import json
import sys

import click

from qrbridge.cli.context import Here, Refusing, given, pass_here
from qrbridge.cli.output import say, table
from qrbridge.reports import reports
from qrbridge.reports.reports import Filters, Report, Table
from qrbridge.spreadsheets import cells


@click.group(cls=Refusing)
def report() -> None:
    """Reports of scans and of paper."""


def _command(found: Report) -> click.Command:
    @click.option("--notice", help="Only this notice.")
    @click.option("--ward", help="Only this ward (name or code).")
    @click.option("--from", "first", metavar="DAY", help="First day, as 2026-10-05 or 5/10/2026.")
    @click.option("--to", "last", metavar="DAY", help="Last day, included.")
    @click.option("--format", "form", type=click.Choice(list(FORMS)), default="table", show_default=True)
    @pass_here
    def run(here: Here, /, first: str | None, last: str | None, form: str, **filters: str | None) -> None:
        entered = {**given(**filters), **given(**{"from": first, "to": last})}
        FORMS[form](reports.read(here.store, found, Filters.read(entered)))

    example = f"\b\nExample:\n  qrbridge report {found.name} --from 2026-10-05 --format csv > {found.name}.csv"
    return click.command(found.name, help=f"{found.title}.\n\n{found.meaning}", epilog=example)(run)


def _as_table(shown: Table) -> None:
    columns = shown.columns
    lines = [[reports.shown(row[column.name], column) for column in columns] for row in shown.rows]
    if lines:
        totals = {columns[0].name: "All", **shown.totals}
        lines.append([reports.shown(totals.get(column.name, ""), column) for column in columns])
    say(f"{shown.report.title}. {shown.filters.in_words}\n")
    table(lines, [column.heading for column in columns], [i for i, column in enumerate(columns) if column.is_number])
    say("\n" + "\n".join(shown.notes))


def _as_json(shown: Table) -> None:
    say(json.dumps(reports.as_json(shown), indent=2, ensure_ascii=False))


def _as_csv(shown: Table) -> None:
    cells.write_csv(reports.as_rows(shown), sys.stdout)


FORMS = {"table": _as_table, "csv": _as_csv, "json": _as_json}

for _report in reports.REPORTS.values():
    report.add_command(_command(_report))
