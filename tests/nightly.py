"""How much is tried: little enough for every change in the ordinary run, far more with TOUCHSTONE_NIGHTLY=1.

A busy machine is slow without being wrong, so no example has a deadline.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

NIGHTLY = os.environ.get("TOUCHSTONE_NIGHTLY") == "1"
TIMES = 25


def examples(count: int, *unminded: HealthCheck) -> settings:
    """So many examples in the ordinary run of a property, many times more in the nightly one; without deadlines."""
    times = TIMES if NIGHTLY else 1
    return settings(max_examples=count * times, deadline=None, suppress_health_check=[HealthCheck.too_slow, *unminded])


settings.register_profile("house", examples(40))
