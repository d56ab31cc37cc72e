"""The differences from AWS that are closed, in the order in which they are applied."""

from ..patch import Patch
from . import (
    app_clients,
    errors,
    refresh_tokens,
    revocation,
    secrets,
    sessions,
    texts,
    tokens,
    trigger_calls,
    trigger_events,
    users,
)

PATCHES: tuple[Patch, ...] = (
    trigger_events.canonical_user_name,
    trigger_events.user_status_attribute,
    trigger_events.initiate_metadata,
    trigger_events.verify_event,
    sessions.rotating_session,
    sessions.session_of_one_user,
    sessions.username_in_challenge,
    sessions.unlimited_rounds,
    errors.unconfirmed_user,
    errors.session_errors,
    errors.trigger_errors,
    trigger_calls.trigger_permission,
    revocation.genuine_token,
    revocation.setting,
    refresh_tokens.expiry,
    refresh_tokens.client_secret,
    refresh_tokens.rotation,
    app_clients.rotation_setting,
    app_clients.rotation_through_cloudformation,
    tokens.authentication_time,
    secrets.secret_ref,
    users.concurrent_users,
    texts.text_time,
)
