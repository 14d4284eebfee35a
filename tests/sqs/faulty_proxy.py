"""Stands between a program and a real server, and now and then fails as networks and services do."""

import http.client
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class FaultyProxy:
    """Hands requests on to `target`; `rate` of them end in a fault, before or after the target did
    what was asked."""

    def __init__(self, target, seed, rate=0.15):
        self.random, self.lock = random.Random(seed), threading.Lock()
        self.rate, self.faults = rate, 0
        address = urlsplit(target)
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                fault = proxy.pick()
                if fault == "lost":
                    return self.drop()
                if fault == "refused":
                    return self.answer(random.choice((500, 503)), {}, b"<Error/>")
                connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
                connection.request(self.command, self.path, body, dict(self.headers))
                response = connection.getresponse()
                content = response.read()
                connection.close()
                if fault == "unheard":
                    return self.drop()
                headers = {name: value for name, value in response.getheaders() if name.lower()
                           not in ("connection", "content-length", "date", "server",
                                   "transfer-encoding")}
                if fault == "cut":
                    return self.cut(response.status, headers, content)
                self.answer(response.status, headers, content)

            do_GET = do_POST = do_PUT = do_HEAD = handle_any

            def answer(self, status, headers, content, cut=None):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content[:cut])

            def cut(self, status, headers, content):
                self.answer(status, headers, content, len(content) // 2)
                self.drop()

            def drop(self):
                self.close_connection = True
                self.connection.close()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # Killed clients.
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def pick(self):
        """The fault of the next request, if any."""
        with self.lock:
            if self.random.random() >= self.rate:
                return None
            self.faults += 1
            return self.random.choice(("lost", "refused", "unheard", "cut"))

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
