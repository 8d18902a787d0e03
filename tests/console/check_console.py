#!/usr/bin/env python3
"""Holds a running job's console against its contract (src/console/api.yaml), and is hostile to it.

Usage: check_console.py PROGRAM SOURCE-FOLDER

Starts PROGRAM (watched_job) several times. Every answer must be as the contract describes it: no field missing, none that is
not described, every type right. The seed of what is random is printed; CONSOLE_SEED replays it.
"""
import http.client
import json
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

from contract import Contract, Failed, expect
from hostility import check_hostility, check_many
from prometheus import check_prometheus
from watched import PATIENCE, Job, free_port, wait_until

TOKEN = "a-token-of-the-tests-0123456789"


def check_answers(contract, job):
    for path, methods in contract.file["paths"].items():
        if "get" not in methods or path == "/metrics" or path.endswith(("/stream", "/tap")):
            continue
        status, answer = job.get(path.replace("{job}", "1").replace("{vertex}", "1"))
        expect(status == 200, f"{path} answers {status}: {answer}")
        contract.check(answer, contract.schema_of(path, "get", 200), path)
    _, graph = job.get("/api/v1/jobs/1/graph")
    names = [vertex["name"] for vertex in graph["vertices"]]
    expect(names[:3] == ["ticket office", "check", "time of sale"], f"the graph has {names}")
    _, plan = job.get("/plan.json")
    expect([source["name"] for source in plan["sources"]] == ["ticket office"], f"the sources are {plan['sources']}")
    expect({sink["name"] for sink in plan["sinks"]} == {"regular customers", "board"}, f"the sinks are {plan['sinks']}")
    expect({"from": "time of sale", "to": "ticket counter", "grouping": "fields"} in plan["edges"], f"{plan['edges']}")


def check_streams(contract, job):
    events = job.stream("/api/v1/jobs/1/metrics/stream")
    seen = [events.next() for _ in range(4)]
    events.close()
    expect(all(name == "metrics" for name, _ in seen), "a stream of metrics has other events")
    for _, look in seen:
        contract.check(look, {"$ref": "#/components/schemas/Metrics"}, "a look")
    sequences = [look["sequence"] for _, look in seen]
    expect(sequences == list(range(sequences[0], sequences[0] + 4)), f"the looks are not one after the other: {sequences}")
    look = seen[-1][1]
    rate = look["vertices"][0]["rate_out"]
    expect(10_000 < rate < 30_000, f"20,000 tickets a second are shown as {rate}")
    total = sum(look["vertices"][0]["shares"].values())
    expect(0.8 < total < 1.2, f"the shares of time add up to {total}")
    counter = next(vertex for vertex in look["vertices"] if vertex["state_rows"])
    expect(counter["state_rows"] <= 1000 and counter["state_bytes"] > 1000, f"1,000 customers are {counter}")
    expect(look["vertices"][1]["failed"] > 0, "no forged ticket was counted")
    expect(any(vertex["late"] > 0 for vertex in look["vertices"]), "no late ticket was counted")
    expect(any(edge["rate"] for edge in look["edges"]), "no edge has a rate")


def check_tap(contract, job):
    _, graph = job.get("/api/v1/jobs/1/graph")
    edge = next(edge for edge in graph["edges"] if edge["grouping"] == "fields")
    events = job.stream(f"/api/v1/jobs/1/edges/{edge['id']}/tap")
    name, sample = events.next()
    events.close()
    expect(name == "sample", f"a tap sends {name}")
    contract.check(sample, {"$ref": "#/components/schemas/TapSample"}, "a sample")
    expect(sample["passed"] >= len(sample["shown"]) > 0, f"a sample of nothing: {sample}")
    ticket = sample["shown"][0]
    expect(ticket["event"]["customer"] == ticket["event"]["number"] % 1000, f"this is no ticket: {ticket}")
    expect(ticket["event_time_ms"] == ticket["event"]["time"], f"the times differ: {ticket}")
    fused = next(edge for edge in graph["edges"] if not edge["tappable"])
    expect(job.get(f"/api/v1/jobs/1/edges/{fused['id']}/tap")[0] == 409, "an edge inside a loop can be tapped")
    expect(job.get("/api/v1/jobs/1/edges/99/tap")[0] == 404, "an edge that is not there can be tapped")


def check_refused_events(contract, job):
    """Of those a vertex could not use, the last ten, with the reason."""
    _, graph = job.get("/api/v1/jobs/1/graph")
    vertices = {vertex["name"]: vertex["id"] for vertex in graph["vertices"]}

    def refused(name):
        _, answer = job.get(f"/api/v1/jobs/1/vertices/{vertices[name]}/refused")
        contract.check(answer, {"$ref": "#/components/schemas/RefusedEventList"}, name)
        return answer["refused"]

    bad = wait_until(lambda: len(refused("check")) == 10 and refused("check"), "there are not ten samples of bad events")
    for one in bad:
        expect(one["kind"] == "bad" and one["reason"] == "this ticket is forged", f"it is no forged ticket: {one}")
        expect(one["event"]["number"] % 100 == 50 and one["event_time_ms"] is None, f"it is no forged ticket: {one}")
    expect([one["time_ms"] for one in bad] == sorted((one["time_ms"] for one in bad), reverse=True), "not newest first")
    late = wait_until(lambda: len(refused("sales")) == 10 and refused("sales"), "there are not ten samples of late events")
    for one in late:
        expect(one["kind"] == "late" and one["event"]["number"] % 50 == 49, f"it is no late ticket: {one}")
        expect(one["event_time_ms"] == one["event"]["time"], f"the times differ: {one}")
        expect(one["event_time_ms"] < one["watermark_ms"] - 1000, f"it is not late: {one}")
    expect(refused("ticket counter") == [], "a vertex has samples that refused nothing")
    newest = lambda: max(one["event"]["number"] for one in refused("check"))
    seen = newest()
    wait_until(lambda: newest() > seen, "samples stay those of the beginning")


def check_experiments(contract, program):
    """One that is undone, and a crash that is recovered from, with checkpoints in memory."""
    with Job(program, "--checkpoint-dir", ":memory:", "--checkpoint-interval", "200ms", "--tickets", "20000") as job:
        def experiment(number):
            _, answer = job.get("/api/v1/jobs/1/experiments")
            contract.check(answer, {"$ref": "#/components/schemas/ExperimentList"}, "experiments")
            return answer["experiments"][number]

        def sentence_is(kinds):
            return lambda: job.get("/api/v1/jobs/1/metrics")[1]["sentence"]["kind"] in kinds

        expect(job.get("/api/v1/jobs/1")[1]["controls"] == ["rescale", "drain", "cancel"], "a job can go on from what is in memory")
        expect(job.post("/api/v1/jobs/1/savepoint")[0] == 409, "a savepoint in memory is taken")
        expect(job.post("/api/v1/jobs/1/stop", '{"mode":"suspend"}')[0] == 409, "a job is suspended into memory")
        status, answer = job.post("/api/v1/jobs/1/experiments/0/begin")
        expect(status == 202, f"an experiment is answered {status}: {answer}")
        contract.check(answer, {"$ref": "#/components/schemas/Accepted"}, "begin")
        expect(experiment(0)["under_way"] and experiment(0)["begun"] == 1, f"it has not begun: {experiment(0)}")
        expect(job.post("/api/v1/jobs/1/experiments/0/begin")[0] == 409, "an experiment begins twice")
        wait_until(sentence_is(("bottleneck", "outside")), "a slow board is not named", 10)
        expect(job.post("/api/v1/jobs/1/experiments/0/end")[0] == 202, "an experiment cannot be ended")
        expect(not experiment(0)["under_way"], f"it has not ended: {experiment(0)}")
        wait_until(lambda: job.get("/api/v1/jobs/1/metrics")[1]["checkpoints"]["completed"] > 0, "there is no checkpoint")
        expect(job.post("/api/v1/jobs/1/experiments/1/begin")[0] == 202, "a crash cannot be asked for")
        wait_until(lambda: job.get("/api/v1/jobs/1")[1]["restarts"] == 1, "the job has not begun again")
        wait_until(lambda: job.get("/api/v1/jobs/1")[1]["state"] == "running", "the job does not run")
        failures = job.get("/api/v1/jobs/1/exceptions")[1]["exceptions"]
        expect(len(failures) == 1 and "'ticket counter'" in failures[0]["message"] and failures[0]["restarted"], f"{failures}")
        lines = [line["text"] for line in job.get("/api/v1/jobs/1/log")[1]["lines"]]
        expect("experiment 'slow the board' has ended" in lines, f"the log does not tell of it: {lines}")
        job.process.send_signal(signal.SIGINT)
        expect(job.process.wait(PATIENCE) == 0, "the job is not drained")


def check_refusals(contract, job):
    for method, path, expected, headers in (
            ("GET", "/api/v1/jobs/2", 404, {}), ("GET", "/api/v2/jobs", 404, {}), ("GET", "/nothing", 404, {}),
            ("GET", "/..%2f..%2fetc/passwd", 404, {}), ("DELETE", "/api/v1/jobs/1", 405, {}),
            ("GET", "/api/v1/jobs/1/cancel", 405, {}), ("POST", "/api/v1/jobs/1/graph", 405, {}),
            ("GET", "/api/v1/jobs/1/log?after=x", 400, {}), ("GET", "/%zz", 400, {}),
            ("GET", "/api/v1/jobs/1/vertices/99/refused", 404, {}), ("GET", "/api/v1/jobs/1/vertices/x/refused", 404, {}),
            ("POST", "/api/v1/jobs/1/vertices/1/refused", 405, {}), ("POST", "/api/v1/jobs/1/experiments", 405, {}),
            ("GET", "/api/v1/jobs/1/experiments/1/begin", 405, {}), ("POST", "/api/v1/jobs/1/experiments/2/begin", 404, {}),
            ("POST", "/api/v1/jobs/1/experiments/-1/begin", 404, {}), ("POST", "/api/v1/jobs/1/experiments/0/end", 409, {}),
            ("POST", "/api/v1/jobs/1/experiments/1/end", 409, {}), ("POST", "/api/v1/jobs/1/experiments/0/stop", 404, {}),
            ("POST", "/api/v1/jobs/1/experiments/1/begin", 403, {"Origin": "http://evil.example"}),
            ("POST", "/api/v1/jobs/1/experiments/1/begin", 415, {"Content-Type": "text/plain"}),
            ("GET", "/api/v1/jobs", 403, {"Host": "evil.example:80"}),
            ("GET", "/api/v1/jobs", 403, {"Origin": "http://evil.example"}),
            ("GET", "/api/v1/jobs", 403, {"Sec-Fetch-Site": "cross-site"}),
            ("POST", "/api/v1/jobs/1/cancel", 403, {"Origin": "http://evil.example"}),
            ("POST", "/api/v1/jobs/1/cancel", 403, {"Origin": "null"}),
            ("POST", "/api/v1/jobs/1/cancel", 403, {"Origin": f"http://localhost:{job.port + 1}"}),
            ("POST", "/api/v1/jobs/1/cancel", 403, {"Sec-Fetch-Site": "same-site"}),
            ("POST", "/api/v1/jobs/1/cancel", 415, {"Content-Type": "text/plain"}),
            ("POST", "/api/v1/jobs/1/stop", 400, {})):
        headers = {"Content-Type": "application/json", **headers}
        status, body, _ = job.request(method, path, "{}" if method == "POST" else None, headers)
        expect(status == expected, f"{method} {path} {headers} answers {status}, not {expected}")
        contract.check(json.loads(body), {"$ref": "#/components/schemas/Problem"}, path)
    expect(job.get("/api/v1/jobs")[1]["jobs"][0]["state"] == "running", "a refused request had an effect")
    _, answer = job.get("/api/v1/jobs/1/experiments")
    expect(all(one["begun"] == 0 for one in answer["experiments"]), f"a refused request began an experiment: {answer}")
    _, _, headers = job.request("GET", "/api/v1/jobs")
    expect("default-src 'none'" in headers["Content-Security-Policy"], "there is no strict content security policy")
    expect("Access-Control-Allow-Origin" not in headers, "pages of other origins may read")


def check_quiet(job, watchers):
    """While so many look, the console's thread takes less than 1 % of the process' time."""
    def seconds(task):
        return int((task / "schedstat").read_text().split()[0]) / 1e9

    tasks = list(pathlib.Path(f"/proc/{job.process.pid}/task").iterdir())
    console = [task for task in tasks if (task / "comm").read_text().startswith("console")]
    expect(len(console) == 1, f"{len(console)} threads are called console")
    streams = [job.stream("/api/v1/jobs/1/metrics/stream") for _ in range(watchers)]
    before = seconds(console[0]), sum(seconds(task) for task in tasks)
    time.sleep(6)
    after = seconds(console[0]), sum(seconds(task) for task in tasks)
    for events in streams:
        events.close()
    share = (after[0] - before[0]) / max(after[1] - before[1], 1e-9)
    most = float(os.environ.get("CONSOLE_SHARE", "0.01"))  # under a sanitizer it says little
    expect(0 < share < most, f"while {watchers} look, the console's thread takes {share:.1%} of the job's time")
    return share


def check_under_load(program):
    """All of that while the job takes all the processor time there is: 50 streams, and nobody is kept waiting."""
    with Job(program, "--tickets", "0") as job:
        worst = check_many(job)
        share = check_quiet(job, 50)
        job.process.send_signal(signal.SIGINT)
        expect(job.process.wait(PATIENCE) == 0, "a job under load is not drained")
    return worst, share


def check_rescaling(contract, job):
    _, graph = job.get("/api/v1/jobs/1/graph")
    status, answer = job.post("/api/v1/jobs/1/rescale", '{"vertices":[{"vertex":"nobody","parallelism":2}]}')
    expect(status == 409 and "nobody" in json.dumps(answer), f"rescaling nobody is answered {status}: {answer}")
    for body in ("", "{}", '{"vertices":[]}', '{"vertices":[{"vertex":"x","parallelism":"2"}]}'):
        status, answer = job.post("/api/v1/jobs/1/rescale", body)
        expect(status == 400, f"rescaling by '{body}' is answered {status}: {answer}")
    count = next(vertex for vertex in graph["vertices"] if vertex["name"] == "ticket counter")
    wanted = count["parallelism"] + 1
    body = json.dumps({"vertices": [{"vertex": count["name"], "parallelism": wanted}]})
    status, answer = job.post("/api/v1/jobs/1/rescale", body)
    expect(status == 202, f"rescaling is answered {status}: {answer}")
    contract.check(answer, {"$ref": "#/components/schemas/Accepted"}, "rescale")

    def rescaled():
        _, now = job.get("/api/v1/jobs/1/graph")
        contract.check(now, {"$ref": "#/components/schemas/Graph"}, "graph")
        return now["revision"] > graph["revision"] and now["vertices"][count["id"]]["parallelism"] == wanted

    wait_until(rescaled, "the job was not rescaled")
    _, metrics = job.get("/api/v1/jobs/1/metrics")
    contract.check(metrics, {"$ref": "#/components/schemas/Metrics"}, "metrics of a rescaled job")


def check_controls(contract, job):
    status, answer = job.post("/api/v1/jobs/1/savepoint")
    expect(status == 202, f"a savepoint is answered {status}: {answer}")
    contract.check(answer, {"$ref": "#/components/schemas/Accepted"}, "savepoint")

    def savepoint():
        _, answer = job.get("/api/v1/jobs/1/checkpoints")
        contract.check(answer, {"$ref": "#/components/schemas/CheckpointList"}, "checkpoints")
        return [one for one in answer["checkpoints"] if one["kind"] == "savepoint" and one["status"] == "complete"]

    taken = wait_until(savepoint, "no savepoint was taken")[0]
    expect(taken["tasks"] and taken["bytes"] > 0, f"a savepoint of nothing: {taken}")
    expect(all(task["async_us"] is not None for task in taken["tasks"]), f"a task has not written: {taken}")
    watched = job.stream("/api/v1/jobs/1/metrics/stream")
    status, answer = job.post("/api/v1/jobs/1/stop", '{"mode":"suspend"}')
    expect(status == 202, f"suspending is answered {status}: {answer}")
    last = None
    while event := watched.next():
        last = event
    expect(last and last[0] == "end" and last[1]["state"] == "suspended", f"the last words were {last}")
    contract.check(last[1], {"$ref": "#/components/schemas/Job"}, "the end")
    expect(job.process.wait(PATIENCE) == 0, "a suspended job is a failed program")


def check_token(program, folder):
    token = folder / "token"
    token.write_text(TOKEN + "\n")
    with Job.__new__(Job) as job:
        job.host, job.port = "0.0.0.0", free_port()
        job.process = subprocess.Popen([program, "--console", f"0.0.0.0:{job.port}", "--console-token", str(token)],
                                       stderr=subprocess.PIPE, text=True)
        wait_until(lambda: job.get("/api/v1/jobs")[0] == 401, "without a token something is answered")
        for headers in ({"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": TOKEN}, {"Authorization": "Bearer "}):
            for path in ("/api/v1/jobs", "/api/v1/jobs/1/metrics/stream", "/metrics", "/plan.json"):
                expect(job.get(path, headers)[0] == 401, f"{path} is answered with {headers}")
            expect(job.post("/api/v1/jobs/1/cancel", headers=headers)[0] == 401, f"cancelled with {headers}")
            begin = job.post("/api/v1/jobs/1/experiments/1/begin", headers=headers)
            expect(begin[0] == 401, f"an experiment begins with {headers}")
        good = {"Authorization": f"Bearer {TOKEN}"}
        wait_until(lambda: job.get("/api/v1/jobs", good)[1]["jobs"], "with the token nothing is answered")
        expect(job.post("/api/v1/jobs/1/cancel", headers=good)[0] == 202, "not cancelled with the token")
        expect(job.process.wait(PATIENCE) == 1, "a cancelled job is a good program")


def check_ports(program):
    """An explicit port that is taken ends the program; beyond the machine a token is asked for."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for place, reason in ((str(port), f"port {port} of 127.0.0.1 is taken"), (f"0.0.0.0:{free_port()}", "wants a token"),
                              (f"no.such.host.invalid:{port}", "is no address of this machine")):
            told = subprocess.run([program, "--console", place], capture_output=True, text=True, timeout=PATIENCE, check=False)
            expect(told.returncode == 1 and reason in told.stderr, f"--console {place}: {told.returncode} {told.stderr}")
    told = subprocess.run([program, "--console", "off", "--count", "10"], capture_output=True, text=True, timeout=PATIENCE,
                          check=False)
    expect(told.returncode == 0 and "console" not in told.stderr, f"--console off: {told.stderr}")


def check_next_port(program):
    """Two programs without a word about the console: each has its own, on two ports."""
    programs = [subprocess.Popen([program], stderr=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        urls = []
        for process in programs:
            for line in process.stderr:
                if match := re.match(r"console: (http://127\.0\.0\.1:(\d+))", line):
                    urls.append(match.group(1))
                    moved = match.group(2) != "7000"
                    expect(moved == ("since port 7000 is taken" in line), f"it says: {line}")
                    break
        expect(len(set(urls)) == 2, f"the consoles are at {urls}")
        for url in urls:
            connection = http.client.HTTPConnection(url[7:], timeout=PATIENCE)
            connection.request("GET", "/api/v1/jobs")
            expect(connection.getresponse().status == 200, f"{url} does not answer")
            connection.close()
    finally:
        for process in programs:
            process.send_signal(signal.SIGKILL)
            process.communicate()


def check_bottleneck(program):
    with Job(program, "--tickets", "0", "--nap", "20000") as job:
        def named():
            _, look = job.get("/api/v1/jobs/1/metrics")
            sentence = look["sentence"]
            return sentence["kind"] in ("bottleneck", "outside") and "'board'" in sentence["text"] and sentence
        sentence = wait_until(named, "a slow sink is not named as the bottleneck", 10)
        _, graph = job.get("/api/v1/jobs/1/graph")
        expect(graph["vertices"][sentence["vertex"]]["name"] == "board", f"the cause is {sentence}")


def main(program, source):
    contract = Contract(pathlib.Path(source) / "src/console/api.yaml")
    seed = int(os.environ.get("CONSOLE_SEED", random.randrange(1 << 32)))
    print(f"CONSOLE_SEED={seed}")
    with tempfile.TemporaryDirectory() as folder:
        checkpoints = os.path.join(folder, "checkpoints")
        with Job(program, "--checkpoint-dir", checkpoints, "--checkpoint-interval", "1s") as job:
            check_answers(contract, job)
            check_streams(contract, job)
            check_tap(contract, job)
            check_refused_events(contract, job)
            check_refusals(contract, job)
            check_prometheus(job)
            check_hostility(contract, job, random.Random(seed))
            check_many(job)
            check_quiet(job, 3)
            check_answers(contract, job)
            check_rescaling(contract, job)
            check_controls(contract, job)
        check_token(program, pathlib.Path(folder))
    check_ports(program)
    check_next_port(program)
    check_bottleneck(program)
    worst, share = check_under_load(program)
    check_experiments(contract, program)
    measured = f"console: under full load {worst * 1000:.0f} ms for a request beside 90 connections, {share:.2%} of the job's time for 50 streams\n"
    print(measured, end="")
    if path := os.environ.get("STREAMWORK_MEASUREMENTS"):
        with open(path, "a", encoding="utf-8") as measurements:
            measurements.write(measured)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:3])
    except Failed as failure:
        sys.exit(f"failed: {failure}")
