"""What is left out of the policy scan, `checkov.yaml`: nothing without its reason.

    python -m unittest discover -s infra
"""

import pathlib
import unittest

import yaml

TEXT = pathlib.Path(__file__).with_name("checkov.yaml").read_text(encoding="utf-8")


class Exceptions(unittest.TestCase):
    def test_every_check_that_is_left_out_has_its_reason_above_it(self):
        lines = TEXT.splitlines()
        left_out = yaml.safe_load(TEXT)["skip-check"]
        self.assertEqual(len(left_out), len(set(left_out)))
        for check in left_out:
            above = lines[lines.index(f"  - {check}") - 1]
            self.assertTrue(above.startswith("  # "), check)

    def test_checks_are_left_out_by_number_alone(self):
        for check in yaml.safe_load(TEXT)["skip-check"]:
            self.assertRegex(check, r"^CKV2?_AWS_\d+$")

    def test_nothing_else_makes_the_scan_milder(self):
        """Such as soft-fail, a list of the checks to run, or a baseline."""
        self.assertEqual({"framework", "skip-download", "compact", "quiet", "skip-check"}, set(yaml.safe_load(TEXT)))


if __name__ == "__main__":
    unittest.main()
