"""Answers requests from standard input: a line with a count gives a line of JSON with the time it took."""

import json
import sys
import time


def serve(work):
    """`work` does so many rounds; it gives a result's bits, or a function that does, whose time does not count."""
    for line in sys.stdin:
        count = int(line)
        cpu = time.process_time()
        start = time.perf_counter()
        bits = work(count)
        seconds = time.perf_counter() - start
        answer = {"seconds": seconds, "cpu": time.process_time() - cpu}
        if callable(bits):
            bits = bits()
        if bits is not None:
            answer["bits"] = bits
        print(json.dumps(answer), flush=True)
