"""What can be wrong with an image, and with the registry that should have it."""

from mixer.errors import MixerError


class ImageError(MixerError):
    """A module, an image or the name of one is not as it should be; the text says in what."""


class RegistryError(MixerError):
    """A registry did not do what it was asked; the text says which, and what it answered."""
