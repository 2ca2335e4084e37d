#!/usr/bin/env python3
"""Reference vectors for features/encoder, from a plain numpy BERT.

    pip install numpy tokenizers safetensors
    python3 encoder.py                      writes encoder/tiny.safetensors, encoder/tiny.json, encoder/tokenizer.json
    python3 encoder.py --base DIRECTORY     prints the base weights' vectors as JSON (for checking by hand)

The network is written down here a second time, from Devlin et al. 2019 and the published configuration, one sentence
at a time in double precision, without batches, padding or packing. The tiny model has random weights from a seed.
All sentences are invented; persons are fictional.
"""

import json
import math
import pathlib
import sys

import numpy
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

HERE = pathlib.Path(__file__).parent / "encoder"

INPUTS = [
    "The minister accused the generals of burning the mill.",
    "We never signed it.",
    "no",
    "",
    "“If the lorries move again,” Colonel Ada Brunt warned, “we will close the bridge.”",
    "Return the boats, the harbour office urged both crews on Friday.",
    "Señor Ibáñez denied it; the café in Łódź was shut, he said.",
    "The harvest rose 4.5% to 1,203 tonnes.",
    "the council " * 80,
]

PIECES = (
    "the a to of and we they it no in on if will never it's s he she said council minister accused generals burning "
    "mill signed lorries move again colonel warned close bridge return boats harbour office urged both crews friday "
    "denied was shut harvest rose tonnes mayor spoke first lied every town this river talks went stop shelling now "
    "context that has give way ##s ##ed ##ing ##er ##ly"
).split()


def tiny_tokenizer():
    """Word pieces: the words above, and every letter for what they do not cover."""
    letters = [chr(c) for c in range(ord("a"), ord("z") + 1)] + list("0123456789") + list(".,;:!?%'\"“”’-")
    marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words = list(dict.fromkeys(marks + letters + ["##" + c for c in letters] + PIECES))
    vocabulary = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer, len(words)


TINY = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "max_position_embeddings": 64,
    "max_tokens": 48,
    "type_vocab_size": 2,
    "layer_norm_eps": 1e-12,
}


def tiny_weights(config, seed=20240611):
    random = numpy.random.default_rng(seed)
    width, inner = config["hidden_size"], config["intermediate_size"]
    shapes = {
        "embeddings.word_embeddings.weight": (config["vocab_size"], width),
        "embeddings.position_embeddings.weight": (config["max_position_embeddings"], width),
        "embeddings.token_type_embeddings.weight": (config["type_vocab_size"], width),
    }
    for layer in range(config["num_hidden_layers"]):
        at = f"encoder.layer.{layer}."
        for name in ("query", "key", "value"):
            shapes[f"{at}attention.self.{name}.weight"] = (width, width)
            shapes[f"{at}attention.self.{name}.bias"] = (width,)
        for name, n_out, n_in in [
            ("attention.output.dense", width, width),
            ("intermediate.dense", inner, width),
            ("output.dense", width, inner),
        ]:
            shapes[f"{at}{name}.weight"] = (n_out, n_in)
            shapes[f"{at}{name}.bias"] = (n_out,)
    weights = {name: random.normal(0, 0.25, shape) for name, shape in shapes.items()}
    norms = ["embeddings.LayerNorm"]
    for layer in range(config["num_hidden_layers"]):
        norms += [f"encoder.layer.{layer}.attention.output.LayerNorm", f"encoder.layer.{layer}.output.LayerNorm"]
    for name in norms:
        weights[f"{name}.weight"] = random.normal(1, 0.1, width)
        weights[f"{name}.bias"] = random.normal(0, 0.1, width)
    return {name: array.astype(numpy.float32) for name, array in weights.items()}


def pieces(tokenizer, text, limit):
    """Word pieces between their marks; a text too long loses its end."""
    start, end = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    return [start, *tokenizer.encode(text, add_special_tokens=False).ids[: limit - 2], end]


def layer_norm(x, weights, name, epsilon):
    mean = x.mean(-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) / numpy.sqrt(variance + epsilon) * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def dense(x, weights, name):
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


GELU = numpy.vectorize(lambda x: 0.5 * x * math.erfc(-x / math.sqrt(2)), otypes=[float])


def vector(config, weights, ids):
    """The mean over the text's token vectors."""
    epsilon = config["layer_norm_eps"]
    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][: len(ids)]
    x = x + weights["embeddings.token_type_embeddings.weight"][0]
    x = layer_norm(x, weights, "embeddings.LayerNorm", epsilon)
    size = config["hidden_size"] // config["num_attention_heads"]
    for layer in range(config["num_hidden_layers"]):
        at = f"encoder.layer.{layer}."
        query, key, value = (dense(x, weights, f"{at}attention.self.{name}") for name in ("query", "key", "value"))
        heads = []
        for head in range(config["num_attention_heads"]):
            part = slice(head * size, (head + 1) * size)
            scores = query[:, part] @ key[:, part].T / math.sqrt(size)
            scores = numpy.exp(scores - scores.max(-1, keepdims=True))
            heads.append(scores / scores.sum(-1, keepdims=True) @ value[:, part])
        mixed = dense(numpy.concatenate(heads, -1), weights, f"{at}attention.output.dense")
        x = layer_norm(x + mixed, weights, f"{at}attention.output.LayerNorm", epsilon)
        wide = GELU(dense(x, weights, f"{at}intermediate.dense"))
        x = layer_norm(x + dense(wide, weights, f"{at}output.dense"), weights, f"{at}output.LayerNorm", epsilon)
    return x.mean(0), x[0]


def vectors(config, weights, tokenizer):
    weights = {name: array.astype(numpy.float64) for name, array in weights.items()}
    cases = []
    for text in INPUTS:
        ids = pieces(tokenizer, text, config["max_tokens"])
        mean, first = vector(config, weights, ids)
        rounded = lambda xs: [round(float(x), 6) for x in xs]
        cases.append({"text": text, "ids": ids, "mean": rounded(mean), "cls": rounded(first)})
    return cases


def main():
    if sys.argv[1:2] == ["--base"]:
        base = pathlib.Path(sys.argv[2])
        config = json.loads((base / "config.json").read_text()) | {"max_tokens": 128}
        tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        print(json.dumps(vectors(config, load_file(base / "model.safetensors"), tokenizer)))
        return
    HERE.mkdir(exist_ok=True)
    tokenizer, size = tiny_tokenizer()
    config = TINY | {"vocab_size": size}
    weights = tiny_weights(config)
    tokenizer.save(str(HERE / "tokenizer.json"))
    save_file(weights, HERE / "tiny.safetensors")
    cases = vectors(config, weights, tokenizer)
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    (HERE / "tiny.json").write_text(f'{{"config": {json.dumps(config)},\n"cases": [\n{lines}\n]}}\n')


main()
