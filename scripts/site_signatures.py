"""What the reference would leave out: methods of several forms, and what makes an instance.

mkdocstrings calls it for each class it reads (`extensions` in mkdocs.yml). It must never import the package: it reads texts.
"""

from __future__ import annotations

import copy

import griffe


class Signatures(griffe.Extension):
    """A stub states a method of several forms by its forms alone, and some classes take their arguments in `__new__`."""

    def on_class_members(self, *, node, cls: griffe.Class, agent, **kwargs) -> None:
        """Gives the class a method for each group of forms, the most general one, and `__new__` as its signature."""
        for name, forms in list(cls.overloads.items()):
            if name not in cls.members and forms:
                method = copy.copy(forms[-1])
                method.docstring = forms[0].docstring
                method.overloads = forms
                cls.set_member(name, method)
        made = cls.members.get("__new__")
        if made is not None and "__init__" not in cls.members:
            signature = copy.copy(made)
            signature.name = "__init__"
            signature.docstring = None
            signature.returns = None
            cls.set_member("__init__", signature)
