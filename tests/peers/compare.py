"""Runs our program and its peers in turn and prints a line for each kind of work; see run."""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent
sys.path += [str(here), str(here.parent / "oracle")]

# As in tests/benchmark/tasks.h.
TASKS = {
    "T1": dict(vocabulary=65, context=64, layers=2, heads=4, width=64, batch=16),
    "T2": dict(vocabulary=65, context=64, layers=4, heads=4, width=128, batch=12),
    "T3": dict(vocabulary=27, context=16, layers=1, heads=4, width=16, batch=1),
}
LARGEST_DIFFERENCE = 1e-5  # of losses of 2 to 5 nats, over 20 steps in float
# Two thirds of what was measured with one thread. Less than that is no neighbour's noise: something
# has become slow, such as a loop that the compiler no longer computes several numbers at once in.
LEAST_RATIO = {"T1": 1.2, "T2": 0.7, "T3": 33}


def operations_per_token(task):
    """Of training: two for each weight forwards, four backwards; attention where not masked."""
    weights = task["layers"] * 12 * task["width"] ** 2 + task["vocabulary"] * task["width"]
    attention = task["layers"] * task["context"] * task["width"]
    return 6 * (weights + attention)


class Ours:
    def __init__(self, program, seconds):
        self.program, self.seconds = program, seconds

    def measure(self, name):
        command = [self.program, f"--benchmark_filter=^{name}$", "--benchmark_format=json"]
        command.append(f"--benchmark_min_time={self.seconds}")
        answer = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        return answer["benchmarks"][0]["items_per_second"]

    def names(self):
        command = [self.program, "--benchmark_list_tests"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


class PyTorch:
    def __init__(self, threads, seconds):
        command = ["/usr/bin/python3", here / "pytorch_peer.py", str(threads), json.dumps(TASKS)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.seconds = seconds

    def measure(self, kind, task):
        self.process.stdin.write(f"{kind} {task} {self.seconds}\n")
        return float(self.process.stdout.readline())


def in_turn(rounds, *ways):
    """The median of each way's figures, and that of the ratio of the first to the second. The ways
    take turns, so that a machine that slows down slows them all."""
    figures = [[way() for way in ways] for _ in range(rounds)]
    medians = [statistics.median(figure) for figure in zip(*figures)]
    return medians, statistics.median(figure[0] / figure[1] for figure in figures)


def compare_curves(curves, task):
    """Do both learn the same from the same start? Prints the answer; stops when not."""
    import torch

    import gpt
    import tensor_file

    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([curves, task, "20", folder], check=True)
        folder = pathlib.Path(folder)
        ours = json.loads((folder / "losses.json").read_text())
        batches = json.loads((folder / "batches.json").read_text())
        tensors, _ = tensor_file.read(folder / "model.safetensors")
    model = gpt.load(TASKS[task], tensors)
    optimizer = gpt.optimizer_of(model)
    theirs = [gpt.train_step(model, optimizer, torch.tensor(batch)).item() for batch in batches]
    difference = max(abs(a - b) for a, b in zip(ours, theirs))
    print(
        f"losses {task} steps={len(ours)} first={ours[0]:.4f} last={ours[-1]:.4f} "
        f"largest_difference={difference:.1e}",
        flush=True,
    )
    if not difference <= LARGEST_DIFFERENCE:
        sys.exit(f"the loss curves of {task} differ by more than {LARGEST_DIFFERENCE}")


def compare_training(ours, rounds, seconds, peak, demanding):
    for threads in [1] if demanding else [1, 2]:
        pytorch = PyTorch(threads, seconds)
        for name, task in TASKS.items():
            if threads == 2 and task["batch"] == 1:
                continue  # one sequence can't be shared out
            (our_speed, their_speed), ratio = in_turn(
                rounds,
                lambda: ours.measure(f"training/{name}/threads:{threads}/real_time"),
                lambda: pytorch.measure("training", name),
            )
            share = our_speed * operations_per_token(task) / (peak * threads)
            print(
                f"training {name} threads={threads} ours={our_speed:.0f} "
                f"pytorch={their_speed:.0f} ratio={ratio:.2f} peak={share:.2f}",
                flush=True,
            )
            if demanding and ratio < LEAST_RATIO[name]:
                sys.exit(
                    f"training {name} is {ratio:.2f} times as fast as PyTorch; at least "
                    f"{LEAST_RATIO[name]} is expected. See which function takes so long: "
                    "perf record build/tests/benchmark/speed "
                    f"--benchmark_filter=training/{name}/threads:1"
                )


def compare_generation(ours, rounds, seconds):
    pytorch = PyTorch(1, seconds)
    for name in TASKS:
        (our_speed, their_speed), ratio = in_turn(
            rounds,
            lambda: ours.measure(f"generation/{name}"),
            lambda: pytorch.measure("generation", name),
        )
        print(
            f"generation {name} ours={our_speed:.0f} pytorch={their_speed:.0f} ratio={ratio:.1f}",
            flush=True,
        )


def compare_products(ours, kind, rounds, peak):
    names = set(ours.names())
    shapes = sorted({name.split("/")[1] for name in names if name.startswith(kind + "/")},
                    key=lambda shape: [int(size) for size in shape.split("x")])  # fmt: skip
    for shape in shapes:
        for form in ["AB", "ABt", "AtB"]:
            product = f"{kind}/{shape}/{form}"
            ways = [way for way in ["ours", "openblas", "ublas"] if f"{product}/{way}" in names]
            medians, ratio = in_turn(
                rounds, *[lambda way=way: ours.measure(f"{product}/{way}") / 1e9 for way in ways]
            )
            figures = " ".join(f"{way}={speed:.1f}" for way, speed in zip(ways, medians))
            ratio = f" ratio={ratio:.2f}" if "openblas" in ways else ""
            share = medians[0] * 1e9 / peak
            print(f"{kind} {shape} {form} {figures}{ratio} peak={share:.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each measurement")
    kinds = ["losses", "training", "generation", "product"]
    parser.add_argument(
        "--only", nargs="+", choices=kinds, default=kinds, help="leave out the rest"
    )
    parser.add_argument(
        "--demanding", action="store_true", help="stop when training has become much slower"
    )
    options = parser.parse_args()
    if options.demanding and "training" not in options.only:
        parser.error("--demanding asks for training: leave out --only or add training to it")
    ours = Ours(options.build / "speed", options.seconds)
    peak = statistics.median(ours.measure("peak") for _ in range(options.rounds))
    print(f"peak 1 core: {peak / 1e9:.1f} GFLOP/s", flush=True)
    if "losses" in options.only:
        for task in TASKS:
            compare_curves(options.build / "loss_curve", task)
    if "training" in options.only:
        compare_training(ours, options.rounds, options.seconds, peak, options.demanding)
    if "generation" in options.only:
        compare_generation(ours, options.rounds, options.seconds)
    if "product" in options.only:
        ours.seconds = min(ours.seconds, 0.2)
        compare_products(ours, "product", options.rounds, peak)
        compare_products(ours, "memory", options.rounds, peak)


main()
