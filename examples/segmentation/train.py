"""A small network for segmentation: masks go through the same geometry as their pictures.

    python examples/segmentation/train.py --data folder
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
# Beside the examples lies what draws pictures for those who give none.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import keras  # noqa: E402 - the backend is chosen before Keras is imported
import numpy as np  # noqa: E402
import shapes  # noqa: E402
import variegate as vg  # noqa: E402
from keras import ops  # noqa: E402
from PIL import Image  # noqa: E402

#: What geometry uncovers belongs to no class, and does not count.
NOTHING = 255


class Pictures(keras.utils.PyDataset):
    """Batches of augmented pictures and masks. What is drawn depends on epoch and picture alone."""

    def __init__(self, pairs: list[tuple[np.ndarray, np.ndarray]], augment: vg.Pipeline, batch: int):
        # Two threads: the engine needs no lock of the interpreter while it works.
        super().__init__(workers=2)
        self.pairs, self.augment, self.batch = pairs, augment, batch
        self.epoch = 0

    def __len__(self) -> int:
        return -(-len(self.pairs) // self.batch)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        order = np.random.default_rng(self.epoch).permutation(len(self.pairs))
        made = [self.made(number) for number in order[index * self.batch : (index + 1) * self.batch]]
        images, masks = (np.stack([m[name] for m in made]) for name in ("image", "mask"))
        counts = masks != NOTHING
        return images, np.where(counts, masks, 0).astype(np.int32), counts.astype(np.float32)

    def made(self, number: int) -> dict:
        """One pair after augmentation."""
        image, mask = self.pairs[number]
        return self.augment(image=image, mask=mask, epoch=self.epoch, sample=int(number))

    def on_epoch_end(self) -> None:
        self.epoch += 1


def recipes(side: int) -> tuple[vg.Pipeline, vg.Pipeline]:
    """For training, and for what is measured. Masks are read at the nearest pixel, so classes stay what they are."""
    train = vg.Pipeline(
        [
            vg.ResizedCrop(side, area=(0.4, 1.0)),
            vg.Flip("horizontal", p=0.5),
            vg.Rotate((-20, 20)),
            vg.ColorJitter(brightness=0.3, contrast=0.3, saturation=0.3, hue=0.05),
            vg.Normalize("tf"),
        ],
        seed=1,
        mask_fill=NOTHING,
    )
    return train, vg.Pipeline([vg.Resize((side, side)), vg.Normalize("tf")], mask_fill=NOTHING)


def read(folder: Path) -> tuple[list[tuple[np.ndarray, np.ndarray]], list[str]]:
    """Pictures in images/ and masks of the same names in masks/; with many values (instances), object or not."""
    masks = {file.stem: file for file in sorted((folder / "masks").glob("*.png"))}
    pairs = []
    for file in sorted((folder / "images").iterdir()):
        if file.stem in masks:
            pairs.append((vg.decode(file), np.asarray(Image.open(masks[file.stem]))))
    if not pairs:
        raise SystemExit(f"{folder}: expected images/ and masks/ with files of the same names, found no pair")
    values = np.unique(np.concatenate([np.unique(mask) for _, mask in pairs]))
    if len(values) > 32 or pairs[0][1].dtype != np.uint8:
        return [(image, (mask > 0).astype(np.uint8)) for image, mask in pairs], ["background", "object"]
    coded = [(image, np.searchsorted(values, mask).astype(np.uint8)) for image, mask in pairs]
    return coded, [f"value {value}" for value in values]


def network(side: int, classes: int) -> keras.Model:
    """A small U-Net: three steps down and up again, with what was seen on the way down."""
    layers = keras.layers

    def block(x, filters):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))

    inputs = x = keras.Input((side, side, 3))
    seen = []
    for filters in (16, 32, 48):
        x = block(x, filters)
        seen.append(x)
        x = layers.MaxPooling2D()(x)
    x = block(x, 64)
    for filters, before in zip((48, 32, 16), reversed(seen), strict=True):
        x = block(layers.Concatenate()([layers.UpSampling2D()(x), before]), filters)
    model = keras.Model(inputs, layers.Conv2D(classes, 1)(x))
    # The third array of a batch weighs each pixel: 0 where there is nothing to learn.
    model.compile(keras.optimizers.Adam(2e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def measure(model: keras.Model, pictures: Pictures, classes: int) -> np.ndarray:
    """Intersection over union of each class, over all pictures; not a number for one that is nowhere."""
    made = [pictures.made(number) for number in range(len(pictures.pairs))]
    answers = model.predict(np.stack([m["image"] for m in made]), batch_size=16, verbose=0)
    found, true = np.asarray(ops.argmax(answers, axis=-1)), np.stack([m["mask"] for m in made])
    shared = [np.sum((found == k) & (true == k)) for k in range(classes)]
    either = [np.sum(((found == k) | (true == k)) & (true != NOTHING)) for k in range(classes)]
    return np.array([s / e if e else np.nan for s, e in zip(shared, either, strict=True)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a folder with images/ and masks/; shapes are drawn otherwise")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--side", type=int, default=64, help="pixels of a side, a multiple of 8")
    parser.add_argument("--quick", action="store_true", help="whether it works: few small pictures, one epoch")
    options = parser.parse_args()
    if options.quick:
        options.epochs, options.side = 1, 32
    keras.utils.set_random_seed(1)

    if options.data:
        pairs, names = read(options.data)
    else:
        drawn = shapes.scenes(32 if options.quick else 400, 128)
        pairs, names = [(picture, mask) for picture, _, _, mask in drawn], ["background", *shapes.CLASSES]
    cut = len(pairs) * 3 // 4
    augment, plain = recipes(options.side)
    train, valid = Pictures(pairs[:cut], augment, 8), Pictures(pairs[cut:], plain, 8)
    print(f"{cut} pictures to train on, {len(pairs) - cut} held back; classes: {', '.join(names)}")

    model = network(options.side, len(names))
    model.fit(train, epochs=options.epochs, verbose=2)
    shares = measure(model, valid, len(names))
    for name, share in zip(names, shares, strict=True):
        print(f"{name:<12} intersection over union {share:.3f}")
    print(f"mean intersection over union on pictures held back: {np.nanmean(shares):.3f}")


if __name__ == "__main__":
    main()
