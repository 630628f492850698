{{ config(materialized='ephemeral') }}

with legs as (
    select * from {{ of_touched('fact_booking_legs_latest') }}
),

final as (
    select
        env,
        lbg_id,
        count(*) as legs,
        count(*) filter (where status = 'created') as created_legs,
        count(*) filter (where status = 'confirmed') as confirmed_legs,
        count(*) filter (where status = 'in_progress') as in_progress_legs,
        count(*) filter (where status = 'completed') as completed_legs,
        count(*) filter (where status = 'cancelled') as cancelled_legs,
        count(*) filter (where status = 'failed') as failed_legs,
        max(occurred_at) filter (where status = 'completed') as completed_at,
        max(occurred_at) filter (where status = 'cancelled') as cancelled_at
    from legs
    group by env, lbg_id
)

select * from final
