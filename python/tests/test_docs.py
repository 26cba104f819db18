"""What the package says of itself is true, and importing it costs little and reaches out to nobody."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import variegate as vg


EXAMPLES = ["distributions", "ops", "pipeline", "keras.preprocess", "keras.applications"]


@pytest.mark.parametrize("name", [f"variegate.{name}" for name in EXAMPLES])
def test_examples_run(name):
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, extraglobs={"vg": vg, "np": np})
    assert failed == 0


def test_everything_public_is_documented():
    for name in vg.__all__:
        thing = getattr(vg, name)
        if name != "__version__":
            assert inspect.getdoc(thing), name
    for name in ("__call__", "apply", "batch", "draw", "explain", "from_yaml", "load", "plan", "to_yaml", "undo"):
        assert inspect.getdoc(getattr(vg.Pipeline, name)), name


def test_the_stub_says_what_the_compiled_half_says():
    """Editors and the reference read the stub, `help` the compiled half."""
    tree = ast.parse(Path(vg.__file__).with_name("_variegate.pyi").read_text(encoding="utf-8"))
    compared = 0
    for node in tree.body:
        users = isinstance(node, ast.ClassDef) and node.name in ("Pipeline", "Plan", "Recipe")
        home = getattr(vg._variegate, node.name) if users else vg._variegate
        told = set()
        for function in node.body if users else [node]:
            name = getattr(function, "name", "_")
            if not isinstance(function, ast.FunctionDef) or name.startswith("_") or name in told:
                continue
            if users or name in ("decode", "encode"):
                written = (ast.get_docstring(function) or "").split()
                assert written == inspect.getdoc(getattr(home, name)).split(), name
                # Of several forms the first has the text.
                told.add(name)
                compared += 1
    assert compared > 20


def test_a_wheel_holds_the_licences_of_all_it_is_made_of():
    """Ours are copies of those at the root; the page names each text that lies there."""
    root = Path(__file__).parents[2]
    texts = root / "python" / "LICENSES"
    for name in ("LICENSE-APACHE", "LICENSE-MIT"):
        assert (texts / name).read_bytes() == (root / name).read_bytes()
    page = (root / "docs" / "licences.md").read_text(encoding="utf-8")
    others = [path.name for path in texts.iterdir() if not path.name.startswith("LICENSE-")]
    assert len(others) >= 4 and all(f"python/LICENSES/{name}" in page for name in others)


def test_signatures_are_true(entry):
    """Every parameter of the registry is in the signature, in order, then `p` and `name`."""
    signature = inspect.signature(getattr(vg, entry["class"]))
    declared = [parameter["name"] for parameter in entry["parameters"]]
    assert list(signature.parameters) == [*declared, "p", "name"]
    kinds = [parameter.kind for parameter in signature.parameters.values()]
    first = [inspect.Parameter.POSITIONAL_OR_KEYWORD] * (1 if declared else 0)
    assert kinds == first + [inspect.Parameter.KEYWORD_ONLY] * (len(kinds) - len(first))
    for parameter in entry["parameters"]:
        assert (signature.parameters[parameter["name"]].default is inspect.Parameter.empty) == parameter["required"]
        assert f"{parameter['name']}: " in inspect.getdoc(getattr(vg, entry["class"]))


PROGRAM = """
import sys, time
import numpy
before = set(sys.modules)
start = time.perf_counter()
import variegate
print(f"{(time.perf_counter() - start) * 1e3:.1f} ms over numpy")
print(" ".join(sorted(set(sys.modules) - before)))
"""


def test_an_import_brings_nothing_it_does_not_need():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    cost, modules = done.stdout.splitlines()
    print(f"import variegate: {cost}")
    loaded = {name.partition(".")[0] for name in modules.split()}
    assert not loaded & {"socket", "ssl", "http", "urllib", "requests", "keras", "torch", "jax", "tensorflow", "PIL", "cv2"}


def test_importing_the_keras_half_does_not_import_keras():
    program = "import sys, variegate.keras; sys.exit('keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_modules_of_others_are_reached_by_name_and_bring_no_more_than_they_speak():
    code = "import sys, variegate as vg; vg.offline.plan, vg.huggingface.Columns; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"ray", "torch", "keras", "datasets", "grain", "PIL"}


def test_keras_is_reached_by_name_and_not_imported():
    code = "import sys, variegate as vg; vg.keras.image_dataset_from_directory; assert 'keras' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError, match="no attribute 'kerass'"):
        vg.kerass
