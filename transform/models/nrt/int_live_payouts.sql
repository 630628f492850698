{{ config(materialized='ephemeral') }}

with live_legs as (
    select * from {{ ref('int_live_legs') }}
),

live_lbgs as (
    select * from {{ ref('int_live_lbgs') }}
),

legs as (
    select * from {{ ref('int_legs') }}
),

{%- for name, relation in [('released', ref('int_order_events')), ('live', ref('int_live_order_events'))] %}

{{ name }} as (
    select
        {{ fact_columns('events') }},
        event_name,
        city,
        payout_id as named_payout_id,
        leg_id,
        amount_cents,
        currency,
        provider_ref
    from {{ relation }} as events
    where env = {{ marts_env() }} and event_name in ({{ payout_event_names() }})
),
{%- endfor %}

payouts as (
    select * from released
    union all
    select * from live
),

entries as (
    {{ payout_entries('payouts') }}
),

aged as (
    select
        *,
        row_number() over (
            partition by payout_id order by occurred_at desc, received_at desc, event_id desc
        ) as age_no,
        min(case when kind = 'queued' then occurred_at end) over (partition by payout_id) as queued_at,
        min(occurred_at) over (partition by payout_id) as first_at
    from entries
),

marked as (
    select
        *,
        occurred_at > {{ add_seconds(as_of(), -86400) }} and occurred_at <= {{ as_of() }} as is_recent,
        age_no = 1 and kind in ('queued', 'in_transit') as is_backlog
    from aged
),

final as (
    select
        marked.kind,
        marked.is_recent,
        marked.is_backlog,
        marked.amount_cents,
        coalesce(marked.queued_at, marked.first_at) as queued_at,
        coalesce(marked.city, live_legs.city, legs.own_city, live_lbgs.city, legs.city, 'unknown') as city,
        coalesce(
            marked.currency, marked.payout_currency, live_lbgs.currency, live_legs.currency, legs.currency, 'USD'
        ) as currency
    from marked
    left join live_legs on marked.leg_id = live_legs.leg_id
    left join legs on marked.env = legs.env and marked.leg_id = legs.leg_id
    left join live_lbgs on legs.lbg_id = live_lbgs.lbg_id
    where marked.is_recent or marked.is_backlog
)

select * from final
