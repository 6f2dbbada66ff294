"""The Python side of bench/side-by-side: does one job per line of standard input and answers with one number.

    rate N SECONDS        GFLOP/s of float32 matrix products N x N
    loss JOB N STEPS      the loss of a network of width N after STEPS steps
    step JOB N SECONDS    milliseconds per training step, over about SECONDS
    cpu                   seconds of processor time this process has used

JOB is perceptron, transformer or resnet. The first is that of PaperJob.java: an MLP 3072-N-N-1 with ReLU and
without biases, Parametrization 1 with a global rate of 0.1 (appendix A), mean squared error on a full batch of
200, float32, torch.optim.SGD. The others are those of NetworkJob.java; see side_by_side_networks.py.
"""

import math
import os
import sys
import time

INPUTS, EXAMPLES, RATE, SEED = 3072, 200, 0.1, 0


def mapped_blas(torch):
    """The BLAS really in use: Debian's torch calls whatever libblas.so.3 leads to."""
    torch.ones(64, 64).mm(torch.ones(64, 64))
    try:
        with open("/proc/self/maps") as maps:
            files = {os.path.realpath(line.split()[-1]) for line in maps if ".so" in line}
    except OSError:
        return "unknown"
    names = {os.path.basename(os.path.dirname(file)) + "/" + os.path.basename(file) for file in files
             if ("blas" in os.path.basename(file) or "mkl_core" in file) and "lapack" not in file}
    return " ".join(sorted(names)) or "built in"


class PerceptronJob:
    def __init__(self, torch, width):
        self.torch = torch
        generator = torch.Generator().manual_seed(SEED)

        def gaussian(deviation, *shape):
            return torch.zeros(shape).normal_(0.0, 1.0, generator=generator).mul_(deviation)

        self.inputs = gaussian(1, EXAMPLES, INPUTS)
        self.targets = gaussian(1, EXAMPLES, 1).sign_()
        fans = [(INPUTS, width), (width, width), (width, 1)]
        self.start = [gaussian(math.sqrt(2 / i) * min(1, math.sqrt(o / i)), o, i) for i, o in fans]
        self.layers = torch.nn.ModuleList([torch.nn.Linear(i, o, bias=False) for i, o in fans])
        self.optimizer = torch.optim.SGD(
            [{"params": [layer.weight], "lr": RATE * o / i} for layer, (i, o) in zip(self.layers, fans)], lr=RATE)

    def forward(self):
        first, second, last = self.layers
        relu = self.torch.relu
        return last(relu(second(relu(first(self.inputs)))))

    def loss(self):
        return self.torch.nn.functional.mse_loss(self.forward(), self.targets)

    def train(self, steps):
        """As AutogradTrainer does: the loss before and after, and the steps between."""
        torch = self.torch
        with torch.no_grad():
            for layer, weight in zip(self.layers, self.start):
                layer.weight.copy_(weight)
            self.loss().item()
        for _ in range(steps):
            self.optimizer.zero_grad(set_to_none=True)
            self.loss().backward()
            self.optimizer.step()
        with torch.no_grad():
            return self.loss().item()


def paced(run, state, seconds):
    """Seconds per repetition in a run of about the given length; state holds the pace of the last one."""
    if "pace" not in state:
        count, took = 1, timed(run, 1)
        while took < seconds / 4:
            count *= 2
            took = timed(run, count)
        state["pace"] = took / count
    count = max(1, math.ceil(seconds / state["pace"]))
    state["pace"] = timed(run, count) / count
    return state["pace"]


def timed(run, count):
    start = time.perf_counter()
    run(count)
    return time.perf_counter() - start


def main():
    try:
        import torch
    except ImportError as missing:
        print("missing %s" % missing, flush=True)
        return
    threads = int(sys.argv[1])
    torch.set_num_threads(threads)
    capability = [line.split(":")[1].strip() for line in torch.__config__.show().splitlines()
                  if "CPU capability" in line]
    print("ready torch %s, Python %s, %s, BLAS %s" % (
        torch.__version__, sys.version.split()[0], capability[0] if capability else "?", mapped_blas(torch)),
        flush=True)
    from side_by_side_networks import ResNetJob, TransformerJob

    kinds = {"perceptron": lambda width: PerceptronJob(torch, width), "transformer": TransformerJob,
             "resnet": ResNetJob}
    jobs, paces = {}, {}
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "cpu":
            answer = time.process_time()
        elif command == "rate":
            n, seconds = int(arguments[0]), float(arguments[1])
            a, b, c = torch.ones(n, n), torch.ones(n, n), torch.zeros(n, n)

            def products(count):
                for _ in range(count):
                    torch.mm(a, b, out=c)

            answer = 2e-9 * n ** 3 / paced(products, paces.setdefault(("rate", n), {}), seconds)
        else:
            key = (arguments[0], int(arguments[1]))
            if key not in jobs:
                jobs[key] = kinds[key[0]](key[1])
            if command == "loss":
                answer = jobs[key].train(int(arguments[2]))
            else:
                answer = 1e3 * paced(jobs[key].train, paces.setdefault(key, {}), float(arguments[2]))
        print(repr(answer), flush=True)


if __name__ == "__main__":
    main()
