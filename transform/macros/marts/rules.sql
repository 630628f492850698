{#- The environment that Gold and NRT hold, as a literal. -#}
{% macro marts_env() %}'{{ var('marts_env', 'prod') }}'{% endmacro %}

{#- What *first* means: the smallest (received_at, event_id). A key for min_by. -#}
{% macro arrival() %}row(received_at, event_id){% endmacro %}

{#- The value of the first event that has one. An aggregate. -#}
{% macro first_known(column) %}min_by({{ column }}, {{ arrival() }}) filter (where {{ column }} is not null){% endmacro %}

{#- The city of a fact: the event's, else the leg's, else that of the LBG's first leg. -#}
{% macro resolved_city(event, leg, lbg) -%}
    coalesce({{ event }}.city, {{ leg }}.city, {{ lbg }}.city, 'unknown')
{%- endmacro %}

{#- A ratio as a double, null where the denominator is 0. -#}
{% macro ratio(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}

{#- The columns that every fact carries, except its city. -#}
{% macro fact_columns(relation) %}
    {%- for column in ['event_id', 'dt', 'occurred_at', 'received_at', 'actor_key', 'identity_id', 'session_id', 'role', 'env'] %}
    {{ relation }}.{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The currency of an LBG's first payment event, null where it has none. An aggregate over the LBG's events. -#}
{% macro payment_currency() -%}
    min_by(currency, {{ arrival() }}) filter (
        where currency is not null and event_name in ({{ payment_event_names() }})
    )
{%- endmacro %}

{#- How long before its start a leg was cancelled: half-open bands. -#}
{% macro lead_band(start_at, cancelled_at) -%}
    case
        when {{ start_at }} is null then 'unknown'
        when {{ start_at }} < {{ cancelled_at }} then 'after_start'
        when {{ start_at }} < {{ cancelled_at }} + interval '24' hour then '<24h'
        when {{ start_at }} < {{ cancelled_at }} + interval '72' hour then '24-72h'
        else '72h+'
    end
{%- endmacro %}

{#- The state of a leg that was created and nothing else: it awaits once its order's checkout or payment has begun. -#}
{% macro pending_state(order) -%}
    case when {{ order }}.is_awaiting then 'awaiting' else 'draft' end
{%- endmacro %}

{#- The first moment of the last 120 minutes, the running one included. -#}
{% macro live_window_start() -%}{{ add_seconds(utc_minute(as_of()), -7140) }}{%- endmacro %}

{#-
  A quantile of values that stand for many: `up_to` is how many stand at or below the value, `total` how many in all.
  Exact, by linear interpolation between the two nearest. An aggregate.
-#}
{% macro weighted_quantile(value, share, up_to, total) -%}
    {%- set position -%} {{ share }} * (max({{ total }}) - 1) {%- endset -%}
    {%- set at -%} ({{ share }} * ({{ total }} - 1)) {%- endset -%}
    {%- set lower -%} min({{ value }}) filter (where {{ up_to }} > floor({{ at }})) {%- endset -%}
    {%- set upper -%} min({{ value }}) filter (where {{ up_to }} > ceil({{ at }})) {%- endset -%}
    {{ lower }} + cast({{ position }} - floor({{ position }}) as double) * ({{ upper }} - {{ lower }})
{%- endmacro %}
