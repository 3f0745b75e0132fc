"""The messages of istio.mixer."""
