"""Opens connections to HOST:PORT and holds them until standard input ends.

  flood.py HOST PORT COUNT

Prints how many of them the other side has taken and kept: it closes those that are too many at once, or
does not answer.
"""

import selectors
import socket
import sys

host, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4]
held = []
for _ in range(count):
    connection = socket.socket()
    connection.setblocking(False)
    connection.connect_ex(address)
    held.append(connection)

# Connected is writable; then whoever is not wanted reads an end.
kept = 0
events = selectors.DefaultSelector()
for connection in held:
    events.register(connection, selectors.EVENT_WRITE)
quiet = 2.0
while True:
    ready = events.select(quiet)
    if not ready:
        break
    for key, mask in ready:
        if mask & selectors.EVENT_WRITE and not key.fileobj.getsockopt(
            socket.SOL_SOCKET, socket.SO_ERROR
        ):
            kept += 1
            events.modify(key.fileobj, selectors.EVENT_READ)
            continue
        kept -= mask == selectors.EVENT_READ
        events.unregister(key.fileobj)
print(kept, flush=True)
sys.stdin.read()
