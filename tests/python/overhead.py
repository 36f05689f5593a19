"""python3 tests/python/overhead.py [N]: what the module adds to a call, and generations of ask and tell a second.

What a call adds is bounded from above by calls whose work is next to nothing: one weight-sized network, one pixel, one
step. N calls of each kind in turn; medians with the order statistics that hold them with 95 %, in ms.
"""
import json
import sys
import time

import numpy
import skein

n = int(sys.argv[1]) if len(sys.argv) > 1 else 40


def interval(values):
    """Median and the order statistics that hold it with at least 95 %."""
    values = numpy.sort(values)
    reach = 1.96 * numpy.sqrt(len(values)) / 2
    low, high = int(max(0, numpy.floor(len(values) / 2 - reach))), int(min(len(values) - 1, numpy.ceil(len(values) / 2 + reach)))
    return {"median_ms": float(numpy.median(values)), "low_ms": float(values[low]), "high_ms": float(values[high]), "n": len(values)}


def timed(call):
    """Milliseconds by the clock, and of the processor (all threads), which other processes do not lengthen."""
    start, used = time.perf_counter(), time.process_time()
    call()
    return 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - used)


tiny = skein.dense("1;tanh:1")
pixel = numpy.full((1, 1, 3), 0.5)
table = (numpy.ones((1, 4)), numpy.ones((1, 3)))
calls = {
    "render": lambda: tiny.render(1),
    "train": lambda: skein.train(tiny, pixel, steps=1),
    "train on a table": lambda: skein.train(tiny, table, steps=1),
    "train, told of progress": lambda: skein.train(tiny, pixel, steps=50, on_step=lambda event: None),
    "prune": lambda: skein.prune(tiny, pixel, method="magnitude", keep=5, steps=0),
    "compare_wirings": lambda: skein.compare_wirings(tiny, tiny, null_samples=0, size=2),
    "a command (info)": lambda: skein._skein.command(["info", "@face"], None, None),
}
added = {name: [] for name in calls}
for call in calls.values():
    call()
for repeat in range(n):
    for name, call in calls.items():
        added[name].append(timed(call))
for name, values in added.items():
    for what, numbers in zip(("clock", "processor"), zip(*values)):
        print(json.dumps({"call": name, "by": what, **interval(numbers)}))

cases = numpy.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], float)
wanted = numpy.array([0, 1, 1, 0], float)
rates = []
for seed in range(5):
    evolution = skein.Evolution(task="xor", seed=seed, population=150)
    start, used = time.perf_counter(), time.process_time()
    for _ in range(200):
        errors = numpy.abs(evolution.ask().outputs(cases)[:, :, 0] - wanted).sum(1)
        evolution.tell((4 - errors) ** 2)
    rates.append((200 / (time.perf_counter() - start), 200 / (time.process_time() - used)))
for what, numbers in zip(("second", "second of the processor"), zip(*rates)):
    print(json.dumps({"xor generations a " + what: [round(rate) for rate in sorted(numbers)], "population": 150, "generations": 200}))
