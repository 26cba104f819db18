"""What all image layers are: they take the inputs apart, send them through the host in one go, and put them together.

A layer of this package says what it does to a batch of NumPy arrays in `augment`, and nothing else; where it runs,
in which layout, with which keys and under which random numbers is decided here.
"""

from __future__ import annotations

import itertools
import random
from typing import Any

import keras
import numpy as np

from . import boxes as box_formats
from .draws import Batch, Draws
from .explicit import Explicit
from .host import Spec, dtype_of, in_grain, kind, run, spec
from .layout import batched, inward, outward, unbatched
from .values import cast

Specs = dict[str, Spec]


class ImageLayer(Explicit, keras.layers.Layer):
    """A layer that changes pictures on the host, with what belongs to them.

    Inputs are pictures of (height, width, channels) or (n, height, width, channels), channels first where `data_format`
    says so, or a dict of `images` with any of `labels`, `segmentation_masks`, `keypoints` (…, k, 2) of x and y in
    pixels, and `bounding_boxes`, itself a dict of `boxes` (…, m, 4) and `labels` (or `classes`) of −1 where a row is no
    box. Other keys go through. A new dict is returned, and no input is changed. Dtypes are kept, unless `dtype` is
    given.

    Args:
        seed: Of all draws, a whole number; None draws one from Python's generator.
        data_format: "channels_last", "channels_first" or None for Keras's setting.
        bounding_box_format: One of Keras's formats; boxes cannot come without.

    Raises:
        ValueError: If an argument is wrong.
    """

    # Whether masks, boxes and points move with the picture; whether labels change; whether it acts in inference too.
    moves = False
    relabels = False
    always = False
    # Whether it can do without pictures.
    needs_images = True
    # Names that `compat` may have.
    compats: tuple[str, ...] = ()

    def __init__(self, *, seed: int | None = None, data_format: str | None = None, **kwargs: Any) -> None:
        name = type(self).__name__
        self.bounding_box_format = box_formats.checked(name, kwargs.pop("bounding_box_format", None))
        self.compat = kwargs.pop("compat", None)
        if self.compat is not None and self.compat not in self.compats:
            known = ", ".join(map(repr, self.compats)) or "nothing, for it departs from Keras nowhere"
            raise ValueError(
                f"{name}: the `compat` argument should be None or {known}. Received: compat={self.compat!r}"
            )
        self.dtype_asked = kwargs.get("dtype") is not None
        super().__init__(**kwargs)
        # Host work cannot be compiled by XLA for TensorFlow; JAX has a callback for it.
        self.supports_jit = keras.config.backend() == "jax"
        # NumPy's arrays come as they are: they are read on the host anyway.
        self._convert_input_args = False
        self._allow_non_tensor_positional_args = True
        self.data_format = data_format or keras.config.image_data_format()
        if self.data_format not in ("channels_last", "channels_first"):
            raise ValueError(
                f"{name}: the `data_format` argument should be 'channels_last' or 'channels_first'. "
                f"Received: data_format={data_format!r}"
            )
        if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
            raise ValueError(f"{name}: the `seed` argument should be an integer or None. Received: seed={seed!r}")
        self.seed = seed
        self._host_seed = random.randint(1, 10**9) if seed is None else seed & 0x7FFFFFFF
        self._host_calls = itertools.count()
        self.generator = None if self.always and not self.relabels else keras.random.SeedGenerator(self._host_seed)

    # What a layer says of itself.

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        """Changes a batch of arrays, channels last; it may keep arrays but never writes to them."""
        raise NotImplementedError

    def infer(self, batch: Batch) -> Batch:
        """What becomes of a batch outside of training."""
        return batch

    def outlined(self, specs: Specs) -> Specs:
        """Shapes and dtypes of what `augment` makes of such a batch, which has its batch axis and channels last."""
        return specs

    @property
    def acts_in_inference(self) -> bool:
        """Whether anything happens outside of training."""
        return self.always or type(self).infer is not ImageLayer.infer

    # Calls.

    def __call__(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        leaf = next(iter(keras.tree.flatten(data)), None)
        foreign = kind(leaf) == "tensorflow" and keras.config.backend() != "tensorflow"
        if foreign or (kind(leaf) == "numpy" and isinstance(leaf, np.ndarray) and in_grain()):
            # Keras would make tensors of its own backend of them, and they are to stay what they are.
            training = args[0] if args else kwargs.get("training")
            return self._through(data, True if training is None else bool(training), at_home=False)
        return super().__call__(data, *args, **kwargs)

    def build(self, input_shape: Any = None) -> None:
        """There is nothing to build: what was random at first is in the seed."""
        self.built = True

    def call(self, data: Any, training: bool = True) -> Any:
        return self._through(data, bool(training), at_home=True)

    def _through(self, data: Any, training: bool, at_home: bool) -> Any:
        if not training and not self.acts_in_inference:
            return self._handed_through(data, at_home)
        parts = self._parts(data)
        given = {name: spec(tensor) for name, tensor in parts.items()}
        single, first = self._layout(given)
        inner = {name: batched(item, name, single, first) for name, item in given.items()}
        outer = self._cast(self.outlined(inner) if training or self.always else self._outlined_in_inference(inner))
        wanted = {name: unbatched(item, name, single, first) for name, item in outer.items()}

        def on_host(state: Any, *tensors: Any) -> list[np.ndarray]:
            batch = {
                name: inward(np.asarray(tensor), name, single, first)
                for name, tensor in zip(parts, tensors, strict=True)
            }
            made = self._run(batch, state, training)
            return [
                np.ascontiguousarray(cast(outward(made[name], name, single, first), dtype_of(item.dtype)))
                for name, item in wanted.items()
            ]

        state = self._state(training, at_home, [*parts.values()])
        made = run(on_host, [state, *parts.values()], [*wanted.values()])
        if at_home:
            made = [keras.ops.convert_to_tensor(item) if kind(item) == "numpy" else item for item in made]
        return self._together(data, dict(zip(wanted, made, strict=True)), at_home)

    def _state(self, training: bool, at_home: bool, tensors: list[Any]) -> Any:
        """Seed and number of this call, for whoever reads the tensors: Keras's variable, or a counter of the host."""
        draws = training and self.generator is not None
        if draws and at_home:
            return self.generator.next()
        if kind(tensors[-1]) != "tensorflow":
            return self._counted() if draws else np.zeros(2, np.int64)
        import tensorflow as tf

        if not draws or tf.executing_eagerly():
            return tf.constant(self._counted() if draws else np.zeros(2, np.int64))
        # A graph is run many times: the number is taken when it runs, not when it is made.
        held = tf.numpy_function(self._counted, [], tf.int64)
        held.set_shape((2,))
        return held

    def _counted(self) -> np.ndarray:
        return np.array([self._host_seed, next(self._host_calls)], np.int64)

    def _run(self, batch: Batch, state: Any, training: bool) -> Batch:
        count = len(next(iter(batch.values())))
        before = _sides(batch)
        # Where nothing moves boxes are rows of any format.
        form = (self.bounding_box_format if self.needs_images else None) or "xyxy"
        if "boxes" in batch:
            batch = {**batch, "boxes": box_formats.to_edges(batch["boxes"], form, *before)}
        if training or self.always:
            made = self.augment(batch, Draws.of(np.asarray(state), count))
        else:
            made = self.infer(batch)
        if "boxes" in made:
            made = {**made, "boxes": box_formats.from_edges(made["boxes"], form, *_sides(made, before))}
        return made

    # Inputs and outputs.

    def _parts(self, data: Any) -> dict[str, Any]:
        """What the host needs of the inputs, by name and in order."""
        if not isinstance(data, dict):
            return {"images": _tensor(data)}
        parts: dict[str, Any] = {}
        if self.relabels and data.get("labels") is not None:
            parts["labels"] = _tensor(data["labels"])
        if self.moves:
            for name in ("segmentation_masks", "keypoints"):
                if data.get(name) is not None:
                    parts[name] = _tensor(data[name])
            if data.get("bounding_boxes") is not None:
                parts.update(self._boxes(data["bounding_boxes"]))
        if "images" not in data and self.needs_images:
            raise ValueError(
                f"{type(self).__name__}: expected a dict with the key `images`, which everything moves with. "
                f"Received keys: {sorted(map(str, data))}"
            )
        if "images" in data:
            parts["images"] = _tensor(data["images"])
        return parts

    def _boxes(self, held: Any) -> dict[str, Any]:
        name = type(self).__name__
        if self.bounding_box_format is None and self.needs_images:
            raise ValueError(
                f"{name}: bounding boxes need a format; write {name}(…, bounding_box_format='xyxy'). It may be one of "
                f"{box_formats.FORMATS}. Received: bounding_box_format=None"
            )
        key = _label_key(held)
        if not isinstance(held, dict) or "boxes" not in held or key not in held:
            raise ValueError(
                f"{name}: expected `bounding_boxes` to be a dict of `boxes` and `labels`. "
                f"Received: {sorted(held) if isinstance(held, dict) else type(held).__name__}"
            )
        boxes, labels = held["boxes"], held[key]
        if isinstance(boxes, (list, tuple)):
            boxes = box_formats.padded(boxes, (4,), 0, np.float32)
            labels = box_formats.padded(labels, (), -1, np.float32)
        if hasattr(boxes, "to_tensor"):
            boxes, labels = boxes.to_tensor(0), labels.to_tensor(-1)
        return {"boxes": _tensor(boxes), "box_labels": _tensor(labels)}

    def _together(self, data: Any, made: dict[str, Any], at_home: bool) -> Any:
        if not isinstance(data, dict):
            return made["images"]
        out = {**data, **{name: made[name] for name in made if name not in ("boxes", "box_labels")}}
        if "boxes" in made:
            held = data["bounding_boxes"]
            out["bounding_boxes"] = {**held, "boxes": made["boxes"], _label_key(held): made["box_labels"]}
        return out

    def _handed_through(self, data: Any, at_home: bool) -> Any:
        images = data.get("images") if isinstance(data, dict) else data
        if images is not None:
            given = spec(_tensor(images)).dtype
            wanted = self._image_dtype(given)
            if at_home:
                images = keras.ops.convert_to_tensor(images, wanted) if kind(images) == "numpy" else images
                images = images if wanted == given else keras.ops.cast(images, wanted)
            elif wanted != given and kind(images) == "numpy":
                images = cast(images, dtype_of(wanted))
            elif wanted != given:
                images = _tensorflow_cast(images, wanted)
        if not isinstance(data, dict):
            return images
        return {**data, "images": images} if "images" in data else dict(data)

    def _image_dtype(self, given: str) -> str:
        return str(self.compute_dtype) if self.dtype_asked else given

    def _cast(self, specs: Specs) -> Specs:
        """Specs with the dtype of pictures that was asked for, if one was; boxes come as floats."""
        if "boxes" in specs and "float" not in specs["boxes"].dtype:
            specs = {**specs, "boxes": Spec(specs["boxes"].shape, "float32")}
        if "images" not in specs:
            return specs
        images = specs["images"]
        return {**specs, "images": Spec(images.shape, self._image_dtype(images.dtype))}

    def _outlined_in_inference(self, specs: Specs) -> Specs:
        return self.outlined(specs) if self.acts_in_inference else specs

    def _layout(self, specs: Specs) -> tuple[bool, bool]:
        first = self.data_format == "channels_first"
        if "images" not in specs:
            return "boxes" in specs and len(specs["boxes"].shape) == 2, first
        rank = len(specs["images"].shape)
        if rank not in (3, 4):
            raise ValueError(
                f"{type(self).__name__}: expected an image tensor of rank 3 (single image) or 4 (batch of images). "
                f"Received: data.shape={specs['images'].shape}"
            )
        return rank == 3, first

    # What Keras asks.

    def compute_output_spec(self, data: Any, training: bool = True) -> Any:
        parts = self._parts(data)
        given = {name: spec(tensor) for name, tensor in parts.items()}
        single, first = self._layout(given)
        inner = {name: batched(item, name, single, first) for name, item in given.items()}
        wanted = {name: unbatched(item, name, single, first) for name, item in self._cast(self.outlined(inner)).items()}
        tensors = {name: keras.KerasTensor(item.shape, item.dtype) for name, item in wanted.items()}
        return self._together(data, tensors, at_home=True)

    def compute_output_shape(self, input_shape: Any) -> Any:
        shape = tuple(input_shape)
        given = {"images": Spec(shape, "float32")}
        single, first = self._layout(given)
        inner = {"images": batched(given["images"], "images", single, first)}
        return unbatched(self.outlined(inner)["images"], "images", single, first).shape

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        if not self.dtype_asked:
            config["dtype"] = None
        config["data_format"] = self.data_format
        if self.bounding_box_format is not None:
            config["bounding_box_format"] = self.bounding_box_format
        if self.compat is not None:
            config["compat"] = self.compat
        return config


def _tensor(value: Any) -> Any:
    """The value, as an array where it is a list."""
    return value if hasattr(value, "shape") and hasattr(value, "dtype") else np.asarray(value)


def _tensorflow_cast(tensor: Any, dtype: str) -> Any:
    import tensorflow as tf

    return tf.cast(tensor, dtype)


def _label_key(held: Any) -> str:
    return "classes" if isinstance(held, dict) and "classes" in held and "labels" not in held else "labels"


def _sides(batch: Batch, otherwise: tuple[int, int] = (1, 1)) -> tuple[int, int]:
    shape = batch["images"].shape if "images" in batch else None
    return otherwise if shape is None else (shape[1], shape[2])


def with_channels(layer: str, specs: Specs, channels: int) -> Specs:
    """The specs, where pictures have so many channels.

    Raises:
        ValueError: If they have not.
    """
    found = specs["images"].shape[-1]
    if found not in (None, channels):
        raise ValueError(f"{layer}: expected images of {channels} channels. Received: {found} channels")
    return specs
