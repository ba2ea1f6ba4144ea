"""A small HTTP client for measuring: ready-made bytes out, one answer in, the connection kept."""

from __future__ import annotations

import itertools
import json
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
PATIENCE = 60  # seconds
HOST = "127.0.0.1"


class Failed(RuntimeError):
    """The site answered something else than was expected; nothing is measured then."""


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        found = re.search(rb"\r\n" + name.encode() + rb": *([^\r]*)", self.head, re.IGNORECASE)
        return found.group(1).decode() if found else ""

    def json(self) -> Any:
        return json.loads(self.body)


def request(path: str, headers: dict[str, str] | None = None, body: bytes = b"", method: str = "GET") -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {HOST}",
        *(f"{key}: {value}" for key, value in (headers or {}).items()),
    ]
    lines += [f"Content-Length: {len(body)}"] if body or method == "POST" else []
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """One keep-alive connection; opened again when the server has closed it meanwhile."""

    def __init__(self, port: int) -> None:
        self.port, self.socket = port, None  # type: int, socket.socket | None

    def close(self) -> None:
        if self.socket:
            self.socket.close()
        self.socket = None

    def send(self, raw: bytes) -> Answer:
        fresh = self.socket is None
        try:
            return self._send(raw)
        except ConnectionError:
            self.close()
            if fresh:
                raise
        return self._send(raw)

    def _send(self, raw: bytes) -> Answer:
        if self.socket is None:
            self.socket = socket.create_connection((HOST, self.port), timeout=PATIENCE)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(raw)
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head, body = data[: end + 2], data[end + 4 :]
        if (length := LENGTH.search(head)) is not None:
            parts, missing = [body], int(length.group(1)) - len(body)
            while missing > 0:
                parts.append(self._more())
                missing -= len(parts[-1])
            body = b"".join(parts)
        elif CHUNKED.search(head):
            while not body.endswith(b"0\r\n\r\n"):
                body += self._more()
            body = _joined(body)
        if b"\r\nconnection: close" in head.lower():
            self.close()
        return Answer(int(head[9:12]), head, body)

    def _more(self) -> bytes:
        assert self.socket
        if not (part := self.socket.recv(262144)):
            raise ConnectionResetError("closed by the server")
        return part


def _joined(chunked: bytes) -> bytes:
    parts = []
    while chunked:
        size, _, rest = chunked.partition(b"\r\n")
        length = int(size, 16)
        parts.append(rest[:length])
        chunked = rest[length + 2 :]
    return b"".join(parts)


@dataclass(frozen=True)
class Target:
    """Where requests go: the n-th one, and which status is right."""

    port: int
    make: Callable[[int], bytes]
    status: tuple[int, ...] = (200,)

    def sent(self, connection: Connection, n: int) -> Answer:
        answer = connection.send(self.make(n))
        if answer.status not in self.status:
            first = self.make(n).partition(b"\r\n")[0].decode()
            raise Failed(f"{first}: {answer.status} {answer.body[:300].decode(errors='replace')}")
        return answer


def always(port: int, path: str, headers: dict[str, str]) -> Target:
    raw = request(path, headers)
    return Target(port, lambda _n: raw)


class Load:
    """So many connections that each send the next request as soon as the last is answered."""

    def __init__(self, target: Target, connections: int = 1) -> None:
        self.target = target
        self.numbers = itertools.count()
        self.connections = [Connection(target.port) for _ in range(connections)]

    def run(self, seconds: float) -> list[float]:
        """The durations of the requests that fit in; at least one for each connection."""
        until, found, failures = time.perf_counter() + seconds, [], []  # type: float, list[float], list[Exception]

        def drive(connection: Connection) -> None:
            times = []
            try:
                while True:
                    begun = time.perf_counter()
                    self.target.sent(connection, next(self.numbers))
                    ended = time.perf_counter()
                    times.append(ended - begun)
                    if ended >= until:
                        break
            except Exception as error:
                failures.append(error)
            found.extend(times)

        if len(self.connections) == 1:
            drive(self.connections[0])
        else:
            threads = [threading.Thread(target=drive, args=[connection]) for connection in self.connections]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        if failures:
            raise failures[0]
        return found

    def close(self) -> None:
        for connection in self.connections:
            connection.close()
