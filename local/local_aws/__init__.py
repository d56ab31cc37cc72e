"""The local AWS: ministack with the gaps closed through which our code would behave differently on AWS.

`python -m local_aws` serves it; `parity/` holds the differences, one named patch each. Nothing here
knows the worker or the triggers: it must behave like AWS, not like what we hope for.
"""

MINISTACK_VERSION = "1.5.33"
"""The release the patches were written against; they reach into its internals, so no other one will do."""
