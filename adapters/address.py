"""Where adapters listen, and where they send to."""


def split_address(address: str) -> tuple[str, int]:
    """Host and port of `host:port`, `:port` or `[v6]:port`; raises ValueError."""
    host, colon, port = address.rpartition(":")
    if not colon or not (port.isascii() and port.isdigit()) or int(port) > 0xFFFF:
        raise ValueError(f"not host:port: {address!r}")
    return host.removeprefix("[").removesuffix("]") or "0.0.0.0", int(port)
