"""A client that asks at a constant rate, whatever the server does: `python -m bench.constant PORT CODES RATE SECONDS`.

Latency runs from the moment a request was due, not from when it could be sent: a server that stalls for 100 ms makes
every request that was due meanwhile late, and a client that waits for answers would never notice.
"""

import json
import select
import socket
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

AGENT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)
CONNECTIONS = 64
# Answers that are still out when the last request was due are waited for so long.
LAST_SECONDS = 5.0
ANSWER_BYTES = 65_536
END_OF_HEAD = b"\r\n\r\n"


@dataclass
class Client:
    """Connections that are free, those that wait for an answer since when it was due, and what was found."""

    port: int
    free: list[socket.socket] = field(default_factory=list)
    waiting: dict[socket.socket, float] = field(default_factory=dict)
    late_ms: list[float] = field(default_factory=list)
    failed: int = 0

    def connect(self) -> None:
        """Open one more connection."""
        connection = socket.create_connection(("127.0.0.1", self.port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.free.append(connection)

    def send(self, request: bytes, due: float) -> None:
        """Send one request on a free connection."""
        connection = self.free.pop()
        self.waiting[connection] = due
        connection.send(request)

    def receive(self, patience: float) -> None:
        """Take the answers that are there, or wait so long for the first."""
        for connection in select.select(self.waiting, (), (), patience)[0]:
            answer = connection.recv(ANSWER_BYTES)
            due = self.waiting.pop(connection)
            self.late_ms.append((time.perf_counter() - due) * 1000)
            if answer.startswith(b"HTTP/1.1 302") and answer.endswith(END_OF_HEAD):
                self.free.append(connection)
            else:
                self.failed += 1
                connection.close()
                self.connect()


def run(client: Client, requests: list[bytes], rate: float, seconds: float) -> float:
    """Send every request when it is due or as soon after as a connection is free; returns the seconds it took."""
    for _ in range(CONNECTIONS):
        client.connect()
    total, turn = int(rate * seconds), cycle(requests)
    start = time.perf_counter() + 0.1
    due = deque(start + number / rate for number in range(total))
    while due:
        now = time.perf_counter()
        while due and due[0] <= now and client.free:
            client.send(next(turn), due.popleft())
        pause = max(0.0, due[0] - time.perf_counter()) if due and client.free else 1.0
        if client.waiting:
            client.receive(pause)
        else:
            time.sleep(pause)
    end = time.perf_counter() + LAST_SECONDS
    while client.waiting and time.perf_counter() < end:
        client.receive(0.1)
    client.failed += len(client.waiting)
    return time.perf_counter() - start


def requests_for(codes: Path) -> list[bytes]:
    """Ready-made requests for each code of a file."""
    head = f"HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {AGENT}\r\nAccept-Language: en-GB\r\n\r\n"
    return [f"GET /{code} {head}".encode() for code in codes.read_text("ascii").split()]


def main(port: str, codes: str, rate: str, seconds: str) -> None:
    """Ask, then print what was found as JSON."""
    client = Client(int(port))
    took = run(client, requests_for(Path(codes)), float(rate), float(seconds))
    late = sorted(client.late_ms)
    found = {
        "requests": len(late),
        "rate": len(late) / took,
        "p50_ms": late[len(late) // 2],
        "p99_ms": late[int(len(late) * 0.99)],
        "failed": client.failed,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
