"""What the checks by grpcio have in common: messages made from the protocol's files by protoc, and a
member's key and certificate as its replica's directory holds them."""

import atexit
import base64
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

import grpc

PROTO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../proto")


def messages():
    """Makes the modules twinning.v1.*_pb2, and lets them be imported."""
    made = tempfile.mkdtemp(prefix="twinning-proto-")
    atexit.register(shutil.rmtree, made)
    files = [f"twinning/v1/{name}" for name in sorted(os.listdir(f"{PROTO}/twinning/v1"))]
    files = [name for name in files if name.endswith(".proto")]
    subprocess.run(["protoc", f"-I{PROTO}", f"--python_out={made}", *files], check=True)
    sys.path.insert(0, made)


messages()
from twinning.v1 import enrolment_pb2, sync_pb2  # noqa: E402


def pem(label, der):
    body = base64.encodebytes(der).decode()
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n".encode()


class Member:
    """Whose replica is in a directory."""

    def __init__(self, directory):
        with sqlite3.connect(f"file:{directory}/replica.db?mode=ro", uri=True) as database:
            meta = dict(database.execute("SELECT key, value FROM meta"))
        certification = enrolment_pb2.Certification.FromString(meta["certification"])
        authorities = b"".join(pem("CERTIFICATE", der) for der in certification.authorities)
        with open(f"{directory}/key", encoding="ascii") as file:
            seed = bytes.fromhex(file.read().strip())
        # An Ed25519 key as PKCS 8 wraps it, and as it stands in a certificate (RFC 8410).
        key = pem("PRIVATE KEY", bytes.fromhex("302e020100300506032b657004220420") + seed)
        in_certificate = bytes.fromhex("302a300506032b6570032100")
        public = certification.certificate.split(in_certificate, 1)[1][:32]
        self.ledger = meta["ledger"]
        self.replica = hashlib.sha256(public).digest()[:16]
        self.server, self.enrolment = certification.server, certification.enrolment
        self.shown = grpc.ssl_channel_credentials(
            authorities, key, pem("CERTIFICATE", certification.certificate)
        )
        # Of somebody who knows the server, and whom the server does not know.
        self.nobody = grpc.ssl_channel_credentials(authorities)

    def hello(self, ledger=None, replica=None):
        message = sync_pb2.ClientMessage()
        message.hello.protocol_min = message.hello.protocol_max = 1
        message.hello.ledger = self.ledger if ledger is None else ledger
        message.hello.replica = self.replica if replica is None else replica
        message.hello.software = "plain"
        return message


def channel(address, credentials):
    """Nothing is encrypted without credentials."""
    options = [("grpc.max_send_message_length", -1)]
    if credentials is None:
        return grpc.insecure_channel(address, options)
    return grpc.secure_channel(address, credentials, options)


def bytes_of(message):
    return message if isinstance(message, bytes) else message.SerializeToString()


def call(address, credentials, method, request, answer):
    """The answer, or the status code of a refusal."""
    with channel(address, credentials) as line:
        unary = line.unary_unary(
            method, request_serializer=bytes_of, response_deserializer=answer.FromString
        )
        try:
            return unary(request, timeout=20)
        except grpc.RpcError as error:
            return error.code()


def connect(line, sent):
    """The stream of what the server says to the messages of an iterator."""
    stream = line.stream_stream(
        "/twinning.v1.Sync/Connect",
        request_serializer=bytes_of,
        response_deserializer=sync_pb2.ServerMessage.FromString,
    )
    return stream(sent, timeout=20)
