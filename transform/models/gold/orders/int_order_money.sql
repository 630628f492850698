{{ config(materialized='ephemeral') }}

with confirmed as (
    select * from {{ ref('fact_booking_legs') }}
    where status = 'confirmed'
),

amendments as (
    select
        env,
        leg_id,
        sum(subtotal_delta_cents) as subtotal_cents,
        sum(tax_delta_cents) as tax_cents,
        sum(platform_fee_delta_cents) as platform_fee_cents,
        sum(platform_fee_tax_delta_cents) as platform_fee_tax_cents
    from {{ ref('int_amendments') }}
    group by env, leg_id
),

legs as (
    select
        confirmed.env,
        confirmed.lbg_id,
        confirmed.total_cents as agreed_total_cents,
        {%- for part in ['subtotal', 'tax', 'platform_fee', 'platform_fee_tax'] %}
        confirmed.{{ part }}_cents + coalesce(amendments.{{ part }}_cents, 0) as {{ part }}_cents,
        coalesce(amendments.{{ part }}_cents, 0) as {{ part }}_delta_cents{{ ',' if not loop.last }}
        {%- endfor %}
    from confirmed
    left join amendments on confirmed.env = amendments.env and confirmed.leg_id = amendments.leg_id
),

final as (
    select
        env,
        lbg_id,
        cast(sum(subtotal_cents) as bigint) as subtotal_cents,
        cast(sum(tax_cents) as bigint) as tax_cents,
        cast(sum(platform_fee_cents) as bigint) as platform_fee_cents,
        cast(sum(platform_fee_tax_cents) as bigint) as platform_fee_tax_cents,
        cast(sum(
            agreed_total_cents + subtotal_delta_cents + tax_delta_cents
            + platform_fee_delta_cents + platform_fee_tax_delta_cents
        ) as bigint) as total_cents
    from legs
    group by env, lbg_id
)

select * from final
