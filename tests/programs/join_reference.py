#!/usr/bin/env python3
"""join_lab against a reference of a few lines: random readings, every join and type, late readings included.

usage: join_reference.py JOIN_LAB [CASES] [FIRST_SEED]     a failure prints its seed; the same seed gives the same case
"""
import collections
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

JOINS = ["windowed:50ms", "windowed:1000ms", "interval:-20ms:30ms", "interval:5ms:200ms", "interval:-100ms:-3ms",
         "regular:10ms", "regular:500ms", "table", "as_of"]


def milliseconds(text):
    return int(text.removesuffix("ms"))


def random_readings(rng, count, keys, span, disorder):
    readings, time = [], rng.randint(-span, span)
    for value in range(count):
        time += rng.randint(0, span // max(count, 1) * 2 + 1)
        readings.append({"key": rng.choice(keys), "time": time - rng.randint(0, disorder), "value": value})
    return readings


def without_late(readings, bound, is_late):
    """Those in time, and those that the watermark of their own file has passed."""
    greatest, in_time, late = None, [], []
    for reading in readings:
        passed = greatest is not None and is_late(reading["time"], greatest - bound)
        (late if passed else in_time).append(reading)
        greatest = reading["time"] if greatest is None else max(greatest, reading["time"])
    return in_time, late


def windowed(left, right, length, keeps_left, keeps_right):
    windows = collections.defaultdict(lambda: ([], []))
    for side, readings in enumerate((left, right)):
        for reading in readings:
            windows[reading["key"], reading["time"] // length * length][side].append(reading)
    for (key, start), (lefts, rights) in windows.items():
        pairs = [(l, r) for l in lefts for r in rights]
        if not rights and keeps_left:
            pairs = [(l, None) for l in lefts]
        if not lefts and keeps_right:
            pairs = [(None, r) for r in rights]
        for l, r in pairs:
            yield {"key": key, "start": start, "end": start + length, "left": l, "right": r}


def interval(left, right, lower, upper, keeps_left, keeps_right):
    matched = set()
    for l in left:
        partners = [i for i, r in enumerate(right)
                    if r["key"] == l["key"] and l["time"] + lower <= r["time"] <= l["time"] + upper]
        matched.update(partners)
        for i in partners:
            yield {"key": l["key"], "left": l, "right": right[i]}
        if not partners and keeps_left:
            yield {"key": l["key"], "left": l, "right": None}
    for i, r in enumerate(right):
        if i not in matched and keeps_right:
            yield {"key": r["key"], "left": None, "right": r}


def table(left, right, as_of, keeps_left):
    for l in left:
        found = None
        for r in right:
            if r["key"] != l["key"] or (as_of and r["time"] > l["time"]):
                continue
            if not as_of or found is None or r["time"] >= found["time"]:
                found = r
        if found or keeps_left:
            yield {"key": l["key"], "left": l, "right": found}


def reference(left, right, join, kind, bound):
    keeps_left, keeps_right = kind in ("left", "full"), kind in ("right", "full")
    name, *times = join.split(":")
    is_late = lambda time, watermark: time < watermark
    if name == "windowed":
        length = milliseconds(times[0])
        is_late = lambda time, watermark: time // length * length + length <= watermark
    if name == "table":
        is_late = lambda time, watermark: False
    left, late_left = without_late(left, bound, is_late)
    right, late_right = without_late(right, bound, is_late)
    if name == "windowed":
        rows = windowed(left, right, length, keeps_left, keeps_right)
    elif name in ("interval", "regular"):
        upper = milliseconds(times[-1])
        rows = interval(left, right, milliseconds(times[0]) if name == "interval" else -upper, upper, keeps_left,
                        keeps_right)
    else:
        rows = table(left, right, name == "as_of", keeps_left)
    return list(rows), late_left + late_right


def as_multiset(rows):
    return collections.Counter(json.dumps(row, sort_keys=True) for row in rows)


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def read(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def check(program, folder, seed):
    rng = random.Random(seed)
    keys = [f"k{i}" for i in range(rng.choice([1, 3, 10]))]
    count, span, disorder = rng.choice([0, 1, 5, 40, 300]), rng.choice([100, 2000, 20000]), rng.choice([0, 20, 300])
    left = random_readings(rng, count, keys, span, disorder)
    right = random_readings(rng, rng.choice([0, 3, count]), keys, span, disorder)
    bound = rng.choice([0, disorder, disorder // 2])
    join = rng.choice(JOINS)
    kind = rng.choice(["inner", "left"] if join in ("table", "as_of") else ["inner", "left", "right", "full"])
    write(folder / "left.jsonl", left)
    write(folder / "right.jsonl", right)
    command = [program, "--left", f"file:{folder}/left.jsonl", "--right", f"file:{folder}/right.jsonl", "--join", join,
               "--type", kind, "--out-of-order", f"{bound}ms", "--output", f"{folder}/rows.jsonl", "--late",
               f"{folder}/late.jsonl", "--parallelism", str(rng.choice([1, 2, 4])), "--workers",
               str(rng.choice([1, 2])), "--quiet"]
    subprocess.run(command, check=True, timeout=120)
    rows, late = reference(left, right, join, kind, bound)
    for what, expected, path in (("rows", rows, "rows.jsonl"), ("late lines", late, "late.jsonl")):
        wanted, got = as_multiset(expected), as_multiset(read(folder / path))
        if wanted != got:
            sys.exit(f"seed {seed}: other {what} than the reference\n{' '.join(command)}\n"
                     f"missing: {list((wanted - got).items())[:5]}\ntoo many: {list((got - wanted).items())[:5]}")


def main():
    program = sys.argv[1]
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    first = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1_000_000)
    print(f"{cases} cases from seed {first} on")
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + cases):
            check(program, Path(folder), seed)


if __name__ == "__main__":
    main()
