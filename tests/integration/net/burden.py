"""Burdens a server as no program of ours would, and says what became of it.

  burden.py giant REPLICA          a message of 100 MiB, to where members sync and to where people join
  burden.py giants REPLICA...      of each, at once, twice that to where members sync
  burden.py slow REPLICA...        each says hello, asks for everything and reads nothing until standard
                                   input ends; prints "held" when all have spoken
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
from plain import Member, bytes_of, call, channel, connect

from twinning.v1 import enrolment_pb2

GIANT = 100 * 1024 * 1024


def push(member, size):
    """What became of a stream that begins with so many bytes."""
    with channel(member.server, member.shown) as line:
        try:
            for _ in connect(line, iter([b"\x12" + bytes(size)])):
                pass
        except grpc.RpcError as error:
            return error.code()
    return None


def giant(directory):
    member = Member(directory)
    said = push(member, GIANT)
    print("sync:", said)
    enrol = "/twinning.v1.Enrolment/Enrol"
    joined = call(member.enrolment, member.nobody, enrol, bytes(GIANT), enrolment_pb2.EnrolResponse)
    print("enrolment:", joined)
    return said == joined == grpc.StatusCode.RESOURCE_EXHAUSTED


def giants(directories):
    with ThreadPoolExecutor(len(directories)) as pool:
        said = list(pool.map(lambda directory: push(Member(directory), 2 * GIANT), directories))
    print("sync:", *said)
    return all(said)


def slow(directories):
    spoken = threading.Barrier(len(directories) + 1)
    over = threading.Event()
    held = []
    for directory in directories:
        member = Member(directory)
        line = channel(member.server, member.shown)

        def say(hello=member.hello()):
            yield hello
            spoken.wait()
            over.wait()

        stream = line.stream_stream("/twinning.v1.Sync/Connect", request_serializer=bytes_of)
        held.append((line, stream(say())))
    spoken.wait(timeout=60)
    print("held", flush=True)
    sys.stdin.read()
    over.set()
    for line, stream in held:
        stream.cancel()
        line.close()
    return True


if __name__ == "__main__":
    what, replicas = sys.argv[1], sys.argv[2:]
    good = {"giant": lambda: giant(*replicas), "giants": lambda: giants(replicas), "slow": lambda: slow(replicas)}
    sys.exit(0 if good[what]() else 1)
