"""Rows 8, 9, 12 and 13: refresh tokens and what comes of them."""

from __future__ import annotations

import unittest
from concurrent.futures import ThreadPoolExecutor

from .emulator import claims, error_of, proves, shared_stack, until

ROTATING = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}


class RefreshTokens(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.stack = shared_stack()

    @proves("refresh-token-rotation", "rotation-setting")
    def test_refresh_gives_a_new_refresh_token_that_ends_when_the_first_would(self) -> None:
        client = self.stack.new_client(RefreshTokenRotation=ROTATING)
        first = self.stack.sign_in(client)["RefreshToken"]
        second = self.stack.refresh(first, client)["RefreshToken"]
        self.assertNotEqual(first, second)
        self.assertEqual(claims(first)["exp"], claims(second)["exp"])
        self.assertEqual(claims(first)["origin_jti"], claims(second)["origin_jti"])
        self.assertIn("RefreshToken", self.stack.refresh(second, client))

    @proves("refresh-token-rotation", "rotation-setting")
    def test_without_grace_the_old_token_is_dead_at_once(self) -> None:
        client = self.stack.new_client(RefreshTokenRotation=ROTATING)
        old = self.stack.sign_in(client)["RefreshToken"]
        self.stack.refresh(old, client)
        self.assertEqual("RefreshTokenReuseException", error_of(self.stack.refresh, token=old, client=client)[0])

    @proves("refresh-token-rotation", "rotation-setting")
    def test_of_two_refreshes_at_once_one_succeeds_without_grace(self) -> None:
        client = self.stack.new_client(RefreshTokenRotation=ROTATING)
        old = self.stack.sign_in(client)["RefreshToken"]
        with ThreadPoolExecutor(8) as threads:
            outcomes = list(threads.map(lambda _: error_of(self.stack.refresh, token=old, client=client), range(8)))
        self.assertEqual(1, outcomes.count(None), outcomes)

    @proves("refresh-token-rotation", "rotation-setting")
    def test_with_grace_the_old_token_is_good_a_while_and_then_dead(self) -> None:
        client = self.stack.new_client(RefreshTokenRotation={**ROTATING, "RetryGracePeriodSeconds": 1})
        old = self.stack.sign_in(client)["RefreshToken"]
        self.stack.refresh(old, client)
        self.assertIn("RefreshToken", self.stack.refresh(old, client))
        refused = until(lambda: error_of(self.stack.refresh, token=old, client=client), seconds=5)
        self.assertEqual("RefreshTokenReuseException", refused[0])

    @proves("refresh-token-rotation", "rotation-setting")
    def test_rotating_client_refuses_the_old_flow(self) -> None:
        client = self.stack.new_client(RefreshTokenRotation=ROTATING)
        token = self.stack.sign_in(client)["RefreshToken"]
        refused = error_of(
            self.stack.cognito.admin_initiate_auth,
            UserPoolId=self.stack.pool,
            ClientId=client["ClientId"],
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": token},
        )
        self.assertEqual("InvalidParameterException", refused and refused[0])

    def test_client_that_does_not_rotate_keeps_its_token(self) -> None:
        client = self.stack.new_client(ExplicitAuthFlows=["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
        token = self.stack.sign_in(client)["RefreshToken"]
        for _ in range(2):
            self.assertNotIn("RefreshToken", self.stack.refresh(token, client))

    def test_revoking_the_newest_token_ends_the_sign_in(self) -> None:
        client = self.stack.new_client(RefreshTokenRotation={**ROTATING, "RetryGracePeriodSeconds": 60})
        old = self.stack.sign_in(client)["RefreshToken"]
        new = self.stack.refresh(old, client)["RefreshToken"]
        self.stack.cognito.revoke_token(Token=new, ClientId=client["ClientId"])
        for token in (old, new):
            self.assertEqual("NotAuthorizedException", error_of(self.stack.refresh, token=token, client=client)[0])

    @proves("rotation-setting")
    def test_rotation_excludes_the_old_flow(self) -> None:
        flows = ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        refused = error_of(self.stack.new_client, RefreshTokenRotation=ROTATING, ExplicitAuthFlows=flows)
        self.assertEqual("InvalidParameterException", refused and refused[0])

    @proves("refresh-token-expiry")
    def test_expired_refresh_token_is_refused(self) -> None:
        client = self.stack.new_client(RefreshTokenValidity=1, TokenValidityUnits={"RefreshToken": "seconds"})
        token = self.stack.sign_in(client)["RefreshToken"]
        refused = until(lambda: error_of(self.stack.refresh, token=token, client=client), seconds=5)
        self.assertEqual(("NotAuthorizedException", "Refresh Token has expired"), refused)

    @proves("refresh-client-secret")
    def test_confidential_client_must_show_its_secret(self) -> None:
        client = self.stack.new_client(GenerateSecret=True)
        token = self.stack.sign_in(client)["RefreshToken"]
        for impostor in ({"ClientId": client["ClientId"]}, {**client, "ClientSecret": "x" * 51}):
            refused = error_of(self.stack.refresh, token=token, client=impostor)
            self.assertEqual("NotAuthorizedException", refused and refused[0])
        unproven = error_of(self.stack.cognito.revoke_token, Token=token, ClientId=client["ClientId"])
        self.assertEqual("UnauthorizedException", unproven and unproven[0])
        self.assertIn("AccessToken", self.stack.refresh(token, client))

    @proves("authentication-time")
    def test_refreshed_tokens_tell_when_the_user_signed_in(self) -> None:
        client = self.stack.new_client(ExplicitAuthFlows=["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
        signed_in = self.stack.sign_in(client)
        first = claims(signed_in["AccessToken"])

        def later() -> dict | None:
            refreshed = self.stack.refresh(signed_in["RefreshToken"], client)
            return refreshed if claims(refreshed["AccessToken"])["iat"] > first["iat"] else None

        refreshed = until(later)
        for kind in ("AccessToken", "IdToken"):
            token = claims(refreshed[kind])
            self.assertEqual(
                (first["auth_time"], first.get("event_id", "none")), (token["auth_time"], token.get("event_id"))
            )
