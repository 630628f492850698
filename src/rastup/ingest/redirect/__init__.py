"""The click redirect: signed links that are forwarded at once and recorded once."""
