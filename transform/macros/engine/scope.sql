{#-
  What a run has changed, kept by the runner in the one row of `staged.scope`: run_id, as_of, the days of `events` that it
  touched, those of them it replaced (every row of such a day is taken again), and the tables that are built anew.
-#}
{%- macro in_scope() -%}{{ return(scope_of(this.schema ~ '.' ~ this.identifier, '_run_id')) }}{%- endmacro -%}

{%- macro scope_of(table, run_column=none) -%}
    {%- if not execute -%}{{ return('true') }}{%- endif -%}
    {%- set scope = run_query('select days, replaced, anew, run_id from staged.scope').rows[0] -%}
    {%- set days, replaced, anew = scope[0].split(','), scope[1].split(','), scope[2].split(',') -%}
    {%- if table in anew -%}{{ return('true') }}{%- endif -%}
    {%- if not scope[0] -%}{{ return('false') }}{%- endif -%}
    {%- set touched -%} dt in (date '{{ days | join("', date '") }}') {%- endset -%}
    {%- if run_column is none -%}{{ return(touched) }}{%- endif -%}
    {%- set added -%} {{ run_column }} = '{{ scope[3] }}' {%- endset -%}
    {%- if not scope[1] -%}{{ return(touched ~ ' and ' ~ added) }}{%- endif -%}
    {{ return(touched ~ ' and (' ~ added ~ " or dt in (date '" ~ (replaced | join("', date '")) ~ "'))") }}
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

{%- macro run_id() -%} (select run_id from staged.scope) {%- endmacro -%}
