{#-
  A sum of integers as bigint, 0 over nothing; what does not fit stands at the type's end. An amount can be as large as
  2^53, so a thousand absurd ones would do: the figure is then visibly absurd, and the build goes on. An aggregate.
-#}
{%- macro bigint_sum(value, where=none) -%}{{ return(adapter.dispatch('bigint_sum')(value, where)) }}{%- endmacro -%}
{%- macro duckdb__bigint_sum(value, where=none) -%}
    {%- set total -%} sum({{ value }}){% if where %} filter (where {{ where }}){% endif %} {%- endset -%}
    {{ as_bigint('coalesce(' ~ total ~ ', 0)') }}
{%- endmacro -%}

{#- A wider integer as bigint; what does not fit stands at the type's end. -#}
{%- macro as_bigint(value) -%}{{ return(adapter.dispatch('as_bigint')(value)) }}{%- endmacro -%}
{%- macro duckdb__as_bigint(value) -%}
    cast(greatest(least({{ value }}, 9223372036854775807), -9223372036854775807) as bigint)
{%- endmacro -%}
