#!/usr/bin/env python3
"""Every query of examples/nexmark against a slow reference over the events that the program itself writes down, undisturbed and
killed (kill -9) again and again at random moments.

usage: nexmark_check.py NEXMARK     STREAMWORK_TEST_SEED repeats a failure, which prints it; with STREAMWORK_TEST_SCALE of 2 or
                                    more the events are a million, and every parallelism is tried
"""
import collections
import datetime
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nexmark_reference import rows

RATES = (1, 500, 10_000, 10_000_000)
PARALLELISM = (1, 2, 4)
QUERIES = [query for query in range(23) if query not in (10, 12)]
KILLED = (0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16, 17, 18, 19, 20)


class Nexmark:
    def __init__(self, program, seed, events, rate):
        self.command = [program, "--seed", str(seed), "--events", str(events), "--rate", str(rate), "--quiet",
                        "--console", "off"]

    def run(self, *arguments):
        done = subprocess.run(self.command + [str(one) for one in arguments], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(done.args)} ended with {done.returncode}: {done.stderr}")
        return done.stderr

    def lines(self, path, *arguments):
        self.run(*arguments, path)
        with open(path, encoding="ascii") as file:
            return [json.loads(line) for line in file]


def as_multiset(table):
    return sorted(json.dumps(row, sort_keys=True) for row in table)


def expect_equal(what, found, expected):
    found, expected = as_multiset(found), as_multiset(expected)
    if found != expected:
        missing, surplus = set(expected) - set(found), set(found) - set(expected)
        sys.exit(f"{what}: {len(found)} rows, expected {len(expected)}\n"
                 f"missing: {sorted(missing)[:3]}\nnot expected: {sorted(surplus)[:3]}")


def check_queries(nexmark, folder, parallelism_of, about):
    events = nexmark.lines(folder / "events", "--dump-events")
    for query in QUERIES:
        expected = rows(query, events)
        for parallelism in parallelism_of(query):
            found = nexmark.lines(folder / "rows", "--query", query, "--parallelism", parallelism, "--workers", 2, "--output")
            expect_equal(f"q{query} {about} parallelism {parallelism}", found, expected)
    bids = sum(event["type"] == "bid" for event in events)
    by_wall_clock = nexmark.lines(folder / "rows", "--query", 12, "--output")
    if sum(row["bid_count"] for row in by_wall_clock) != bids:
        sys.exit(f"q12 {about}: not every bid is counted once")
    if any(row["window_end"] - row["window_start"] != 10_000 for row in by_wall_clock):
        sys.exit(f"q12 {about}: a window is not of ten seconds")

    with tempfile.TemporaryDirectory() as log:
        nexmark.run("--query", 10, "--workers", 2, "--parallelism", 2, "--output", f"dir:{log}")
        expect_log(f"q10 {about}", Path(log), events)


def minute_of(milliseconds):
    return datetime.datetime.fromtimestamp(milliseconds // 1000, datetime.timezone.utc).strftime("dt=%Y-%m-%d/hm=%H:%M")


def expect_log(what, root, events):
    expected = collections.defaultdict(list)
    for bid in events:
        if bid["type"] == "bid":
            line = ",".join(str(bid[column]) for column in ("auction", "bidder", "price", "dateTime", "extra"))
            expected[minute_of(bid["dateTime"])].append(line)
    found = {}
    for folder in root.glob("dt=*/hm=*"):
        files = [path for path in folder.iterdir() if not path.name.startswith(".")]
        unpublished = [path.name for path in folder.iterdir() if path.name.startswith(".") and path.name != ".lock"]
        if folder / "_SUCCESS" not in files or unpublished or (folder / "_SUCCESS").stat().st_size > 0:
            sys.exit(f"{what}: {folder} is not complete: {unpublished}")
        lines = [line for path in files for line in path.read_text().splitlines()]
        found[str(folder.relative_to(root))] = sorted(lines)
    if found != {minute: sorted(lines) for minute, lines in expected.items()}:
        sys.exit(f"{what}: {len(found)} minutes with {sum(map(len, found.values()))} lines, expected {len(expected)} with "
                 f"{sum(map(len, expected.values()))}")


# --- kills

def checkpoints_in(directory):
    return max([int(path.name.removeprefix("checkpoint-")) for path in directory.glob("checkpoint-*")
                if (path / "manifest").exists()], default=0)


def kill_at_work(command, checkpoints, chance):
    """Kills it a little after it has completed some checkpoints more."""
    wanted = checkpoints_in(checkpoints) + chance.randint(1, 3)
    deadline = time.monotonic() + 60
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while checkpoints_in(checkpoints) < wanted:
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            sys.exit(f"{' '.join(command)} completes no checkpoints, or has ended: {process.communicate()[1]}")
        time.sleep(0.005)
    time.sleep(chance.uniform(0, 0.05))
    process.kill()
    process.communicate()


def check_killed(nexmark, query, expected, events, folder, kills, chance, about):
    output, checkpoints = folder / f"q{query}", folder / f"checkpoints-{query}"
    command = nexmark.command + ["--query", str(query), "--output", f"dir:{output}", "--checkpoint-dir", str(checkpoints),
                                 "--checkpoint-interval", "30ms", "--workers", "2"]
    for _ in range(kills):
        parallelism = str(chance.choice(PARALLELISM))
        kill_at_work(command + ["--throttle", "5000", "--parallelism", parallelism], checkpoints, chance)
    nexmark.run(*command[len(nexmark.command):], "--parallelism", chance.choice(PARALLELISM))
    what = f"q{query} {about} killed {kills} times"
    if query == 10:
        return expect_log(what, output, events)
    found = [json.loads(line) for path in output.iterdir() if not path.name.startswith(".")
             for line in path.read_text().splitlines()]
    expect_equal(what, found, expected)


def check_kills(program, seed, kills, chance):
    for rate in (50, 10_000):
        nexmark = Nexmark(program, seed, 10_000, rate)
        with tempfile.TemporaryDirectory() as folder:
            events = nexmark.lines(Path(folder) / "events", "--dump-events")
            for query in KILLED if kills > 2 else chance.sample(KILLED, 2):
                expected = rows(query, events) if query != 10 else None
                check_killed(nexmark, query, expected, events, Path(folder), kills, chance, f"seed {seed} rate {rate}")


# --- the generator

# The benchmark's own numbers, of a million events at 10,000 per second: rows, and how far they may be from that.
EXPECTED_ROWS = {0: (920_000, 0), 2: (6_800, 0.1), 3: (6_000, 0.12), 4: (5, 0), 8: (8_700, 0.06), 9: (55_900, 0.01),
                 11: (19_920, 0.01), 14: (260_360, 0.01), 15: (1, 0), 18: (293_000, 0.01), 20: (180_000, 0.12),
                 21: (874_000, 0.01)}


def check_distribution(program, seed):
    for query, (count, tolerance) in EXPECTED_ROWS.items():
        said = Nexmark(program, seed, 1_000_000, 10_000).run("--query", query, "--workers", 2)
        found = int(said.split()[0])
        if abs(found - count) > count * tolerance:
            sys.exit(f"q{query} has {found} rows of a million events of seed {seed}; expected {count} ± {tolerance:.0%}")


def main():
    program = sys.argv[1]
    seed = int(os.environ.get("STREAMWORK_TEST_SEED", random.SystemRandom().randrange(1 << 31)))
    scale = float(os.environ.get("STREAMWORK_TEST_SCALE", "1"))
    whole = scale >= 2
    events = 1_000_000 if whole else 10_000 if scale >= 1 else 2_000
    print(f"STREAMWORK_TEST_SEED={seed}")
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        for rate in RATES:
            nexmark = Nexmark(program, seed, events, rate)
            check_queries(nexmark, Path(folder), lambda _: PARALLELISM if whole else [chance.choice(PARALLELISM)],
                          f"of {events} events of seed {seed} at rate {rate},")
    check_kills(program, seed, 6 if whole else 2, chance)
    if scale >= 1:
        check_distribution(program, seed)


if __name__ == "__main__":
    main()
