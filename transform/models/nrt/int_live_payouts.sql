{{ config(materialized='ephemeral') }}

with live as (
    select * from {{ ref('int_live_order_events') }}
    where event_name in ({{ payout_event_names() }})
),

legs as (
    select * from {{ ref('int_live_legs') }}
),

released as (
    select * from {{ ref('fact_payouts') }}
    where env = {{ marts_env() }}
),

payouts as (
    select
        {{ fact_columns('released') }},
        'payout.' || kind as event_name,
        city,
        named_payout_id,
        leg_id,
        payee_user_id,
        amount_cents,
        currency,
        currency as leg_currency,
        provider_ref
    from released
    union all
    select
        {{ fact_columns('live') }},
        live.event_name,
        coalesce(live.city, legs.city, 'unknown') as city,
        live.payout_id as named_payout_id,
        live.leg_id,
        live.payee_user_id,
        live.amount_cents,
        live.currency,
        legs.currency as leg_currency,
        live.provider_ref
    from live
    left join legs on live.leg_id = legs.leg_id
),

entries as (
    {{ payout_entries('payouts') }}
),

final as (
    select
        *,
        coalesce(currency, payout_currency, leg_currency) as money_currency,
        row_number() over (
            partition by payout_id order by occurred_at desc, received_at desc, event_id desc
        ) as age_no,
        min(case when kind = 'queued' then occurred_at end) over (partition by payout_id) as queued_at,
        min(occurred_at) over (partition by payout_id) as first_at
    from entries
)

select * from final
