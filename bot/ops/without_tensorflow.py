"""``python -m bot.ops.without_tensorflow run …`` (or ``train …``): Rasa's command line without TensorFlow in memory.

Rasa 3.6 imports TensorFlow for components that this assistant does not have: some 400 MB and a third of the start. Here the names that
Rasa imports from it stand for nothing: classes to inherit from, decorators that change nothing. Where ``config.yml`` names a component
that does need TensorFlow, nothing is left out.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import re
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bot.paths import ROOT

_PACKAGES = frozenset({"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras"})
_NEEDS_IT = re.compile(
    r"^\s*-\s*name:\s*[\"']?\S*(?:DIETClassifier|ResponseSelector|TEDPolicy|UnexpecTEDIntentPolicy|ConveRTFeaturizer|LanguageModelFeaturizer)\b",
    re.MULTILINE,
)


class _Any(type):
    """A class whose every attribute is the same empty class, and that may stand in a type."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing

    def __or__(cls, other: Any) -> Any:
        return cls

    def __ror__(cls, other: Any) -> Any:
        return cls

    def __getitem__(cls, item: Any) -> Any:
        return cls

    def __iter__(cls) -> Iterator[Any]:
        return iter(())


class Nothing(metaclass=_Any):
    """What every name of TensorFlow stands for."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """Take anything."""

    def __call__(self, function: Callable[..., Any], *_: Any) -> Callable[..., Any]:
        """Return what is decorated as it is."""
        return function

    def __getattr__(self, name: str) -> Any:
        """Return the empty class for any attribute."""
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds an empty module for every name within the packages."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.split(".")[0] in _PACKAGES:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass


def needed(config: str) -> bool:
    """Tell whether a ``config.yml`` names a component that computes with TensorFlow."""
    return _NEEDS_IT.search(config) is not None


def leave_out() -> None:
    """Let Rasa's imports of TensorFlow find nothing, and tell spaCy that there is none. Call before anything is imported.

    Raises:
        RuntimeError: TensorFlow has been imported already.
    """
    if sys.modules.get("tensorflow") is not None:
        raise RuntimeError("TensorFlow is loaded already")
    sys.modules["tensorflow"] = None  # type: ignore[assignment]
    import thinc.compat  # noqa: F401 - looks once whether there is a TensorFlow

    del sys.modules["tensorflow"]
    sys.meta_path.insert(0, _Finder())


def pack_sooner() -> None:
    """Let Rasa pack a model at gzip's level 6: 3 s instead of 24, and 1.6 % larger; most of a model is numbers, which hardly shrink."""
    from tarsafe import TarSafe

    TarSafe.gzopen = classmethod(partial(TarSafe.gzopen.__func__, compresslevel=6))


def main(config: Path = ROOT / "config.yml") -> None:
    """Become ``rasa`` with the arguments of this process."""
    if not needed(config.read_text(encoding="utf-8")):
        leave_out()
    pack_sooner()
    from rasa.__main__ import main as rasa

    sys.argv[0] = "rasa"
    rasa()


if __name__ == "__main__":
    main()
