"""The check that the emulator is the one the patches were written against."""

from __future__ import annotations

import sys
import types
import unittest
from unittest import mock

from local_aws.parity import PATCHES
from local_aws.patch import Incompatible, Patch, check_version, install
from local_aws.trigger_log import trigger_log


def patch() -> Patch:
    return Patch(name="n", row="0", difference="d", aws="a", source="s", why="w")


class Checks(unittest.TestCase):
    def setUp(self) -> None:
        self.module = types.ModuleType("ministack.fake")
        self.module.greet = lambda name, loud: f"{name} {loud}"
        self.module.LIMIT = 3
        self.module.TABLE = {"kind": {"create": lambda name: name}}
        modules = mock.patch.dict(
            sys.modules, {"ministack": types.ModuleType("ministack"), "ministack.fake": self.module}
        )
        modules.start()
        self.addCleanup(modules.stop)

    def test_replacement_wraps_the_original_with_its_defaults(self) -> None:
        wanted = patch()
        wanted.replaces("fake.greet")(lambda original, name, loud: original(name, loud) + "!")
        wanted.replaces("fake.TABLE[kind][create]")(lambda original, name: original(name) + "?")
        wanted.changes("fake.LIMIT", expected=3, to=4)
        wanted.adds("fake.TABLE", key="other", value=None)
        install([wanted])
        self.assertEqual("a b!", self.module.greet("a", "b"))
        self.assertEqual("a?", self.module.TABLE["kind"]["create"]("a"))
        self.assertEqual(4, self.module.LIMIT)
        self.assertIn("other", self.module.TABLE)

    def test_nothing_is_changed_when_one_check_fails(self) -> None:
        good, bad = patch(), patch()
        good.changes("fake.LIMIT", expected=3, to=4)
        bad.replaces("fake.greet")(lambda original, name: name)
        with self.assertRaisesRegex(Incompatible, r"fake\.greet takes \(name, loud\), expected \(name\)"):
            install([good, bad])
        self.assertEqual(3, self.module.LIMIT)

    def test_missing_or_changed_names_are_refused(self) -> None:
        gone, moved, present = patch(), patch(), patch()
        gone.replaces("fake.vanished")(lambda original: None)
        moved.changes("fake.LIMIT", expected=5, to=6)
        present.adds("fake.TABLE", key="kind", value=None)
        for broken in (gone, moved, present, Patch("n", "0", "d", "a", "s", "w", uses=("fake.vanished",))):
            with self.assertRaises(Incompatible):
                install([broken])

    def test_another_release_is_refused(self) -> None:
        message = "ministack 1.6.0 is installed, but the patches are for 1.5.33"
        with (
            mock.patch("importlib.metadata.version", return_value="1.6.0"),
            self.assertRaisesRegex(Incompatible, message),
        ):
            check_version()


class Descriptions(unittest.TestCase):
    def test_names_are_unique(self) -> None:
        names = [one.name for one in (trigger_log, *PATCHES)]
        self.assertEqual(len(names), len(set(names)))

    def test_every_patch_has_a_test_that_proves_it(self) -> None:
        from . import (
            test_alarms,
            test_custom_auth,
            test_function_updates,
            test_launcher,
            test_policies,
            test_revocation,
            test_stack,
            test_stages,
            test_texts,
            test_tokens,
            test_users,
        )

        proven = {
            name
            for module in (
                test_alarms,
                test_custom_auth,
                test_function_updates,
                test_launcher,
                test_policies,
                test_revocation,
                test_stack,
                test_stages,
                test_texts,
                test_tokens,
                test_users,
            )
            for case in vars(module).values()
            if isinstance(case, type) and issubclass(case, unittest.TestCase)
            for test in vars(case).values()
            for name in getattr(test, "proves", ())
        }
        self.assertEqual({one.name for one in (trigger_log, *PATCHES)}, proven)
