"""Runs Python programs in processes forked from this one, which has imported boto3: such a start takes milliseconds. See programs.py.

preloaded.py DESCRIPTOR: a socket. Each message is {"script", "words", "environment"} with three descriptors: standard output, standard
error, and a pipe that gets the process id and later the exit code. Ends when the socket closes.
"""
import gc
import json
import os
import runpy
import signal
import socket
import sys
import traceback

LONGEST = 1 << 20


def main():
    import boto3

    # A session of its own: the default one is the program's. A client imports what boto3 imports only then.
    boto3.Session("x", "x").client("s3", region_name="us-east-1")
    # The programs' collector leaves alone what they share.
    gc.freeze()
    channel = socket.socket(fileno=int(sys.argv[1]))
    # No process waits for those that watch.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, files, *_ = socket.recv_fds(channel, LONGEST, 3)
        if not message:
            return
        if os.fork() == 0:
            channel.close()
            watch(json.loads(message), *files)
        for file in files:
            os.close(file)


def watch(request, output, errors, end):
    """Forks the program and reports its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        os.close(end)
        become(request, output, errors)
    os.close(output)
    os.close(errors)
    os.write(end, b"%d\n" % pid)
    os.write(end, b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    os._exit(0)


def become(request, output, errors):
    """Is the program from here on: its output, environment, arguments and exit code are those of `python3 SCRIPT WORDS`."""
    for file, number in ((os.open(os.devnull, os.O_RDONLY), 0), (output, 1), (errors, 2)):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = [request["script"], *request["words"]]
    sys.path[0] = os.path.dirname(request["script"])
    code = run(request["script"])
    try:
        if not sys.stdout.closed:
            sys.stdout.flush()
    except OSError:
        # The code of an interpreter that cannot write its output.
        code = 120
    os._exit(code)


def run(script):
    try:
        runpy.run_path(script, run_name="__main__")
        return 0
    except SystemExit as end:
        if isinstance(end.code, (int, type(None))):
            return (end.code or 0) & 255
        print(end.code, file=sys.stderr, flush=True)
    except BaseException:
        traceback.print_exc()
    return 1


if __name__ == "__main__":
    main()
