"""nginx answering `return 302`, without root, in a folder of its own."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from bench.installation import DESTINATION
from bench.processes import Served, free_port, serving

# Debian keeps it where only root's PATH looks.
PLACES = "/usr/sbin:/usr/local/sbin:/sbin:/opt/homebrew/bin"
MISSING = "nginx is not installed, so it is not compared with; Debian's package `nginx-light` brings it."

# By default nginx ends a connection after 1,000 requests; the others here never do.
CONFIGURATION = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log crit;
events {{ worker_connections 1024; }}
http {{
    access_log {log};
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            add_header Cache-Control no-store always;
            add_header Referrer-Policy no-referrer always;
            return 302 {destination};
        }}
    }}
}}
"""


def program() -> str | None:
    """Where nginx is, None where it is not installed."""
    return shutil.which("nginx") or shutil.which("nginx", path=PLACES)


@contextlib.contextmanager
def nginx(folder: Path, *, logging: bool) -> Iterator[Served]:
    """nginx for as long as the block runs, writing its usual line for each request if `logging`."""
    place = folder / f"nginx-{'log' if logging else 'plain'}"
    place.mkdir()
    port = free_port()
    log = f"{place}/access.log combined" if logging else "off"
    text = CONFIGURATION.format(folder=place, port=port, log=log, destination=DESTINATION)
    file = place / "nginx.conf"
    file.write_text(text, "utf-8")
    command = [program() or "nginx", "-e", f"{place}/nginx-error.log", "-p", str(place), "-c", str(file)]
    with serving(command, port, place / "output.log") as served:
        yield served
