"""A gRPC client that is none of ours asks for what it must not get: fails unless each is refused, for the
reason that the protocol gives.

  plain_client.py REPLICA OTHER_LEDGER

REPLICA is the directory of a member, whose certificate is used where one is; OTHER_LEDGER the id of a
partnership that is none of the member's, as hexadecimal digits.
"""

import sys

import grpc
from plain import Member, call, channel, connect

from twinning.v1 import admin_pb2, enrolment_pb2, sync_pb2

member = Member(sys.argv[1])
other_ledger = bytes.fromhex(sys.argv[2])
failures = []


def check(claim, holds, said):
    print(f"{'ok' if holds else 'NOT SO'}: {claim}")
    if not holds:
        failures.append(claim)
        print(f"   it said: {said}")


def greet(hello):
    """All that the server says to a hello; it must end by itself."""
    with channel(member.server, member.shown) as line:
        return list(connect(line, iter([hello])))


refused, missing = grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.UNIMPLEMENTED
renew = ("/twinning.v1.Sync/Renew", enrolment_pb2.RenewRequest(), enrolment_pb2.Certification)
create = (
    "/twinning.v1.Admin/CreatePartnership",
    admin_pb2.CreatePartnershipRequest(name="Mine"),
    admin_pb2.PartnershipInfo,
)
enrol = (
    "/twinning.v1.Enrolment/Enrol",
    enrolment_pb2.EnrolRequest(secret=bytes(16), key=bytes(32), member="eve", proof=bytes(64)),
    enrolment_pb2.EnrolResponse,
)

for address in (member.server, member.enrolment):
    said = call(address, None, *renew)
    check(f"{address} takes nothing that is not encrypted", said == refused, said)
said = call(member.server, member.nobody, *renew)
check("sync takes nobody without a certificate", said == refused, said)
for method in (renew, create):
    said = call(member.enrolment, member.nobody, *method)
    check(f"where people join there is no {method[0]}", said == missing, said)
said = call(member.server, member.shown, *create)
check("a member does not administer", said == missing, said)
said = call(member.enrolment, member.nobody, *enrol)
answered = isinstance(said, grpc.StatusCode) and said not in (refused, missing)
check("an invented code makes nobody a member", answered, said)

welcome = greet(member.hello())
check("a member is welcome in its own partnership", welcome[0].HasField("welcome"), welcome)
other = greet(member.hello(ledger=other_ledger))
unknown = greet(member.hello(ledger=bytes(range(16))))
closed = len(other) == 1 and other[0].closing.reason == sync_pb2.UNKNOWN_PARTNERSHIP
check("another partnership does not exist for it", closed, other)
check("nor can it tell that from one that is not there", other == unknown, (other, unknown))
forged = greet(member.hello(replica=bytes(range(16))))
closed = len(forged) == 1 and forged[0].HasField("closing")
check("nobody says hello in another replica's name", closed, forged)
sys.exit(1 if failures else 0)
