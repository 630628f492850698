{{ config(materialized='lake_table', write='whole', partition_by='dt', touched_by={'leg_id': 'leg_id'}) }}

with leg_events as (
    select
        *,
        row_number() over (partition by env, leg_id, event_name order by received_at, event_id) as entry_no
    from {{ of_touched('int_order_events') }}
    where event_name in ({{ leg_event_names() }}) and leg_id is not null
),

legs as (
    select * from {{ of_touched('int_legs') }}
),

-- A change without money of its own keeps the money of the latest change before it: they share a number.
changes as (
    select
        *,
        case when event_name = 'leg.create' then 'created' else substr(event_name, 5) end as status,
        count(total_cents) over (
            partition by env, leg_id order by occurred_at, received_at, event_id
            rows between unbounded preceding and current row
        ) as money_no
    from leg_events
    where entry_no = 1
),

final as (
    select
        {{ fact_columns('changes') }},
        coalesce(changes.city, legs.city, 'unknown') as city,
        changes.leg_id,
        legs.lbg_id,
        changes.status,
        legs.leg_type,
        legs.seller_user_id,
        legs.service_profile_id,
        legs.studio_id,
        coalesce(changes.start_at, legs.start_at) as start_at,
        coalesce(changes.end_at, legs.end_at) as end_at,
        changes.cancelled_by,
        changes.reason,
        legs.currency,
        {%- for column in ['subtotal_cents', 'tax_cents', 'platform_fee_cents', 'platform_fee_tax_cents', 'total_cents'] %}
        max(case when changes.total_cents is not null then changes.{{ column }} end)
            over (partition by changes.env, changes.leg_id, changes.money_no) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from changes
    inner join legs on changes.env = legs.env and changes.leg_id = legs.leg_id
)

select * from final
