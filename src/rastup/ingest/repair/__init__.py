"""Repairs of quarantined events: declared steps, tried with a diff, carried out once, undone."""
