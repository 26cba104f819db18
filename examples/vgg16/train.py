"""VGG16 of `keras.applications` on class folders, with its `preprocess_input` written by the pipeline.

    python examples/vgg16/train.py --data photos --weights imagenet
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


def datasets(data: Path, side: int, batch: int) -> tuple[vg.keras.Dataset, vg.keras.Dataset]:
    """Training and validation, both as VGG16 wants them; only the first is augmented."""
    augment = vg.Pipeline(
        [
            vg.ResizedCrop(side, area=(0.5, 1.0)),
            vg.Flip("horizontal", p=0.5),
            vg.ColorJitter(brightness=0.2, contrast=0.2, saturation=0.2),
        ],
        seed=1,
    )
    return vg.keras.image_dataset_from_directory(
        data,
        image_size=(side, side),
        batch_size=batch,
        validation_split=0.25,
        subset="both",
        seed=1,
        augment=augment,
        # BGR less the means, in the final write. Called again on a batch, preprocess_input would warn.
        preprocess="VGG16",
    )


def network(classes: int, side: int, weights: str | None) -> keras.Model:
    """VGG16 without its top, and a small one of our own. With ImageNet's weights only that is trained."""
    base = keras.applications.VGG16(include_top=False, weights=weights, input_shape=(side, side, 3), pooling="avg")
    base.trainable = weights is None
    model = keras.Sequential([base, keras.layers.Dropout(0.3), keras.layers.Dense(classes)])
    model.compile(
        keras.optimizers.Adam(1e-4 if weights is None else 1e-3),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a folder with one folder of pictures for each class")
    parser.add_argument("--weights", choices=["none", "imagenet"], default="none", help="Keras downloads imagenet")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--side", type=int, default=64, help="pixels of a side; VGG16 was trained with 224")
    parser.add_argument("--out", type=Path, default=Path("vgg16-example"), help="where drawn pictures go")
    parser.add_argument("--quick", action="store_true", help="whether it works: few small pictures, one epoch")
    options = parser.parse_args()
    if options.quick:
        options.epochs, options.side = 1, 32
    keras.utils.set_random_seed(1)

    data = options.data or shapes.class_folders(options.out / "pictures", 8 if options.quick else 60)
    train, valid = datasets(data, options.side, batch=8 if options.quick else 16)
    model = network(len(train.class_names), options.side, None if options.weights == "none" else options.weights)
    monitor = vg.keras.Monitor(train)
    history = model.fit(train, validation_data=valid, epochs=options.epochs, callbacks=[monitor], verbose=2).history
    print(
        f"accuracy on {len(valid.file_paths)} pictures held back: {history['val_accuracy'][-1]:.3f}; "
        f"the trainer waited {100 * history['pipeline_waiting_share'][-1]:.1f} % of its time for pictures"
    )


if __name__ == "__main__":
    main()
