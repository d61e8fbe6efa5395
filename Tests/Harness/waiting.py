"""Waiting for something to become true, with what was last seen in the failure."""
import time


def wait_until(look, what: str, seconds: float = 30):
    """Calls `look` until it returns something true, and returns that."""
    end = time.monotonic() + seconds
    seen = None
    while time.monotonic() < end:
        seen = look()
        if seen:
            return seen
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what}; last seen: {seen!r}")
