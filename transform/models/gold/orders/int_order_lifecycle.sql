{{ config(materialized='ephemeral') }}

with events as (
    select * from {{ of_touched('int_order_events') }}
    where lbg_id is not null
),

entries as (
    select
        *,
        row_number() over (partition by env, lbg_id, event_name order by received_at, event_id) as entry_no
    from events
    where event_name in ({{ buying_event_names() }})
),

known as (
    select
        env,
        lbg_id,
        bool_or(event_name in ({{ payment_event_names() }})) as has_payment
    from events
    group by env, lbg_id
    having bool_or(event_name in ('lbg.create', 'lbg.confirmed', {{ leg_event_names() }}))
),

milestones as (
    select
        env,
        lbg_id,
        {%- for name, prefix in [('lbg.create', 'created'), ('checkout.start', 'checkout_started'), ('lbg.confirmed', 'confirmed')] %}
        {%- for column in ['occurred_at', 'received_at', 'event_id', 'identity_id', 'city'] %}
        max(case when event_name = '{{ name }}' then {{ column }} end) as {{ prefix }}_{{ column }},
        {%- endfor %}
        {%- endfor %}
        count(*) as milestone_count
    from entries
    where entry_no = 1
    group by env, lbg_id
),

final as (
    select
        known.env,
        known.lbg_id,
        known.has_payment or milestones.checkout_started_event_id is not null as is_awaiting,
        coalesce(
            milestones.confirmed_identity_id, milestones.created_identity_id, milestones.checkout_started_identity_id
        ) as buyer_identity_id,
        milestones.created_occurred_at as created_at,
        milestones.created_city,
        milestones.checkout_started_occurred_at as checkout_started_at,
        milestones.confirmed_occurred_at as confirmed_at,
        milestones.confirmed_received_at,
        milestones.confirmed_event_id,
        milestones.confirmed_city
    from known
    left join milestones on known.env = milestones.env and known.lbg_id = milestones.lbg_id
)

select * from final
