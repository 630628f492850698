-- On the days that the run touched, of a fact that is built anew on all days: each event is in the fact that is made of
-- its kind, once.
{%- set facts = {
    'fact_search_impressions': ['search.card_impression'],
    'fact_search_clicks': ['search.card_click', 'search.result_click'],
    'fact_views': ['profile.view', 'studio.view'],
} %}
with counted as (
    {%- for fact, names in facts.items() %}
    select
        '{{ fact }} holds as many rows as there are events' as expectation,
        dt,
        0 as shown,
        count(*) as expected
    from {{ ref('events') }}
    where {{ scope_of('silver.' ~ fact) }} and event_name in ('{{ names | join("', '") }}')
    group by dt
    union all
    select
        '{{ fact }} holds as many rows as there are events' as expectation,
        dt,
        count(*) as shown,
        0 as expected
    from {{ ref(fact) }}
    where {{ scope_of('silver.' ~ fact) }}
    group by dt
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

compared as (
    select
        expectation,
        dt,
        sum(shown) as shown,
        sum(expected) as expected
    from counted
    group by expectation, dt
)

select * from compared
where shown <> expected
