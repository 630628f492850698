"""Contracts: the registry of event schemas, envelopes and their mapping, validation, compatibility, code generation."""
