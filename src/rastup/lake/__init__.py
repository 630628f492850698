"""The lake: object storage, Bronze files, Iceberg tables, the dbt runner, releases and the readers that pin them."""
