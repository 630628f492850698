{{ config(materialized='lake_table', write='whole', partition_by='dt', touched_by={'refund_id': 'refund_id'}) }}

with refunds as (
    select
        *,
        substr(event_name, 8) as kind,
        row_number() over (partition by env, refund_id, event_name order by received_at, event_id) as entry_no
    from {{ of_touched('int_order_events') }}
    where event_name in ({{ refund_event_names() }}) and refund_id is not null
),

legs as (
    select * from {{ of_touched('int_legs') }}
),

lbgs as (
    select * from {{ of_touched('int_lbgs') }}
),

final as (
    select
        {{ fact_columns('refunds') }},
        {{ resolved_city('refunds', 'legs', 'lbgs') }} as city,
        refunds.refund_id,
        refunds.kind,
        refunds.charge_id,
        refunds.lbg_id,
        refunds.leg_id,
        refunds.reason,
        refunds.amount_cents,
        coalesce(refunds.currency, lbgs.currency, 'USD') as currency,
        refunds.provider_ref
    from refunds
    left join legs on refunds.env = legs.env and refunds.leg_id = legs.leg_id
    left join lbgs on refunds.env = lbgs.env and refunds.lbg_id = lbgs.lbg_id
    where refunds.entry_no = 1
)

select * from final
