#!/usr/bin/env python3
"""Makes the tables of docs/performance.md from a report of engine_benchmark, so that no figure there is typed by hand.

Usage: report.py REPORT.json          prints the Markdown
       report.py REPORT.json PAGE.md  writes it into the page, between its two marker lines
"""
import json
import sys

BEGIN = "<!-- measured: begin (written by benchmarks/report.py) -->"
END = "<!-- measured: end -->"


def contender(row, name):
    return next((one for one in row["contenders"] if one["name"] == name), None)


def speed(row, name):
    found = contender(row, name)
    return f"{found['million_events_per_second']:.1f}" if found else ""


def verdict(met):
    return "met" if met else "**falls short**"


def ratio_cells(ratio):
    spread = f"**{ratio['ratio']:.2f}** ({ratio['least']:.2f} to {ratio['greatest']:.2f})"
    if ratio["target"] is None:
        return f"{spread} | |"
    return f"{spread} | {ratio['target']:.2f} | {verdict(ratio['ratio'] >= ratio['target'])}"


def machine_lines(report):
    machine = report["machine"]
    cores = f"{machine['cores']} {'virtual cores' if machine['virtual_machine'] else 'cores'}"
    yield f"Measured on {report['date']}: {machine['processor']}, {cores}, Linux {machine['kernel']}, transparent huge"
    yield f"pages: {machine['huge_pages']}; {machine['compiler']}, `{machine['flags']}`."
    yield f"Medians of {report['runs']} interleaved runs; in brackets the extremes of the ratios of neighbouring runs."
    yield ""


def throughput_lines(report):
    rows = [row for row in report["throughput"] if row["ratios"]]
    if not rows:
        return
    yield "| work | events | plain loop, M/s | tuned loop, M/s | engine, M/s | engine / plain loop | at least | |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in rows:
        ratio = row["ratios"][0]
        speeds = " | ".join(speed(row, name) for name in ("plain loop", "tuned loop", ratio["of"]))
        yield f"| {row['work']} | {row['events'] / 1e6:g} M | {speeds} | {ratio_cells(ratio)} |"
    yield ""


def other_ratio_lines(report):
    """Ratios to something else than the plain loop; the tuned loop has its own column and no floor."""
    rows = [(row, ratio) for row in report["throughput"] for ratio in row["ratios"][1:] if ratio["target"] is not None]
    if not rows:
        return
    yield "| work | | M/s | M/s | ratio | at least | |"
    yield "|---|---|---|---|---|---|---|"
    for row, ratio in rows:
        speeds = f"{speed(row, ratio['of'])} | {speed(row, ratio['to'])}"
        yield f"| {row['work']} | {ratio['of']} / {ratio['to']} | {speeds} | {ratio_cells(ratio)} |"
    yield ""


def sliding_lines(report):
    """What an event costs when ever more windows begin with it: the rows sliding_N, N windows over each event."""
    rows = [row for row in report["throughput"] if row["name"].startswith("sliding_")]
    if not rows:
        return
    names = ("plain loop", "tuned loop", "engine")
    yield "| sliding windows: length / slide | " + " | ".join(f"{name}, ns per event" for name in names) + " |"
    yield "|---|---|---|---|"
    for row in rows:
        costs = (1e3 / contender(row, name)["million_events_per_second"] for name in names)
        yield f"| {row['name'].removeprefix('sliding_')} | " + " | ".join(f"{cost:.1f}" for cost in costs) + " |"
    yield ""


def extra_lines(report):
    for row in report["throughput"]:
        extra = row["extra_nanoseconds_per_event"]
        if extra is None:
            continue
        shorter, longer = row["contenders"][-2:]
        yield (f"{row['work'][0].upper()}{row['work'][1:]}: **{extra['median']:.2f} ns per event** "
               f"({extra['least']:.2f} to {extra['greatest']:.2f}; {shorter['name']} "
               f"{shorter['million_events_per_second']:.1f} M/s, {longer['name']} "
               f"{longer['million_events_per_second']:.1f} M/s).")
        yield ""


def latency_lines(report):
    latency = report["latency"]
    if latency is None:
        return
    yield (f"Latency at {latency['events_per_second']:g} events/s ({latency['work']}; "
           f"{len(latency['runs']) // 2} runs of {latency['seconds']:g} s after {latency['warm_up_seconds']:g} s of "
           "warm-up), in microseconds from the moment each event was due:")
    yield ""
    yield "| | p50 | p90 | p99 | p99.9 | p99.99 | max |"
    yield "|---|---|---|---|---|---|---|"
    fields = ("p50", "p90", "p99", "p99_9", "p99_99", "max")
    runs = [run for run in latency["runs"] if run["of"] == "engine"]
    lines = {
        "engine, median of the runs": latency["engine"],
        "engine, lowest of the runs": {field: min(run[field] for run in runs) for field in fields},
        "engine, highest of the runs": {field: max(run[field] for run in runs) for field in fields},
        "spinning loop: the machine alone": latency["machine"],
    }
    for name, found in lines.items():
        yield f"| {name} | " + " | ".join(f"{found[field]:.1f}" for field in fields) + " |"
    engine = latency["engine"]
    yield ""
    yield (f"p50 at most {latency['p50_target']:g}: {verdict(engine['p50'] <= latency['p50_target'])}; "
           f"p99 at most {latency['p99_target']:g}: {verdict(engine['p99'] <= latency['p99_target'])}.")
    yield ""


def restore_lines(report):
    restore = report.get("restore")
    if restore is None:
        return
    yield ""
    yield (f"A job of {restore['keys']:,} keys, suspended in {restore['suspend_seconds']:.2f} s with a checkpoint of "
           f"{restore['checkpoint_megabytes']:.0f} MB, goes on {restore['restore_seconds']:.2f} s after its start, with "
           f"{restore['resident_megabytes']:.0f} MB resident (one worker).")


def pause_lines(report):
    pauses = report.get("pauses")
    if pauses is None:
        return
    yield (f"Pauses, {pauses['work']}: {pauses['checkpoints']} checkpoints of {pauses['megabytes']:.0f} MB in "
           f"{pauses['seconds']:.0f} s, on a disk that takes {pauses['disk_megabytes_per_second']:.0f} MB/s. Between two looks "
           f"at the clock the sink waited p50 {pauses['p50']:.0f}, p99.9 {pauses['p99_9']:.0f}, at most "
           f"{pauses['max']:.0f} microseconds; without checkpoints p99.9 {pauses['p99_9_without']:.0f}, at most "
           f"{pauses['max_without']:.0f}. p99.9 at most {pauses['p99_9_target']:.0f}: "
           f"{verdict(pauses['p99_9'] <= pauses['p99_9_target'])}.")


def idle_lines(report):
    idle = report["idle"]
    if idle is None:
        return
    cpu = verdict(idle["cpu_percent"] < idle["cpu_percent_target"])
    memory = verdict(idle["resident_megabytes"] < idle["resident_megabytes_target"])
    yield (f"Idle job, over {idle['seconds']:.0f} s: {idle['cpu_percent']:.3f} % of a core (0 %, that is below "
           f"{idle['cpu_percent_target']:g} %: {cpu}), {idle['resident_megabytes']:.1f} MB resident "
           f"(below {idle['resident_megabytes_target']:g} MB: {memory}).")
    yield ""


def as_markdown(report):
    parts = (machine_lines, throughput_lines, other_ratio_lines, sliding_lines, extra_lines, latency_lines,
             idle_lines, pause_lines, restore_lines)
    return "\n".join(line for part in parts for line in part(report)).rstrip("\n") + "\n"


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    markdown = as_markdown(report)
    if report["quick"] and len(sys.argv) == 3:
        print("this is the report of a quick run, whose times mean nothing: not written into a page", file=sys.stderr)
        return 1
    if len(sys.argv) == 2:
        print(markdown, end="")
        return 0
    with open(sys.argv[2], encoding="utf-8") as file:
        page = file.read()
    if BEGIN not in page or END not in page:
        print(f"{sys.argv[2]}: the marker lines are missing:\n{BEGIN}\n{END}", file=sys.stderr)
        return 1
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(f"{before}{BEGIN}\n\n{markdown}\n{END}{after}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
