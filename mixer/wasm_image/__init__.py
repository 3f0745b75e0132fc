"""Images of WebAssembly filters: what a registry keeps and Istio's agent fetches for an Envoy.

An image is a manifest that names blobs by their digests. What is known of one is an `Image`,
wherever it lies: `pack` makes one of a module, `layout` keeps one in a folder or tar archive,
`registry` moves one over HTTP, `unpack` finds the module in one. Only `registry` and `credentials`
know of networks and users; all else is bytes in, bytes out.

The forms are those of solo-io/wasm `spec/` (commit d072eb4), as far as they are accepted by Istio's
`pkg/wasm/imagefetcher.go` (commit 86c9f01).
"""
