{{ config(materialized='ephemeral') }}

with legs as (
    select * from {{ ref('fact_booking_legs') }}
),

amendments as (
    select * from {{ ref('int_amendments') }}
),

completed as (
    select
        done.env,
        done.leg_id,
        done.dt,
        done.city,
        done.currency,
        done.received_at,
        coalesce(agreed.platform_fee_cents, done.platform_fee_cents) as platform_fee_cents
    from legs as done
    left join legs as agreed
        on done.env = agreed.env and done.leg_id = agreed.leg_id and agreed.status = 'confirmed'
    where done.status = 'completed'
),

deltas as (
    select
        completed.env,
        completed.leg_id,
        sum(amendments.platform_fee_delta_cents) as delta_cents
    from completed
    inner join amendments on completed.env = amendments.env and completed.leg_id = amendments.leg_id
    where amendments.received_at < completed.received_at
    group by completed.env, completed.leg_id
),

final as (
    select
        completed.env,
        completed.leg_id,
        completed.dt,
        completed.city,
        completed.currency,
        coalesce(completed.platform_fee_cents, 0) + coalesce(deltas.delta_cents, 0) as earned_fee_cents
    from completed
    left join deltas on completed.env = deltas.env and completed.leg_id = deltas.leg_id
)

select * from final
