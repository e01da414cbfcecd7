"""A connection to PostgreSQL that does not wait for ever.

The system notices when a server is cut off. It does not notice when a proxy has lost an answer but stays connected.
"""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator
from typing import Any

from psycopg import AsyncConnection, Notify, OperationalError
from psycopg.abc import PQGen

#: Seconds that a statement may take, and one in a transaction that can be slow.
_PATIENCE, LONG_PATIENCE = 30.0, 600.0


class PatientConnection(AsyncConnection[Any]):
    """A connection that is closed when a statement takes too long.

    Attributes:
        patience: Seconds that a statement may take.
    """

    patience = _PATIENCE

    async def wait(self, gen: PQGen[Any], interval: float = 0.1, timeout: float | None = None) -> Any:  # noqa: ASYNC109  # psycopg's name
        """Waits for the server, for at most ``timeout`` seconds if that is given.

        Raises:
            OperationalError: It was silent. Without a ``timeout`` the connection is closed, since its state is unknown.
        """
        try:
            return await super().wait(gen, interval, self.patience if timeout is None else timeout)
        except OperationalError as error:
            if timeout is not None or self.closed or error.sqlstate:
                raise
            self.pgconn.finish()
            raise OperationalError(f"no answer within {self.patience:g} seconds") from error

    def notifies(self, *, timeout: float | None = None, stop_after: int | None = None) -> AsyncGenerator[Notify]:
        """Returns the notices of the server. It may be silent for long."""
        return super().notifies(timeout=math.inf if timeout is None else timeout, stop_after=stop_after)
