"""The command lines: `mixs` runs and checks a Mixer, `mixc` asks one."""
