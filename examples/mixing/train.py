"""MixUp, CutMix and RandAugment on a small convolutional network.

    python examples/mixing/train.py --data photos
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
# Beside the examples lies what draws pictures for those who give none.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import keras  # noqa: E402 - the backend is chosen before Keras is imported
import shapes  # noqa: E402
import variegate as vg  # noqa: E402


def recipe(side: int, epochs: int) -> vg.Pipeline:
    """Each picture goes through RandAugment; then half are mixed with another one of the data set."""
    return vg.Pipeline(
        [
            vg.ResizedCrop(side, area=(0.4, 1.0)),
            vg.Flip("horizontal", p=0.5),
            # Gentle at first, whole after half of the training.
            vg.RandAugment(layers=2, magnitude=vg.keras.growing(9.0, max(1, epochs // 2))),
            # Partners are chosen by key from the whole data set, and labels follow what is seen of each.
            vg.OneOf([vg.MixUp(alpha=0.2), vg.CutMix(alpha=1.0)], p=0.5),
        ],
        seed=1,
    )


def network(classes: int, side: int) -> keras.Model:
    """Four convolutions; it holds its own rescaling."""
    layers = keras.layers
    model = keras.Sequential([keras.Input((side, side, 3)), layers.Rescaling(1 / 127.5, -1)])
    for filters in (16, 32, 64, 64):
        model.add(layers.Conv2D(filters, 3, padding="same", use_bias=False))
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())
        model.add(layers.MaxPooling2D())
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(classes))
    # Mixed labels are shares of classes, so the loss takes shares.
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(2e-3), loss, metrics=["accuracy"])
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a folder with one folder of pictures for each class")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--side", type=int, default=64, help="pixels of a side, a multiple of 16")
    parser.add_argument("--plain", action="store_true", help="without augmentation, to compare")
    parser.add_argument("--out", type=Path, default=Path("mixing-example"), help="where drawn pictures go")
    parser.add_argument("--quick", action="store_true", help="whether it works: few small pictures, two epochs")
    options = parser.parse_args()
    if options.quick:
        options.epochs, options.side = 2, 32
    keras.utils.set_random_seed(1)

    data = options.data or shapes.class_folders(options.out / "pictures", 12 if options.quick else 100)
    train, valid = vg.keras.image_dataset_from_directory(
        data,
        label_mode="categorical",
        image_size=(options.side, options.side),
        batch_size=16,
        validation_split=0.25,
        subset="both",
        seed=1,
        augment=None if options.plain else recipe(options.side, options.epochs),
    )
    model = network(len(train.class_names), options.side)
    # Epoch e of the training is epoch e of the pipeline: what grows, grows with it.
    callbacks = [train.follow_epochs(), vg.keras.Monitor(train)]
    history = model.fit(train, validation_data=valid, epochs=options.epochs, callbacks=callbacks, verbose=2).history
    print(
        f"accuracy on {len(valid.file_paths)} pictures held back: {history['val_accuracy'][-1]:.3f}; "
        f"the trainer waited {100 * history['pipeline_waiting_share'][-1]:.1f} % of its time for pictures"
    )


if __name__ == "__main__":
    main()
