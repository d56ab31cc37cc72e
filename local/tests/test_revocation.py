"""Rows 19 and 20, and what the emulator does right by itself: how sign-ins are ended."""

from __future__ import annotations

import unittest
from typing import Any

from .emulator import claims, error_of, proves, shared_stack


class Revocation(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.stack = shared_stack()

    def revoke(self, token: str, client: dict, **more: Any) -> str | None:
        """The code of the error that it ends with."""
        secret = {"ClientSecret": client["ClientSecret"]} if "ClientSecret" in client else {}
        arguments = {"Token": token, "ClientId": client["ClientId"], **secret, **more}
        refused = error_of(self.stack.cognito.revoke_token, **arguments)
        return refused and refused[0]

    def is_good(self, token: str, client: dict) -> bool:
        refused = error_of(self.stack.refresh, token=token, client=client)
        if refused:
            self.assertEqual("NotAuthorizedException", refused[0])
        return refused is None

    def test_a_revoked_token_is_not_good_any_more_and_can_be_revoked_again(self) -> None:
        client = self.stack.new_client(GenerateSecret=True)
        token, other = (self.stack.sign_in(client)["RefreshToken"] for _ in range(2))
        for _ in range(2):
            self.assertIsNone(self.revoke(token, client))
        self.assertFalse(self.is_good(token, client))
        self.assertTrue(self.is_good(other, client))

    @proves("revoke-genuine-token")
    def test_only_refresh_tokens_can_be_revoked(self) -> None:
        client = self.stack.new_client()
        tokens = self.stack.sign_in(client)
        for kind in ("AccessToken", "IdToken"):
            self.assertEqual("UnsupportedTokenTypeException", self.revoke(tokens[kind], client))
        self.assertTrue(self.is_good(tokens["RefreshToken"], client))

    @proves("revoke-genuine-token")
    def test_what_has_no_tokens_form_is_an_invalid_parameter(self) -> None:
        client = self.stack.new_client()
        for text in ("a b", "a+b", "ä"):
            self.assertEqual("InvalidParameterException", self.revoke(text, client), text)

    @proves("revoke-genuine-token")
    def test_a_token_that_is_not_genuine_is_answered_as_revoked_and_ends_nothing(self) -> None:
        client = self.stack.new_client()
        token = self.stack.sign_in(client)["RefreshToken"]
        head, payload, signature = token.split(".")
        self.assertEqual("refresh", claims(token)["token_use"])
        for forged in (f"{head}.{payload}.", f"{head}.{payload}.{signature[::-1]}", "unknown", "a.b.c"):
            self.assertIsNone(self.revoke(forged, client))
        self.assertTrue(self.is_good(token, client))

    @proves("revoke-genuine-token")
    def test_a_client_cannot_revoke_anothers_token(self) -> None:
        client, other = self.stack.new_client(), self.stack.new_client()
        token = self.stack.sign_in(client)["RefreshToken"]
        self.assertEqual("UnauthorizedException", self.revoke(token, other))
        self.assertTrue(self.is_good(token, client))

    @proves("refresh-client-secret")
    def test_a_wrong_secret_revokes_nothing(self) -> None:
        client = self.stack.new_client(GenerateSecret=True)
        token = self.stack.sign_in(client)["RefreshToken"]
        self.assertEqual("UnauthorizedException", self.revoke(token, client, ClientSecret="x" * 51))
        self.assertTrue(self.is_good(token, client))

    @proves("revocation-setting")
    def test_revocation_must_be_enabled_for_the_client(self) -> None:
        client = self.stack.new_client(EnableTokenRevocation=False)
        token = self.stack.sign_in(client)["RefreshToken"]
        self.assertEqual("UnsupportedOperationException", self.revoke(token, client))
        self.assertTrue(self.is_good(token, client))

    def test_a_global_sign_out_ends_every_sign_in_of_the_user_and_no_later_one(self) -> None:
        client = self.stack.new_client()
        phone, username = self.stack.new_user()

        def sign_in() -> str:
            first = self.stack.initiate(phone, client)
            second = self.stack.respond(username, first["Session"], "-", client)
            answer = self.stack.respond(username, second["Session"], "right", client)
            return answer["AuthenticationResult"]["RefreshToken"]

        before = [sign_in(), sign_in()]
        unconcerned = self.stack.sign_in(client)["RefreshToken"]
        for _ in range(2):
            self.stack.cognito.admin_user_global_sign_out(UserPoolId=self.stack.pool, Username=username)
        for token in before:
            self.assertFalse(self.is_good(token, client))
        self.assertTrue(self.is_good(unconcerned, client))
        self.assertTrue(self.is_good(sign_in(), client))

    def test_a_global_sign_out_of_nobody_is_told(self) -> None:
        refused = error_of(
            self.stack.cognito.admin_user_global_sign_out, UserPoolId=self.stack.pool, Username="nobody"
        )
        self.assertEqual("UserNotFoundException", refused and refused[0])
