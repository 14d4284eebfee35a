"""A server between a client and the real one: keeps what was asked, and can get in the way."""

import http.client
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "server", "date"}


class Recorder:
    """Passes requests on to `url`. `interfere(path)` may wait, or return an answer of its own:
    (status, body)."""

    def __init__(self, url, interfere=lambda path: None):
        self.paths = []
        self.interfere = interfere
        target = urllib.parse.urlsplit(url)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.paths.append(self.path)
                own = outer.interfere(self.path)
                if own is not None:
                    return self.answer(own[0], {}, own[1])
                if not hasattr(self, "connection_on"):
                    self.connection_on = http.client.HTTPConnection(target.hostname, target.port)
                self.connection_on.request("GET", self.path, headers=dict(self.headers.items()))
                response = self.connection_on.getresponse()
                return self.answer(response.status, dict(response.getheaders()), response.read())

            def answer(self, status, headers, body):
                self.send_response(status)
                for name, value in headers.items():
                    if name.lower() not in HOP_BY_HOP:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    self.close_connection = True  # The client was killed.

            def finish(self):
                try:
                    super().finish()
                except OSError:
                    pass
                if hasattr(self, "connection_on"):
                    self.connection_on.close()

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def fetched(self):
        """Keys of objects that were asked for, once each: a busy machine makes clients repeat."""
        return sorted({key_of(path) for path in list(self.paths) if key_of(path)})

    def listings(self):
        return [path for path in list(self.paths) if "list-type=2" in path]


def key_of(path):
    """The key of a request for an object, or ""."""
    url = urllib.parse.urlsplit(path)
    return "" if "list-type=2" in url.query else urllib.parse.unquote(url.path).split("/", 2)[2]
