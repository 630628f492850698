{#- The events that speak of orders, legs and their money. Sorted by name within a file, so a list prunes row groups. -#}
{% macro leg_event_names() %}
    'leg.create', 'leg.confirmed', 'leg.in_progress', 'leg.completed', 'leg.cancelled', 'leg.failed'
{%- endmacro %}

{#- Those of them whose contract says the leg's money. -#}
{% macro priced_leg_event_names() %}'leg.create', 'leg.confirmed', 'leg.in_progress', 'leg.completed'{% endmacro %}

{#- What the buyer does: its identity is the order's buyer. -#}
{% macro buying_event_names() %}'lbg.create', 'checkout.start', 'lbg.confirmed'{% endmacro %}

{% macro payment_event_names() %}
    'payment.intent.created', 'payment.intent.requires_action', 'payment.intent.succeeded', 'payment.intent.failed',
    'payment.capture.succeeded', 'payment.capture.failed'
{%- endmacro %}

{% macro refund_event_names() %}
    'refund.created', 'refund.proposed', 'refund.succeeded', 'refund.failed'
{%- endmacro %}

{% macro payout_event_names() %}
    'payout.queued', 'payout.in_transit', 'payout.paid', 'payout.failed', 'payout.canceled', 'payout.paused'
{%- endmacro %}

{% macro order_event_names() %}
    'checkout.start', 'lbg.create', 'lbg.confirmed', 'amendment.added', {{ leg_event_names() }},
    {{ payment_event_names() }}, {{ refund_event_names() }}, {{ payout_event_names() }}
{%- endmacro %}

{#-
  Typed columns of those events, for any relation with the columns of `events`: the release's or the live tail's. Fields
  that a contract does not name are preserved but not checked, so an amount is read only where the contract has it.
-#}
{% macro order_event_columns() %}
    event_id,
    dt,
    event_name,
    occurred_at,
    received_at,
    actor_key,
    identity_id,
    case when event_name in ({{ buying_event_names() }}) then identity_id end as buyer_identity_id,
    session_id,
    city,
    role,
    env,
    coalesce({{ id_field('lbg_id') }}, {{ payload_field('order_id', 'varchar') }}) as lbg_id,
    coalesce({{ id_field('leg_id') }}, {{ payload_field('leg_id', 'varchar') }}) as leg_id,
    {{ payload_field('charge_id', 'varchar') }} as charge_id,
    {{ payload_field('refund_id', 'varchar') }} as refund_id,
    {{ payload_field('payout_id', 'varchar') }} as payout_id,
    {{ payload_field('amendment_id', 'varchar') }} as amendment_id,
    {{ payload_field('provider_ref', 'varchar') }} as provider_ref,
    {{ payload_field('payee_user_id', 'varchar') }} as payee_user_id,
    coalesce(amount_cents, {{ payload_field('amount_cents', 'bigint') }}) as amount_cents,
    currency,
    case when event_name = 'payment.capture.succeeded' then {{ payload_field('fee_cents', 'bigint') }} end as fee_cents,
    {{ payload_field('method', 'varchar') }} as method,
    {{ payload_field('failure_code', 'varchar') }} as failure_code,
    {{ payload_field('reason', 'varchar') }} as reason,
    {{ payload_field('by', 'varchar') }} as cancelled_by,
    {{ payload_field('type', 'varchar') }} as leg_type,
    {{ payload_field('seller_user_id', 'varchar') }} as seller_user_id,
    {{ payload_field('service_profile_id', 'varchar') }} as service_profile_id,
    {{ payload_field('studio_id', 'varchar') }} as studio_id,
    {{ payload_field('start_at', 'timestamptz') }} as start_at,
    {{ payload_field('end_at', 'timestamptz') }} as end_at,
    {%- for part in ['subtotal', 'tax', 'platform_fee', 'platform_fee_tax', 'total'] %}
    case
        when event_name in ({{ priced_leg_event_names() }}) then {{ payload_field(part ~ '_cents', 'bigint') }}
    end as {{ part }}_cents,
    {%- endfor %}
    {%- for part in ['subtotal', 'tax', 'platform_fee', 'platform_fee_tax'] %}
    case
        when event_name = 'amendment.added' then {{ payload_field(part ~ '_delta_cents', 'bigint') }}
    end as {{ part }}_delta_cents{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
