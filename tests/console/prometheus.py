"""What is told to Prometheus, in its text format 0.0.4."""
import re
import shutil
import subprocess

from contract import expect


def check_prometheus(job):
    status, body, headers = job.request("GET", "/metrics")
    expect(status == 200 and headers["Content-Type"].startswith("text/plain; version=0.0.4"), "no text for Prometheus")
    text = body.decode()
    check_exposition(text)
    expect('streamwork_job_up{job_id="1",job_name="watched \\"job\\""} 1\n' in text, text[:300])
    if promtool := shutil.which("promtool"):
        told = subprocess.run([promtool, "check", "metrics"], input=text, text=True, capture_output=True, check=False)
        expect(told.returncode == 0, f"promtool says: {told.stdout}{told.stderr}")


def check_exposition(text):
    """The text format, strictly: each family once, described before its samples, names by the conventions, no sample twice."""
    label = r'[a-z_]+="(?:[^"\\\n]|\\["\\n])*"'
    sample = re.compile(rf"([a-z_]+)\{{({label}(?:,{label})*)\}} (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)")
    families, seen, family = set(), set(), None
    expect(text.endswith("\n"), "the text does not end with a line end")
    for line in text.splitlines():
        if line.startswith("# HELP "):
            family, description = line[7:].split(" ", 1)
            expect(family not in families and description, f"{family} is described twice, or not")
            families.add(family)
        elif line.startswith("# TYPE "):
            name, kind = line[7:].split(" ")
            expect(name == family and kind in ("counter", "gauge", "summary"), f"unexpected: {line}")
            expect(name.endswith("_total") == (kind == "counter"), f"{name} is a {kind}")
        else:
            match = sample.fullmatch(line)
            expect(match and match.group(1) == family, f"no sample of {family}: {line}")
            expect((kind == "summary") == ('quantile="' in match.group(2)), f"a quantile, or none: {line}")
            expect((family, match.group(2)) not in seen, f"twice: {line}")
            seen.add((family, match.group(2)))
    expect(len(families) > 15 and len(seen) > 50, "hardly anything is told")
