"""A job that runs as a program, and its console as a client sees it."""
import http.client
import json
import os
import socket
import subprocess
import time

from contract import expect

PATIENCE = 60


class Job:
    def __init__(self, program, *arguments, environment=None, host="127.0.0.1"):
        self.host = host
        self.port = free_port()
        self.process = subprocess.Popen([program, "--console", f"{host}:{self.port}", *arguments],
                                        stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
        until = time.monotonic() + PATIENCE
        self.said = ""
        while "console: http" not in self.said and time.monotonic() < until:
            line = self.process.stderr.readline()
            self.said += line
            if not line:
                break
        expect(f"console: http://{host}:{self.port}\n" in self.said, f"it did not say where the console is: {self.said}")
        wait_until(lambda: self.get("/api/v1/jobs")[1]["jobs"], "the job is not listed")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.read(), dict(response.getheaders())
        finally:
            connection.close()

    def get(self, path, headers=None):
        status, body, _ = self.request("GET", path, headers=headers)
        return status, json.loads(body)

    def post(self, path, body="", headers=None):
        status, answer, _ = self.request("POST", path, body, {"Content-Type": "application/json", **(headers or {})})
        return status, json.loads(answer)

    def stream(self, path, headers=None):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        lines = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode())
        return Events(connection)


class Events:
    """Server-sent events, as they come."""

    def __init__(self, connection):
        self.connection = connection
        self.file = connection.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        while self.file.readline() not in (b"\r\n", b""):
            pass

    def next(self):
        """(name, data) of the next event, or None at the end of the stream."""
        name, data = None, None
        for line in iter(self.file.readline, b""):
            line = line.decode().rstrip("\n")
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                data = json.loads(line[6:])
            elif not line and name:
                return name, data
        return None

    def close(self):
        self.file.close()
        self.connection.close()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def wait_until(condition, message, patience=PATIENCE):
    until = time.monotonic() + patience
    while True:
        try:
            if result := condition():
                return result
        except (ConnectionError, http.client.HTTPException, json.JSONDecodeError, KeyError):
            pass
        expect(time.monotonic() < until, message)
        time.sleep(0.02)
