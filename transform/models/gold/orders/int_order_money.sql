{{ config(materialized='ephemeral') }}

with confirmed as (
    select * from {{ of_touched('fact_booking_legs') }}
    where status = 'confirmed'
),

amendments as (
    select
        env,
        leg_id,
        sum(subtotal_delta_cents) as subtotal_cents,
        sum(tax_delta_cents) as tax_cents,
        sum(platform_fee_delta_cents) as platform_fee_cents,
        sum(platform_fee_tax_delta_cents) as platform_fee_tax_cents,
        sum(total_delta_cents) as total_cents
    from {{ ref('int_amendments') }}
    group by env, leg_id
),

legs as (
    select
        confirmed.env,
        confirmed.lbg_id,
        {%- for part in ['subtotal', 'tax', 'platform_fee', 'platform_fee_tax', 'total'] %}
        confirmed.{{ part }}_cents + coalesce(amendments.{{ part }}_cents, 0) as {{ part }}_cents{{ ',' if not loop.last }}
        {%- endfor %}
    from confirmed
    left join amendments on confirmed.env = amendments.env and confirmed.leg_id = amendments.leg_id
),

final as (
    select
        env,
        lbg_id,
        {{ bigint_sum('subtotal_cents') }} as subtotal_cents,
        {{ bigint_sum('tax_cents') }} as tax_cents,
        {{ bigint_sum('platform_fee_cents') }} as platform_fee_cents,
        {{ bigint_sum('platform_fee_tax_cents') }} as platform_fee_tax_cents,
        {{ bigint_sum('total_cents') }} as total_cents
    from legs
    group by env, lbg_id
)

select * from final
