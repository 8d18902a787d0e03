"""Bytes that are no requests, requests that never end, and more connections than there should be."""
import concurrent.futures
import re
import socket
import time

from contract import expect
from watched import wait_until


def send_raw(job, data, patience=5):
    """What comes back for these bytes, as far as it comes."""
    with socket.create_connection(("127.0.0.1", job.port), timeout=patience) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))
        except OSError:
            return b""


def check_hostility(contract, job, random_source):
    whole = b"POST /api/v1/jobs/1/stop HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n"
    for data, status in (
            (b"\x16\x03\x01\x02\x00", 400), (b"GET / HTTP/9.9\r\n\r\n", 505), (b"GET /\r\n\r\n", 400),
            (b"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400), (b"GET / HTTP/1.1\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400), (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
            (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n", 431), (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 101 + b"\r\n", 431),
            (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n", 413),
            (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400),
            (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411)):
        answer = send_raw(job, data)
        expect(answer.startswith(b"HTTP/1.1 %d " % status), f"{data[:60]} is answered {answer[:60]}, not {status}")
    answer = send_raw(job, b"GET /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3)
    expect(answer.count(b"HTTP/1.1 200 OK") == 3, "three requests at once are not three answers")
    for _ in range(300):
        data = bytearray(whole + b'{"mode":"nothing"}')
        for _ in range(random_source.randrange(1, 8)):
            at = random_source.randrange(len(data))
            data[at:at + random_source.randrange(3)] = random_source.randbytes(random_source.randrange(3))
        answer = send_raw(job, bytes(data))
        expect(not answer or re.match(rb"HTTP/1\.1 [45]\d\d ", answer), f"{bytes(data)} is answered {answer[:80]}")
    expect(job.get("/api/v1/jobs")[1]["jobs"][0]["state"] == "running", "nonsense had an effect")


def check_many(job):
    """50 streams and 40 half-open requests, some of the streams never read: the next request is answered within a second."""
    streams = [job.stream("/api/v1/jobs/1/metrics/stream") for _ in range(50)]
    half_open = [socket.create_connection(("127.0.0.1", job.port)) for _ in range(40)]
    for connection in half_open:
        connection.sendall(b"GET /api/v1/jobs HTTP/1.1\r\nHost: loc")
    worst = 0
    for _ in range(10):
        begin = time.monotonic()
        expect(job.get("/api/v1/jobs")[0] == 200, "a request is refused")
        worst = max(worst, time.monotonic() - begin)
        time.sleep(0.1)
    expect(worst < 1, f"with 90 connections a request took {worst:.2f} s")
    with concurrent.futures.ThreadPoolExecutor(25) as readers:
        looks = list(readers.map(lambda events: [events.next() for _ in range(3)], streams[:25]))
    expect(all(name == "metrics" for of_one in looks for name, _ in of_one), "a stream has stopped")
    flood = [socket.create_connection(("127.0.0.1", job.port)) for _ in range(250)]
    wait_until(lambda: b" 503 " in send_raw(job, b"GET /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\n\r\n"),
               "more connections than are allowed are let in")
    for connection in (*flood, *half_open, *streams):
        connection.close()
    wait_until(lambda: job.get("/api/v1/jobs")[0] == 200, "after a flood nothing is answered")
    return worst
