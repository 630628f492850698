{{ config(materialized='lake_table', write='whole', touched_by={'leg_id': 'leg_id'}) }}

with changes as (
    select
        *,
        row_number() over (
            partition by env, leg_id order by occurred_at desc, received_at desc, event_id desc
        ) as age_no
    from {{ of_touched('fact_booking_legs') }}
),

final as (
    select
        {{ fact_columns('changes') }},
        city,
        leg_id,
        lbg_id,
        status,
        leg_type,
        seller_user_id,
        service_profile_id,
        studio_id,
        start_at,
        end_at,
        cancelled_by,
        reason,
        currency,
        subtotal_cents,
        tax_cents,
        platform_fee_cents,
        platform_fee_tax_cents,
        total_cents
    from changes
    where age_no = 1
)

select * from final
