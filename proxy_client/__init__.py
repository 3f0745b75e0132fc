"""The client side of Mixer: what a proxy does before and after each request."""
