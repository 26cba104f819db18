"""What is measured: every task with its parameters, stated once.

The driver, the workers, the check and the contestants read it; nothing else holds a parameter. It imports no peer and
measures nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

BATCH = 64
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

#: Crop, flip and normalisation; the others build on it.
CROP = {"size": 224, "area": (0.08, 1.0), "aspect": (3 / 4, 4 / 3), "flip": 0.5}
SIMCLR = {
    "jitter": {"brightness": 0.4, "contrast": 0.4, "saturation": 0.4, "hue": 0.1, "p": 0.8},
    "grey": 0.2,
    "blur": {"sigma": (0.1, 2.0), "p": 0.5},
}
#: Borders are black. The shear is along x.
CLASSIC = {"degrees": 30.0, "shift": 0.1, "zoom": (0.8, 1.2), "shear": 10.0, "flip": 0.5, "brightness": (0.8, 1.2)}
POLICY = {"count": 2, "strength": 9, "erase": {"area": (0.02, 0.33), "aspect": (0.3, 3.3), "p": 0.25}, "mixup": 0.2}
GLOBAL = {**CROP, "area": (0.4, 1.0)}
LOCAL = {**CROP, "area": (0.05, 0.4), "size": 96}
VIEWS = {"global": 2, "local": 8}


@dataclass(frozen=True)
class Task:
    """One thing to measure.

    kind: "memory" (batches from decoded pictures), "files" (one pass over a folder), "operation" (8-bit pictures, one
    at a time), "first" (a fresh process up to its first batch) or "import" (a fresh process that imports the library).
    data: "photos", "small" (224 × 224), "large", "square224", "square512" or "thousand".
    check: what the answer is compared with: "pixels" or "statistics".
    shrinks: whether pictures get smaller, so that antialiasing makes a difference.
    """

    name: str
    kind: str
    title: str
    data: str
    threads: int
    does: str
    values: dict[str, Any] = field(default_factory=dict)
    check: str = "statistics"
    shrinks: bool = False

    @property
    def v(self) -> SimpleNamespace:
        return SimpleNamespace(**self.values)

    @property
    def session(self) -> str:
        """Tasks of one session are measured in one process; folders have their own, so that memory is theirs alone."""
        return f"{self.kind}/{self.threads}" if self.kind in ("memory", "operation") else self.name


def _pipelines() -> list[Task]:
    rows = [
        ("P1", "crop", "resized crop to 224 + flip + normalise", "photos", CROP, True),
        ("P2", "simclr", "P1 + jitter + grey + Gaussian blur (SimCLR)", "photos", {**CROP, **SIMCLR}, True),
        ("P3", "classic", "rotate + shift + zoom + shear + flip + brightness at 224", "small", CLASSIC, False),
        ("P4", "policy", "RandAugment(2, 9) + erase + MixUp at 224", "small", POLICY, False),
    ]
    return [
        Task(f"{name}/{threads}", "memory", title, data, threads, does, values, shrinks=shrinks)
        for name, does, title, data, values, shrinks in rows
        for threads in (1, 2)
    ]


def _folders() -> list[Task]:
    return [
        Task("E1", "files", "JPEG files to P1 batches", "photos", 2, "crop", CROP, shrinks=True),
        Task("E2", "files", "large JPEG files to P1 batches", "large", 2, "crop", CROP, shrinks=True),
        Task("E3", "files", "packed or cached once, then P1 batches", "photos", 2, "packed", CROP, shrinks=True),
        Task("views", "files", "2 × 224 + 8 × 96 crops of each JPEG file", "photos", 2, "views",
             {"wide": GLOBAL, "narrow": LOCAL, **VIEWS}, shrinks=True),
        Task("first", "first", "import, a folder of 1,000 files, the first P1 batch", "thousand", 2, "crop", CROP, shrinks=True),
        Task("import", "import", "import, over that of NumPy", "thousand", 1, "crop", CROP),
    ]


#: Single operations: name, what it does, parameters, check, whether it makes pictures smaller, sides it runs at.
_OPERATIONS: list[tuple[str, str, dict[str, Any], str, bool, tuple[int, ...]]] = [
    ("affine", "turn, shift, zoom and shear", {"degrees": 15.0, "shift": 0.05, "zoom": (0.9, 1.1), "shear": 5.0}, "statistics", False, (224, 512)),
    ("color_jitter", "brightness, contrast, saturation, hue", {"brightness": 0.4, "contrast": 0.4, "saturation": 0.4, "hue": 0.1}, "statistics", False, (224, 512)),
    ("erase", "one black rectangle", {"area": (0.02, 0.33), "aspect": (0.3, 3.3)}, "statistics", False, (224, 512)),
    ("gaussian_blur", "σ = 1, seven taps", {"sigma": 1.0, "taps": 7}, "pixels", False, (224, 512)),
    ("gaussian_noise", "σ = 0.05 of white", {"sigma": 0.05}, "statistics", False, (224, 512)),
    ("grayscale", "three equal channels", {}, "pixels", False, (224, 512)),
    ("flip", "horizontal", {}, "pixels", False, (224, 512)),
    ("normalize", "to float32", {}, "pixels", False, (224, 512)),
    ("perspective", "each corner moves inwards", {"strength": 0.3}, "statistics", False, (224, 512)),
    ("posterize", "four bits", {"bits": 4}, "pixels", False, (224, 512)),
    ("solarize", "from 128 on", {"threshold": 128}, "pixels", False, (224, 512)),
    ("resized_crop", "to 224", CROP, "statistics", True, (224, 512)),
    ("resize_bilinear", "to 224", {"size": 224}, "pixels", True, (512,)),
    ("resize_lanczos", "to 224", {"size": 224}, "pixels", True, (512,)),
    ("rotate", "±30°", {"degrees": 30.0}, "statistics", False, (224, 512)),
    ("equalize", "histogram of each channel", {}, "statistics", False, (224, 512)),
    ("jpeg", "quality 50, written and read", {"quality": 50}, "statistics", False, (224, 512)),
]


def _operations() -> list[Task]:
    return [
        Task(f"{name}@{side}", "operation", f"{name}: {title}", f"square{side}", 1, name, values, check, shrinks)
        for name, title, values, check, shrinks, sides in _OPERATIONS
        for side in sides
    ]


TASKS: dict[str, Task] = {task.name: task for task in (*_pipelines(), *_folders(), *_operations())}


def chosen(only: str) -> list[Task]:
    """The tasks that a text as "P1,E1,ops,flip" names: whole names, what stands before / or @, or a group."""
    if not only:
        return list(TASKS.values())
    groups = {"ops": "operation", "files": "files", "memory": "memory"}
    found: list[Task] = []
    for word in filter(None, (w.strip() for w in only.split(","))):
        hits = [t for t in TASKS.values() if word in (t.name, t.name.split("/")[0], t.name.split("@")[0]) or groups.get(word) == t.kind]
        if not hits:
            raise SystemExit(f"error: ONLY={word}: there is no such task. Tasks: {' '.join(TASKS)} and the groups {' '.join(groups)}")
        found += [t for t in hits if t not in found]
    return found
