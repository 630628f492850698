{#-
  A suite of one model in the vocabulary of Great Expectations, in one scan: a check of its own for each column would
  cost more in dbt's start-up than in rows. What it returns are the rows that fail, each with the expectation that it
  fails; a comparison with NULL fails nobody, as in Great Expectations.
-#}
{% test expectations(
    model,
    expect_compound_columns_to_be_unique=[],
    expect_column_values_to_not_be_null=[],
    expect_column_values_to_be_in_set={},
    expect_column_values_to_be_between={},
    expect_column_values_to_match_regex={},
    expect_rows_to_hold={}
) %}
{%- set key = expect_compound_columns_to_be_unique | join(', ') %}
{#- A table of events is large, and comes as the subquery of the days to look at: grouping it is cheaper than a window. -#}
{%- set is_large = 'dbt_subquery' in model | string %}
with suite as (
    select
        case
            {%- if key and not is_large %}
            when count(*) over (partition by {{ key }}) > 1 then 'expect_compound_columns_to_be_unique: {{ key }}'
            {%- endif %}
            {%- for column in expect_column_values_to_not_be_null %}
            when {{ column }} is null then 'expect_column_values_to_not_be_null: {{ column }}'
            {%- endfor %}
            {%- for column, allowed in expect_column_values_to_be_in_set.items() %}
            when {{ column }} not in ('{{ allowed | join("', '") }}') then 'expect_column_values_to_be_in_set: {{ column }}'
            {%- endfor %}
            {%- for column, range in expect_column_values_to_be_between.items() %}
            {%- for bound, worse in [(range[0], '<'), (range[1], '>')] if bound is not none %}
            when {{ column }} {{ worse }} {{ bound }} then 'expect_column_values_to_be_between: {{ column }}'
            {%- endfor %}
            {%- endfor %}
            {%- for column, pattern in expect_column_values_to_match_regex.items() %}
            when not {{ matches_regex(column, pattern) }} then 'expect_column_values_to_match_regex: {{ column }}'
            {%- endfor %}
            {%- for name, condition in expect_rows_to_hold.items() %}
            when not ({{ condition }}) then 'expect_rows_to_hold: {{ name }}'
            {%- endfor %}
        end as expectation,
        *
    from {{ model }}
)

select * from suite
where expectation is not null
{%- if key and is_large %}
union all
select
    'expect_compound_columns_to_be_unique: {{ key }}' as expectation,
    *
from {{ model }}
where ({{ key }}) in (
    select {{ '(' ~ key ~ ')' if ',' in key else key }} from {{ model }}
    group by {{ key }}
    having count(*) > 1
)
{%- endif %}
{% endtest %}
