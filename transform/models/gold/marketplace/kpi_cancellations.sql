{{ config(materialized='lake_table', write='whole') }}

with legs as (
    select * from {{ ref('fact_booking_legs') }}
    where env = {{ marts_env() }}
),

confirmed as (
    select
        dt,
        city,
        count(*) as legs_confirmed
    from legs
    where status = 'confirmed'
    group by dt, city
),

cancelled as (
    select
        dt,
        city,
        {{ lead_band('start_at', 'occurred_at') }} as lead_band,
        count(*) as legs_cancelled
    from legs
    where status = 'cancelled'
    group by 1, 2, 3
),

bands as (
    select
        confirmed.dt,
        confirmed.city,
        names.lead_band
    from confirmed
    cross join (values ('72h+'), ('24-72h'), ('<24h'), ('after_start'), ('unknown')) as names (lead_band)
    union
    select
        dt,
        city,
        lead_band
    from cancelled
),

final as (
    select
        bands.dt,
        bands.city,
        bands.lead_band,
        coalesce(cancelled.legs_cancelled, 0) as legs_cancelled,
        coalesce(confirmed.legs_confirmed, 0) as legs_confirmed,
        {{ ratio('coalesce(cancelled.legs_cancelled, 0)', 'coalesce(confirmed.legs_confirmed, 0)') }} as cancellation_rate
    from bands
    left join cancelled
        on bands.dt = cancelled.dt and bands.city = cancelled.city and bands.lead_band = cancelled.lead_band
    left join confirmed on bands.dt = confirmed.dt and bands.city = confirmed.city
)

select * from final
