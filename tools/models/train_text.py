#!/usr/bin/python3
"""Trains the small transformer of config/models/text.onnx on the repository's own Markdown.

One block, two heads of 24, 32 characters of context; characters are the printable ASCII ones and
the line feed, others become '?'. Forward and backward pass are written out in NumPy, so that no
learning framework is needed: Debian's python3-numpy and python3-onnx are enough.

Writes text.onnx to the folder given: input `characters`, i64 (32), output `logits`, f32 (32, 96);
row t scores the character that follows characters 0 to t. Index 0 is the line feed, index i > 0 the
character with code 31 + i.
"""
import pathlib
import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

CONTEXT, WIDTH, HEADS, VOCABULARY = 32, 48, 2, 96
HEAD = WIDTH // HEADS
EPSILON = 1e-5
MASK = np.triu(np.full((CONTEXT, CONTEXT), -1e9, np.float32), 1)


def repository_text():
    root = pathlib.Path(__file__).resolve().parents[2]
    names = subprocess.run(["git", "ls-files", "*.md"], cwd=root, check=True, capture_output=True,
                           text=True).stdout.split()
    text = "\n".join((root / name).read_text(errors="replace") for name in names)
    codes = np.frombuffer(text.encode("ascii", "replace"), np.uint8).astype(np.int64)
    return np.where(codes == 10, 0, np.where((codes >= 32) & (codes < 127), codes - 31, 32))


def fresh_weights(random):
    def matrix(rows, columns):
        return (random.standard_normal((rows, columns)) / np.sqrt(rows)).astype(np.float32)
    w = {"embedding": matrix(VOCABULARY, WIDTH), "position": matrix(CONTEXT, WIDTH) * 0.1}
    for name in ("query", "key", "value", "mix"):
        w[name] = matrix(WIDTH, WIDTH)
    w |= {"widen": matrix(WIDTH, 4 * WIDTH), "widen_bias": np.zeros(4 * WIDTH, np.float32),
          "narrow": matrix(4 * WIDTH, WIDTH) * 0.5, "narrow_bias": np.zeros(WIDTH, np.float32),
          "head": matrix(WIDTH, VOCABULARY)}
    for norm in ("norm1", "norm2", "norm3"):
        w[norm + "_scale"] = np.ones(WIDTH, np.float32)
        w[norm + "_bias"] = np.zeros(WIDTH, np.float32)
    return w


def normalize(x, w, name):
    inverse = 1 / np.sqrt(x.var(-1, keepdims=True) + EPSILON)
    unit = (x - x.mean(-1, keepdims=True)) * inverse
    return unit * w[name + "_scale"] + w[name + "_bias"], (unit, inverse)


def normalize_back(dy, w, name, saved, grads):
    unit, inverse = saved
    axes = tuple(range(dy.ndim - 1))
    grads[name + "_scale"] = (dy * unit).sum(axes)
    grads[name + "_bias"] = dy.sum(axes)
    d = dy * w[name + "_scale"]
    return inverse * (d - d.mean(-1, keepdims=True) - unit * (d * unit).mean(-1, keepdims=True))


def split(x):
    return x.reshape(-1, CONTEXT, HEADS, HEAD).transpose(0, 2, 1, 3)


def join(x):
    return x.transpose(0, 2, 1, 3).reshape(-1, CONTEXT, WIDTH)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def outer(x, dy):
    return x.reshape(-1, x.shape[-1]).T @ dy.reshape(-1, dy.shape[-1])


def forward(w, characters):
    s = {"x0": w["embedding"][characters] + w["position"]}
    s["n1"], s["norm1"] = normalize(s["x0"], w, "norm1")
    s["q"], s["k"], s["v"] = (split(s["n1"] @ w[name]) for name in ("query", "key", "value"))
    s["a"] = softmax(s["q"] @ s["k"].transpose(0, 1, 3, 2) / np.float32(np.sqrt(HEAD)) + MASK)
    s["joined"] = join(s["a"] @ s["v"])
    s["x1"] = s["x0"] + s["joined"] @ w["mix"]
    s["n2"], s["norm2"] = normalize(s["x1"], w, "norm2")
    s["wide"] = np.maximum(s["n2"] @ w["widen"] + w["widen_bias"], 0)
    s["x2"] = s["x1"] + s["wide"] @ w["narrow"] + w["narrow_bias"]
    s["n3"], s["norm3"] = normalize(s["x2"], w, "norm3")
    return s["n3"] @ w["head"], s


def gradients(w, characters, targets):
    logits, s = forward(w, characters)
    p = softmax(logits)
    chosen = np.take_along_axis(p, targets[..., None], -1)
    loss = -np.log(chosen + 1e-9).mean()
    d = p
    np.put_along_axis(d, targets[..., None], chosen - 1, -1)
    d = d / targets.size
    g = {"head": outer(s["n3"], d)}
    dx = normalize_back(d @ w["head"].T, w, "norm3", s["norm3"], g)
    g["narrow"], g["narrow_bias"] = outer(s["wide"], dx), dx.sum((0, 1))
    dwide = (dx @ w["narrow"].T) * (s["wide"] > 0)
    g["widen"], g["widen_bias"] = outer(s["n2"], dwide), dwide.sum((0, 1))
    dx = dx + normalize_back(dwide @ w["widen"].T, w, "norm2", s["norm2"], g)
    g["mix"] = outer(s["joined"], dx)
    dv_in = split(dx @ w["mix"].T)
    da = dv_in @ s["v"].transpose(0, 1, 3, 2)
    dv = s["a"].transpose(0, 1, 3, 2) @ dv_in
    ds = s["a"] * (da - (da * s["a"]).sum(-1, keepdims=True)) / np.float32(np.sqrt(HEAD))
    dq, dk = ds @ s["k"], ds.transpose(0, 1, 3, 2) @ s["q"]
    dn = 0
    for name, part in (("query", dq), ("key", dk), ("value", dv)):
        part = join(part)
        g[name] = outer(s["n1"], part)
        dn = dn + part @ w[name].T
    dx = dx + normalize_back(dn, w, "norm1", s["norm1"], g)
    g["position"] = dx.sum(0)
    g["embedding"] = np.zeros_like(w["embedding"])
    np.add.at(g["embedding"], characters, dx)
    return loss, g


def windows(random, text, count):
    first = random.integers(0, len(text) - CONTEXT - 1, count)
    at = first[:, None] + np.arange(CONTEXT + 1)
    return text[at[:, :-1]], text[at[:, 1:]]


def train(w, text, steps):
    """Adam, rate falling to nothing."""
    random = np.random.default_rng(2)
    mean = {k: np.zeros_like(v) for k, v in w.items()}
    square = {k: np.zeros_like(v) for k, v in w.items()}
    for step in range(1, steps + 1):
        loss, g = gradients(w, *windows(random, text, 32))
        rate = 4e-3 * (1 - step / (steps + 1))
        for k in w:
            mean[k] += 0.1 * (g[k] - mean[k])
            square[k] += 0.02 * (g[k] ** 2 - square[k])
            w[k] -= (rate * mean[k] / (1 - 0.9 ** step)
                     / (np.sqrt(square[k] / (1 - 0.98 ** step)) + 1e-8)).astype(np.float32)
        if step % 200 == 0:
            print(f"step {step}: {loss:.3f} nats per character", flush=True)


def network(w):
    constants = dict(w, mask=MASK, root=np.float32(1 / np.sqrt(HEAD)),
                     heads=np.array([CONTEXT, HEADS, HEAD], np.int64),
                     joined=np.array([CONTEXT, WIDTH], np.int64))
    nodes = []

    def add(op, inputs, output, **attributes):
        nodes.append(helper.make_node(op, inputs, [output], output, **attributes))
        return output

    def norm(x, name):
        return add("LayerNormalization", [x, name + "_scale", name + "_bias"], name, axis=-1,
                   epsilon=EPSILON)

    add("Gather", ["embedding", "characters"], "embedded")
    add("Add", ["embedded", "position"], "x0")
    norm("x0", "norm1")
    for name, order in (("query", [1, 0, 2]), ("key", [1, 2, 0]), ("value", [1, 0, 2])):
        add("MatMul", ["norm1", name], name + "_flat")
        add("Reshape", [name + "_flat", "heads"], name + "_heads")
        add("Transpose", [name + "_heads"], name + "_turned", perm=order)
    add("MatMul", ["query_turned", "key_turned"], "products")
    add("Mul", ["products", "root"], "scaled")
    add("Add", ["scaled", "mask"], "masked")
    add("Softmax", ["masked"], "attention", axis=-1)
    add("MatMul", ["attention", "value_turned"], "seen")
    add("Transpose", ["seen"], "seen_turned", perm=[1, 0, 2])
    add("Reshape", ["seen_turned", "joined"], "seen_flat")
    add("MatMul", ["seen_flat", "mix"], "mixed")
    add("Add", ["x0", "mixed"], "x1")
    norm("x1", "norm2")
    add("MatMul", ["norm2", "widen"], "wide_sum")
    add("Add", ["wide_sum", "widen_bias"], "wide_biased")
    add("Relu", ["wide_biased"], "wide")
    add("MatMul", ["wide", "narrow"], "narrow_sum")
    add("Add", ["narrow_sum", "narrow_bias"], "narrow_biased")
    add("Add", ["x1", "narrow_biased"], "x2")
    norm("x2", "norm3")
    add("MatMul", ["norm3", "head"], "logits")
    graph = helper.make_graph(
        nodes, "text", [helper.make_tensor_value_info("characters", TensorProto.INT64, [CONTEXT])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [CONTEXT, VOCABULARY])],
        [numpy_helper.from_array(np.asarray(v), k) for k, v in constants.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)],
                              producer_name="datagen train_text.py")
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


def main(folder, steps):
    text = repository_text()
    held_out = text[-len(text) // 10:]
    w = fresh_weights(np.random.default_rng(1))
    train(w, text[:-len(held_out)], steps)
    characters, targets = windows(np.random.default_rng(3), held_out, 256)
    loss, _ = gradients(w, characters, targets)
    print(f"{len(text)} characters; held-out tenth: {loss:.4f} nats per character, "
          f"uniform guessing has {np.log(VOCABULARY):.4f}")
    onnx.save(network(w), folder / "text.onnx")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: train_text.py FOLDER [STEPS]")
    main(pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) == 3 else 2400)
