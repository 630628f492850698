{{ config(materialized='ephemeral') }}

with events as (
    select * from {{ of_touched('int_order_events') }}
    where event_name in ({{ payout_event_names() }})
),

payouts as (
    select
        {{ fact_columns('events') }},
        event_name,
        city,
        payout_id as named_payout_id,
        leg_id,
        payee_user_id,
        amount_cents,
        currency,
        provider_ref
    from events
),

final as (
    {{ payout_entries('payouts') }}
)

select * from final
