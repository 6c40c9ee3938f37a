"""The messages of the protocol, without what pygls would remember of each notification for ever."""

from typing import Any

from pygls.protocol import LanguageServerProtocol

__all__ = ["Protocol"]


class Protocol(LanguageServerProtocol):
    """pygls forgets how a request ended, but not how a notification did: two kilobytes for every keystroke."""

    def _execute_handler(
        self, msg_id: Any, handler: Any, callback: Any, args: tuple[Any, ...] | None = None, kwargs: dict[str, Any] | None = None
    ) -> None:
        def ended(future: Any) -> None:
            self._request_futures.pop(msg_id, None)
            callback(future)

        super()._execute_handler(msg_id, handler, ended, args, kwargs)
