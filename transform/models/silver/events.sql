{{ config(write='event', unique_key='event_id', partition_by=['dt', 'id_dt'], sort_by=['event_name']) }}

with records as (
    select
        line,
        {{ canonical_record('line') }} as r
    from {{ source('bronze', 'batch') }}
),

typed as (
    select
        line,
        r,
        {{ four_digit_year('r.occurred_at') }} as occurred_at,
        {{ four_digit_year('r.received_at') }} as received_at,
        {{ utc_date(four_digit_year('r.received_at')) }} as dt,
        {{ ulid_date('r.event_id') }} as ulid_dt
    from records
),

final as (
    select
        r.event_id as event_id,
        dt,
        r.event as event_name,
        r.v as event_v,
        occurred_at as event_ts,
        {{ utc_date('occurred_at') }} as event_dt,
        occurred_at,
        received_at,
        r.user_id as user_id,
        r.anon_id as anon_id,
        coalesce(r.user_id, r.anon_id) as actor_key,
        coalesce(r.user_id, r.anon_id) as identity_id,
        r.session_id as session_id,
        r.city as city,
        r.context.role as role,
        r.context.env as env,
        r.context.source as source,
        coalesce(r.schema_flags.bot, false) as is_bot,
        r.money.amount_cents as amount_cents,
        upper(r.money.currency) as currency,
        r.ids as ids,
        r.page.path as page_path,
        r.page.ref as page_ref,
        r.geo.country as country,
        r.geo.region as region,
        r.campaign.utm_source as utm_source,
        r.campaign.utm_medium as utm_medium,
        r.campaign.utm_campaign as utm_campaign,
        r.campaign.click_token as click_token,
        r.payload as payload,
        line as _raw,
        case when abs(ulid_dt - dt) <= 400 then ulid_dt end as id_dt,
        {{ run_id() }} as _run_id
    from typed
    where r.event_id is not null and r.event is not null and received_at is not null
)

select * from final
