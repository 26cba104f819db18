"""Keras's legacy `ImageDataGenerator`: its arguments, draws, transforms and figures of a data set.

Its iterators live in `iterators`. Geometry runs in the engine, in one resampling for each picture; nothing needs SciPy.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .affine import NEUTRAL, checked, matrices, warp
from .pictures import checked_format
from .random_image import apply_brightness_shift, apply_channel_shift, drawn_shift, swapped

if TYPE_CHECKING:
    from .iterators import DataFrameIterator, DirectoryIterator, NumpyArrayIterator


class ImageDataGenerator:
    """Batches of randomly turned, shifted, sheared, zoomed, mirrored and toned pictures.

    Arguments mean what they mean in Keras, where `tf.keras.preprocessing.image.ImageDataGenerator` has them, with these
    differences: `width_shift_range` moves pictures sideways and `height_shift_range` up and down, and everything turns
    about the true centre (compat="tf2.9" exchanges both as TensorFlow does from 2.9); draws within `flow*` leave NumPy's global generator alone.

    Args:
        featurewise_center: Whether the mean of the data set is subtracted; needs `fit`.
        samplewise_center: Whether the mean of each picture is.
        featurewise_std_normalization: Whether values are divided by the deviation of the data set; needs `fit`.
        samplewise_std_normalization: Whether values are divided by that of each picture.
        zca_whitening: Whether ZCA whitening is applied; needs `fit`.
        zca_epsilon: What is added to the singular values.
        rotation_range: Pictures turn by up to this many degrees, either way.
        width_shift_range: A fraction of the width, a whole number of pixels (fewer than it), or a list of either.
        height_shift_range: The same along the height.
        brightness_range: A pair that the factor of brightness is drawn from.
        shear_range: Pictures shear by up to this many degrees, either way.
        zoom_range: A number z for 1 − z to 1 + z, or a pair; each axis is drawn by itself, and below 1 zooms in.
        channel_shift_range: The most that is added to or taken from all channels.
        fill_mode: "nearest", "constant", "reflect" or "wrap".
        cval: The constant.
        horizontal_flip: Whether half of the pictures are mirrored.
        vertical_flip: Whether half of them are turned upside down.
        rescale: What values are multiplied by; None and 0 mean nothing.
        preprocessing_function: Takes and returns one array of three axes, after augmentation and before `rescale`.
        data_format: "channels_last" or "channels_first". Keras's setting unless given.
        validation_split: The share of samples for subset="validation", from 0 to below 1.
        interpolation_order: 0 nearest, 1 bilinear, 2 and 3 bicubic.
        dtype: The dtype of batches, float32 unless given.
        compat: None, or "tf2.9" for the exchanges of TensorFlow.

    Raises:
        ValueError: If an argument cannot be used.
    """

    def __init__(
        self,
        featurewise_center: bool = False,
        samplewise_center: bool = False,
        featurewise_std_normalization: bool = False,
        samplewise_std_normalization: bool = False,
        zca_whitening: bool = False,
        zca_epsilon: float = 1e-6,
        rotation_range: float = 0,
        width_shift_range: float | int | Sequence[float] = 0.0,
        height_shift_range: float | int | Sequence[float] = 0.0,
        brightness_range: Sequence[float] | None = None,
        shear_range: float = 0.0,
        zoom_range: float | Sequence[float] = 0.0,
        channel_shift_range: float = 0.0,
        fill_mode: str = "nearest",
        cval: float = 0.0,
        horizontal_flip: bool = False,
        vertical_flip: bool = False,
        rescale: float | None = None,
        preprocessing_function: Callable[[np.ndarray], np.ndarray] | None = None,
        data_format: str | None = None,
        validation_split: float = 0.0,
        interpolation_order: int = 1,
        dtype: str | None = None,
        *,
        compat: str | None = None,
    ) -> None:
        if validation_split and not 0 < validation_split < 1:
            raise ValueError(f"`validation_split` must be strictly between 0 and 1. Received: {validation_split}")
        if brightness_range is not None and np.shape(brightness_range) != (2,):
            raise ValueError(
                f"`brightness_range should be tuple or list of two floats. Received: {brightness_range}"
            )
        if np.ndim(zoom_range) == 0:
            self.zoom_range = [1 - float(zoom_range), 1 + float(zoom_range)]  # type: ignore[arg-type]
        elif np.shape(zoom_range) == (2,):
            self.zoom_range = list(zoom_range)  # type: ignore[arg-type]
        else:
            raise ValueError(
                f"`zoom_range` should be a float or a tuple or list of two floats. Received: {zoom_range}"
            )
        if zca_whitening:
            if not featurewise_center:
                warnings.warn("zca_whitening sets featurewise_center=True as well", stacklevel=2)
            if featurewise_std_normalization:
                warnings.warn("zca_whitening sets featurewise_std_normalization=False", stacklevel=2)
            featurewise_center, featurewise_std_normalization = True, False
        self.featurewise_center = featurewise_center or featurewise_std_normalization
        self.samplewise_center = samplewise_center or samplewise_std_normalization
        self.featurewise_std_normalization = featurewise_std_normalization
        self.samplewise_std_normalization = samplewise_std_normalization
        self.zca_whitening, self.zca_epsilon = zca_whitening, zca_epsilon
        self.rotation_range, self.shear_range = rotation_range, shear_range
        self.width_shift_range, self.height_shift_range = width_shift_range, height_shift_range
        self.brightness_range, self.channel_shift_range = brightness_range, channel_shift_range
        self.fill_mode, self.cval, self.interpolation_order = fill_mode, cval, interpolation_order
        self.horizontal_flip, self.vertical_flip = horizontal_flip, vertical_flip
        self.rescale, self.preprocessing_function = rescale, preprocessing_function
        self.data_format = checked_format(data_format)
        self.dtype = dtype or "float32"
        self._validation_split = validation_split
        self.compat, self._swapped = compat, swapped(compat)
        self.mean: np.ndarray | None = None
        self.std: np.ndarray | None = None
        self.zca_whitening_matrix: np.ndarray | None = None
        # Wrong names are an error in the line that writes them.
        checked(fill_mode, interpolation_order)

    def flow(self, x: Any, y: Any = None, batch_size: int = 32, shuffle: bool = True, sample_weight: Any = None,
             seed: int | None = None, save_to_dir: str | None = None, save_prefix: str = "", save_format: str = "png",
             ignore_class_split: bool = False, subset: str | None = None) -> NumpyArrayIterator:
        """Batches of arrays in memory, without end; see `iterators.NumpyArrayIterator`."""
        from .iterators import NumpyArrayIterator

        return NumpyArrayIterator(self, x, y, batch_size, shuffle, sample_weight, seed, save_to_dir, save_prefix,
                                  save_format, subset, ignore_class_split)

    def flow_from_directory(self, directory: Any, target_size: tuple[int, int] = (256, 256), color_mode: str = "rgb",
                            classes: Sequence[str] | None = None, class_mode: str | None = "categorical",
                            batch_size: int = 32, shuffle: bool = True, seed: int | None = None,
                            save_to_dir: str | None = None, save_prefix: str = "", save_format: str = "png",
                            follow_links: bool = False, subset: str | None = None, interpolation: str = "nearest",
                            keep_aspect_ratio: bool = False) -> DirectoryIterator:
        """Batches of the files of class folders, without end; see `iterators.DirectoryIterator`."""
        from .iterators import DirectoryIterator

        return DirectoryIterator(directory, self, target_size, color_mode, classes, class_mode, batch_size, shuffle,
                                 seed, save_to_dir, save_prefix, save_format, follow_links, subset, interpolation,
                                 keep_aspect_ratio)

    def flow_from_dataframe(self, dataframe: Any, directory: Any = None, x_col: str = "filename",
                            y_col: str | Sequence[str] | None = "class", weight_col: str | None = None,
                            target_size: tuple[int, int] = (256, 256), color_mode: str = "rgb",
                            classes: Sequence[str] | None = None, class_mode: str | None = "categorical",
                            batch_size: int = 32, shuffle: bool = True, seed: int | None = None,
                            save_to_dir: str | None = None, save_prefix: str = "", save_format: str = "png",
                            subset: str | None = None, interpolation: str = "nearest",
                            validate_filenames: bool = True, keep_aspect_ratio: bool = False) -> DataFrameIterator:
        """Batches of the files that a table names, without end; see `iterators.DataFrameIterator`."""
        from .iterators import DataFrameIterator

        return DataFrameIterator(dataframe, directory, self, x_col, y_col, weight_col, target_size, color_mode, classes,
                                 class_mode, batch_size, shuffle, seed, save_to_dir, save_prefix, save_format, subset,
                                 interpolation, keep_aspect_ratio, validate_filenames)

    def get_random_transform(self, img_shape: Sequence[int], seed: int | None = None) -> dict[str, Any]:
        """Draws a transform for a picture of `img_shape`: a dict that `apply_transform` takes.

        With a seed it is that of `numpy.random.seed(seed)`; without one NumPy's global generator is drawn from.
        """
        return self._draw(img_shape, np.random if seed is None else np.random.RandomState(seed))

    def _draw(self, shape: Sequence[int], rng: Any) -> dict[str, Any]:
        # The order of Keras's draws, so that a seed gives the same numbers.
        height, width = shape[1:3] if self.data_format == "channels_first" else shape[:2]
        theta = rng.uniform(-self.rotation_range, self.rotation_range) if self.rotation_range else 0
        if self._swapped:
            tx = drawn_shift(self.height_shift_range, height, rng)
            ty = drawn_shift(self.width_shift_range, width, rng)
        else:
            # Keras draws the shift along the height first.
            ty = drawn_shift(self.height_shift_range, height, rng)
            tx = drawn_shift(self.width_shift_range, width, rng)
        shear = rng.uniform(-self.shear_range, self.shear_range) if self.shear_range else 0
        low, high = self.zoom_range
        zx, zy = (1, 1) if low == high == 1 else rng.uniform(low, high, 2)
        flip_horizontal = bool((rng.random_sample() < 0.5) * self.horizontal_flip)
        flip_vertical = bool((rng.random_sample() < 0.5) * self.vertical_flip)
        most = self.channel_shift_range
        return {
            "theta": theta, "tx": tx, "ty": ty, "shear": shear, "zx": zx, "zy": zy,
            "flip_horizontal": flip_horizontal,
            "flip_vertical": flip_vertical,
            "channel_shift_intensity": rng.uniform(-most, most) if most else None,
            "brightness": None if self.brightness_range is None else rng.uniform(*self.brightness_range),
        }

    def apply_transform(self, x: npt.ArrayLike, transform_parameters: dict[str, Any]) -> np.ndarray:
        """One picture under a transform: affine map, channel shift, mirrors, brightness.

        Returns:
            A new array; uint8 where `x` is and no values are changed, float32 otherwise.
        """
        x = np.asarray(x)
        if x.ndim != 3:
            raise ValueError(f"x: expected one picture of three axes, received shape {x.shape}")
        first = self.data_format == "channels_first"
        image = x.transpose(1, 2, 0) if first else x
        image = image if image.dtype == np.uint8 else image.astype(np.float32)
        if moves(transform_parameters):
            out = self._warped([image], [transform_parameters], dtype=image.dtype.name)[0]
        else:
            out = image.copy()
        out = self._toned(out, transform_parameters)
        return out.transpose(2, 0, 1) if first else out

    def _warped(self, images: Any, transforms: Sequence[dict[str, Any]], **wish: Any) -> np.ndarray:
        """Pictures, channels last, turned, shifted, sheared, zoomed and mirrored in one native call."""
        size = images[0].shape[:2]
        maps = matrices(size, transforms, swapped_centre=self._swapped, mirrors=True)
        return warp(images, maps, self.fill_mode, self.cval, self.interpolation_order, **wish)

    def _toned(self, out: np.ndarray, transform: dict[str, Any]) -> np.ndarray:
        """One picture with its channels shifted and its brightness changed, where the transform says so."""
        if transform.get("channel_shift_intensity") is not None:
            out = apply_channel_shift(out, transform["channel_shift_intensity"])
        if transform.get("brightness") is not None:
            out = apply_brightness_shift(out, transform["brightness"], False)
        return out

    def _batch(self, pictures: Sequence[np.ndarray], transforms: Sequence[dict[str, Any]], each: Any,
               place: Callable[[tuple[int, ...]], np.ndarray]) -> np.ndarray:
        """A batch as `apply_transform` and `standardize` make it, picture by picture; in one pass where only maps and a
        scale are asked for.

        Args:
            pictures: In the layout of `data_format`, of one size.
            transforms: One for each.
            each: `map`, or one that goes through its items on threads.
            place: Gives a float32 array of a shape to write to.
        """
        kind = type(self)
        own = ImageDataGenerator
        plain = kind.apply_transform is own.apply_transform and kind.standardize is own.standardize
        if not plain or self.preprocessing_function or self.dtype != "float32":
            def made(k: int) -> np.ndarray:
                # In the dtype of the batch from here on, which standardising works in.
                return self.standardize(self.apply_transform(pictures[k], transforms[k]).astype(self.dtype))

            return np.stack(list(each(made, range(len(pictures))))).astype(self.dtype, copy=False)
        first = self.data_format == "channels_first"
        images = [picture.transpose(1, 2, 0) for picture in pictures] if first else pictures
        tones = self.channel_shift_range or self.brightness_range is not None
        scale = 1.0 if tones or not self.rescale else self.rescale
        x = place((len(pictures), *pictures[0].shape))
        if any(map(moves, transforms)):
            images = [image if image.dtype == np.uint8 else image.astype(np.float32, copy=False) for image in images]
            layout = "NCHW" if first else "NHWC"
            x = self._warped(images, transforms, dtype="float32", layout=layout, scale=scale, out=x)
        else:
            for target, picture in zip(x, pictures, strict=True):
                target[...] = picture
            if scale != 1:
                x *= np.float32(scale)
        if tones:
            def tone(k: int) -> None:
                x[k] = self._toned(x[k], transforms[k])

            list(each(tone, range(len(x))))
        return self._standardized(x, scaled=scale != 1)

    def random_transform(self, x: npt.ArrayLike, seed: int | None = None) -> np.ndarray:
        """One picture under a transform drawn for it."""
        return self.apply_transform(x, self.get_random_transform(np.shape(x), seed))

    def standardize(self, x: np.ndarray) -> np.ndarray:
        """Pictures preprocessed, rescaled, centred, divided and whitened, as the constructor was told.

        Float arrays are changed in place, as in Keras; whole numbers become float32 first.
        """
        if self.preprocessing_function:
            x = self.preprocessing_function(x)
        x = x if np.asarray(x).dtype.kind == "f" else np.asarray(x, np.float32)
        return self._standardized(x[None])[0]

    def _standardized(self, x: np.ndarray, scaled: bool = False) -> np.ndarray:
        """A batch of floats rescaled, centred, divided and whitened, in place; `scaled` says that it has been rescaled."""
        if self.rescale and not scaled:
            x *= self.rescale
        whole = tuple(range(1, x.ndim))
        if self.samplewise_center:
            x -= np.mean(x, axis=whole, keepdims=True)
        if self.samplewise_std_normalization:
            x /= np.std(x, axis=whole, keepdims=True) + 1e-6
        for wanted, figure, name in (
            (self.featurewise_center, self.mean, "featurewise_center"),
            (self.featurewise_std_normalization, self.std, "featurewise_std_normalization"),
            (self.zca_whitening, self.zca_whitening_matrix, "zca_whitening"),
        ):
            if not wanted:
                continue
            if figure is None:
                warnings.warn(f"`{name}` needs figures of the data set: call `.fit(numpy_data)` first", stacklevel=3)
            elif name == "featurewise_center":
                x -= figure
            elif name == "featurewise_std_normalization":
                x /= figure + 1e-6
            else:
                x = (x.reshape(-1, figure.shape[0]) @ figure).reshape(x.shape)
        return x

    def fit(self, x: npt.ArrayLike, augment: bool = False, rounds: int = 1, seed: int | None = None) -> None:
        """Takes the mean, deviation and whitening of sample pictures.

        Args:
            x: Pictures of four axes.
            augment: Whether transformed copies are counted instead, `rounds` of them.
            rounds: How many copies.
            seed: The seed of their transforms.

        Raises:
            ValueError: If `x` has not four axes.
        """
        x = np.array(x, dtype=self.dtype)
        if x.ndim != 4:
            raise ValueError(f"Input to `.fit()` should have rank 4. Got array with shape: {x.shape}")
        channel = 1 if self.data_format == "channels_first" else 3
        if x.shape[channel] not in (1, 3, 4):
            warnings.warn(f"expected 1, 3 or 4 channels, {self.data_format}, found shape {x.shape}", stacklevel=2)
        if self.rescale:
            x *= self.rescale
        if augment:
            rng = np.random.RandomState(np.random.randint(2**31) if seed is None else seed)
            x = np.stack([self.apply_transform(p, self._draw(p.shape, rng)) for _ in range(rounds) for p in x])
        axes, shape = ((0, 2, 3), (-1, 1, 1)) if channel == 1 else ((0, 1, 2), (1, 1, -1))
        if self.featurewise_center:
            self.mean = np.mean(x, axis=axes).reshape(shape)
            x -= self.mean
        if self.featurewise_std_normalization:
            self.std = np.std(x, axis=axes).reshape(shape)
            x /= self.std + 1e-6
        if self.zca_whitening:
            flat = x.reshape(len(x), -1)
            u, s, _ = np.linalg.svd(flat.T, full_matrices=False)
            self.zca_whitening_matrix = (u * (np.sqrt(len(x)) / (s + self.zca_epsilon))) @ u.T


def moves(transform: dict[str, Any]) -> bool:
    """Whether a transform does anything to where pixels are."""
    if transform.get("flip_horizontal") or transform.get("flip_vertical"):
        return True
    return any(transform.get(name, neutral) != neutral for name, neutral in NEUTRAL.items())
