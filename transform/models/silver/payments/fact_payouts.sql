{{ config(materialized='lake_table', write='whole', partition_by='dt', touched_by={'payout_id': 'payout_id', 'leg_id': 'leg_id'}) }}

with payouts as (
    select * from {{ ref('int_payout_events') }}
),

legs as (
    select * from {{ of_touched('int_legs') }}
),

final as (
    select
        {{ fact_columns('payouts') }},
        coalesce(payouts.city, legs.city, 'unknown') as city,
        payouts.payout_id,
        payouts.kind,
        payouts.named_payout_id,
        payouts.leg_id,
        legs.lbg_id,
        payouts.payee_user_id,
        payouts.amount_cents,
        coalesce(payouts.currency, payouts.payout_currency, legs.currency, 'USD') as currency,
        payouts.provider_ref
    from payouts
    left join legs on payouts.env = legs.env and payouts.leg_id = legs.leg_id
)

select * from final
