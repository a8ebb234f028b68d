"""The broker of the embedded default: the library's, which keeps messages as files, made to survive a sudden end.

The library's worker ends with an error when it meets a message cut in half by a kill, or one that another process
is just writing. Here a message appears whole or not at all, and half a one is no message: what it rang for stands in
the database, and the sweep finds it.
"""

from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any
from uuid import uuid4

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:
        """Under its name, by which it is looked for, only once it is written."""
        folder, name = Path(self.data_folder_out), f"{round(monotonic() * 1000)}_{uuid4()}"
        unfinished = folder / f"{name}.part"
        unfinished.write_bytes(dumps(payload).encode())
        unfinished.replace(folder / f"{name}.{queue}.msg")

    def _get(self, queue: str) -> dict[str, Any]:
        try:
            return super()._get(queue)
        except ValueError as error:
            raise Empty from error

    def get_table(self, exchange: str) -> list:
        try:
            return super().get_table(exchange)
        except ValueError:
            return []

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        try:
            super()._queue_bind(exchange, routing_key, pattern, queue)
        except ValueError:
            self._exchange_file(exchange).unlink(missing_ok=True)
            super()._queue_bind(exchange, routing_key, pattern, queue)


class Transport(filesystem.Transport):
    Channel = Channel


def register() -> None:
    """Let `filesystem://` mean this one."""
    TRANSPORT_ALIASES["filesystem"] = "ml4rs.broker:Transport"
