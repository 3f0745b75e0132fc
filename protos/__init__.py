"""Protocol Buffers definitions, each with its generated code beside it."""
