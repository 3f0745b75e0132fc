"""Version 1 of the protocol between a proxy and Mixer."""
