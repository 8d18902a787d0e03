#!/usr/bin/env python3
"""Runs every command of a page of docs/ and compares what is printed, so that the page stays true.

Usage: run_page.py PAGE SOURCE-FOLDER BUILD-FOLDER

It works in a folder of its own that looks like a checkout: the examples and the build are there, and `./dev` is a small
stand-in that takes programs from the build (the real one would build the tree that is being tested). What it reads:

  <!-- file: PATH -->                 the next fenced block is written to PATH
  ```console                          lines with "$ " are commands, run in a terminal one after the other; the lines below
                                      must be printed, in that order; "…" stands for any text
  <!-- other terminal, types: A|B --> the next block runs beside the ones that follow; A and B are typed into it once
                                      somebody has connected to it
  <!-- Ctrl-C after TEXT -->          the next command is interrupted when it has printed TEXT
  <!-- in: PATH -->                   the next block stands like this in the file PATH of the checkout, which is compiled
                                      with the other programs; how far it is indented does not matter

Port 9990 is replaced by one that is free. Every block of C++ is one of these two; other blocks are only read by people.
Links to files of the checkout must lead somewhere.
"""
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PATIENCE_SECONDS = 300

DEV = """#!/usr/bin/env bash
set -euo pipefail
case "$1" in
  demo) shift; exec "$PAGE_PROGRAMS/predictive_maintenance" --live --status "$@" ;;
  run) name=$2; shift 2 ;;
  *) echo "./dev $1 is not for pages" >&2; exit 2 ;;
esac
[[ -x "$PAGE_PROGRAMS/$name" ]] && exec "$PAGE_PROGRAMS/$name" "$@"
{ [[ -d "$PAGE_FOLDER/prefix" ]] || cmake --install "$PAGE_BUILD" --prefix "$PAGE_FOLDER/prefix"
  cmake -S "$PAGE_FOLDER/own" -B "$PAGE_FOLDER/own/$name" -DNAME="$name" -DCMAKE_BUILD_TYPE=Debug \\
    -DCMAKE_PREFIX_PATH="$PAGE_FOLDER/prefix"
  cmake --build "$PAGE_FOLDER/own/$name"; } >"$PAGE_FOLDER/build.log" 2>&1 || { cat "$PAGE_FOLDER/build.log"; exit 1; }
exec "$PAGE_FOLDER/own/$name/$name" "$@"
"""
OWN_CMAKE = """cmake_minimum_required(VERSION 3.25)
project(own LANGUAGES CXX)
find_package(streamwork REQUIRED)
file(GLOB sources ${CMAKE_CURRENT_SOURCE_DIR}/../streamwork/examples/${NAME}/*.cpp)
add_executable(${NAME} ${sources})
target_link_libraries(${NAME} PRIVATE streamwork::streamwork)
"""
# Listens like `nc -lk PORT`, for machines without one.
NETCAT = """#!/usr/bin/env python3
import socket, sys
with socket.create_server(("127.0.0.1", int(sys.argv[-1]))) as server:
    connection, _ = server.accept()
    for line in sys.stdin.buffer:
        connection.sendall(line)
    connection.recv(1)
"""


class Failed(Exception):
    pass


def blocks_of(page):
    """(language, instruction above it, lines) of every fenced block."""
    instruction, language, lines = "", None, []
    for line in page.split("\n"):
        if language is None and line.startswith("```"):
            language, lines = line[3:].strip(), []
        elif language is not None and line.startswith("```"):
            yield language, instruction, lines
            instruction, language = "", None
        elif language is not None:
            lines.append(line)
        elif match := re.fullmatch(r"<!-- (.*) -->", line):
            instruction = match.group(1)
        elif line:
            instruction = ""


def commands_of(lines):
    """(command, lines it must print) of a console block."""
    commands = []
    for line in lines:
        if line.startswith("$ "):
            commands.append((line[2:], []))
        elif commands[-1][0].endswith("\\") and not commands[-1][1]:
            commands[-1] = (commands[-1][0] + "\n" + line, [])
        else:
            commands[-1][1].append(line)
    return commands


def check_printed(command, expected, printed):
    """Every expected line must be there, in order; other lines may stand between them."""
    left = [line.rstrip() for line in printed.replace("\r", "").split("\n")]
    for line in expected:
        if line.strip() == "…":
            continue
        pattern = ".*".join(re.escape(part) for part in line.rstrip().split("…"))
        while left and not re.fullmatch(pattern, left[0]):
            left.pop(0)
        if not left:
            raise Failed(f"$ {command}\nshould print (after the lines above it): {line}\nbut printed:\n{printed}")
        left.pop(0)


class Page:
    def __init__(self, page_path, folder, source, build):
        self.page_path = page_path
        self.source = source
        self.folder = folder
        self.port = free_port()
        self.background = []
        programs = folder / "programs"
        programs.mkdir()
        if shutil.which("nc") is None:
            write_program(programs / "nc", NETCAT)
        (folder / "own").mkdir()
        (folder / "own" / "CMakeLists.txt").write_text(OWN_CMAKE)
        self.checkout = folder / "streamwork"
        (self.checkout / "examples").mkdir(parents=True)
        for example in (source / "examples").iterdir():
            (self.checkout / "examples" / example.name).symlink_to(example)
        (self.checkout / "build").mkdir()
        (self.checkout / "build" / "release").symlink_to(build)
        write_program(self.checkout / "dev", DEV)
        self.environment = dict(os.environ, PAGE_PROGRAMS=str(build / "bin"), PAGE_BUILD=str(build), HOME=str(folder),
                                PAGE_FOLDER=str(folder), PATH=f"{programs}:{os.environ['PATH']}", TERM="dumb")

    def run(self, page):
        prose = re.sub(r"(?ms)^```.*?^```", "", page)
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", prose):
            if not (self.page_path.parent / link).exists():
                raise Failed(f"there is no {link}")
        for language, instruction, lines in blocks_of(page):
            if match := re.fullmatch(r"file: (\S+)", instruction):
                path = self.checkout / match.group(1)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("\n".join(lines) + "\n")
            elif match := re.fullmatch(r"in: (\S+)", instruction):
                if stripped("\n".join(lines)) not in stripped((self.source / match.group(1)).read_text(encoding="utf-8")):
                    raise Failed(f"this does not stand in {match.group(1)}:\n" + "\n".join(lines))
            elif language == "cpp":
                raise Failed("nobody compiles this:\n" + "\n".join(lines))
            elif language == "console":
                self.run_block(instruction, commands_of(lines))

    def run_block(self, instruction, commands):
        if match := re.fullmatch(r"other terminal, types: (.*)", instruction):
            self.start_other_terminal(commands[0][0], match.group(1).split("|"))
            return
        interrupt = re.fullmatch(r"Ctrl-C after (.*)", instruction)
        for command, expected in commands:
            print(f"$ {command}", flush=True)
            printed = self.run_in_terminal(command, interrupt.group(1) if interrupt else None)
            print(printed, flush=True)
            check_printed(command, expected, printed)

    def shell(self, command, **options):
        return subprocess.Popen(["bash", "-c", command.replace("9990", str(self.port))], cwd=self.checkout,
                                env=self.environment, **options)

    def start_other_terminal(self, command, typed):
        print(f"(other terminal) $ {command}", flush=True)
        process = self.shell("exec " + command, stdin=subprocess.PIPE)
        self.background.append(process)
        end = time.time() + PATIENCE_SECONDS
        while not is_listening(self.port):
            if time.time() > end or process.poll() is not None:
                raise Failed(f"{command} does not listen")
            time.sleep(0.02)
        process.stdin.write("".join(line + "\n" for line in typed).encode())
        process.stdin.flush()

    def run_in_terminal(self, command, interrupt_after):
        screen, program_side = pty.openpty()
        process = self.shell(command, stdin=subprocess.DEVNULL, stdout=program_side, stderr=program_side,
                             start_new_session=True)
        os.close(program_side)
        printed, end = b"", time.time() + PATIENCE_SECONDS
        while True:
            if time.time() > end:
                os.killpg(process.pid, signal.SIGKILL)
                raise Failed(f"$ {command}\ntakes too long; it printed:\n{printed.decode()}")
            if not select.select([screen], [], [], 0.1)[0]:
                continue
            try:
                piece = os.read(screen, 65536)
            except OSError:  # how a terminal says that its last program has gone
                piece = b""
            if not piece:
                break
            printed += piece
            if interrupt_after and interrupt_after.encode() in printed:
                os.killpg(process.pid, signal.SIGINT)
                interrupt_after = None
        process.wait()
        os.close(screen)
        return printed.decode().replace("\r\n", "\n")

    def close(self):
        for process in self.background:
            process.kill()
            process.wait()


def stripped(text):
    """Without what stands at the beginnings and ends of lines."""
    return "".join(line.strip() + "\n" for line in text.split("\n"))


def write_program(path, text):
    path.write_text(text)
    path.chmod(0o755)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def is_listening(port):
    """Looks at the kernel's table: connecting would use up the connection."""
    listening = "0A"
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not os.path.exists(table):
            continue
        for line in pathlib.Path(table).read_text().split("\n")[1:]:
            fields = line.split()
            if fields and fields[1].endswith(f":{port:04X}") and fields[3] == listening:
                return True
    return False


def main():
    page_path, source, build = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        page = Page(page_path, pathlib.Path(folder).resolve(), source, build)
        try:
            page.run(page_path.read_text(encoding="utf-8"))
        except Failed as failure:
            print(f"\n{page_path.name} is not true any more:\n{failure}")
            return 1
        finally:
            page.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
