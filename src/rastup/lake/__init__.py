"""The lake: objects, Bronze files, Iceberg tables, compiled models and their runs, releases and the readers that pin them."""
