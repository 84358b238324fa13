"""Import the dashboards into Superset with one command, in the environment that Superset runs in.

    READER_URL=postgresql+psycopg2://gongkai_reader:PASSWORD@HOST:5432/gongkai python import_dashboards.py admin

The address of the warehouse is put in on the way; it is written into no file. Running it again
replaces what it brought before: database, datasets, charts and dashboards, but nothing of others.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

ASSETS = Path(__file__).parent / "assets"


def bundle(address: str) -> dict[str, str]:
    """Path → text of all assets, with the address of the warehouse in the database's file."""
    contents = {}
    for path in sorted(ASSETS.rglob("*.yaml")):
        text = path.read_text("utf-8")
        if path.parent.name == "databases":
            text = re.sub(r"(?m)^sqlalchemy_uri: .*$", lambda _: f"sqlalchemy_uri: {address}", text)
        if path.name == "metadata.yaml":
            # As "Dashboard" Superset would keep older charts; as "assets" it replaces them.
            text = text.replace("type: Dashboard", "type: assets")
        contents[path.relative_to(ASSETS).as_posix()] = text
    return contents


def main() -> int:
    """Import; exit status 0, or 2 with a sentence when something is missing."""
    address = os.environ.get("READER_URL", "")
    if not address.startswith("postgresql"):
        sys.stderr.write("请用环境变量 READER_URL 给出数据仓库的只读地址（postgresql+psycopg2://…）。\n")
        return 2
    name = sys.argv[1] if len(sys.argv) > 1 else "admin"
    from superset.app import create_app

    with create_app().app_context():
        from superset import security_manager
        from superset.commands.importers.v1.assets import ImportAssetsCommand
        from superset.utils.core import override_user

        user = security_manager.find_user(username=name)
        if user is None:
            sys.stderr.write(f"Superset 中没有用户 {name}。\n")
            return 2
        with override_user(user):
            ImportAssetsCommand(bundle(address)).run()
    sys.stdout.write("已导入看板：全县情况（gongkai-county）、数据质量（gongkai-quality）。\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
