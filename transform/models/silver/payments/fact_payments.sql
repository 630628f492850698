{{ config(materialized='lake_table', write='whole', partition_by='dt', touched_by={'charge_id': 'charge_id'}) }}

with payments as (
    select
        *,
        substr(event_name, 9) as kind,
        row_number() over (partition by env, charge_id, event_name order by received_at, event_id) as entry_no
    from {{ of_touched('int_order_events') }}
    where event_name in ({{ payment_event_names() }}) and charge_id is not null
),

lbgs as (
    select * from {{ of_touched('int_lbgs') }}
),

final as (
    select
        {{ fact_columns('payments') }},
        coalesce(payments.city, lbgs.city, 'unknown') as city,
        payments.charge_id,
        payments.kind,
        payments.lbg_id,
        payments.amount_cents,
        coalesce(payments.currency, lbgs.currency, 'USD') as currency,
        payments.fee_cents,
        payments.method,
        payments.failure_code,
        payments.provider_ref
    from payments
    left join lbgs on payments.env = lbgs.env and payments.lbg_id = lbgs.lbg_id
    where payments.entry_no = 1
)

select * from final
