"""A training script of the ImageDataGenerator era, of which one import was changed.

    python examples/legacy_generator/train.py --data photos
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
# Beside the examples lies what draws pictures for those who give none.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import shapes  # noqa: E402 - the backend is chosen before Keras is imported
from keras import Sequential, utils  # noqa: E402
from keras.layers import Activation, Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2D  # noqa: E402

# It was: from tensorflow.keras.preprocessing.image import ImageDataGenerator
from variegate.keras.preprocessing.image import ImageDataGenerator  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a folder with one folder of pictures for each class")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--out", type=Path, default=Path("legacy-example"), help="where drawn pictures go")
    parser.add_argument("--quick", action="store_true", help="whether it works: few small pictures, one epoch")
    options = parser.parse_args()
    side, batch_size = (32, 8) if options.quick else (64, 16)
    data = options.data or shapes.class_folders(options.out / "pictures", 8 if options.quick else 100)
    utils.set_random_seed(1)

    # From here on nothing differs from the script as it was.

    train_datagen = ImageDataGenerator(
        rescale=1.0 / 255,
        rotation_range=15,
        width_shift_range=0.1,
        height_shift_range=0.1,
        shear_range=5,
        zoom_range=0.1,
        horizontal_flip=True,
        validation_split=0.25,
    )
    test_datagen = ImageDataGenerator(rescale=1.0 / 255, validation_split=0.25)

    train_generator = train_datagen.flow_from_directory(
        data, target_size=(side, side), batch_size=batch_size, class_mode="categorical", subset="training", seed=1
    )
    validation_generator = test_datagen.flow_from_directory(
        data,
        target_size=(side, side),
        batch_size=batch_size,
        class_mode="categorical",
        subset="validation",
        shuffle=False,
    )

    model = Sequential([Input((side, side, 3))])
    for filters in (16, 32, 64):
        model.add(Conv2D(filters, (3, 3)))
        model.add(Activation("relu"))
        model.add(MaxPooling2D(pool_size=(2, 2)))
    model.add(Flatten())
    model.add(Dense(64))
    model.add(Activation("relu"))
    model.add(Dropout(0.3))
    model.add(Dense(train_generator.num_classes))
    model.add(Activation("softmax"))
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])

    epochs = 1 if options.quick else options.epochs
    model.fit(train_generator, epochs=epochs, validation_data=validation_generator, verbose=2)
    loss, accuracy = model.evaluate(validation_generator, verbose=0)
    print(f"accuracy on {validation_generator.samples} pictures held back: {accuracy:.3f}, loss {loss:.3f}")


if __name__ == "__main__":
    main()
