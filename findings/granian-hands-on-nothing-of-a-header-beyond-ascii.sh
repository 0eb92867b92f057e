#!/usr/bin/env bash
# granian (WSGI) hands on an empty text for a header that holds one byte beyond ASCII, where PEP 3333 has servers hand on
# the bytes as Latin-1, and wsgiref and others do. So an agent or a name with an accent is lost whole, with no warning,
# and looks like a header that was sent empty; one that was not sent at all is absent.
# Seen on 2026-12-01 with granian 2.8.9 and Python 3.11.7.
#
# Output then:
#   granian 2.8.9
#   Caf\xe9      granian: ''   wsgiref: 'Caf\xe9'
#   Caf\xc3\xa9  granian: ''   wsgiref: 'Caf\xc3\xa9'
#   plain        granian: 'plain'   wsgiref: 'plain'
#   (not sent)   granian: absent   wsgiref: absent
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check granian==2.8.9

cat > "$folder/agent_app.py" <<'PYTHON'
def app(environ, start_response):
    agent = environ.get("HTTP_USER_AGENT")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [(ascii(agent) if agent is not None else "absent").encode()]
PYTHON

cat > "$folder/ask.py" <<'PYTHON'
import importlib.metadata
import socket
import subprocess
import sys
import threading
import time
from wsgiref.simple_server import WSGIRequestHandler, make_server

from agent_app import app


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, header):
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + header + b"Connection: close\r\n\r\n")
        return b"".join(iter(lambda: connection.recv(4096), b"")).rpartition(b"\r\n\r\n")[2].decode()


def wait_for(port):
    for _ in range(600):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


port = free_port()
command = [sys.executable, "-m", "granian", "agent_app:app", "--interface", "wsgi", "--port", str(port), "--no-log"]
granian = subprocess.Popen(command)
reference = make_server("127.0.0.1", 0, app, handler_class=Quiet)
threading.Thread(target=reference.serve_forever, daemon=True).start()
try:
    wait_for(port)
    print("granian", importlib.metadata.version("granian"))
    sent = {
        r"Caf\xe9": b"User-Agent: Caf\xe9\r\n",
        r"Caf\xc3\xa9": "User-Agent: Caf\u00e9\r\n".encode(),
        "plain": b"User-Agent: plain\r\n",
        "(not sent)": b"",
    }
    seen = {name: (ask(port, header), ask(reference.server_port, header)) for name, header in sent.items()}
    for name, (ours, theirs) in seen.items():
        print(f"{name:<12} granian: {ours}   wsgiref: {theirs}")
    as_written = {
        r"Caf\xe9": ("''", r"'Caf\xe9'"),
        r"Caf\xc3\xa9": ("''", r"'Caf\xc3\xa9'"),
        "plain": ("'plain'", "'plain'"),
        "(not sent)": ("absent", "absent"),
    }
    sys.exit(0 if seen == as_written else "granian behaves otherwise than written here")
finally:
    granian.terminate()
    granian.wait(60)
    reference.shutdown()
PYTHON

cd "$folder"
venv/bin/python ask.py
