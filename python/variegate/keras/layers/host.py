"""From a backend's tensors to NumPy and back, around one function: now where values are known, later inside a graph.

`base` calls it. JAX's tracers go through `jax.pure_callback`, TensorFlow's graphs through `tf.numpy_function`; anything
else is read at once. It imports no backend that the tensors have not brought along.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

Arrays = Sequence[np.ndarray]


class Spec(NamedTuple):
    """What is known of a tensor before its values are: shape, None for an open side, and the name of the dtype."""

    shape: tuple[int | None, ...]
    dtype: str


def kind(tensor: Any) -> str:
    """Whose tensor it is: "jax", "tensorflow", "torch" or, for anything else, "numpy"."""
    owner = type(tensor).__module__.partition(".")[0]
    return {"jaxlib": "jax", "jax": "jax", "tensorflow": "tensorflow", "torch": "torch"}.get(owner, "numpy")


def in_graph(tensor: Any) -> bool:
    """Whether it is a symbol of TensorFlow's, as inside `tf.data`."""
    return kind(tensor) == "tensorflow" and not hasattr(tensor, "numpy")


def in_grain() -> bool:
    """Whether a Grain pipeline is calling."""
    if not any(name in sys.modules for name in ("grain", "grain._src")):
        return False
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__name__", "").partition(".")[0] == "grain":
            return True
        frame = frame.f_back
    return False


def spec(tensor: Any) -> Spec:
    """Shape and dtype of any backend's tensor."""
    dtype = tensor.dtype
    name = getattr(dtype, "name", None) or str(dtype).removeprefix("torch.")
    return Spec(tuple(None if side is None else int(side) for side in tensor.shape), str(name))


def dtype_of(name: str) -> np.dtype[Any]:
    """NumPy's dtype of a name; brain floats are those of `ml_dtypes`, which Keras brings along."""
    if name == "bfloat16":
        import ml_dtypes

        return np.dtype(ml_dtypes.bfloat16)
    return np.dtype(name)


def array(tensor: Any) -> np.ndarray:
    """The values, copied only where they must be."""
    if kind(tensor) == "torch":
        tensor = tensor.detach().cpu()
        if str(tensor.dtype) == "torch.bfloat16":
            return tensor.float().numpy().astype(dtype_of("bfloat16"))
        return tensor.numpy()
    if kind(tensor) == "tensorflow":
        return tensor.numpy()
    return np.asarray(tensor)


def run(function: Callable[..., Arrays], tensors: Sequence[Any], outputs: Sequence[Spec]) -> list[Any]:
    """Calls `function` with the values of the tensors and returns what it returns as tensors of the same backend.

    Args:
        function: Takes and returns arrays; it must not keep them.
        tensors: Of one backend, or NumPy's.
        outputs: What comes back, as far as it is known.
    """
    owned = [tensor for tensor in tensors if kind(tensor) != "numpy"]
    where = kind(owned[-1]) if owned else "numpy"
    if where == "jax":
        return _jax(function, tensors, outputs)
    if where == "tensorflow":
        return _tensorflow(function, tensors, outputs)
    made = function(*map(array, tensors))
    if where == "torch":
        return [_torch(item, owned[-1].device) for item in made]
    return list(made)


def _jax(function: Callable[..., Arrays], tensors: Sequence[Any], outputs: Sequence[Spec]) -> list[Any]:
    import jax

    if not any(isinstance(tensor, jax.core.Tracer) for tensor in tensors):
        return [jax.numpy.asarray(item) for item in function(*map(array, tensors))]
    shapes = [jax.ShapeDtypeStruct(item.shape, dtype_of(item.dtype)) for item in outputs]
    # No gradient goes through pictures that the host makes.
    held = [jax.lax.stop_gradient(tensor) for tensor in tensors]

    def called(*arguments: Any) -> list[np.ndarray]:
        return [np.asarray(item) for item in function(*map(np.asarray, arguments))]

    return list(jax.pure_callback(called, shapes, *held, vmap_method="sequential"))


def _tensorflow(function: Callable[..., Arrays], tensors: Sequence[Any], outputs: Sequence[Spec]) -> list[Any]:
    import tensorflow as tf

    if not any(map(in_graph, tensors)):
        return [tf.convert_to_tensor(item) for item in function(*map(array, tensors))]
    made = tf.numpy_function(
        lambda *arguments: list(function(*arguments)), list(tensors), [tf.as_dtype(item.dtype) for item in outputs]
    )
    for tensor, item in zip(made, outputs, strict=True):
        tensor.set_shape(item.shape)
    return list(made)


def _torch(item: np.ndarray, device: Any) -> Any:
    import torch

    if item.dtype.name == "bfloat16":
        return torch.from_numpy(item.astype(np.float32)).to(torch.bfloat16).to(device)
    return torch.from_numpy(np.ascontiguousarray(item)).to(device)
