{{ config(materialized='ephemeral') }}

with confirmations as (
    select
        *,
        row_number() over (partition by env, lbg_id order by received_at, event_id) as entry_no
    from {{ ref('int_order_events') }}
    where event_name = 'lbg.confirmed' and lbg_id is not null
),

lbgs as (
    select * from {{ ref('int_lbgs') }}
),

final as (
    select
        {{ fact_columns('confirmations') }},
        confirmations.lbg_id,
        confirmations.city as event_city,
        coalesce(confirmations.city, lbgs.city, 'unknown') as city,
        lbgs.currency
    from confirmations
    inner join lbgs on confirmations.env = lbgs.env and confirmations.lbg_id = lbgs.lbg_id
    where confirmations.entry_no = 1
)

select * from final
