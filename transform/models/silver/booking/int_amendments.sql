{{ config(materialized='ephemeral') }}

with amendments as (
    select
        *,
        row_number() over (partition by env, amendment_id order by received_at, event_id) as entry_no
    from {{ ref('int_order_events') }}
    where event_name = 'amendment.added'
),

final as (
    select
        env,
        leg_id,
        amendment_id,
        received_at,
        subtotal_delta_cents,
        tax_delta_cents,
        platform_fee_delta_cents,
        platform_fee_tax_delta_cents
    from amendments
    where entry_no = 1
)

select * from final
