"""Rows 1 to 7, 11, 15 and 16: sign-in with custom challenges."""

from __future__ import annotations

import unittest
from concurrent.futures import ThreadPoolExecutor

from .emulator import error_of, new_phone, proves, shared_stack

REFUSED = ("NotAuthorizedException", "Invalid session for the user.")


class CustomAuth(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.stack = shared_stack()

    @proves("rotating-session")
    def test_each_round_has_its_own_session(self) -> None:
        phone, username = self.stack.new_user()
        first = self.stack.initiate(phone)
        second = self.stack.respond(username, first["Session"], "-")
        third = self.stack.respond(username, second["Session"], "wrong")
        self.assertEqual(3, len({first["Session"], second["Session"], third["Session"]}))

    @proves("rotating-session", "session-errors")
    def test_a_session_is_good_for_one_answer(self) -> None:
        phone, username = self.stack.new_user()
        first = self.stack.initiate(phone)
        self.stack.respond(username, first["Session"], "-")
        again = error_of(self.stack.respond, username=username, session=first["Session"], answer="right")
        self.assertEqual(REFUSED, again)

    @proves("rotating-session")
    def test_of_two_answers_at_once_one_is_taken(self) -> None:
        phone, username = self.stack.new_user()
        session = self.stack.initiate(phone)["Session"]
        with ThreadPoolExecutor(8) as threads:
            outcomes = list(
                threads.map(
                    lambda _: error_of(self.stack.respond, username=username, session=session, answer="-"), range(8)
                )
            )
        self.assertEqual(1, outcomes.count(None), outcomes)

    @proves("rotating-session")
    def test_a_session_is_gone_after_a_failed_trigger(self) -> None:
        phone, username = self.stack.new_user()
        session = self.stack.initiate(phone)["Session"]
        failing = {"ClientMetadata": {"fail": "no permit"}}
        error_of(self.stack.respond, username=username, session=session, answer="-", **failing)
        self.assertEqual(REFUSED, error_of(self.stack.respond, username=username, session=session, answer="-"))

    @proves("username-in-challenge")
    def test_challenge_names_the_user(self) -> None:
        phone, username = self.stack.new_user()
        first = self.stack.initiate(phone)
        self.assertEqual({"USERNAME": username, "round": "0"}, first["ChallengeParameters"])
        second = self.stack.respond(username, first["Session"], "-")
        self.assertEqual({"USERNAME": username, "round": "1"}, second["ChallengeParameters"])

    @proves("canonical-user-name")
    def test_triggers_are_told_the_username_not_the_alias(self) -> None:
        phone, username = self._three_rounds()
        names = [record["event"]["userName"] for record in self.stack.records(phone)]
        self.assertEqual([username] * 7, names)

    @proves("user-status-attribute")
    def test_triggers_are_told_the_users_status(self) -> None:
        phone, _ = self._three_rounds()
        statuses = [
            r["event"]["request"]["userAttributes"].get("cognito:user_status") for r in self.stack.records(phone)
        ]
        self.assertEqual(["CONFIRMED"] * 7, statuses)

    @proves("initiate-metadata")
    def test_metadata_of_the_first_call_reaches_no_trigger(self) -> None:
        phone, _ = self.stack.new_user()
        self.stack.initiate(phone, ClientMetadata={"permit": "early"})
        for trigger in ("Define", "Create"):
            self.assertNotIn("clientMetadata", self.stack.told(phone, trigger)[0]["request"])

    def test_metadata_of_a_response_reaches_all_triggers(self) -> None:
        phone, username = self.stack.new_user()
        session = self.stack.initiate(phone)["Session"]
        self.stack.respond(username, session, "-", ClientMetadata={"permit": "on time"})
        for trigger in ("Verify", "Define", "Create"):
            self.assertEqual({"permit": "on time"}, self.stack.told(phone, trigger)[-1]["request"]["clientMetadata"])

    @proves("verify-event")
    def test_verify_is_told_what_is_documented(self) -> None:
        phone, username = self.stack.new_user()
        session = self.stack.initiate(phone)["Session"]
        self.stack.respond(username, session, "an answer")
        request = self.stack.told(phone, "Verify")[0]["request"]
        self.assertEqual(
            {"userAttributes", "privateChallengeParameters", "challengeAnswer", "userNotFound"}, set(request)
        )
        self.assertEqual({"answer": "right"}, request["privateChallengeParameters"])
        self.assertEqual("an answer", request["challengeAnswer"])

    def test_define_and_create_are_told_the_rounds_so_far(self) -> None:
        phone, _ = self._three_rounds()
        rounds = [
            (r["challengeMetadata"], r["challengeResult"])
            for r in self.stack.told(phone, "Define")[-1]["request"]["session"]
        ]
        self.assertEqual([("round-0", False), ("round-1", True)], rounds)
        create = self.stack.told(phone, "Create")[-1]["request"]
        self.assertEqual({"userAttributes", "challengeName", "session", "userNotFound"}, set(create))

    @proves("unconfirmed-user")
    def test_unconfirmed_user_is_refused(self) -> None:
        phone = new_phone()
        self.stack.cognito.sign_up(ClientId=self.stack.client_id, Username=phone, Password="Unused-password-1")
        self.assertEqual("UserNotConfirmedException", error_of(self.stack.initiate, username=phone)[0])

    @proves("session-errors")
    def test_unknown_session_is_not_authorized(self) -> None:
        _, username = self.stack.new_user()
        refused = error_of(self.stack.respond, username=username, session="A" * 44, answer="right")
        self.assertEqual(REFUSED, refused)

    @proves("trigger-errors")
    def test_error_of_a_trigger_is_passed_on(self) -> None:
        phone, username = self.stack.new_user()
        session = self.stack.initiate(phone)["Session"]
        failing = {"ClientMetadata": {"fail": "the permit is not valid"}}
        refused = error_of(self.stack.respond, username=username, session=session, answer="-", **failing)
        expected = "CreateAuthChallenge failed with error the permit is not valid."
        self.assertEqual(("UserLambdaValidationException", expected), refused)

    @proves("trigger-permission")
    def test_trigger_of_a_pool_without_permission_is_not_called(self) -> None:
        cognito = self.stack.cognito
        triggers = {"DefineAuthChallenge": self.stack.outputs["TriggerArn"]}
        pool = cognito.create_user_pool(PoolName="other", LambdaConfig=triggers)["UserPool"]["Id"]
        client = cognito.create_user_pool_client(
            UserPoolId=pool, ClientName="other", ExplicitAuthFlows=["ALLOW_CUSTOM_AUTH"]
        )
        cognito.admin_create_user(UserPoolId=pool, Username="someone", MessageAction="SUPPRESS")
        refused = error_of(self.stack.initiate, username="someone", client=client["UserPoolClient"], pool=pool)
        self.assertEqual("UnexpectedLambdaException", refused and refused[0])

    @proves("session-of-one-user")
    def test_session_of_another_user_is_refused(self) -> None:
        victim, victims_name = self.stack.new_user()
        _, others_name = self.stack.new_user()
        session = self.stack.initiate(victim)["Session"]
        for name in (others_name, victim):
            self.assertEqual(REFUSED, error_of(self.stack.respond, username=name, session=session, answer="-"))
        self.assertIsNone(error_of(self.stack.respond, username=victims_name, session=session, answer="-"))

    @proves("unlimited-rounds")
    def test_the_define_trigger_alone_counts_rounds(self) -> None:
        phone, username = self.stack.new_user()
        answer = self.stack.initiate(phone)
        for wrong in ("-", "wrong", "wrong"):
            answer = self.stack.respond(username, answer["Session"], wrong)
        self.assertIn("AccessToken", self.stack.respond(username, answer["Session"], "right")["AuthenticationResult"])

    def _three_rounds(self) -> tuple[str, str]:
        """Initiate, two answers: define, create; verify, define, create; verify, define."""
        phone, username = self.stack.new_user()
        first = self.stack.initiate(phone)
        second = self.stack.respond(username, first["Session"], "-")
        self.stack.respond(username, second["Session"], "right")
        return phone, username
