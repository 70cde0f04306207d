"""Writes every packet that passes an interface into a file, until it is killed.

  listen_in.py INTERFACE FILE

FILE is there once it listens.
"""

import os
import socket
import sys

ETH_P_ALL = 3
interface, path = sys.argv[1:]
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
wire.bind((interface, 0))
with open(path + ".partial", "wb", buffering=0) as file:
    os.rename(path + ".partial", path)
    while True:
        file.write(wire.recv(65536))
