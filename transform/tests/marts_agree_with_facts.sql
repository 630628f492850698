-- Σ over the facts = the mart, and two marts of the same thing say the same: by day, city and currency.
with legs as (
    select
        dt,
        city,
        currency,
        {{ bigint_sum('subtotal_cents') }} as cents
    from {{ ref('fact_booking_legs') }}
    where env = {{ marts_env() }} and status = 'confirmed'
    group by dt, city, currency
),

captures as (
    select
        dt,
        city,
        currency,
        {{ bigint_sum('amount_cents') }} as cents
    from {{ ref('fact_payments') }}
    where env = {{ marts_env() }} and kind = 'capture.succeeded'
    group by dt, city, currency
),

reasons as (
    select
        dt,
        city,
        currency,
        {{ bigint_sum('refund_cents') }} as cents
    from {{ ref('kpi_refunds_by_reason') }}
    group by dt, city, currency
),

-- Each line: what is said, the mart's figure, what it must be.
figures as (
    {%- for said, mart, column, truth, cents in [
        ('GMV of kpi_gmv_daily is that of the legs', ref('kpi_gmv_daily'), 'gmv_cents', 'legs', 'cents'),
        ('GMV of kpi_take_rate is that of kpi_gmv_daily', ref('kpi_take_rate'), 'gmv_cents', ref('kpi_gmv_daily'), 'gmv_cents'),
        ('captured_cents of kpi_refunds are those of the payments', ref('kpi_refunds'), 'captured_cents', 'captures', 'cents'),
        ('refund_cents of kpi_refunds are those by reason', ref('kpi_refunds'), 'refund_cents', 'reasons', 'cents')
    ] %}
    select
        '{{ said }}' as expectation,
        coalesce(mart.dt, truth.dt) as dt,
        coalesce(mart.city, truth.city) as city,
        coalesce(mart.currency, truth.currency) as currency,
        coalesce(mart.{{ column }}, 0) as shown,
        coalesce(truth.{{ cents }}, 0) as expected
    from {{ mart }} as mart
    full join {{ truth }} as truth
        on mart.dt = truth.dt and mart.city = truth.city and mart.currency = truth.currency
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from figures
where shown <> expected
