{%- macro payload_field(name, type) -%}{{ return(adapter.dispatch('map_field')('payload', name, type)) }}{%- endmacro -%}

{%- macro id_field(name) -%}{{ return(adapter.dispatch('map_field')('ids', name, 'varchar')) }}{%- endmacro -%}

{#- A value that is not of the type is NULL, never an error: one odd event must not stop a build. -#}
{%- macro duckdb__map_field(map, name, type) -%}
    {%- if type in ('varchar', 'json') -%} {{ map }}['{{ name }}']
    {%- elif type == 'timestamptz' -%}
        {{ four_digit_year('try_cast(' ~ map ~ "['" ~ name ~ "'] as timestamptz)") }}
    {%- else -%} try_cast({{ map }}['{{ name }}'] as {{ type }})
    {%- endif -%}
{%- endmacro -%}

{%- macro to_json_text(map) -%}{{ return(adapter.dispatch('to_json_text')(map)) }}{%- endmacro -%}
{%- macro duckdb__to_json_text(map) -%} cast(to_json({{ map }}) as varchar) {%- endmacro -%}

{#- The entries of a map column as rows: `entries.entry_key`, `entries.entry_value`. Stands behind a comma in `from`. -#}
{%- macro unnested_map(map) -%}{{ return(adapter.dispatch('unnested_map')(map)) }}{%- endmacro -%}
{%- macro duckdb__unnested_map(map) -%}
    (select unnest(map_keys({{ map }})) as entry_key, unnest(map_values({{ map }})) as entry_value) as entries
{%- endmacro -%}

{#- A map of two columns, in the order of its keys. An aggregate. -#}
{%- macro map_of(key, value) -%}{{ return(adapter.dispatch('map_of')(key, value)) }}{%- endmacro -%}
{%- macro duckdb__map_of(key, value) -%} map(list({{ key }} order by {{ key }}), list({{ value }} order by {{ key }})) {%- endmacro -%}

{#- Whether the whole text is of that form. -#}
{%- macro matches_regex(value, pattern) -%}{{ return(adapter.dispatch('matches_regex')(value, pattern)) }}{%- endmacro -%}
{%- macro duckdb__matches_regex(value, pattern) -%} regexp_full_match({{ value }}, '{{ pattern }}') {%- endmacro -%}
