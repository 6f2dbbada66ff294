"""Writes checkpoints by Python's own pickle and zipfile and by NumPy, for the tests to compare with.

    python3 write_fixtures.py <directory>

PyTorch is not needed: stand-ins have the module and the name of its classes and functions, and are
pickled by protocol 2 as torch.save does it, with its layout of the archive. What the values must be
is in expected.json: for each file and tensor the shape and the values in row-major order as
hexadecimal floats.
"""

import collections
import io
import json
import pathlib
import pickle
import sys
import types
import zipfile

import numpy as np

OUT = pathlib.Path(sys.argv[1])
expected = {}


def module(name):
    made = types.ModuleType(name)
    sys.modules[name] = made
    return made


torch, torch_utils, torch_storage = module("torch"), module("torch._utils"), module("torch.storage")


def stand_in(mod, name):
    def function(*arguments):
        raise NotImplementedError

    function.__module__, function.__qualname__, function.__name__ = mod.__name__, name, name
    setattr(mod, name, function)
    return function


rebuild_v2 = stand_in(torch_utils, "_rebuild_tensor_v2")
rebuild_v3 = stand_in(torch_utils, "_rebuild_tensor_v3")
rebuild_parameter = stand_in(torch_utils, "_rebuild_parameter")
untyped = stand_in(torch_storage, "UntypedStorage")
size = stand_in(torch, "Size")
STORAGES = {
    "float64": ("DoubleStorage", 8),
    "float32": ("FloatStorage", 4),
    "float16": ("HalfStorage", 2),
    "bfloat16": ("BFloat16Storage", 2),
    "int64": ("LongStorage", 8),
    "bool": ("BoolStorage", 1),
}
TYPES = {name: stand_in(torch, storage) for name, (storage, _) in STORAGES.items()}
FLOAT8 = {name: stand_in(torch, name) for name in ("float8_e4m3fn", "float8_e5m2")}


class Storage:
    def __init__(self, dtype, raw):
        self.dtype, self.raw = dtype, raw


class Tensor:
    def __init__(self, storage, offset, shape, strides, parameter=False):
        self.storage, self.offset = storage, offset
        self.shape, self.strides, self.parameter = shape, strides, parameter

    def __reduce__(self):
        hooks = collections.OrderedDict()
        arguments = (self.storage, self.offset, self.shape, self.strides, False, hooks)
        if self.storage.dtype in FLOAT8:
            return rebuild_v3, arguments + (FLOAT8[self.storage.dtype],)
        if self.parameter:
            plain = Tensor(self.storage, self.offset, self.shape, self.strides)
            return rebuild_parameter, (plain, True, hooks)
        return rebuild_v2, arguments


def contiguous(storage, shape, offset=0, **more):
    strides, step = [], 1
    for dimension in reversed(shape):
        strides.insert(0, step)
        step *= dimension
    return Tensor(storage, offset, tuple(shape), tuple(strides), **more)


def save(name, value, protocol=2, directory="archive", byteorder="little", compression=0):
    storages, buffer = [], io.BytesIO()

    class Pickler(pickle.Pickler):
        def persistent_id(self, thing):
            if not isinstance(thing, Storage):
                return None
            if thing not in storages:
                storages.append(thing)
            if thing.dtype in FLOAT8:
                kind, width = untyped, 1
            else:
                kind, width = TYPES[thing.dtype], STORAGES[thing.dtype][1]
            key = str(storages.index(thing))
            return ("storage", kind, key, "cpu", len(thing.raw) // width)

    Pickler(buffer, protocol).dump(value)
    with zipfile.ZipFile(OUT / name, "w", compression) as archive:
        archive.writestr(f"{directory}/data.pkl", buffer.getvalue())
        if byteorder:
            archive.writestr(f"{directory}/byteorder", byteorder)
        for i, storage in enumerate(storages):
            # PyTorch pads local headers so that values begin at multiples of 64.
            entry = zipfile.ZipInfo(f"{directory}/data/{i}")
            entry.extra = b"FB" + (20 + i).to_bytes(2, "little") + b"Z" * (20 + i)
            archive.writestr(entry, storage.raw, compression)
        archive.writestr(f"{directory}/version", "3\n")
        archive.writestr(f"{directory}/.data/serialization_id", "0" * 40)


def expect(file, tensor, values):
    values = np.asarray(values, dtype=np.float64)
    expected.setdefault(file, {})[tensor] = {
        "shape": list(values.shape),
        "values": [float(value).hex() for value in values.reshape(-1)],
    }


random = np.random.default_rng(7)
single = random.standard_normal((4, 6)).astype("<f4")
half = random.standard_normal(10).astype("<f2")
double = random.standard_normal((2, 3)).astype("<f8")
brain_bits = (random.standard_normal(12).astype("<f4").view("<u4") >> 16).astype("<u2")
brain = (brain_bits.astype("<u4") << 16).view("<f4").reshape(3, 4)


def state_dict():
    shared = Storage("float32", single.tobytes())
    state = collections.OrderedDict()
    state["embedding.weight"] = contiguous(shared, (4, 6), parameter=True)
    state["head.weight"] = contiguous(shared, (4, 6))
    state["transposed"] = Tensor(shared, 0, (6, 4), (1, 6))
    state["columns"] = Tensor(shared, 1, (4, 3), (6, 2))
    state["row"] = contiguous(shared, (6,), offset=12)
    state["half"] = contiguous(Storage("float16", half.tobytes()), (10,))
    state["double"] = contiguous(Storage("float64", double.tobytes()), (2, 3))
    state["brain"] = contiguous(Storage("bfloat16", brain_bits.tobytes()), (3, 4))
    state["scalar"] = Tensor(Storage("float32", single[:1, :1].tobytes()), 0, (), ())
    state["steps"] = contiguous(Storage("int64", bytes(8)), (1,))
    state["mask"] = contiguous(Storage("bool", bytes(3)), (3,))
    state["empty"] = contiguous(Storage("float32", b""), (0, 5))
    state["repeated"] = Tensor(Storage("float32", bytes(4)), 0, (3, 2), (0, 0))
    state._metadata = collections.OrderedDict([("", {"version": 1})])
    return state


def expect_state_dict(file, prefix=""):
    expect(file, prefix + "embedding.weight", single)
    expect(file, prefix + "head.weight", single)
    expect(file, prefix + "transposed", single.T)
    expect(file, prefix + "columns", single[:, 1::2])
    expect(file, prefix + "row", single[2])
    expect(file, prefix + "half", half)
    expect(file, prefix + "double", double)
    expect(file, prefix + "brain", brain)
    expect(file, prefix + "scalar", single[0, 0])


save("state.pt", state_dict())
expect_state_dict("state.pt")
for protocol in (3, 4, 5):
    save(f"protocol{protocol}.pt", state_dict(), protocol, directory=f"protocol{protocol}")
    expect_state_dict(f"protocol{protocol}.pt")

moments = [contiguous(Storage("float32", single.tobytes()), (4, 6)) for _ in range(2)]
save(
    "nested.pth",
    {
        "epoch": 3,
        "loss": 0.25,
        "arch": "résnet",
        "best": True,
        "seed": 2**70,
        "model": state_dict(),
        "optimizer": {
            "state": {0: {"step": 5, "exp_avg": moments[0]}, 1: {"exp_avg": moments[1]}},
            "param_groups": [{"lr": 1e-3, "betas": (0.9, 0.999), "params": [0, 1]}],
        },
        "averages": [moments[0], (moments[1], None)],
    },
    byteorder=None,
)
expect_state_dict("nested.pth", "model.")
for path in ("optimizer.state.0.exp_avg", "optimizer.state.1.exp_avg", "averages.0", "averages.1.0"):
    expect("nested.pth", path, single)

e4m3 = {0x00: 0.0, 0x38: 1.0, 0xC0: -2.0, 0x7E: 448.0, 0x01: 2.0**-9}
e5m2 = {0x00: 0.0, 0x3C: 1.0, 0xC0: -2.0, 0x7B: 57344.0, 0x01: 2.0**-16}
save(
    "float8.bin",
    {
        "e4m3": contiguous(Storage("float8_e4m3fn", bytes(e4m3)), (5,)),
        "e5m2": contiguous(Storage("float8_e5m2", bytes(e5m2)), (5,)),
    },
)
expect("float8.bin", "e4m3", list(e4m3.values()))
expect("float8.bin", "e5m2", list(e5m2.values()))

save(
    "arrays.pt",
    {
        "model": {"weight": contiguous(Storage("float32", single.tobytes()), (4, 6))},
        "best": np.float64(0.5),
        "generator": ("MT19937", np.arange(3, dtype="<u4"), 3, 0, 0.0),
    },
)
expect("arrays.pt", "model.weight", single)
save("big.pt", state_dict(), byteorder="big")
save("deflated.pt", state_dict(), compression=zipfile.ZIP_DEFLATED)
(OUT / "legacy.pt").write_bytes(pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2))

arrays = {
    "single": single,
    "half": half,
    "double": double,
    "big": single.astype(">f4"),
    "bighalf": half.astype(">f2"),
    "bigdouble": double.astype(">f8"),
    "fortran": np.asfortranarray(random.standard_normal((5, 3, 2)).astype("<f4")),
    "scalar": np.float32(0.1),
    "integers": np.arange(5),
    "names": np.array(["a", "bc"]),
    "flags": np.array([True]),
    "empty": np.zeros((0, 3), "<f4"),
    "complex": np.zeros(2, "<c8"),
    "fields": np.zeros(2, [("a", "<f4"), ("b", "<i4", (2, 2))]),
}
for file in ("stored.npz", "deflated.npz"):
    if file == "stored.npz":
        np.savez(OUT / file, **arrays)
    else:
        np.savez_compressed(OUT / file, **arrays)
    for name, array in arrays.items():
        if array.dtype.kind == "f" and array.size:
            expect(file, name, array)
np.savez(OUT / "objects.npz", weight=single, thing=np.array([{}, None], dtype=object))
expect("objects.npz", "weight", single)
for name in ("single", "fortran", "bighalf"):
    np.save(OUT / f"{name}.npy", arrays[name])
    expect(f"{name}.npy", name, arrays[name])
np.save(OUT / "objects.npy", np.array([{}], dtype=object))

(OUT / "expected.json").write_text(json.dumps(expected, indent=0))
