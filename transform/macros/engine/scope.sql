{#-
  What a run has changed, shown by the runner as variables of the engine: run_id, as_of, the days of `events` that it
  touched, those of them it replaced (every row of such a day is taken again), and the tables that are built anew.
-#}
{%- macro in_scope() -%}{{ return(scope_of(this.schema ~ '.' ~ this.identifier, '_run_id')) }}{%- endmacro -%}

{%- macro scope_of(table, run_column=none) -%}
    {{ return(adapter.dispatch('scope_of')(table, run_column)) }}
{%- endmacro -%}
{%- macro duckdb__scope_of(table, run_column) -%}
    (
        list_contains(getvariable('anew'), '{{ table }}')
        or (
            dt between list_min(getvariable('touched_days')) and list_max(getvariable('touched_days'))
            and list_contains(getvariable('touched_days'), dt)
            {%- if run_column %}
            and ({{ run_column }} = getvariable('run_id') or list_contains(getvariable('replaced_days'), dt))
            {%- endif %}
        )
    )
{%- endmacro -%}

{#- Checks of a one-row-per-event table look at the days that the run touched: the others were checked when they were built. -#}
{%- macro get_where_subquery(relation) -%}
    {%- set name = relation.schema ~ '.' ~ relation.identifier -%}
    {%- set where = config.get('where', '') -%}
    {%- set conditions = [where] if where else [] -%}
    {%- if execute and name in event_tables() -%}{%- do conditions.append(scope_of(name)) -%}{%- endif -%}
    {%- if conditions -%}
        {{ return('(select * from ' ~ relation ~ ' where ' ~ (conditions | join(' and ')) ~ ') dbt_subquery') }}
    {%- endif -%}
    {{ return(relation) }}
{%- endmacro -%}

{%- macro event_tables() -%}
    {%- set names = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.config.get('write') == 'event' -%}
        {%- do names.append(node.schema ~ '.' ~ (node.alias or node.name)) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro -%}

{%- macro run_id() -%}{{ return(adapter.dispatch('run_id')()) }}{%- endmacro -%}
{%- macro duckdb__run_id() -%} getvariable('run_id') {%- endmacro -%}

{#-
  A table's rows that belong to what the run touches, for models that are computed group by group (`touched_by`): such a
  model must give the rows of a group from the rows of that group alone.
-#}
{%- macro of_touched(model) -%}
    {%- set relation = ref(model) -%} touched.{{ relation.schema }}__{{ relation.identifier }}
{%- endmacro -%}
