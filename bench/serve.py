"""Answers requests from standard input: a line with a count gives a line of JSON with the time it took."""

import json
import sys
import time


def serve(work):
    for line in sys.stdin:
        count = int(line)
        start = time.perf_counter()
        bits = work(count)
        seconds = time.perf_counter() - start
        answer = {"seconds": seconds}
        if bits is not None:
            answer["bits"] = bits
        print(json.dumps(answer), flush=True)
