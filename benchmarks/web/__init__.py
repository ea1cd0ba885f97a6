"""Models in a browser, in a real one."""
