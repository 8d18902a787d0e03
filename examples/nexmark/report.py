#!/usr/bin/env python3
"""Makes tables and picture of Nexmark in docs/performance.md from what `nexmark --all --json` has measured, so that no figure there is
typed by hand.

Usage: report.py REPORT.json                        prints the Markdown
       report.py REPORT.json PAGE.md PICTURE.svg    writes it into the page, between its two marker lines, and draws the picture
"""
import json
import math
import pathlib
import statistics
import sys

BEGIN = "<!-- nexmark: begin (written by examples/nexmark/report.py) -->"
END = "<!-- nexmark: end -->"

# Events per second and core, as published for other systems (shared by their makers; other machines, so an orientation only).
FLINK = {0: 379e3, 4: 28e3, 5: 75e3, 7: 23e3, 8: 162e3, 9: 14e3, 16: 45e3, 18: 65e3, 19: 43e3, 20: 18e3}
FELDERA = {0: 436e3, 4: 265e3, 5: 412e3, 7: 196e3, 8: 415e3, 9: 57e3, 16: 51e3, 18: 85e3, 19: 75e3, 20: 85e3}


def side(query, name):
    return next((one for one in query["sides"] if one["name"] == name), None)


def title(query):
    slide = query["slide_milliseconds"]
    return f"q{query['query']} {query['name']}" + ("" if slide == 2000 else f", slide {slide} ms")


def ratio_cell(ratio, target):
    if ratio is None:
        return ""
    return f"**{ratio:.2f}**" + ("" if target is None or ratio >= target else " short")


TWO_WORKERS = 1.6  # at least, to one worker


def machine_lines(report):
    machine = report["machine"]
    yield f"Measured on {report['date']}: {machine['processor']}, {machine['cores']} cores, {machine['system']}, g++ {machine['compiler']}."
    yield (f"{report['events']:,} events at a nominal rate of {report['rate']:,} per second, medians of {report['runs']} interleaved runs; "
           f"the source alone makes {report['source_events_per_second'] / 1e6:.2f} M events/s.")
    yield ""


def throughput_lines(report):
    yield ("| query | loop, M/s | engine, M/s | ratio | loop, events made, M/s | engine, events made, M/s | ratio, events made | at least | "
           "two workers / one | CPU s | memory MB (loop) | checkpoints |")
    yield "|---|---|---|---|---|---|---|---|---|---|---|---|"
    for query in report["queries"]:
        engine, loop = side(query, "engine"), side(query, "loop")
        cells = [title(query)]
        for suffix, ratio in (("", "ratio"), (", events made", "ratio_made")):
            for name in ("loop", "engine"):
                one = side(query, name + suffix)
                cells.append(f"{one['events_per_second'] / 1e6:.2f}" if one else "")
            cells.append(ratio_cell(query[ratio], query["target"]))
        cells.append(f"{query['target']:.1f}" if query["target"] else "")
        cells.append(f"{query['two_workers']:.2f}" + ("" if query["two_workers"] >= TWO_WORKERS else " short"))
        cells.append(f"{engine['cpu_seconds']:.1f}")
        cells.append(f"{engine['peak_megabytes']:.0f}" + (f" ({loop['peak_megabytes']:.0f})" if loop else ""))
        cells.append(str(engine["checkpoints"]))
        yield "| " + " | ".join(cells) + " |"
    yield ""
    judged = [query for query in report["queries"] if query["target"]]
    met = [query for query in judged if query["ratio"] >= query["target"]]
    met_made = [query for query in judged if query["ratio_made"] >= query["target"]]
    scaled = [query for query in report["queries"] if query["two_workers"] >= TWO_WORKERS]
    yield (f"Of {len(judged)} rows with a floor, {len(met)} meet it with the generator included, {len(met_made)} on events made beforehand. "
           f"Two workers to one, both with two instances of everything: at least {TWO_WORKERS} in {len(scaled)} of {len(report['queries'])} rows.")
    yield ""


def slide_lines(report):
    by_slide = {query["slide_milliseconds"]: query for query in report["queries"] if query["query"] == 5}
    if len(by_slide) < 2:
        return
    fine, coarse = by_slide[20], by_slide[2000]
    ratio = side(fine, "engine")["events_per_second"] / side(coarse, "engine")["events_per_second"]
    verdict = "met" if ratio >= 0.5 else "**falls short**"
    yield f"q5 with a slide of 20 ms makes {ratio:.2f} of what it makes with 2 s; at least 0.50: {verdict}."
    yield ""


def latency_lines(report):
    if not report["latencies"]:
        return
    yield ("How late rows come, in microseconds, from the moment when the event was due that lets their window close (four seconds of event "
           "time behind its end) until the sink has them; half of the sustainable load, open loop, medians of the runs:")
    yield ""
    yield "| query | offered, M events/s | rows of a run | p50 | p99 | p99.9 | p99.99 | most |"
    yield "|---|---|---|---|---|---|---|---|"
    for query in report["latencies"]:
        middle = lambda name: statistics.median(run[name] for run in query["runs"])
        cells = [f"q{query['query']} {query['name']}", f"{query['offered'] / 1e6:.2f}", f"{middle('rows'):.0f}"]
        cells += [f"{middle(name):.0f}" for name in ("p50", "p99", "p999", "p9999", "most")]
        yield "| " + " | ".join(cells) + " |"
    yield ""


def markdown(report):
    parts = (machine_lines, throughput_lines, slide_lines, latency_lines)
    return "\n".join(line for part in parts for line in part(report))


def published(query):
    asked = query["slide_milliseconds"] == 2000  # others have told of the benchmark's own windows only
    return {"Feldera": FELDERA.get(query["query"]) if asked else None, "Flink": FLINK.get(query["query"]) if asked else None}


def picture(report):
    """Events per second and core of every query, on a logarithmic scale: the loop, the engine, and what others have published."""
    rows = [(title(query), {"loop by hand": (side(query, "loop") or {}).get("events_per_second"),
                            "Streamwork": side(query, "engine")["events_per_second"],
                            **published(query)}) for query in report["queries"]]
    left, right, top, step = 190, 30, 56, 22
    width, height = 860, top + step * len(rows) + 34
    low, high = 4.0, 8.0
    x = lambda value: left + (math.log10(value) - low) / (high - low) * (width - left - right)
    marks = {"Streamwork": ("#c2410c", 5.5), "loop by hand": ("#57534e", 3.5), "Feldera": ("#0369a1", 3.5), "Flink": ("#7e22ce", 3.5)}
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
           f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
           '<text x="12" y="20" font-size="14" font-weight="bold">Nexmark: events per second and core (logarithmic)</text>']
    place = left
    for name, (colour, size) in marks.items():
        out.append(f'<circle cx="{place}" cy="38" r="{size}" fill="{colour}"/><text x="{place + 10}" y="42">{name}</text>')
        place += 30 + 7.5 * len(name)
    for power in range(int(low), int(high) + 1):
        at = x(10 ** power)
        label = {4: "10 k", 5: "100 k", 6: "1 M", 7: "10 M", 8: "100 M"}[power]
        out.append(f'<line x1="{at:.1f}" y1="{top - 4}" x2="{at:.1f}" y2="{height - 26}" stroke="#e7e5e4"/>'
                   f'<text x="{at:.1f}" y="{height - 10}" text-anchor="middle" fill="#57534e">{label}</text>')
    for i, (name, values) in enumerate(rows):
        y = top + step * i + 10
        out.append(f'<text x="{left - 12}" y="{y + 4}" text-anchor="end">{name}</text>'
                   f'<line x1="{left}" y1="{y}" x2="{width - right}" y2="{y}" stroke="#f5f5f4"/>')
        for mark in ("Flink", "Feldera", "loop by hand", "Streamwork"):
            if values[mark]:
                colour, size = marks[mark]
                out.append(f'<circle cx="{x(values[mark]):.1f}" cy="{y}" r="{size}" fill="{colour}"><title>{mark}: {values[mark]:,.0f}/s</title></circle>')
    return "\n".join(out + ["</svg>"]) + "\n"


def main():
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    report = json.loads(pathlib.Path(sys.argv[1]).read_text())
    if len(sys.argv) == 2:
        print(markdown(report))
        return
    page = pathlib.Path(sys.argv[2])
    text = page.read_text()
    if BEGIN not in text or END not in text:
        sys.exit(f"{page}: no place for the tables; it is between the lines\n{BEGIN}\n{END}")
    before, rest = text.split(BEGIN, 1)
    page.write_text(f"{before}{BEGIN}\n\n{markdown(report)}\n{END}{rest.split(END, 1)[1]}")
    pathlib.Path(sys.argv[3]).write_text(picture(report))


if __name__ == "__main__":
    main()
