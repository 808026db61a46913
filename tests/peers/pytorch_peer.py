"""Answers questions about PyTorch's speed, one a line: "training T1 1.5" is answered with the
tokens per second of about 1.5 seconds of work. The number of threads is the first argument."""

import json
import sys
import time

import torch

import gpt


def tokens_per_second(work, tokens, seconds):
    work()
    start, done = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        work()
        done += tokens
    return done / (time.perf_counter() - start)


def measure(kind, task, seconds):
    torch.manual_seed(1)
    model = gpt.Gpt(task)
    if kind == "generation":
        return tokens_per_second(lambda: gpt.generate(model, task), task["context"], seconds)
    optimizer = gpt.optimizer_of(model)
    shape = (task["batch"], task["context"] + 1)
    batches = [torch.randint(task["vocabulary"], shape) for _ in range(8)]
    turn = iter(range(10**9))

    def work():
        gpt.train_step(model, optimizer, batches[next(turn) % len(batches)])

    return tokens_per_second(work, task["batch"] * task["context"], seconds)


def main():
    torch.set_num_threads(int(sys.argv[1]))
    tasks = json.loads(sys.argv[2])
    for line in sys.stdin:
        kind, task, seconds = line.split()
        print(measure(kind, tasks[task], float(seconds)), flush=True)


main()
