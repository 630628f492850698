{{ config(materialized='ephemeral') }}

{%- set names = "'checkout.start', 'lbg.confirmed', 'leg.confirmed'" %}

with live as (
    select * from {{ ref('int_live_order_events') }}
    where event_name in ({{ names }})
),

released as (
    select * from {{ ref('int_order_events') }}
    where env = {{ marts_env() }} and event_name in ({{ names }})
),

touched as (
    select lbg_id from released
    where dt >= {{ utc_date(live_window_start()) }} and received_at >= {{ live_window_start() }}
    union
    select lbg_id from live
),

entries as (
    select
        event_name,
        event_id,
        received_at,
        env,
        city,
        lbg_id,
        leg_id,
        subtotal_cents,
        row_number() over (
            partition by event_name, lbg_id, case when event_name = 'leg.confirmed' then leg_id end
            order by received_at, event_id
        ) as entry_no
    from (
        select * from released
        where lbg_id in (select lbg_id from touched)
        union all
        select * from live
    ) as candidates
),

final as (
    select *
    from entries
    where entry_no = 1 and received_at >= {{ live_window_start() }} and received_at <= {{ as_of() }}
)

select * from final
