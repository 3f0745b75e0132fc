"""The messages of istio.policy."""
