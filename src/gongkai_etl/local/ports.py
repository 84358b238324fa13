"""Free TCP ports on the loopback address, remembered from one start to the next."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable, Iterable, Mapping

HOST = "127.0.0.1"
# Below the range from which systems take the ports of outgoing connections (32768 on Linux).
_RANGE = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """Whether ``HOST:port`` can be listened on now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return not is_open(port)


def is_open(port: int, timeout: float = 0.3) -> bool:
    """Whether something answers on ``HOST:port``."""
    try:
        with socket.create_connection((HOST, port), timeout=timeout):
            return True
    except OSError:
        return False


def choose(
    names: Iterable[str],
    remembered: Mapping[str, int],
    preferred: Mapping[str, int],
    refused: Callable[[int], bool] = lambda _port: False,
) -> dict[str, int]:
    """A free port for each name: the remembered one, else the preferred one, else any; none ``refused``."""
    taken: dict[str, int] = {}

    def usable(port: int) -> bool:
        return port not in taken.values() and not refused(port) and is_free(port)

    for name in names:
        candidates = [ports[name] for ports in (remembered, preferred) if name in ports]
        anywhere = random.SystemRandom().sample(_RANGE, k=len(_RANGE))
        taken[name] = next(port for port in [*candidates, *anywhere] if usable(port))
    return taken
