#!/usr/bin/python3
"""Trains the network of config/models/digits.onnx on scikit-learn's handwritten digits.

Writes to the folder given: digits.onnx (input `pixels`, f32 (n, 64), values 0 to 16; output
`probabilities`, f32 (n, 10)), digits_held_out.npy (the 360 images it was not trained on) and
digits_labels.npy (what they show, u8). Needs Debian's python3-sklearn and python3-onnx.
"""
import pathlib
import sys

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier


def network(layers):
    """An ONNX graph: scale, then Gemm and Relu per layer, Softmax at the end."""
    weights = [numpy_helper.from_array(numpy.float32(1 / 16), "sixteenth")]
    nodes = [helper.make_node("Mul", ["pixels", "sixteenth"], ["scaled"], "scale")]
    last = "scaled"
    for i, (matrix, bias) in enumerate(layers):
        weights += [numpy_helper.from_array(matrix.astype(numpy.float32), f"matrix{i}"),
                    numpy_helper.from_array(bias.astype(numpy.float32), f"bias{i}")]
        nodes.append(helper.make_node("Gemm", [last, f"matrix{i}", f"bias{i}"], [f"sum{i}"],
                                      f"layer{i}"))
        last = f"sum{i}"
        if i + 1 < len(layers):
            nodes.append(helper.make_node("Relu", [last], [f"hidden{i}"], f"relu{i}"))
            last = f"hidden{i}"
    nodes.append(helper.make_node("Softmax", [last], ["probabilities"], "softmax", axis=-1))
    graph = helper.make_graph(
        nodes, "digits",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", 64])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", 10])], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)],
                              producer_name="datagen train_digits.py")
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


def main(folder):
    images, labels = load_digits(return_X_y=True)
    train_x, test_x, train_y, test_y = train_test_split(
        images, labels, test_size=360, random_state=1, stratify=labels)
    learner = MLPClassifier((64, 32), alpha=0.01, max_iter=400, random_state=1)
    learner.fit(train_x / 16, train_y)
    print(f"held-out accuracy of the learner: {learner.score(test_x / 16, test_y):.4f}")
    onnx.save(network(list(zip(learner.coefs_, learner.intercepts_))), folder / "digits.onnx")
    numpy.save(folder / "digits_held_out.npy", test_x.astype("<f4"))
    numpy.save(folder / "digits_labels.npy", test_y.astype("u1"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: train_digits.py FOLDER")
    main(pathlib.Path(sys.argv[1]))
