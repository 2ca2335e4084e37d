#!/usr/bin/env python3
"""Sentences a second: rhetor's encoder beside onnxruntime, the same weights, sentences and threads.

    pip install numpy safetensors tokenizers onnx onnxruntime
    python3 benches/encoder.py DIRECTORY      with the base weights' model.safetensors, config.json, tokenizer.json

onnxruntime gets the network as a graph built here, in single precision and quantised to 8 bits (dynamically), in
batches of sentences of like length, padded; the best batch size of three counts.
"""

import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import quantize_dynamic
from safetensors.numpy import load_file
from tokenizers import Tokenizer

WORDS = "the minister said on friday that talks with both sides had failed".split()
SENTENCES = [" ".join(WORDS[(i * 7 + j * 5) % 12] for j in range(8 + (i * 37) % 64)) for i in range(512)]
PASSES = 3


class Graph:
    """Collects nodes; every call returns the name of its output."""

    def __init__(self, weights):
        self.weights, self.nodes, self.constants = weights, [], {}

    def constant(self, name, array):
        self.constants.setdefault(name, numpy_helper.from_array(numpy.ascontiguousarray(array), name))
        return name

    def node(self, kind, *inputs, **attributes):
        output = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def dense(self, x, name):
        weight = self.constant(f"{name}.T", self.weights[f"{name}.weight"].T)
        return self.node("Add", self.node("MatMul", x, weight), self.constant(f"{name}.b", self.weights[f"{name}.bias"]))

    def norm(self, x, name, epsilon):
        gain, shift = (self.constant(f"{name}.{part}", self.weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.node("LayerNormalization", x, gain, shift, axis=-1, epsilon=epsilon)

    def rows(self, name, ids):
        return self.node("Gather", self.constant(name, self.weights[f"embeddings.{name}_embeddings.weight"]), ids)


def network(config, weights):
    """BERT from `ids` and `mask` (sentences, tokens) to mean vectors (sentences, width)."""
    g = Graph(weights)
    width, heads, epsilon = config["hidden_size"], config["num_attention_heads"], config["layer_norm_eps"]
    numbers = g.constant("numbers", numpy.arange(config["max_position_embeddings"]))
    tokens = g.node("Shape", "ids", start=1, end=2)
    zero = g.constant("zero", numpy.array([0]))
    positions = g.node("Slice", numbers, zero, tokens)
    x = g.node("Add", g.rows("word", "ids"), g.rows("position", positions))
    segment = g.constant("segment", weights["embeddings.token_type_embeddings.weight"][0])
    x = g.norm(g.node("Add", x, segment), "embeddings.LayerNorm", epsilon)
    absent = g.node("Sub", g.constant("one", numpy.float32(1)), "mask")
    bias = g.node("Mul", absent, g.constant("far", numpy.float32(-1e9)))
    bias = g.node("Unsqueeze", bias, g.constant("axes", numpy.array([1, 2])))
    split = g.constant("split", numpy.array([0, 0, heads, width // heads]))
    join = g.constant("join", numpy.array([0, 0, width]))
    scale = g.constant("scale", numpy.float32(1 / math.sqrt(width // heads)))
    for layer in range(config["num_hidden_layers"]):
        at = f"encoder.layer.{layer}."
        part = lambda name, order: g.node(
            "Transpose", g.node("Reshape", g.dense(x, f"{at}attention.self.{name}"), split), perm=order)
        scores = g.node("MatMul", part("query", [0, 2, 1, 3]), part("key", [0, 2, 3, 1]))
        looks = g.node("Softmax", g.node("Add", g.node("Mul", scores, scale), bias), axis=-1)
        seen = g.node("Transpose", g.node("MatMul", looks, part("value", [0, 2, 1, 3])), perm=[0, 2, 1, 3])
        mixed = g.dense(g.node("Reshape", seen, join), f"{at}attention.output.dense")
        x = g.norm(g.node("Add", x, mixed), f"{at}attention.output.LayerNorm", epsilon)
        wide = g.node("Gelu", g.dense(x, f"{at}intermediate.dense"))
        x = g.norm(g.node("Add", x, g.dense(wide, f"{at}output.dense")), f"{at}output.LayerNorm", epsilon)
    last = g.constant("last", numpy.array([2]))
    first = g.constant("first", numpy.array([1]))
    weight = g.node("Unsqueeze", "mask", last)
    total = g.node("ReduceSum", g.node("Mul", x, weight), first, keepdims=0)
    mean = g.node("Div", total, g.node("ReduceSum", weight, first, keepdims=0))
    inputs = [helper.make_tensor_value_info("ids", TensorProto.INT64, ["n", "t"]),
              helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["n", "t"])]
    outputs = [helper.make_tensor_value_info(mean, TensorProto.FLOAT, ["n", width])]
    graph = helper.make_graph(g.nodes, "bert", inputs, outputs, list(g.constants.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)])
    onnx.checker.check_model(model)
    return model


def batches(tokenizer, size):
    """Word-piece ids and masks, sentences of like length together."""
    ids = sorted((tokenizer.encode(sentence).ids for sentence in SENTENCES), key=len)
    for start in range(0, len(ids), size):
        part = ids[start : start + size]
        longest = max(map(len, part))
        yield {"ids": numpy.array([row + [0] * (longest - len(row)) for row in part]),
               "mask": numpy.array([[1.0] * len(row) + [0.0] * (longest - len(row)) for row in part], numpy.float32)}


def onnx_speed(path, tokenizer, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    best = 0.0
    for size in (1, 8, 32):
        for _ in range(PASSES):
            start = time.perf_counter()
            for batch in batches(tokenizer, size):
                session.run(None, batch)
            best = max(best, len(SENTENCES) / (time.perf_counter() - start))
    return best


def rhetor_speed(base, threads):
    command = ["cargo", "bench", "--quiet", "--bench", "encoder", "--", str(base.resolve())]
    environment = os.environ | {"RAYON_NUM_THREADS": str(threads)}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True,
                          cwd=pathlib.Path(__file__).parent.parent)
    return float(done.stdout.split()[-1])


def main():
    base = pathlib.Path(sys.argv[1])
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(128)
    with tempfile.TemporaryDirectory() as folder:
        single, small = pathlib.Path(folder) / "single.onnx", pathlib.Path(folder) / "small.onnx"
        onnx.save(network(json.loads((base / "config.json").read_text()), load_file(base / "model.safetensors")), single)
        quantize_dynamic(single, small)
        print(f"{'sentences/s':<24}{'1 thread':>10}{'2 threads':>10}")
        for name, speed in [
            ("rhetor, f32", lambda threads: rhetor_speed(base, threads)),
            ("onnxruntime, f32", lambda threads: onnx_speed(single, tokenizer, threads)),
            ("onnxruntime, int8", lambda threads: onnx_speed(small, tokenizer, threads)),
        ]:
            print(f"{name:<24}{speed(1):>10.0f}{speed(2):>10.0f}", flush=True)


main()
