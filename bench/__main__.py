"""``make bench`` or ``python -m bench [NAME]``: every module of this folder that has a ``run`` function."""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module

import bench


def main() -> None:
    """Run the benches named on the command line, or all."""
    wanted = sys.argv[1:]
    for found in sorted(pkgutil.iter_modules(bench.__path__), key=lambda module: module.name):
        if found.name == "__main__" or (wanted and found.name not in wanted):
            continue
        module = import_module(f"bench.{found.name}")
        if hasattr(module, "run"):
            sys.stdout.write(f"== {found.name}: {(module.__doc__ or '').splitlines()[0]}\n")
            for line in module.run():
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
