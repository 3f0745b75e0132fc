"""A connection by HTTP/2, in the clear and without an upgrade: requests share it.

Frames and headers are read and written by the libraries hyperframe and hpack. The library h2, which
keeps all of the protocol's state on top of them, takes 0.4 ms for a request with 25 headers; what
follows takes a tenth of that, because a client that sends no bodies has hardly any state to keep.
"""

from typing import Final

from hpack import Decoder, HPACKError
from hyperframe.exceptions import HyperframeError
from hyperframe.frame import (
    ContinuationFrame,
    DataFrame,
    Frame,
    HeadersFrame,
    PingFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
)

from benchmarks.load.channel import Answers, Channel
from benchmarks.load.poller import Poller
from benchmarks.load.requests import Requests

_PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_FRAME_HEAD_SIZE: Final = 9
_FIRST_WINDOW: Final = 65_535
_WIDEST_WINDOW: Final = (1 << 31) - 1
_CONNECTION: Final = 0
"""The stream that frames about the whole connection name."""


class Http2Channel(Channel):
    """A connection that carries as many requests as every server is to allow."""

    def __init__(self, address: str, poller: Poller[Channel], requests: Requests) -> None:
        """As for all channels; `requests` are what may be sent."""
        super().__init__(address, poller)
        self._requests: Final = requests
        self._next_stream = 1
        self._numbers: dict[int, int] = {}
        self._statuses: dict[int, int] = {}
        self._decoder = Decoder()
        self._unread = b""
        self._window = _WIDEST_WINDOW

    @property
    def slot_count(self) -> int:
        """What RFC 9113, section 6.5.2 advises servers not to go below."""
        return 100

    def _greeting(self) -> bytes:
        self._next_stream = 1
        self._numbers, self._statuses = {}, {}
        self._decoder = Decoder()
        self._unread = b""
        self._window = _WIDEST_WINDOW
        settings = {
            SettingsFrame.ENABLE_PUSH: 0,
            SettingsFrame.INITIAL_WINDOW_SIZE: _WIDEST_WINDOW,
        }
        return b"".join(
            [
                _PREFACE,
                SettingsFrame(settings=settings).serialize(),
                WindowUpdateFrame(
                    _CONNECTION, window_increment=_WIDEST_WINDOW - _FIRST_WINDOW
                ).serialize(),
            ]
        )

    def _encode(self, number: int) -> bytes:
        stream = self._next_stream
        self._next_stream += 2
        self._numbers[stream] = number
        block = self._requests.message(number)
        return HeadersFrame(stream, block, flags=("END_HEADERS", "END_STREAM")).serialize()

    def _decode(self, data: bytes) -> Answers:
        answers: Answers = []
        self._unread += data
        try:
            while (frame := self._take_frame()) is not None:
                self._handle_frame(frame, answers)
        except (HyperframeError, HPACKError, ValueError, KeyError):
            answers += self._end("no answer by HTTP/2")
        return answers

    def _take_lost(self) -> list[int]:
        numbers, self._numbers = self._numbers, {}
        return list(numbers.values())

    def _take_frame(self) -> Frame | None:
        if len(self._unread) < _FRAME_HEAD_SIZE:
            return None
        view = memoryview(self._unread)
        frame, size = Frame.parse_frame_header(view[:_FRAME_HEAD_SIZE])
        end = _FRAME_HEAD_SIZE + size
        if len(self._unread) < end:
            return None
        frame.parse_body(view[_FRAME_HEAD_SIZE:end])
        self._unread = self._unread[end:]
        return frame

    def _handle_frame(self, frame: Frame, answers: Answers) -> None:
        # GOAWAY needs nothing: the server answers what it has taken, and then closes.
        if isinstance(frame, HeadersFrame):
            self._handle_headers(frame, answers)
        elif isinstance(frame, DataFrame):
            self._widen_window(frame.flow_controlled_length)
            self._handle_end(frame, answers)
        elif isinstance(frame, RstStreamFrame):
            answers.append((self._numbers.pop(frame.stream_id), "reset by the server"))
        elif isinstance(frame, SettingsFrame) and "ACK" not in frame.flags:
            self._write(SettingsFrame(flags=("ACK",)).serialize())
        elif isinstance(frame, PingFrame) and "ACK" not in frame.flags:
            self._write(PingFrame(opaque_data=frame.opaque_data, flags=("ACK",)).serialize())
        elif isinstance(frame, ContinuationFrame):
            raise ValueError("headers of an answer that don't fit in a frame")

    def _handle_headers(self, frame: HeadersFrame, answers: Answers) -> None:
        fields = list(self._decoder.decode(frame.data, raw=True))
        # Interim answers come first, and trailers, which have no status, at the end.
        if fields and fields[0][0] == b":status":
            self._statuses[frame.stream_id] = int(fields[0][1])
        self._handle_end(frame, answers)

    def _handle_end(self, frame: HeadersFrame | DataFrame, answers: Answers) -> None:
        if "END_STREAM" in frame.flags:
            stream = frame.stream_id
            answers.append((self._numbers.pop(stream), self._statuses.pop(stream)))

    def _widen_window(self, size: int) -> None:
        # Streams have windows that are never used up; that of the connection has to be renewed.
        self._window -= size
        if self._window < _WIDEST_WINDOW // 2:
            increment = _WIDEST_WINDOW - self._window
            self._write(WindowUpdateFrame(_CONNECTION, window_increment=increment).serialize())
            self._window = _WIDEST_WINDOW
