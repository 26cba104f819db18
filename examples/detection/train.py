"""A small detector: boxes go through the same geometry as their pictures.

    python examples/detection/train.py --data folder
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
# Beside the examples lies what draws pictures for those who give none.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import annotations  # noqa: E402
import grid  # noqa: E402
import keras  # noqa: E402 - the backend is chosen before Keras is imported
import numpy as np  # noqa: E402
import shapes  # noqa: E402
import variegate as vg  # noqa: E402
from keras import ops  # noqa: E402


class Scenes(keras.utils.PyDataset):
    """Batches of augmented pictures with the grid of their boxes. What is drawn depends on epoch and scene alone."""

    def __init__(self, scenes: list[annotations.Scene], augment: vg.Pipeline, side: int, classes: int, batch: int):
        # Two threads: the engine needs no lock of the interpreter while it works.
        super().__init__(workers=2)
        self.scenes, self.augment, self.side, self.classes, self.batch = scenes, augment, side, classes, batch
        self.epoch = 0

    def __len__(self) -> int:
        return -(-len(self.scenes) // self.batch)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        order = np.random.default_rng(self.epoch).permutation(len(self.scenes))
        made = [self.made(number) for number in order[index * self.batch : (index + 1) * self.batch]]
        cells = self.side // grid.STRIDE
        targets = [grid.encode(m["boxes"], m["box_labels"], cells, self.classes) for m in made]
        return np.stack([m["image"] for m in made]), np.stack(targets)

    def made(self, number: int) -> dict:
        """One scene after augmentation."""
        scene = self.scenes[number]
        picture = vg.decode(scene.picture) if isinstance(scene.picture, Path) else scene.picture
        return self.augment(
            image=picture,
            boxes=scene.boxes,
            box_format="xyxy",
            box_labels=scene.labels,
            epoch=self.epoch,
            sample=int(number),
        )

    def on_epoch_end(self) -> None:
        self.epoch += 1


def recipes(side: int) -> tuple[vg.Pipeline, vg.Pipeline]:
    """For training, and for what is measured. Boxes of which less than a third is still seen are dropped."""
    train = vg.Pipeline(
        [
            vg.BoxSafeCrop(side, share=0.5),
            vg.Flip("horizontal", p=0.5),
            vg.Rotate((-8, 8), p=0.5),
            vg.ColorJitter(brightness=0.3, contrast=0.3, saturation=0.3, hue=0.05),
            vg.Normalize("tf"),
        ],
        seed=1,
        min_visibility=0.33,
    )
    return train, vg.Pipeline([vg.Resize((side, side)), vg.Normalize("tf")])


def network(side: int, classes: int) -> keras.Model:
    """Convolutions down to the cells; scores through a sigmoid, boxes as they are."""
    layers = keras.layers
    inputs = x = keras.Input((side, side, 3))
    for filters, stride in ((16, 2), (32, 2), (64, 2), (64, 1), (64, 1)):
        x = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    # Few cells hold a centre: the network begins by doubting each.
    scores = layers.Conv2D(classes, 1, activation="sigmoid", bias_initializer=keras.initializers.Constant(-3.0))(x)
    model = keras.Model(inputs, layers.Concatenate()([scores, layers.Conv2D(4, 1)(x)]))
    model.compile(keras.optimizers.Adam(2e-3), loss)
    return model


def loss(true, answer):
    """Focal loss of the scores (Lin et al., 2017), and the distance of the boxes where there is one; per object."""
    centre, p = true[..., :-4], ops.clip(answer[..., :-4], 1e-5, 1 - 1e-5)
    focal = centre * ops.square(1 - p) * -ops.log(p) + (1 - centre) * ops.square(p) * -ops.log(1 - p)
    holds = ops.max(centre, axis=-1, keepdims=True)
    distance = holds * ops.abs(true[..., -4:] - answer[..., -4:])
    return (ops.sum(focal) + ops.sum(distance)) / ops.maximum(ops.sum(holds), 1.0)


def measure(model: keras.Model, scenes: Scenes) -> tuple[float, float]:
    """Share of the objects that were found, and of the finds that are objects."""
    made = [scenes.made(number) for number in range(len(scenes.scenes))]
    answers = model.predict(np.stack([m["image"] for m in made]), batch_size=32, verbose=0)
    finds = [grid.decode(answer) for answer in answers]
    right = sum(grid.matched(f, m["boxes"], m["box_labels"]) for f, m in zip(finds, made, strict=True))
    return right / max(1, sum(len(m["boxes"]) for m in made)), right / max(1, sum(len(f[0]) for f in finds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a folder in the form of COCO or Pascal VOC; else shapes are drawn")
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--side", type=int, default=96, help="pixels of a side, a multiple of 8")
    parser.add_argument("--quick", action="store_true", help="whether it works: few small pictures, one epoch")
    options = parser.parse_args()
    if options.quick:
        options.epochs, options.side = 1, 48
    keras.utils.set_random_seed(1)

    if options.data:
        scenes, names = annotations.read(options.data)
    else:
        drawn = shapes.scenes(32 if options.quick else 400, 128)
        scenes, names = [annotations.Scene(*scene[:3]) for scene in drawn], list(shapes.CLASSES)
    cut = len(scenes) * 3 // 4
    augment, plain = recipes(options.side)
    train = Scenes(scenes[:cut], augment, options.side, len(names), 16)
    valid = Scenes(scenes[cut:], plain, options.side, len(names), 16)
    print(f"{cut} pictures to train on, {len(scenes) - cut} held back; classes: {', '.join(names)}")

    model = network(options.side, len(names))
    model.fit(train, epochs=options.epochs, verbose=2)
    found, true = measure(model, valid)
    print(
        f"on pictures held back {100 * found:.1f} % of the objects were found, "
        f"and {100 * true:.1f} % of the finds are objects"
    )


if __name__ == "__main__":
    main()
