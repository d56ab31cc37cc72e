"""How a difference from AWS is described, checked against the emulator's code, and closed.

A patch replaces functions of the running emulator, so it holds for exactly the code it was written
against. Everything it touches is looked up and compared before anything is changed: an emulator that
moved on is refused at start, not discovered in a test that passes for the wrong reason.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from types import ModuleType
from typing import Any

from . import MINISTACK_VERSION


class Incompatible(Exception):
    """The installed emulator is not the one the patches were written against."""


@dataclass
class Patch:
    """One difference between the emulator and AWS, and what closes it."""

    name: str
    """What `--without` and the tests call it."""
    row: str
    """Its number in the README's table."""
    difference: str
    """What the emulator does."""
    aws: str
    """What AWS documents (or, where it says so, what was seen there)."""
    source: str
    """Where AWS says it."""
    why: str
    """What would go wrong here if it stayed open."""
    uses: tuple[str, ...] = ()
    """Further names of the emulator that the replacements call, as `module.name`."""
    _functions: list[tuple[str, Callable]] = field(default_factory=list)
    _values: list[tuple[str, Any, Any]] = field(default_factory=list)
    _entries: list[tuple[str, str, Any]] = field(default_factory=list)

    def replaces(self, *targets: str) -> Callable[[Callable], Callable]:
        """Decorates the replacement of the function(s) `targets`, each `module.name` or `module.TABLE[key][key]`.

        The replacement takes the original first, then exactly the parameters of the function it replaces.
        """

        def register(replacement: Callable) -> Callable:
            self._functions.extend((target, replacement) for target in targets)
            return replacement

        return register

    def changes(self, target: str, *, expected: Any, to: Any) -> None:
        """The constant `target`, which must have the value `expected`, becomes `to`."""
        self._values.append((target, expected, to))

    def adds(self, table: str, *, key: str, value: Any) -> None:
        """The dictionary `table`, which must not have `key` yet, gets it."""
        self._entries.append((table, key, value))

    def check(self) -> None:
        """Raises `Incompatible` unless everything the patch touches is as it was when it was written."""
        for target, replacement in self._functions:
            wanted = list(inspect.signature(replacement).parameters)[1:]
            found = list(inspect.signature(_Place.of(target).get()).parameters)
            if found != wanted:
                raise Incompatible(
                    f"patch {self.name}: {target} takes ({', '.join(found)}), expected ({', '.join(wanted)})"
                )
        for target, expected, _ in self._values:
            if (found := _Place.of(target).get()) != expected:
                raise Incompatible(f"patch {self.name}: {target} is {found!r}, expected {expected!r}")
        for table, key, _ in self._entries:
            if key in _Place.of(table).get():
                raise Incompatible(f"patch {self.name}: {table} has {key} already")
        for target in self.uses:
            _Place.of(target).get()

    def apply(self) -> None:
        """Puts the replacements in place; call `check` of every patch first."""
        for target, replacement in self._functions:
            place = _Place.of(target)
            place.set(_bound(replacement, place.get()))
        for target, _, to in self._values:
            _Place.of(target).set(to)
        for table, key, value in self._entries:
            _Place.of(table).get()[key] = value


def check_version() -> None:
    """Raises `Incompatible` unless the pinned release of the emulator is installed."""
    try:
        found = importlib.metadata.version("ministack")
    except importlib.metadata.PackageNotFoundError:
        raise Incompatible(
            f"ministack is not installed; install local/requirements.txt ({MINISTACK_VERSION})"
        ) from None
    if found != MINISTACK_VERSION:
        raise Incompatible(
            f"ministack {found} is installed, but the patches are for {MINISTACK_VERSION}: "
            "install local/requirements.txt, or review local/local_aws/parity for the new release"
        )


def install(patches: Iterable[Patch]) -> None:
    """Checks all of `patches`, then applies them in order (a later one wraps an earlier one)."""
    patches = list(patches)
    for patch in patches:
        patch.check()
    for patch in patches:
        patch.apply()


def _bound(replacement: Callable, original: Callable) -> Callable:
    @wraps(original)
    def replaced(*args: Any, **kwargs: Any) -> Any:
        return replacement(original, *args, **kwargs)

    return replaced


@dataclass
class _Place:
    """Where a name of the emulator lives: an attribute of a module, or an entry of a table in one."""

    holder: Any
    key: str
    label: str

    @classmethod
    def of(cls, target: str) -> _Place:
        path, *keys = target.replace("]", "").split("[")
        module_name, _, attribute = path.rpartition(".")
        try:
            holder: Any = importlib.import_module(f"ministack.{module_name}")
        except ImportError as error:
            raise Incompatible(f"ministack.{module_name} cannot be imported: {error}") from error
        place = cls(holder, attribute, target)
        for key in keys:
            place = cls(place.get(), key, target)
        return place

    def get(self) -> Any:
        try:
            return getattr(self.holder, self.key) if isinstance(self.holder, ModuleType) else self.holder[self.key]
        except (AttributeError, KeyError):
            raise Incompatible(f"ministack has no {self.label}") from None

    def set(self, value: Any) -> None:
        if isinstance(self.holder, ModuleType):
            setattr(self.holder, self.key, value)
        else:
            self.holder[self.key] = value
