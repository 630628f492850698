{{ config(materialized='ephemeral') }}

with amendments as (
    select
        *,
        row_number() over (partition by env, amendment_id order by received_at, event_id) as entry_no
    from {{ ref('int_order_events') }}
    where event_name = 'amendment.added' and amendment_id is not null
),

final as (
    select
        env,
        leg_id,
        amendment_id,
        received_at,
        {%- for part in ['subtotal', 'tax', 'platform_fee', 'platform_fee_tax'] %}
        coalesce({{ part }}_delta_cents, 0) as {{ part }}_delta_cents,
        {%- endfor %}
        cast(coalesce(subtotal_delta_cents, 0) as decimal(38, 0)) + coalesce(tax_delta_cents, 0)
        + coalesce(platform_fee_delta_cents, 0) + coalesce(platform_fee_tax_delta_cents, 0) as total_delta_cents
    from amendments
    where entry_no = 1
)

select * from final
