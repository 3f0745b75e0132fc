"""Version v1beta1 of that, the only one."""
