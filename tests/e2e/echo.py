"""An upstream inside Envoy that answers with the headers that it was sent, faster than Python."""

from mixer.envoy.bootstrap import http_listener
from mixer.envoy.part import typed

_LUA = """
function envoy_on_request(handle)
  local lines = {}
  for name, value in pairs(handle:headers()) do
    lines[#lines + 1] = name .. "=" .. value
  end
  handle:respond({[":status"] = "200", ["x-a"] = "theirs"}, table.concat(lines, "\\n"))
end
"""


def echo_listener(address, name="echo"):
    """A listener that answers each request with its header lines: `name=value`, one per line."""
    kind = "envoy.extensions.filters.http.lua.v3.Lua"
    lua = typed("envoy.filters.http.lua", kind, default_source_code={"inline_string": _LUA})
    nowhere = {"match": {"prefix": "/"}, "direct_response": {"status": 500}}
    return http_listener([lua], [nowhere], name, address)


def echoed(body, name):
    """All values of one header that the upstream received, as bytes, in order."""
    start = name.encode() + b"="
    return [line[len(start) :] for line in body.split(b"\n") if line.startswith(start)]
