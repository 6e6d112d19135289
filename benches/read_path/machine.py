"""The machine underneath: programs and where they come from, a private PostgreSQL, processes and what they cost."""

import glob
import hashlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "cairn-bench"
TICK = os.sysconf("SC_CLK_TCK")
STARTED = []  # every process that this run started


class Stop(Exception):
    """Why the benchmark cannot go on, for the person who runs it."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def output(*command, **more):
    """What a command prints; it must succeed."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise Stop(f"{Path(str(command[0])).name} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


# ---- programs ----------------------------------------------------------------------------------------------------

def install(*packages):
    """Debian packages, where there is apt-get; nothing else of the system is touched."""
    as_root = [] if os.getuid() == 0 else ["sudo", "-n"]
    command = [*as_root, "apt-get", "install", "-qy", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        raise Stop(f"install {' and '.join(packages)} first (on Debian: apt-get install {' '.join(packages)})")
    say(f"installing {' '.join(packages)}")
    if subprocess.run(command, stdout=sys.stderr).returncode != 0:
        subprocess.run([*as_root, "apt-get", "update", "-q"], stdout=sys.stderr)
        if subprocess.run(command, stdout=sys.stderr).returncode != 0:
            raise Stop(f"{' '.join(packages)} could not be installed: install by hand what is missing")


def postgres_programs():
    """The folder of the newest PostgreSQL that has a server."""
    has_all = lambda folder: all((Path(folder) / name).is_file() for name in ("postgres", "initdb", "psql", "pgbench"))
    places = ["/usr/lib/postgresql/*/bin", "/usr/libexec/postgresql*", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin"]
    for _ in range(2):
        found = [folder for folder in os.environ["PATH"].split(":") if folder and has_all(folder)]
        found += sorted((f for place in places for f in glob.glob(place) if has_all(f)), key=lambda f: [int(n) for n in re.findall(r"\d+", f)], reverse=True)
        if found:
            return Path(found[0]).resolve()
        install("postgresql")
    raise Stop("no PostgreSQL server programs (postgres, initdb, psql, pgbench) were found")


def wrk():
    if not shutil.which("wrk"):
        install("wrk")
    return shutil.which("wrk")


def cairn():
    """Cairn as it is released."""
    say("building Cairn in release mode")
    target = Path(os.environ.setdefault("CARGO_TARGET_DIR", str(Path.home() / ".cache" / "cairn-target")))
    if subprocess.run(["cargo", "build", "--release", "--locked"], cwd=ROOT, stdout=sys.stderr).returncode != 0:
        raise Stop("Cairn could not be built")
    return target / "release" / "cairn"


def open_loop():
    """The open-loop generator, compiled once."""
    source = HERE / "open_loop.rs"
    program = CACHE / f"open_loop-{hashlib.sha256(source.read_bytes()).hexdigest()[:12]}"
    if not program.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        output("rustc", "-O", "--edition", "2024", source, "-o", program)
    return program


def peer_folder(name):
    """A peer with its packages, in the cache: nothing is installed into the repository."""
    folder = CACHE / name
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "peers" / name / "package.json").read_text()
    package = folder / "package.json"
    if not (folder / "installed").exists() or package.read_text() != wanted:
        (folder / "installed").unlink(missing_ok=True)
        package.write_text(wanted)
        say(f"installing {name} from the npm registry")
        if not shutil.which("npm"):
            raise Stop("npm is needed for the peers (on Debian: apt-get install npm), or leave them out with --peers pgbench")
        output("npm", "install", "--no-audit", "--no-fund", "--loglevel=error", cwd=folder)
        (folder / "installed").touch()
    shutil.copy(HERE / "peers" / name / "server.mjs", folder)
    shutil.copy(HERE / "peers" / "auth.mjs", folder)
    return folder


# ---- processes ---------------------------------------------------------------------------------------------------

def start(command, log, **more):
    """A process in a group of its own, so that all of it can be stopped."""
    process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=open(log, "ab"), stderr=subprocess.STDOUT,
                               start_new_session=True, **more)
    process.log = log
    STARTED.append(process)
    return process


def stop(process, how=signal.SIGTERM):
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            pass
    try:
        os.killpg(process.pid, signal.SIGKILL)  # what is left of its children
    except ProcessLookupError:
        pass
    process.wait()
    if process in STARTED:
        STARTED.remove(process)


def free_port():
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return some.getsockname()[1]


def fields(pid):
    """The fields of /proc/PID/stat after the name, which may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def tree(root):
    """A process and everything below it."""
    parents = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            parents.setdefault(int(fields(pid)[1]), []).append(int(pid))
        except (FileNotFoundError, ProcessLookupError):
            pass
    found = [root]
    for pid in found:
        found.extend(parents.get(pid, []))
    return found


def cpu(root):
    """Processor seconds of a process, its children, and those of them that have ended."""
    ticks = 0
    for pid in tree(root):
        try:
            ticks += sum(map(int, fields(pid)[11:15]))
        except (FileNotFoundError, ProcessLookupError):
            pass
    return ticks / TICK


def resident(root):
    """Resident MiB of a process and its children; what they share is counted once."""
    total = 0
    for pid in tree(root):
        try:
            total += int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)[1])
        except (FileNotFoundError, ProcessLookupError, TypeError):
            pass
    return total / 1024


# ---- PostgreSQL --------------------------------------------------------------------------------------------------

# Durable as it comes; the rest keeps its own housekeeping out of the figures.
SETTINGS = ["listen_addresses=", "max_connections=200", "shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=1h",
            "autovacuum=off", "jit=off", "log_min_messages=fatal", "log_min_error_statement=panic"]


class Postgres:
    """A cluster of our own, reached through a socket in its folder, so that it takes no port."""

    def __init__(self, folder):
        self.bin, self.folder = postgres_programs(), folder
        folder.mkdir()
        owner = {}
        if os.getuid() == 0:  # it refuses to run as root
            user = next((pwd.getpwnam(name) for name in ("postgres", "nobody") if name in {p.pw_name for p in pwd.getpwall()}))
            os.chown(folder, user.pw_uid, user.pw_gid)
            owner = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        output(self.bin / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", cwd="/", **owner)
        settings = [word for setting in SETTINGS for word in ("-c", setting)]
        log = folder.parent / "postgres.log"
        self.process = start([self.bin / "postgres", "-D", folder / "data", "-k", folder, *settings], log, cwd="/", **owner)
        until(lambda: subprocess.run([self.bin / "pg_isready", "-qh", folder]).returncode == 0, self.process, 30)
        self.sql("CREATE DATABASE bench", database="postgres")

    def url(self):
        return f"postgres://postgres@localhost/bench?host={self.folder}"

    def psql(self, *more, database="bench", **how):
        return output(self.bin / "psql", "-XAtqh", self.folder, "-U", "postgres", "-v", "ON_ERROR_STOP=1", *more, database, **how)

    def sql(self, *statements, **how):
        return self.psql(*(word for statement in statements for word in ("-c", statement)), **how).strip()


def until(ready, process, seconds):
    """Waits for something that a process is to bring about."""
    end = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            raise Stop(f"{process.args[0]} did not start: {Path(process.log).read_text()[-2000:]}")
        time.sleep(0.02)


def described():
    """The machine and the versions, for the head of the table."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) / 1024 / 1024
    return f"{os.cpu_count()} processors ({model[1] if model else os.uname().machine}), {memory:.0f} GiB, Linux {os.uname().release}"
