"""The platform's own small state (keys, Bronze ledger, runs, releases, quarantine marks) and the process leases."""
