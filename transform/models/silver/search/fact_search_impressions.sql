{{ config(materialized='lake_table', write='event', partition_by='dt', sort_by=['received_at']) }}

with impressions as (
    select * from {{ ref('stg_search__card_impression') }}
    where {{ in_scope() }}
),

final as (
    select
        {{ fact_columns('impressions') }},
        coalesce(city, 'unknown') as city,
        is_bot,
        impression_id,
        query_hash,
        result_pos,
        target_type,
        target_id,
        campaign_id
    from impressions
)

select * from final
