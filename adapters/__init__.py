"""The adapters that come with Mixer, each behind its own entry point in `mixer.adapters`."""
