"""Values and rules that every part shares: errors, clock, ids, config, logging. No I/O beyond reading config."""
