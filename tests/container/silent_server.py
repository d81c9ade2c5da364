"""An endpoint that accepts and never answers. Writes its port to a file when it listens, and 'asked' behind it when the first request has come: silent_server.py FILE"""

import socket
import sys
import time

with socket.socket() as listener:
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    with open(sys.argv[1], "w", buffering=1) as told:
        told.write(f"{listener.getsockname()[1]}\n")
        connection, _ = listener.accept()
        connection.recv(1)
        told.write("asked\n")
        time.sleep(120)
