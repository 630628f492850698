"""Bronze to Silver to Gold, beside a script by hand, and in increments."""
