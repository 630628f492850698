{#-
  What a run has changed in `events`, given by the runner as `var('scope')`:
    {kind: all}                                    everything: the table is built anew
    {kind: some, run_id, days: [...], replaced: [...], anew: [tables that are built anew all the same]}
  Of the days in `replaced` every row is taken again; of the other days those that this run added.
-#}
{%- macro in_scope() -%}
    {%- set scope = var('scope') -%}
    {%- if not execute or scope.kind == 'all' or this.schema ~ '.' ~ this.identifier in scope.anew -%} true
    {%- elif not scope.days -%} false
    {%- else -%}
        dt in (
            {%- for day in scope.days %}date '{{ day }}'{{ ', ' if not loop.last }}{% endfor -%}
        ) and (
            _run_id = '{{ scope.run_id }}'
            {%- if scope.replaced %} or dt in (
                {%- for day in scope.replaced %}date '{{ day }}'{{ ', ' if not loop.last }}{% endfor -%}
            ){% endif -%}
        )
    {%- endif -%}
{%- endmacro -%}

{%- macro run_id() -%} '{{ var('scope').run_id | default('', true) }}' {%- endmacro -%}
