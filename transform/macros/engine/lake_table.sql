{#- An Iceberg table. dbt compiles the models; rastup.lake.execution builds them, so that a run pays nothing for dbt. -#}
{% materialization lake_table, default %}
    {{ exceptions.raise_compiler_error("lake tables are built by `rastup pipeline run`, which compiles this project and runs it") }}
{% endmaterialization %}
