{{ config(materialized='lake_table', write='event', partition_by='dt', sort_by=['received_at']) }}

with card_clicks as (
    select * from {{ ref('stg_search__card_click') }}
    where {{ in_scope() }}
),

result_clicks as (
    select * from {{ ref('stg_search__result_click') }}
    where {{ in_scope() }}
),

final as (
    select
        {{ fact_columns('card_clicks') }},
        coalesce(city, 'unknown') as city,
        is_bot,
        'search.card_click' as event_name,
        impression_id,
        target_id,
        result_pos,
        cast(null as varchar) as scope
    from card_clicks
    union all
    select
        {{ fact_columns('result_clicks') }},
        coalesce(city, 'unknown') as city,
        is_bot,
        'search.result_click' as event_name,
        cast(null as varchar) as impression_id,
        hit_id as target_id,
        rank as result_pos,
        scope
    from result_clicks
)

select * from final
