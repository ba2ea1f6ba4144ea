"""A mail server and a chat's web server on real sockets, for tests: they keep what they were sent."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as a client needs. `before_greeting` and `answer` let a test hold it or make it refuse."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MailTalk)
        self.mails: list[Any] = []
        self.before_greeting: Callable[[], object] = lambda: None
        self.recipient_answer = "250 ok"
        self.calls = 0

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class MailTalk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.calls += 1
        self.server.before_greeting()
        self.say("220 here")
        while line := self.rfile.readline():
            verb = line.split()[0].upper().decode() if line.split() else ""
            if verb == "EHLO":
                self.say("250-here\r\n250 8BITMIME")
            elif verb == "RCPT":
                self.say(self.server.recipient_answer)
            elif verb == "DATA":
                self.say("354 go on")
                self.take()
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.server.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self.say("250 taken")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class Chat(ThreadingHTTPServer):
    """Takes what robots post. `answers` are given in turns, the last one for ever; `before_answer` may hold it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ChatTalk)
        self.posts: list[tuple[str, dict[str, Any]]] = []
        self.types: list[str] = []
        self.answers: list[tuple[int, dict[str, Any]]] = [(200, {"errcode": 0, "errmsg": "ok", "code": 0})]
        self.before_answer: Callable[[], object] = lambda: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class ChatTalk(BaseHTTPRequestHandler):
    server: Chat

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.path, json.loads(content)))
        self.server.types.append(self.headers["Content-Type"])
        self.server.before_answer()
        status, answer = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing on the console."""


def serving(server: Any) -> Any:
    """Start it in a thread; the caller shuts it down, which waits for the server to look up."""
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return server
