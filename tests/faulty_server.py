"""A web server on this machine whose answers can go wrong in the ways of real ones."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FaultyServer:
    """Serves `files`; use it as a context manager.

    Attributes
    ----------
    files : dict of str to bytes
        What is given out, by name. May be changed at any time.
    faults : dict of str to list of str
        For each name the faults of its next answers, in turn; then all is well. ``short`` ends
        after half of the promised bytes, ``reset`` breaks the connection there, ``wrong`` changes a
        byte, ``busy`` is status 503, ``page`` a page of HTML with status 200, ``gone`` status 404,
        ``unsized`` ends after half of an answer whose length was not promised, ``stuck`` sends half
        and waits until `free` is set.
    requests : list of (str, int)
        Name, and the first byte that was asked for, of each request.
    ranges : bool
        Whether the server can start in the middle of a file.
    """

    def __init__(self, files, ranges=True):
        self.files, self.ranges = files, ranges
        self.faults, self.requests = {}, []
        self.waiting, self.free = threading.Event(), threading.Event()

    def __enter__(self):
        answer = type("Answer", (_Answer,), {"owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), answer)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *error):
        self.free.set()
        self._server.shutdown()
        self._server.server_close()

    def asked_for(self):
        return [name for name, _ in self.requests]


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: FaultyServer

    def do_HEAD(self):
        self.owner.requests.append((self.path.strip("/"), 0))
        self.send_error(405)

    def do_GET(self):
        owner, name = self.owner, self.path.strip("/").partition("?")[0]
        first = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
        owner.requests.append((name, first))
        faults = owner.faults.get(name, [])
        self._answer(owner.files[name], first, faults.pop(0) if faults else None)

    def _answer(self, content, first, fault):
        if fault in ("busy", "gone"):
            self.send_error(503 if fault == "busy" else 404)
            return
        if fault == "page":
            content, first = b"<html>Please log in</html>", 0
        if fault == "wrong":
            middle = len(content) // 2
            content = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        if not self.owner.ranges:
            first = 0
        if first >= len(content):
            self.send_error(416)
            return
        self.send_response(206 if first else 200)
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        body = content[first:]
        if fault != "unsized":
            self.send_header("Content-Length", str(len(body)))
        half = fault in ("short", "reset", "unsized", "stuck")
        self.close_connection = half
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if half else body)
        if fault == "stuck":
            self.owner.waiting.set()
            self.owner.free.wait(60)
        if fault == "reset":
            # Unread input and no lingering: the peer sees a reset instead of an end.
            import socket
            import struct

            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def log_message(self, *arguments):
        pass
