"""`qrbridge demo`: the whole bridge on a real council's open data."""

import os

import click

from qrbridge import codes
from qrbridge import settings as boot
from qrbridge.cli import serving
from qrbridge.cli.context import Here, pass_here
from qrbridge.cli.output import progress, say, table
from qrbridge.reports import reports
from qrbridge.reports.reports import Filters
from qrbridge.settings import MAX_PORT
from qrbridge.store import Row, Store

ATTRIBUTION = (
    "Contains public sector information licensed under the Open Government Licence v3.0. Contains OS data © Crown "
    "copyright and database right. Contains Royal Mail data © Royal Mail copyright and database right. Contains "
    "National Statistics data. Contains Transport for Greater Manchester data."
)
LOCATIONS = 120
BUSIEST = 10
# What fits a terminal of 80 columns beside the longest names.
SUMMARY = ("name", "ward", "scans", "scans_per_100_days")


@click.command(epilog="\b\nExamples:\n  qrbridge demo\n  qrbridge demo --no-serve")
@click.option("--port", type=click.IntRange(1, MAX_PORT), default=8000, show_default=True)
@click.option("--no-serve", is_flag=True, help="Stop before serving.")
@pass_here
def demo(here: Here, /, port: int, no_serve: bool) -> None:
    """Make 120 posters for 120 real places in Trafford, simulate four weeks of scans, and serve it all.

    Lives in the folder demo of the instance folder and touches nothing outside it.
    """
    # Imported here: the press takes longer to load than `--help` should take.
    from qrbridge.demo import demonstration

    for setting in boot.SETTINGS:
        os.environ.pop(setting.variable, None)
    settings = demonstration.settings_for(here.instance / "demo")
    with progress(LOCATIONS, "Printing and proving posters") as bar:
        store, made = demonstration.make(settings, bar.update)
    run = made.run
    say(f"\n{run.sheets} posters in {run.pdf}, each with its own code, every one rendered and decoded.")
    say(f"Each {run.proof.reads_from}.")
    say(f"Which page hangs where: {run.pages}")
    say(f"What to hang, with a code to say that it is up: {run.files[2]}\n")
    _summary(store)
    say(f"\n{ATTRIBUTION}\n")
    store.close()
    if no_serve:
        say("`qrbridge demo` serves it.")
        return
    _links_to_try(made.to_try, f"http://127.0.0.1:{port}")
    _people_to_be(demonstration.PEOPLE, demonstration.PASSWORD, f"http://127.0.0.1:{port}")
    serving.run(serving.with_values(settings, port=port))


def _links_to_try(rows: list[Row], address: str) -> None:
    say("Try these here; each opens a page of Trafford's own website:")
    for row in rows:
        say(f"  {address}/{row['code'].lower()}  {codes.spoken(row['code'])}  {row['name']}, {row['ward']}")
    say(f"Report: {address}/staff/reports/scans-by-location\nHealth: {address}/health\n")


def _people_to_be(people: dict[str, str], password: str, address: str) -> None:
    say(f"Staff: {address}/staff with the password “{password}” as one of")
    for email in people.values():
        say(f"  {email}")
    say()


def _summary(store: Store) -> None:
    shown = reports.read(store, reports.find("scans-by-location"), Filters.read({}))
    columns = [column for column in shown.columns if column.name in SUMMARY]
    busiest = sorted(shown.rows, key=lambda row: -row["scans"])[:BUSIEST]
    lines = [[reports.shown(row[column.name], column) for column in columns] for row in busiest]
    totals = {**shown.totals, "name": f"All {len(shown.rows)} locations"}
    lines.append([reports.shown(totals.get(column.name, ""), column) for column in columns])
    say(f"The {BUSIEST} locations with most scans:\n")
    table(lines, [column.heading for column in columns], [i for i, column in enumerate(columns) if column.is_number])
    silent = sum(not row["scans"] for row in shown.rows)
    say(f"\n{silent} locations had no scan. {shown.notes[0]}")
