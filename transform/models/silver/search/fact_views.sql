{{ config(materialized='lake_table', write='event', partition_by='dt', sort_by=['received_at']) }}

with profile_views as (
    select * from {{ ref('stg_profile__view') }}
    where {{ in_scope() }}
),

studio_views as (
    select * from {{ ref('stg_studio__view') }}
    where {{ in_scope() }}
),

final as (
    select
        {{ fact_columns('profile_views') }},
        coalesce(city, 'unknown') as city,
        is_bot,
        'profile' as view_type,
        profile_id as target_id,
        verified
    from profile_views
    union all
    select
        {{ fact_columns('studio_views') }},
        coalesce(city, 'unknown') as city,
        is_bot,
        'studio' as view_type,
        studio_id as target_id,
        verified
    from studio_views
)

select * from final
