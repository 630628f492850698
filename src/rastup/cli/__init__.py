"""The `rastup` command: each module parses, calls the library and renders."""
