"""A connection with keep-alive by HTTP/1.1: one request at a time."""

from typing import Final

from httptools import HttpParserError, HttpResponseParser

from benchmarks.load.channel import Answers, Channel
from benchmarks.load.poller import Poller
from benchmarks.load.requests import Requests

_FIRST_FINAL_STATUS: Final = 200


class Http1Channel(Channel):
    """Answers have to say how long they are; one that ends with its connection is an error."""

    def __init__(self, address: str, poller: Poller[Channel], requests: Requests) -> None:
        """As for all channels; `requests` are what may be sent."""
        super().__init__(address, poller)
        self._requests: Final = requests
        self._number: int | None = None
        self._status = 0
        self._is_kept = True
        self._parser: HttpResponseParser

    @property
    def slot_count(self) -> int:
        """One: the next request leaves when the answer is whole."""
        return 1

    def on_message_complete(self) -> None:
        """The parser calls this at the end of an answer."""
        status = self._parser.get_status_code()
        if status >= _FIRST_FINAL_STATUS:  # below there are interim answers
            self._status = status
            self._is_kept = self._parser.should_keep_alive()

    def _greeting(self) -> bytes:
        self._parser = HttpResponseParser(self)
        self._status = 0
        return b""

    def _encode(self, number: int) -> bytes:
        self._number = number
        return self._requests.message(number)

    def _decode(self, data: bytes) -> Answers:
        try:
            self._parser.feed_data(data)
        except HttpParserError:
            return self._end("no answer by HTTP/1.1")
        if self._number is None:
            return self._end("")
        if not self._status:
            return []
        answers: Answers = [(self._number, self._status)]
        self._number, self._status = None, 0
        if not self._is_kept:
            self.close()
        return answers

    def _take_lost(self) -> list[int]:
        number, self._number = self._number, None
        return [] if number is None else [number]
