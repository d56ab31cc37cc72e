"""Row 21: users are looked up while others are created."""

from __future__ import annotations

import importlib
import os
import unittest

from local_aws.parity.users import concurrent_users
from local_aws.patch import _Place, install

from .emulator import proves


class _Busy(dict):
    """Users of whom one more is created whenever somebody has looked at the first."""

    def values(self):
        for at, user in enumerate(super().values()):
            yield user
            self[f"new {at} {len(self)}"] = {"Attributes": []}


class Users(unittest.TestCase):
    @proves("concurrent-users")
    def test_a_user_is_found_while_others_are_created(self) -> None:
        # In this process: over HTTP it takes thousands of users and luck to meet the moment.
        cognito = importlib.import_module("ministack.services.cognito")
        place = _Place.of("services.cognito._resolve_user")
        original = place.get()
        self.addCleanup(place.set, original)
        if os.environ.get("LOCAL_AWS_TEST_WITHOUT") != concurrent_users.name:
            install([concurrent_users])

        def user(number: int) -> dict:
            return {"Attributes": [{"Name": "phone_number", "Value": f"+1500555000{number}"}]}

        users = _Busy({str(number): user(number) for number in range(5)})
        pool = {"_users": users, "UsernameAttributes": ["phone_number"]}
        found, error = cognito._resolve_user(pool, "+15005550004")
        self.assertIsNone(error)
        self.assertIs(users["4"], found)
