"""Boundaries that refer to tags."""

from __future__ import annotations

from ..patch import Patch

boundary_tags = Patch(
    name="boundary-tags",
    row="31",
    difference="The tags of a resource are looked up only where the identity's own policies name aws:ResourceTag; a condition on "
    "it in a permissions boundary alone is never met.",
    aws="A boundary's conditions are those of any policy.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
    why="Our boundary lets the worker use user pools with our tag, and the worker's own policy names its pool: it could do nothing.",
    uses=("core.iam_evaluator.enforce",),
)


@boundary_tags.replaces("core.iam_evaluator._names_condition_key")
def _names(original, policies, prefix):
    return prefix == "aws:resourcetag/" or original(policies, prefix)
