{#-
  An Iceberg table: the model's rows become a view, the engine writes them as Parquet and commits the files, and the
  model's name then shows the new snapshot. The writing itself is rastup.lake.dbt_plugin.
-#}
{% materialization lake_table, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='view') -%}
    {%- set staged = api.Relation.create(schema='staged', identifier=this.schema ~ '__' ~ this.identifier, type='view') -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        create or replace view {{ staged.include(database=false) }} as
        {{ compiled_code }}
    {%- endcall %}
    {% do adapter.store_relation('lake', target_relation, [], '', 'parquet', model.config) %}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
