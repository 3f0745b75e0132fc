"""`mixs demo`: a Mixer, a real Envoy and an upstream, and a few requests that show what they do."""
