"""One memory program in a process of its own, the twin of run.ts: run.py PROGRAM ROUNDS."""

import json
import resource
import sys
import threading

import torch
from programs import programs


def peak():
    """The most that was ever resident, in bytes."""
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) * 1024


def start(name):
    body = programs[name]()

    def run(rounds):
        for _ in range(rounds):
            body()

    return run


def start_threads(name):
    """Ten threads at once, each with a program of its own."""
    runs = [None] * 10

    def work(i, rounds):
        runs[i] = runs[i] or start(name)
        runs[i](rounds)

    def run(rounds):
        threads = [threading.Thread(target=work, args=(i, rounds)) for i in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return run


name, rounds = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(1)
torch.ones(1)
loaded = peak()
run = start_threads(name) if name == "10 workers" else start(name)
run(rounds)
first = peak()
run(9 * rounds)
print(json.dumps({"loaded": loaded, "first": first, "last": peak()}))
