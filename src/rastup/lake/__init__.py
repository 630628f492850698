"""The lake: objects, Bronze files, Iceberg tables, compiled models, their runs, releases, and readers that pin them."""
