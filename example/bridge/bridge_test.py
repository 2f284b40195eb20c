#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Tests ipq-bridge with real brokers, which it starts on free ports.

Usage: bridge_test.py [--full] FOLDER [TEST...]

FOLDER has the programs ipq-bridge, ipq-bridge-load and, for Kafka,
ipq-kafka-mock; it or ../ipq has ipq. Tests whose broker is missing are skipped, by name.

  --full  a million messages through each broker; each of bridge, broker,
          consumer and connection killed a hundred times (BOOST_IPQ_BRIDGE_KILLS);
          two network namespaces; processor time while idle
"""

import array
import contextlib
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "ipq"))
from screen_picture import Terminal  # noqa: E402

WINDOW = 1024
BATCH = 256


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def until(condition, what, seconds=60):
    """Waits for what no descriptor tells."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not after {seconds} s")
        time.sleep(0.005)


def answers(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """A program that is ended with the test."""

    def __init__(self, arguments, **options):
        self.process = subprocess.Popen(arguments, **options)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self, number=signal.SIGTERM, seconds=30):
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


class Authority:
    """Signs certificates, all with one key. `good` is for this machine."""

    def __init__(self, work):
        self.folder = work / "tls"
        self.folder.mkdir()
        new = ("req", "-newkey", "ec", "-pkeyopt",
               "ec_paramgen_curve:P-256", "-nodes")
        for name in ("ca", "other"):
            self.run(*new, "-x509", "-keyout", f"{name}.key", "-out",
                     f"{name}.pem", "-subj", "/CN=ipq test")
        self.run(*new, "-keyout", "key", "-out", "csr", "-subj", "/CN=ipq")
        self.sign("good", "DNS:localhost,IP:127.0.0.1")
        self.sign("elsewhere", "DNS:elsewhere.example")
        self.sign("expired", "DNS:localhost", days=-1)
        self.sign("foreign", "DNS:localhost", by="other")
        self.ca, self.key = self["ca"], str(self.folder / "key")
        self.options = ("--tls-ca", self.ca, "--tls-certificate",
                        self["good"], "--tls-key", self.key)

    def run(self, *words):
        subprocess.run(["openssl", *words], cwd=self.folder, check=True,
                       stderr=subprocess.DEVNULL)

    def sign(self, name, names, days=1, by="ca"):
        (self.folder / "ext").write_text(f"subjectAltName={names}\n")
        self.run("x509", "-req", "-in", "csr", "-CA", f"{by}.pem", "-CAkey",
                 f"{by}.key", "-CAcreateserial", "-days", str(days),
                 "-extfile", "ext", "-out", f"{name}.pem")

    def __getitem__(self, name):
        return str(self.folder / f"{name}.pem")


class Redis:
    kind = "redis"
    client = ()  # options of redis-cli

    def __init__(self, work, *options):
        self.folder = work / "redis"
        self.folder.mkdir()
        self.port = free_port()
        self.options = options
        self.start()

    def start(self, port="--port"):
        self.server = Process(
            ["redis-server", port, str(self.port), "--bind", "127.0.0.1",
             "--dir", str(self.folder), "--save", "", "--appendonly", "yes",
             "--appendfsync", "always", *self.options],
            stdout=subprocess.DEVNULL)
        until(lambda: answers(self.port) and
              self.command("ping").strip() == "PONG"
              or "NOAUTH" in self.command("ping"), "Redis")

    def command(self, *words):
        return subprocess.run(
            ["redis-cli", "-p", str(self.port), *self.client, *words],
            capture_output=True, text=True).stdout

    def kill(self):
        self.server.kill()

    def stop(self):
        self.server.end()

    def address(self, port=None):
        return f"redis://127.0.0.1:{port or self.port}/stream"

    options_out = ()
    options_in = ("--delete", "yes")


class TlsRedis(Redis):
    """Answers only to TLS, and to clients with a certificate."""

    def __init__(self, work):
        self.authority = a = Authority(work)
        self.client = ("--tls", "--insecure", "--cert", a["good"],
                       "--key", a.key)
        self.options_out = a.options
        self.options_in = (*a.options, *Redis.options_in)
        super().__init__(work, "--port", "0", "--tls-cert-file", a["good"],
                         "--tls-key-file", a.key, "--tls-ca-cert-file", a.ca)

    def start(self):
        super().start("--tls-port")

    def show(self, certificate):
        same("OK\n", self.command("config", "set", "tls-cert-file",
                                  self.authority[certificate]))

    def address(self, port=None):
        return f"rediss://localhost:{port or self.port}/stream"


class Rabbit:
    kind = "amqp"

    def __init__(self, work):
        self.folder = work / "rabbit"
        self.folder.mkdir()
        self.port = free_port()
        epmd = free_port()
        self.environment = dict(
            os.environ, HOME=str(self.folder), ERL_EPMD_PORT=str(epmd),
            ERL_EPMD_ADDRESS="127.0.0.1",
            RABBITMQ_NODENAME=f"ipq{self.port}@localhost",
            RABBITMQ_NODE_IP_ADDRESS="127.0.0.1",
            RABBITMQ_NODE_PORT=str(self.port),
            RABBITMQ_DIST_PORT=str(free_port()),
            RABBITMQ_MNESIA_BASE=str(self.folder),
            RABBITMQ_LOG_BASE=str(self.folder),
            RABBITMQ_ENABLED_PLUGINS_FILE=str(self.folder / "plugins"),
            RABBITMQ_PID_FILE=str(self.folder / "pid"))
        self.epmd = Process(["epmd", "-port", str(epmd),
                             "-address", "127.0.0.1"])
        until(lambda: answers(epmd), "epmd")
        self.start()

    def start(self, tries=5):
        """A node that starts while the one before it ends may end, too."""
        with open(self.folder / "out", "a") as out:
            self.server = Process(
                ["/usr/lib/rabbitmq/bin/rabbitmq-server"],
                env=self.environment, stdout=out, stderr=out,
                start_new_session=True)
        until(lambda: answers(self.port) or
              self.server.process.poll() is not None, "RabbitMQ", 120)
        if not answers(self.port) and tries > 1:
            self.start(tries - 1)

    def command(self, *words):
        return subprocess.run(
            ["/usr/lib/rabbitmq/bin/rabbitmqctl", "--node",
             self.environment["RABBITMQ_NODENAME"], *words],
            env=self.environment, capture_output=True, text=True).stdout

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.server.process.pid, signal.SIGKILL)
        self.server.process.wait()
        # Erlang closes its port a moment later.
        until(lambda: not answers(self.port), "the end of RabbitMQ")

    def stop(self):
        self.server.end(seconds=60)
        self.epmd.end()

    def address(self, port=None):
        return f"amqp://127.0.0.1:{port or self.port}/stream"

    options_out = options_in = ("--declare", "yes")


class TlsRabbit(Rabbit):
    """Answers also to TLS, and then to clients with a certificate."""

    def __init__(self, work):
        self.authority = a = Authority(work)
        self.options_out = self.options_in = (*a.options, "--declare", "yes")
        self.tls_port = free_port()
        self.shown = work / "shown.pem"
        shutil.copy(a["good"], self.shown)
        (work / "rabbitmq.conf").write_text(
            f"listeners.ssl.1 = 127.0.0.1:{self.tls_port}\n"
            f"ssl_options.cacertfile = {a.ca}\n"
            f"ssl_options.certfile = {self.shown}\n"
            f"ssl_options.keyfile = {a.key}\n"
            "ssl_options.verify = verify_peer\n"
            "ssl_options.fail_if_no_peer_cert = true\n")
        os.environ["RABBITMQ_CONFIG_FILE"] = str(work / "rabbitmq")
        try:
            super().__init__(work)
        finally:
            del os.environ["RABBITMQ_CONFIG_FILE"]
        until(lambda: answers(self.tls_port), "TLS")
        self.port, self.plain = self.tls_port, self.port

    def show(self, certificate):
        shutil.copy(self.authority[certificate], self.shown)
        self.command("eval", "ssl:clear_pem_cache().")

    def address(self, port=None):
        return f"amqps://localhost:{port or self.port}/stream"


class Kafka:
    """The log of the cluster is in the memory of its process, so a broker is
    not killed: all its connections end, and it comes back."""
    kind = "kafka"

    def __init__(self, work):
        self.server = Process(
            [PROGRAMS["ipq-kafka-mock"], "1"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.host = self.server.process.stdout.readline().strip()

    def say(self, what):
        self.server.process.stdin.write(f"1 {what}\n")
        self.server.process.stdin.flush()

    def kill(self):
        self.say("down")

    def start(self):
        self.say("up")

    def stop(self):
        self.server.process.stdin.close()
        self.server.process.wait(30)

    def address(self, port=None):
        return f"kafka://{self.host}/t"

    options_out = ("--kafka", "reconnect.backoff.ms=10",
                   "--kafka", "reconnect.backoff.max.ms=100")
    # The mock would let a killed member of a group time out.
    options_in = (*options_out, "--assign", "yes")


class TlsKafka(Kafka):
    """The mock cluster has no TLS. So a proxy ends it, and puts its own port
    where the cluster tells a client that of its broker."""

    def __init__(self, work):
        super().__init__(work)
        self.authority = a = Authority(work)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(a["good"], a.key)
        self.context.load_verify_locations(a.ca)
        self.context.verify_mode = ssl.CERT_REQUIRED
        self.options_out = (*Kafka.options_out, *a.options)
        self.options_in = (*Kafka.options_in, *a.options)
        target = int(self.host.split(":")[1])
        self.proxy = Proxy(
            target, accept=lambda one: self.context.wrap_socket(
                one, server_side=True),
            change=lambda data: data.replace(
                struct.pack("!i", target), struct.pack("!i", self.port)))
        self.port = self.proxy.port

    def stop(self):
        self.proxy.stop()
        super().stop()

    def show(self, certificate):
        self.context.load_cert_chain(self.authority[certificate],
                                     self.authority.key)

    def address(self, port=None):
        return f"kafkas://localhost:{self.port}/t"


class Proxy:
    """Between a bridge and its broker; cuts connections at any byte."""

    def __init__(self, target, accept=lambda one: one,
                 change=lambda data: data):
        self.take, self.change = accept, change
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open = set()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                one, _ = self.listener.accept()
                try:
                    other = socket.create_connection(
                        ("127.0.0.1", self.target))
                    one = self.take(one)
                except OSError:
                    one.close()
                    continue
                self.open |= {one, other}
                for pair in ((one, other, lambda data: data),
                             (other, one, self.change)):
                    threading.Thread(
                        target=self.copy, args=pair, daemon=True).start()

    def copy(self, one, other, change):
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(change(data))
        for each in (one, other):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            self.open.discard(each)

    def cut(self):
        for each in list(self.open):
            with contextlib.suppress(OSError):
                if random.random() < 0.5:  # a reset instead of an end
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                    struct.pack("ii", 1, 0))
                each.shutdown(socket.SHUT_RDWR)

    def stop(self):
        self.listener.close()
        self.cut()


class Setting:
    """Queues, bridges and files of a test."""

    def __init__(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="ipq-bridge."))
        self.name = f"bridge-test-{os.getpid()}"
        self.queues = []
        self.ended = []

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        for one in reversed(self.ended):
            with contextlib.suppress(Exception):
                one()
        for queue in self.queues:
            subprocess.run([PROGRAMS["ipq"], "remove", "--yes", queue],
                           stderr=subprocess.DEVNULL)
        if kind:
            for log in sorted(self.work.glob("*.log")):
                print(f"--- {log.name}\n{log.read_text()[-3000:]}")
        shutil.rmtree(self.work, ignore_errors=True)

    def queue(self, name, *options):
        name = f"{self.name}-{name}"
        self.queues.append(name)
        ipq("create", name, *options)
        return name

    def keep(self, process):
        self.ended.append(process.kill)
        return process

    def started(self, what):
        self.ended.append(what.stop)
        return what

    def bridge(self, name, *options, **more):
        log = open(self.work / f"{name}.log", "a")
        return self.keep(Process(
            [PROGRAMS["ipq-bridge"], *options], stderr=log, **more))

    def route(self, name, source, target, *options, **more):
        return self.bridge(
            name, "--name", name, "--from", source, "--to", target,
            "--window", str(WINDOW), "--batch", str(BATCH),
            "--metrics-file", str(self.work / f"{name}.metrics"),
            "--metrics-interval", "100", *options, **more)

    def log(self, name):
        return (self.work / f"{name}.log").read_text()

    def says(self, name, text, seconds=30):
        until(lambda: text in self.log(name), f"'{text}' in the log", seconds)

    def metric(self, name, metric):
        path = self.work / f"{name}.metrics"
        for line in path.read_text().splitlines() if path.exists() else ():
            if line.startswith(f"ipq_bridge_{metric}{{"):
                return int(line.split()[1])
        return 0


def ipq(*words, **options):
    return subprocess.run([PROGRAMS["ipq"], *words], check=True,
                          capture_output=True, text=True, **options).stdout


def stat(queue):
    return json.loads(ipq("stat", "--json", queue))["queues"][0]


def load(*words, **options):
    return Process([PROGRAMS["ipq-bridge-load"], *map(str, words)],
                   stdout=subprocess.PIPE, text=True, **options)


def same(expected, got):
    assert expected == got, f"expected {expected!r}, got {got!r}"


# ---- Without a broker

def command_line():
    def ends(status, text, *words):
        result = subprocess.run([PROGRAMS["ipq-bridge"], *words],
                                capture_output=True, text=True)
        same((status, True),
             (result.returncode, text in result.stdout + result.stderr))

    ends(0, "Usage: ipq-bridge --config FILE", "--help")
    ends(0, "ipq-bridge (boost_ipq)", "--version")
    ends(2, "--from is missing", "--to", "queue:a")
    ends(2, "one end of a route is a queue", "--from", "queue:a",
         "--to", "queue:b")
    ends(2, "'nats' is not known; this program was built with",
         "--from", "queue:a", "--to", "nats://localhost/a")
    ends(2, "unrecognised option", "--form", "queue:a")
    ends(2, "needs --cloudtoid-capacity", "--from", "cloudtoid:a", "--to", "queue:b")
    ends(2, "name", "--from", "queue:/a", "--to", "cloudtoid:b",
         "--cloudtoid-capacity", "64K")
    with Setting() as s:
        def file(text):
            path = s.work / "conf"
            path.write_text(text)
            return "--config", str(path), "--check"
        route = "from = queue:a\nto = cloudtoid:b\ncloudtoid-capacity = 64K\n"
        ends(0, "", *file("log-level = debug\n[r]\n" + route))
        ends(2, "'windw' in", *file("windw = 3\n[r]\n" + route))
        ends(2, "route 'r': 'windw' is not known", *file("[r]\nwindw = 3\n" + route))
        ends(2, "--window is from 1", *file("[r]\nwindow = 0\n" + route))
        ends(2, "--dead-letter of a queue", *file("[r]\nmax-deliveries=2\n" + route))
        ends(2, "a broadcast that is read has no dead-letter queue",
             *file("[r]\ndead-letter = d\n" + route.replace("queue", "broadcast")))
        ends(2, "no section", *file(""))
        ends(2, "the log level is", *file("log-level=x\n[r]\n" + route))
        ends(2, "--tls-ca needs an address with rediss",
             *file("[r]\ntls-ca=x\n" + route))
        tls = "[r]\nfrom = queue:a\nto = rediss://localhost/b\n"
        if "rediss" in BUILT:
            ends(2, f"cannot read '{s.work}/none' (tls-ca): No such file",
                 *file(f"{tls}tls-ca = {s.work}/none\n"))
            ends(2, "--tls-certificate and --tls-key belong together",
                 *file(f"{tls}tls-key = {s.work}/conf\n"))
            ends(2, "conf' (tls-ca) cannot be used: ",
                 *file(f"{tls}tls-ca = {s.work}/conf\n"))
        if "kafkas" in BUILT:
            ends(2, "Kafka: ssl.ca.location failed",
                 *file(tls.replace("rediss", "kafkas") +
                       f"tls-ca = {s.work}/conf\n"))
        ends(1, "cannot read", "--config", str(s.work / "missing"))


def cloudtoid(count=20000):
    """Ours to theirs, and theirs to ours."""
    with Setting() as s:
        first, last = s.queue("a"), s.queue("b")
        middle = f"cloudtoid:{s.name}-m"
        out_conf, in_conf = s.work / "out.conf", s.work / "in.conf"
        for conf, ends in ((out_conf, f"from=queue:{first}\nto={middle}\n"),
                           (in_conf, f"from={middle}\nto=queue:{last}\n")):
            conf.write_text(f"[r]\n{ends}path={s.work}\n"
                            "cloudtoid-capacity=64K\n")
        bridges = [s.bridge("out", "--config", str(out_conf)),
                   s.bridge("in", "--config", str(in_conf))]
        s.keep(load("send", first, count, 100))
        same(0, s.keep(load("check", last, count)).process.wait(60))
        for one in bridges:
            same(0, one.end())


def late_queue():
    """Routes that start before their queues wait for them."""
    with Setting() as s:
        first, last = f"{s.name}-a", f"{s.name}-b"
        s.queues += [first, last]
        middle = (f"cloudtoid:{s.name}-m", "--path", str(s.work),
                  "--cloudtoid-capacity", "64K")
        out = s.route("out", f"queue:{first}", *middle)
        back = s.bridge("in", "--name", "in", "--to", f"queue:{last}",
                        "--from", *middle)
        for name in ("out", "in"):
            s.says(name, "there is no queue with that name")
        until(lambda: s.metric("out", "failures_total") > 2, "repetitions")
        ipq("create", first)
        ipq("send", first, input="1\n2\n")
        ipq("create", last)
        same("1\n2\n", ipq("receive", last, "--count", "2"))
        same(0, out.end())
        same(0, back.end())


def top():
    """ipq top shows the counters of a bridge, from its file and its port."""
    with Setting() as s:
        port = free_port()
        first = s.queue("a")
        edge = s.route("edge", f"queue:{first}", f"cloudtoid:{s.name}-m",
                       "--path", str(s.work), "--cloudtoid-capacity", "64K",
                       "--metrics-listen", f"127.0.0.1:{port}")
        ipq("send", first, input="1\n2\n3\n")
        until(lambda: s.metric("edge", "confirmed_total") == 3, "confirmed")
        for where in (str(s.work / "edge.metrics"), f"127.0.0.1:{port}"):
            screen = Terminal([str(PROGRAMS["ipq"]), "top", "--interval",
                               "100", "--bridge", where])
            s.ended.append(lambda pid=screen.pid: os.kill(pid, signal.SIGTERM))
            screen.wait_for("edge")
            screen.wait_for(" 3        0        0        0 connected")
            screen.type("q")
            while screen.read(1):
                pass
            same(0, os.waitpid(screen.pid, 0)[1])
            s.ended.pop()
        same(0, edge.end())


# ---- With a broker

def through(s, broker, count, size=100, proxies=(None, None)):
    """A queue, the broker, a queue: returns both and a function that starts a
    bridge again."""
    first, last = s.queue("a", "--capacity", "4M"), s.queue("b", "--capacity",
                                                            "4M")

    def start(which):
        if which == "out":
            return s.route("out", f"queue:{first}", broker.address(proxies[0]),
                           *broker.options_out)
        return s.route("in", broker.address(proxies[1]), f"queue:{last}",
                       *broker.options_in)
    return first, last, start


def exchange(make, count=20000, size=100):
    with Setting() as s:
        broker = s.started(make(s.work))
        first, last, start = through(s, broker, count)
        bridges = {which: start(which) for which in ("out", "in")}
        checker = s.keep(load("check", last, count))
        # The mock cluster keeps only its newest messages.
        rate = 20000 if broker.kind == "kafka" and count > 20000 else 0
        s.keep(load("send", first, count, size, rate))
        same(0, checker.process.wait(300))
        until(lambda: s.metric("out", "confirmed_total") == count, "confirmed")
        until(lambda: s.metric("in", "confirmed_total") == count, "confirmed")
        for one in bridges.values():
            same(0, one.end())
        print("    " + checker.process.stdout.read().strip())


def kills(make, what, count, rate=None):
    """Kills one thing `count` times while messages flow. Nothing is lost, the
    order holds, and doubles are no more than the window for each kill."""
    with Setting() as s:
        broker = s.started(make(s.work))
        proxies = [s.started(Proxy(broker.port)) for _ in range(2)] \
            if what == "connection" and hasattr(broker, "port") else []
        first, last, start = through(
            s, broker, 0, proxies=[p.port for p in proxies] or (None, None))
        bridges = {which: start(which) for which in ("out", "in")}
        numbers = s.work / "numbers"
        take = s.keep(load("take", last, numbers))
        # What a broker has in its log, it reads when it starts; the mock keeps
        # only its newest 5 MB.
        rate = rate or (3000 if broker.kind == "kafka" else
                        100000 if what != "broker" else
                        10000 if broker.kind == "redis" else 2000)
        sender = s.keep(load("send", first, 1 << 60, 64, rate))

        def taken():
            return numbers.stat().st_size // 8 if numbers.exists() else 0
        begin = time.monotonic()
        for _ in range(count):
            before = taken()
            until(lambda: taken() > before, "progress", 120)
            time.sleep(random.random() * 0.05)
            if what == "bridge":
                which = random.choice(list(bridges))
                bridges[which].kill()
                bridges[which] = start(which)
            elif what == "consumer":
                take.kill()
                size = numbers.stat().st_size
                os.truncate(numbers, size - size % 8)
                take = s.keep(load("take", last, numbers))
            elif what == "connection" and proxies:
                random.choice(proxies).cut()
            else:
                broker.kill()
                broker.start()
        sender.process.send_signal(signal.SIGTERM)
        sent = int(sender.process.stdout.read())
        data = array.array("Q")

        def complete():
            nonlocal data
            data = array.array("Q")
            with open(numbers, "rb") as file:
                data.frombytes(file.read()[:taken() * 8])
            return len(data) and max(data) == sent - 1
        until(complete, "the last message", 120)
        seconds = time.monotonic() - begin
        following = doubles = 0
        for number in data:
            assert number <= following, \
                f"{number} comes after {following} messages"
            if number == following:
                following += 1
            else:
                doubles += 1
        same(sent, following)
        dropped = s.metric("in", "doubles_total")
        assert doubles <= count * WINDOW, f"{doubles} doubles"
        print(f"    {broker.kind}, {what}: {count} kills, {sent} messages, "
              f"{doubles} doubles came out, {dropped} dropped by the last "
              f"bridge, {seconds:.0f} s", flush=True)
        for one in bridges.values():
            same(0, one.end())


def secured(make):
    """The same through TLS, and what a person is told when it fails."""
    if not shutil.which("openssl"):
        print("    skipped: openssl is missing")
        return
    exchange(make, 5000)
    with Setting() as s:
        broker = s.started(make(s.work))
        first = s.queue("a")
        address, a = broker.address(), broker.authority
        options = broker.options_out
        at = options.index("--tls-ca")
        without = (*options[:at], *options[at + 6:])
        own = ("--tls-certificate", a["good"], "--tls-key", a.key)
        ipq("send", first, input="kept\n")
        for name, text, shown, chosen in (
                ("unknown", "the authority of its certificate is not trusted "
                 "here", "good", (*without, *own)),
                ("foreign", "tls-ca names the file", "foreign", options),
                ("host", "its certificate is not for 'localhost'",
                 "elsewhere", options),
                ("expired", "has expired; renew it", "expired", options),
                ("nameless", "does it ask for a certificate?", "good",
                 (*without, "--tls-ca", a.ca))):
            broker.show(shown)
            one = s.route(name, f"queue:{first}", address, *chosen)
            s.says(name, text)
            assert f"error: {name}: " in s.log(name), s.log(name)
            same(0, one.end())
            same(0, s.metric(name, "confirmed_total"))
        # Also by its address.
        good = s.route("good", f"queue:{first}",
                       address.replace("localhost", "127.0.0.1"), *options)
        until(lambda: s.metric("good", "confirmed_total") == 1, "confirmed")
        same(0, good.end())


def redis():
    exchange(Redis)


def redis_tls():
    secured(TlsRedis)
    if shutil.which("openssl"):
        kills(TlsRedis, "connection", KILLS, 2000)


def kafka_tls():
    secured(TlsKafka)
    with Setting() as s:
        # No broker is needed for it.
        s.route("blind", f"queue:{s.queue('a')}", "kafkas://localhost:1/t",
                "--kafka", "enable.ssl.certificate.verification=false")
        s.says("blind", "others can pretend to be the broker")


def amqp_tls():
    secured(TlsRabbit)
    if shutil.which("openssl"):
        kills(TlsRabbit, "connection", KILLS, 2000)


def redis_service():
    """Signals, reloading, the manager, the endpoint, a broadcast."""
    with Setting() as s:
        broker = s.started(Redis(s.work))
        first, last = s.queue("a"), s.queue("b")
        cast = s.queue("c", "--broadcast")
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        manager.settimeout(20)
        manager.bind(str(s.work / "notify"))
        port = free_port()
        conf = s.work / "conf"
        head = f"metrics-listen = 127.0.0.1:{port}\n"
        out = f"[out]\nfrom=queue:{first}\nto={broker.address()}\n"
        back = f"[in]\nfrom={broker.address()}\nto=queue:{last}\n"
        conf.write_text(head + out)
        one = s.bridge("both", "--config", str(conf),
                       env=dict(os.environ,
                                NOTIFY_SOCKET=str(s.work / "notify")))
        assert manager.recv(4096).startswith(b"READY=1\n")
        ipq("send", first, input="one\ntwo\n")

        def hup(text):
            conf.write_text(text)
            one.process.send_signal(signal.SIGHUP)
            assert manager.recv(4096).startswith(b"RELOADING=1\nMONOTONIC")
            same(b"READY=1", manager.recv(4096))
        hup("nonsense\n")
        s.says("both", "the configuration stays as it was")
        # Another's port: it goes on listening at its own.
        hup(f"metrics-listen = 127.0.0.1:{broker.port}\n" + out)
        s.says("both", "--metrics-listen")
        hup(head + out + back)
        same("one\ntwo\n", ipq("receive", last, "--count", "2"))
        hup(head + back + f"[cast]\nfrom=broadcast:{cast}\n"
            f"to={broker.address()}\n")
        until(lambda: ipq("stat", cast).count("reader"), "the broadcast")
        ipq("send", cast, input="three\n")
        same("three\n", ipq("receive", last, "--count", "1"))
        page = urllib.request.urlopen(
            f"http://127.0.0.1:{port}/metrics", timeout=20).read().decode()
        assert 'route="out"' not in page, page  # it is gone
        for line in ('sent_total{route="in"} 3',
                     'confirmed_bytes_total{route="cast"} 5',
                     'connected{route="in"} 1'):
            assert f"ipq_bridge_{line}\n" in page, page
        same(0, one.end())
        same(b"STOPPING=1", manager.recv(4096))
        manager.close()


def redis_failures():
    """What the broker refuses is said, and nothing is lost."""
    with Setting() as s:
        broker = s.started(Redis(s.work, "--requirepass", "secret"))
        first, last = s.queue("a", "--capacity", "64K"), s.queue("b")

        def address(password):
            return broker.address().replace("//", f"//:{password}@")
        s.route("wrong", f"queue:{first}", address("wrong"))
        s.says("wrong", "error: wrong: Redis refuses: WRONGPASS")
        s.ended.pop()()
        secret = s.work / "password"
        secret.write_text("secret\n")
        out = s.route("out", f"queue:{first}", broker.address(),
                      "--password-file", str(secret))
        s.says("out", "connected")

        def command(*words):
            return broker.command("--no-auth-warning", "-a", "secret", *words)
        same("OK\n", command("config", "set", "maxmemory", "1"))
        sender = s.keep(load("send", first, 5000, 64))
        s.says("out", "Redis refuses: OOM")
        until(lambda: stat(first)["bytes"] > 65000, "a full queue")
        assert sender.process.poll() is None
        command("config", "set", "maxmemory", "0")
        s.route("in", address("secret"), f"queue:{last}")
        same(0, s.keep(load("check", last, 5000)).process.wait(60))
        same(0, sender.process.wait(30))
        same(0, out.end())
        # Back-pressure: a broker that is away.
        broker.kill()
        out = s.route("away", f"queue:{first}", broker.address())
        s.says("away", "warning: away: ")
        assert "info: away: connected" not in s.log("away")
        same(0, out.end())


def redis_full_disk():
    """The disk of the broker is full: it says so, and nothing is lost."""
    with Setting() as s:
        disk = s.work / "disk"
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o"]
        if os.getuid() != 0 or subprocess.run(
                [*mount, "size=512K", "ipq", str(disk)]).returncode != 0:
            print("    skipped: no file system can be mounted")
            return
        s.ended.append(lambda: subprocess.run(["umount", str(disk)]))
        broker = s.started(Redis(s.work, "--dir", str(disk),
                                 "--appendfsync", "everysec"))
        first, last = s.queue("a", "--capacity", "64K"), s.queue("b")
        out = s.route("out", f"queue:{first}", broker.address())
        sender = s.keep(load("send", first, 20000, 64))
        s.says("out", "error: out: Redis refuses: MISCONF")
        s.says("out", "No space left on device")
        until(lambda: stat(first)["bytes"] > 65000, "a full queue")
        assert sender.process.poll() is None
        subprocess.run(["mount", "-o", "remount,size=64M", str(disk)],
                       check=True)
        s.says("out", "works again")
        s.route("in", broker.address(), f"queue:{last}")
        same(0, s.keep(load("check", last, 20000)).process.wait(60))
        same(0, sender.process.wait(30))
        same(0, out.end())


def redis_poison():
    """Messages that can never be taken go to the dead letter, both ways."""
    with Setting() as s:
        broker = s.started(Redis(s.work))
        first = f"{s.name}-a"
        dead = f"{s.name}-dead"
        s.queues += [first, dead]
        ipq("create", first, "--max-deliveries", "3", "--dead-letter", dead)
        last = s.queue("b", "--capacity", "200")
        lost = s.queue("lost")
        s.route("out", f"queue:{first}", broker.address(), "--max-message",
                "1000", "--max-deliveries", "3", "--dead-letter", dead)
        s.route("in", broker.address(), f"queue:{last}", "--dead-letter", lost)
        ipq("send", first,
            input="\n".join(["1", "2" * 1001, "3", "4" * 500, "5"]) + "\n")
        same("1\n3\n5\n", ipq("receive", last, "--count", "3"))
        same("2" * 1001 + "\n", ipq("receive", dead, "--count", "1"))
        same("4" * 500 + "\n", ipq("receive", lost, "--count", "1"))


def redis_full_dead_letter():
    """A route waits for room there. It repeats nothing, and says it once."""
    with Setting() as s:
        broker = s.started(Redis(s.work))
        first, dead = f"{s.name}-a", s.queue("dead", "--capacity", "2K")
        s.queues.append(first)
        ipq("create", first, "--max-deliveries", "3", "--dead-letter", dead)
        ipq("send", dead, input="d" * 1500 + "\n")
        s.route("out", f"queue:{first}", broker.address(), "--max-message",
                "1000", "--max-deliveries", "3", "--dead-letter", dead)
        ipq("send", first, input="\n".join(["1", "2" * 1001, "3"]) + "\n")
        s.says("out", "the dead-letter queue is full; trying again")
        until(lambda: s.metric("out", "failures_total") > 2, "repetitions")
        same(0, s.metric("out", "refused_total"))
        same("1\n", broker.command("xlen", "stream"))
        ipq("receive", dead, "--count", "1")
        until(lambda: broker.command("xlen", "stream") == "2\n", "the others")
        same("2" * 1001 + "\n", ipq("receive", dead, "--count", "1"))
        same(1, s.log("out").count("the dead-letter queue is full"))
        same(1, s.log("out").count("it went to the dead letter"))

        # The other way: what is before a message that stays is not repeated.
        last = s.queue("b", "--capacity", "200")
        broker.command("del", "stream")
        for body in ("1", "2", "3" * 500, "4"):
            broker.command("xadd", "stream", "*", "body", body)
        s.route("in", broker.address(), f"queue:{last}")
        until(lambda: s.metric("in", "failures_total") > 3, "repetitions")
        same(2, s.metric("in", "sent_total"))
        same("1\n2\n", ipq("receive", last, "--count", "2"))


def redis_doubles():
    """In one batch, and in two."""
    with Setting() as s:
        broker = s.started(Redis(s.work))
        last = s.queue("b")
        for i in (1, 2, 3, 1, 2, 3, 4):
            broker.command("xadd", "stream", "*", "id", f"{7:016x}-{i}", "body",
                           str(i))
        s.route("in", broker.address(), f"queue:{last}")
        same("1\n2\n3\n4\n", ipq("receive", last, "--count", "4"))
        broker.command("xadd", "stream", "*", "id", f"{7:016x}-4", "body", "4")
        broker.command("xadd", "stream", "*", "body", "5")
        same("5\n", ipq("receive", last, "--count", "1"))
        until(lambda: s.metric("in", "doubles_total") == 4, "doubles")


def redis_idle():
    """A route without messages sees that its broker ends."""
    with Setting() as s:
        broker = s.started(Redis(s.work))
        s.route("out", f"queue:{s.queue('a')}", broker.address())
        s.says("out", "connected")
        broker.command("client", "kill", "type", "normal")
        s.says("out", "the connection to Redis failed")
        until(lambda: s.metric("out", "connected") == 1, "a new connection")


def redis_removed():
    """A queue is removed while its messages are sent: they are not lost."""
    with Setting() as s:
        broker = s.started(Redis(s.work))
        first = s.queue("a")
        s.route("out", f"queue:{first}", broker.address())
        s.says("out", "connected")
        broker.server.process.send_signal(signal.SIGSTOP)
        ipq("send", first, input="1\n2\n3\n")
        until(lambda: s.metric("out", "in_flight") == 3, "messages in flight")
        ipq("remove", "--yes", first)
        time.sleep(0.2)  # the bridge sees it
        broker.kill()
        broker.start()
        until(lambda: broker.command("xlen", "stream") == "3\n", "them", 20)
        # Then it opens the next queue of that name.
        ipq("create", first)
        ipq("send", first, input="4\n")
        until(lambda: broker.command("xlen", "stream") == "4\n", "the next")


def redis_kills():
    for what in ("bridge", "broker", "consumer", "connection"):
        kills(Redis, what, KILLS)


def amqp():
    exchange(Rabbit)


def amqp_failures():
    with Setting() as s:
        broker = s.started(Rabbit(s.work))
        first, last = s.queue("a", "--capacity", "64K"), s.queue("b")
        source = f"queue:{first}"
        for name, options, text in (
                ("user", ("--user", "stranger"), "ACCESS_REFUSED"),
                ("vhost", ("--vhost", "none"), "NOT_ALLOWED"),
                ("exchange", ("--exchange", "none"), "no exchange 'none'"),
                ("queue", (), "no queue gets what is sent to 'stream'")):
            ipq("send", first, input="kept\n")
            one = s.route(name, source, broker.address(), *options)
            s.says(name, text)
            assert "error: " in s.log(name)
            same(0, one.end())
            same("kept\n", ipq("receive", first, "--count", "1"))
        s.route("read", broker.address(), f"queue:{last}")
        s.says("read", "NOT_FOUND")  # an unknown queue
        s.ended.pop()()
        # No memory or disk left: the broker blocks its publishers.
        for which, (limit, few, enough) in enumerate((
                ("set_vm_memory_high_watermark", "0.0001", "0.4"),
                ("set_disk_free_limit", str(1 << 60), "1000000"))):
            out, back = f"out{which}", f"in{which}"
            broker.command(limit, few)
            one = s.route(out, source, broker.address(), "--declare", "yes")
            sender = s.keep(load("send", first, 5000, 64))
            s.says(out, "takes no messages: low on " +
                   ("memory", "disk")[which])
            until(lambda: s.metric(out, "blocked") == 1, "blocked")
            until(lambda: stat(first)["bytes"] > 65000, "a full queue")
            assert sender.process.poll() is None
            broker.command(limit, enough)
            s.says(out, "takes messages again")
            other = s.route(back, broker.address(), f"queue:{last}")
            same(0, s.keep(load("check", last, 5000)).process.wait(60))
            same(0, sender.process.wait(30))
            same(0, one.end())
            same(0, other.end())


def amqp_kills():
    for what in ("bridge", "consumer", "connection", "broker"):
        kills(Rabbit, what, KILLS)


def kafka():
    exchange(Kafka)


def kafka_kills():
    for what in ("bridge", "broker", "consumer"):
        kills(Kafka, what, KILLS)


# ---- Only in the full run

def redis_million():
    exchange(Redis, 1000000, 64)


def amqp_million():
    exchange(Rabbit, 1000000, 64)


def kafka_million():
    exchange(Kafka, 1000000, 64)


def idle():
    """Processor time of two bridges that have nothing to do."""
    def used(one):
        path = f"/proc/{one.process.pid}/task"
        return sum(int((pathlib.Path(path) / task / "schedstat")
                       .read_text().split()[0])
                   for task in os.listdir(path))
    for make in (Redis, Rabbit, Kafka):
        if not can(make.kind):
            continue
        with Setting() as s:
            broker = s.started(make(s.work))
            first, last = s.queue("a"), s.queue("b")
            bridges = {
                "out": s.bridge("out", "--from", f"queue:{first}", "--to",
                                broker.address(), *broker.options_out),
                "in": s.bridge("in", "--to", f"queue:{last}", "--from",
                               broker.address(), *broker.options_in)}
            for which in bridges:
                s.says(which, "connected")
            time.sleep(2)
            before = {which: used(one) for which, one in bridges.items()}
            time.sleep(10)
            for which, one in bridges.items():
                part = (used(one) - before[which]) / 10e9
                print(f"    {make.kind}, {which}: {part:.3%} of a processor")
                assert part < 0.01


def namespaces(count=1000000):
    """Two machines: each side in a network of its own, joined by a cable."""
    if os.getuid() != 0 or not shutil.which("ip"):
        print("    skipped: it needs root and ip")
        return
    far = f"ipq{os.getpid()}"
    if subprocess.run(["ip", "netns", "add", far]).returncode != 0:
        print("    skipped: no network namespace")
        return
    try:
        with Setting() as s:
            link = f"q{os.getpid()}"
            for words in (
                    f"link add {link}a type veth peer name {link}b netns {far}",
                    f"addr add 10.213.7.1/30 dev {link}a",
                    f"link set {link}a up",
                    f"-n {far} addr add 10.213.7.2/30 dev {link}b",
                    f"-n {far} link set lo up",
                    f"-n {far} link set {link}b up"):
                subprocess.run(["ip", *words.split()], check=True)
            port = free_port()
            server = s.keep(Process(
                ["ip", "netns", "exec", far, "redis-server", "--port",
                 str(port), "--bind", "10.213.7.2", "--protected-mode", "no",
                 "--save", "", "--dir", str(s.work)],
                stdout=subprocess.DEVNULL))
            address = f"redis://10.213.7.2:{port}/stream"
            first, last = s.queue("a"), s.queue("b")
            s.route("out", f"queue:{first}", address)
            s.keep(Process(
                ["ip", "netns", "exec", far, PROGRAMS["ipq-bridge"],
                 "--from", address, "--to", f"queue:{last}"],
                stderr=open(s.work / "in.log", "w")))
            checker = s.keep(load("check", last, count))
            s.keep(load("send", first, count, 64))
            same(0, checker.process.wait(300))
            print("    " + checker.process.stdout.read().strip())
            server.end()
    finally:
        subprocess.run(["ip", "netns", "del", far])


def can(kind):
    """Is what a broker needs here?"""
    if kind == "redis":
        return shutil.which("redis-server") and "redis" in BUILT
    if kind == "amqp":
        return FULL and os.path.exists(
            "/usr/lib/rabbitmq/bin/rabbitmq-server") and "amqp" in BUILT
    if kind == "kafka":
        return PROGRAMS["ipq-kafka-mock"].exists() and "kafka" in BUILT
    return True


ORDINARY = [command_line, cloudtoid, late_queue, top, redis, redis_service, redis_failures,
            redis_full_disk, redis_poison, redis_full_dead_letter, redis_doubles, redis_idle,
            redis_removed, redis_kills, redis_tls, kafka, kafka_kills, kafka_tls, amqp]
HEAVY = [redis_million, kafka_million, amqp_million, amqp_failures, amqp_kills,
         amqp_tls, idle, namespaces]


def main():
    # Ends with what was started, also when it is told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    chosen = WORDS[1:]
    failed = 0
    for test in ORDINARY + (HEAVY if FULL else []):
        name = test.__name__
        if chosen and name not in chosen:
            continue
        kind = name.split("_")[0]
        if not can(kind):
            why = "only with --full" if kind == "amqp" and not FULL else \
                "the broker or its client library is missing"
            print(f"{name}: skipped, {why}")
            continue
        begin = time.monotonic()
        try:
            test()
            print(f"{name}: passed, {time.monotonic() - begin:.1f} s",
                  flush=True)
        except Exception as e:
            failed += 1
            print(f"{name}: FAILED: {type(e).__name__}: {e}", flush=True)
    return failed != 0


if __name__ == "__main__":
    WORDS = [word for word in sys.argv[1:] if word != "--full"]
    if not WORDS:
        sys.exit(__doc__)
    FULL = "--full" in sys.argv
    KILLS = int(os.environ.get("BOOST_IPQ_BRIDGE_KILLS",
                               "100" if FULL else "3"))
    FOLDER = pathlib.Path(WORDS[0]).resolve()
    PROGRAMS = {name: FOLDER / name for name in (
        "ipq-bridge", "ipq-bridge-load", "ipq-kafka-mock", "ipq")}
    if not PROGRAMS["ipq"].exists():
        PROGRAMS["ipq"] = FOLDER.parent / "ipq" / "ipq"
    BUILT = subprocess.run(
        [PROGRAMS["ipq-bridge"], "--check", "--from", "queue:a", "--to",
         "none:b"], capture_output=True, text=True).stderr
    sys.exit(main())
