-- The same work by hand: Bronze's files become the same Silver and Gold tables as plain Parquet. No catalog, no commits, no
-- checks, no increments: what a capable person writes in a day, and what DuckDB can do on this machine.
-- {bronze} and {out} are folders.

set timezone = 'UTC';
set preserve_insertion_order = false;

-- Each line parsed once. The day of a record is in the name of its file, but its receipt says it without a join.
create table parsed as
with records as (
    select
        json::varchar as line,
        json_transform(json, '{"event_id":"VARCHAR","event":"VARCHAR","v":"INTEGER","occurred_at":"TIMESTAMPTZ","received_at":"TIMESTAMPTZ","user_id":"VARCHAR","anon_id":"VARCHAR","session_id":"VARCHAR","city":"VARCHAR","context":{"role":"VARCHAR","env":"VARCHAR","source":"VARCHAR"},"ids":"MAP(VARCHAR,VARCHAR)","money":{"amount_cents":"BIGINT","currency":"VARCHAR"},"page":{"path":"VARCHAR","ref":"VARCHAR"},"geo":{"country":"VARCHAR","region":"VARCHAR"},"campaign":{"utm_source":"VARCHAR","utm_medium":"VARCHAR","utm_campaign":"VARCHAR","click_token":"VARCHAR"},"schema_flags":{"bot":"BOOLEAN"},"payload":"MAP(VARCHAR,VARCHAR)"}') as r
    from read_ndjson_objects('{bronze}/events/*/*/*/*/*.gz', ignore_errors = true, maximum_object_size = 8000000)
)
select
    r.event_id as event_id,
    cast(r.received_at as date) as dt,
    r.event as event_name,
    r.v as event_v,
    r.occurred_at as event_ts,
    cast(r.occurred_at as date) as event_dt,
    r.occurred_at as occurred_at,
    r.received_at as received_at,
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
    line as _raw
from records
where event_id is not null and event_name is not null and received_at is not null;

-- Of the records with one id the first received stays, then the smaller bytes.
delete from parsed where rowid in (
    select id from (
        select rowid as id, row_number() over (partition by event_id order by received_at, _raw) as place
        from parsed
        where event_id in (select event_id from parsed group by event_id having count(*) > 1)
    )
    where place > 1
);

copy parsed to '{out}/events' (format parquet, compression zstd, partition_by (dt), write_partition_columns true, overwrite_or_ignore true);

-- Facts of search.
copy (
    select
        event_id, dt, occurred_at, received_at, actor_key, identity_id, session_id, role, env, coalesce(city, 'unknown') as city, is_bot,
        ids['impression_id'] as impression_id,
        payload['query_hash'] as query_hash,
        try_cast(payload['result_pos'] as bigint) as result_pos,
        payload['target_type'] as target_type,
        payload['target_id'] as target_id,
        payload['campaign_id'] as campaign_id
    from parsed where event_name = 'search.card_impression'
) to '{out}/fact_search_impressions' (format parquet, compression zstd, partition_by (dt), write_partition_columns true, overwrite_or_ignore true);

copy (
    select
        event_id, dt, occurred_at, received_at, actor_key, identity_id, session_id, role, env, coalesce(city, 'unknown') as city, is_bot,
        event_name,
        case when event_name = 'search.card_click' then ids['impression_id'] end as impression_id,
        case when event_name = 'search.card_click' then payload['target_id'] else payload['hit_id'] end as target_id,
        try_cast(case when event_name = 'search.card_click' then payload['result_pos'] else payload['rank'] end as bigint) as result_pos,
        case when event_name = 'search.result_click' then payload['scope'] end as scope
    from parsed where event_name in ('search.card_click', 'search.result_click')
) to '{out}/fact_search_clicks' (format parquet, compression zstd, partition_by (dt), write_partition_columns true, overwrite_or_ignore true);

copy (
    select
        event_id, dt, occurred_at, received_at, actor_key, identity_id, session_id, role, env, coalesce(city, 'unknown') as city, is_bot,
        split_part(event_name, '.', 1) as view_type,
        coalesce(payload['profile_id'], payload['studio_id']) as target_id,
        try_cast(payload['verified'] as boolean) as verified
    from parsed where event_name in ('profile.view', 'studio.view')
) to '{out}/fact_views' (format parquet, compression zstd, partition_by (dt), write_partition_columns true, overwrite_or_ignore true);

-- Orders, legs and their money: a small share of all events.
create table order_events as
select
    event_id, dt, event_name, occurred_at, received_at, actor_key, identity_id, session_id, city, role, env,
    coalesce(ids['lbg_id'], payload['order_id']) as lbg_id,
    coalesce(ids['leg_id'], payload['leg_id']) as leg_id,
    payload['charge_id'] as charge_id,
    payload['refund_id'] as refund_id,
    payload['payout_id'] as payout_id,
    payload['amendment_id'] as amendment_id,
    payload['provider_ref'] as provider_ref,
    payload['payee_user_id'] as payee_user_id,
    coalesce(amount_cents, try_cast(payload['amount_cents'] as bigint)) as amount_cents,
    currency,
    try_cast(payload['fee_cents'] as bigint) as fee_cents,
    payload['method'] as method,
    payload['failure_code'] as failure_code,
    payload['reason'] as reason,
    payload['by'] as cancelled_by,
    payload['type'] as leg_type,
    payload['seller_user_id'] as seller_user_id,
    payload['service_profile_id'] as service_profile_id,
    payload['studio_id'] as studio_id,
    try_cast(payload['start_at'] as timestamptz) as start_at,
    try_cast(payload['end_at'] as timestamptz) as end_at,
    try_cast(payload['subtotal_cents'] as bigint) as subtotal_cents,
    try_cast(payload['tax_cents'] as bigint) as tax_cents,
    try_cast(payload['platform_fee_cents'] as bigint) as platform_fee_cents,
    try_cast(payload['platform_fee_tax_cents'] as bigint) as platform_fee_tax_cents,
    try_cast(payload['total_cents'] as bigint) as total_cents,
    try_cast(payload['subtotal_delta_cents'] as bigint) as subtotal_delta_cents,
    try_cast(payload['tax_delta_cents'] as bigint) as tax_delta_cents,
    try_cast(payload['platform_fee_delta_cents'] as bigint) as platform_fee_delta_cents,
    try_cast(payload['platform_fee_tax_delta_cents'] as bigint) as platform_fee_tax_delta_cents
from parsed
where
    event_name in ('checkout.start', 'lbg.create', 'lbg.confirmed', 'amendment.added')
    or event_name in ('leg.create', 'leg.confirmed', 'leg.in_progress', 'leg.completed', 'leg.cancelled', 'leg.failed')
    or event_name in ('refund.created', 'refund.proposed', 'refund.succeeded', 'refund.failed')
    or event_name in ('payment.intent.created', 'payment.intent.requires_action', 'payment.intent.succeeded', 'payment.intent.failed')
    or event_name in ('payment.capture.succeeded', 'payment.capture.failed')
    or event_name in ('payout.queued', 'payout.in_transit', 'payout.paid', 'payout.failed', 'payout.canceled', 'payout.paused');

-- The first time that each buyer was seen, for orders: over all events, so before they are let go.
create table first_seen as
select env, identity_id, min(occurred_at) as first_seen_at
from parsed
where identity_id in (select identity_id from order_events where event_name in ('lbg.create', 'lbg.confirmed', 'checkout.start'))
group by env, identity_id;
create table newest as select max(dt) as dt from parsed where env = 'prod';
drop table parsed;

create table lbgs as
with leg_events as (
    select * from order_events where event_name like 'leg.%' and leg_id is not null
),
cities as (
    select env, leg_id, min_by(city, row(received_at, event_id)) filter (where city is not null) as city
    from leg_events group by env, leg_id
),
first_legs as (
    select env, lbg_id, min_by(leg_id, row(received_at, event_id)) as leg_id from leg_events group by env, lbg_id
),
orders as (
    select
        env, lbg_id,
        min_by(currency, row(received_at, event_id)) filter (where currency is not null and event_name like 'payment.%') as currency
    from order_events where lbg_id is not null group by env, lbg_id
)
select orders.env, orders.lbg_id, cities.city, coalesce(orders.currency, 'USD') as currency
from orders
left join first_legs using (env, lbg_id)
left join cities on cities.env = orders.env and cities.leg_id = first_legs.leg_id;

create table legs as
with grouped as (
    select
        env, leg_id,
        min_by(lbg_id, row(received_at, event_id)) as lbg_id,
        min_by(city, row(received_at, event_id)) filter (where city is not null) as own_city,
        min_by(leg_type, row(received_at, event_id)) filter (where leg_type is not null) as leg_type,
        min_by(seller_user_id, row(received_at, event_id)) filter (where seller_user_id is not null) as seller_user_id,
        min_by(service_profile_id, row(received_at, event_id)) filter (where service_profile_id is not null) as service_profile_id,
        min_by(studio_id, row(received_at, event_id)) filter (where studio_id is not null) as studio_id,
        min_by(start_at, row(received_at, event_id)) filter (where start_at is not null) as start_at,
        min_by(end_at, row(received_at, event_id)) filter (where end_at is not null) as end_at
    from order_events where event_name like 'leg.%' and leg_id is not null
    group by env, leg_id
)
select grouped.*, coalesce(own_city, lbgs.city) as city, coalesce(lbgs.currency, 'USD') as currency
from grouped left join lbgs using (env, lbg_id);

create table fact_booking_legs as
with changes as (
    select
        *,
        case when event_name = 'leg.create' then 'created' else substr(event_name, 5) end as status,
        count(total_cents) over (partition by env, leg_id order by occurred_at, received_at, event_id) as money_no
    from (
        select * from order_events where event_name like 'leg.%' and leg_id is not null
        qualify row_number() over (partition by env, leg_id, event_name order by received_at, event_id) = 1
    )
)
select
    c.event_id, c.dt, c.occurred_at, c.received_at, c.actor_key, c.identity_id, c.session_id, c.role, c.env,
    coalesce(c.city, legs.city, 'unknown') as city,
    c.leg_id, legs.lbg_id, c.status, legs.leg_type, legs.seller_user_id, legs.service_profile_id, legs.studio_id,
    coalesce(c.start_at, legs.start_at) as start_at,
    coalesce(c.end_at, legs.end_at) as end_at,
    c.cancelled_by, c.reason, legs.currency,
    max(case when c.total_cents is not null then c.subtotal_cents end) over money as subtotal_cents,
    max(case when c.total_cents is not null then c.tax_cents end) over money as tax_cents,
    max(case when c.total_cents is not null then c.platform_fee_cents end) over money as platform_fee_cents,
    max(case when c.total_cents is not null then c.platform_fee_tax_cents end) over money as platform_fee_tax_cents,
    max(case when c.total_cents is not null then c.total_cents end) over money as total_cents
from changes as c
join legs using (env, leg_id)
window money as (partition by c.env, c.leg_id, c.money_no);
copy fact_booking_legs to '{out}/fact_booking_legs.parquet' (compression zstd);

create table fact_booking_legs_latest as
select * from fact_booking_legs
qualify row_number() over (partition by env, leg_id order by occurred_at desc, received_at desc, event_id desc) = 1;
copy fact_booking_legs_latest to '{out}/fact_booking_legs_latest.parquet' (compression zstd);

create table fact_payments as
select
    p.event_id, p.dt, p.occurred_at, p.received_at, p.actor_key, p.identity_id, p.session_id, p.role, p.env,
    coalesce(p.city, lbgs.city, 'unknown') as city, p.charge_id, substr(p.event_name, 9) as kind, p.lbg_id, p.amount_cents,
    coalesce(p.currency, lbgs.currency, 'USD') as currency, p.fee_cents, p.method, p.failure_code, p.provider_ref
from (
    select * from order_events where event_name like 'payment.%'
    qualify row_number() over (partition by env, charge_id, event_name order by received_at, event_id) = 1
) as p
left join lbgs on p.env = lbgs.env and p.lbg_id = lbgs.lbg_id;
copy fact_payments to '{out}/fact_payments.parquet' (compression zstd);

create table fact_refunds as
select
    r.event_id, r.dt, r.occurred_at, r.received_at, r.actor_key, r.identity_id, r.session_id, r.role, r.env,
    coalesce(r.city, legs.city, lbgs.city, 'unknown') as city, r.refund_id, substr(r.event_name, 8) as kind, r.charge_id, r.lbg_id,
    r.leg_id, r.reason, r.amount_cents, coalesce(r.currency, lbgs.currency, 'USD') as currency, r.provider_ref
from (
    select * from order_events where event_name like 'refund.%'
    qualify row_number() over (partition by env, refund_id, event_name order by received_at, event_id) = 1
) as r
left join legs on r.env = legs.env and r.leg_id = legs.leg_id
left join lbgs on r.env = lbgs.env and r.lbg_id = lbgs.lbg_id;
copy fact_refunds to '{out}/fact_refunds.parquet' (compression zstd);

-- A payment that names no payout pays the leg's open payouts, in the order of their arrival.
copy (
    with payouts as (
        select * from order_events where event_name like 'payout.%'
    ),
    open_payouts as (
        select env, payout_id, min_by(leg_id, row(received_at, event_id)) as leg_id, min(row(received_at, event_id)) as arrived
        from payouts where payout_id is not null
        group by env, payout_id
        having not bool_or(event_name in ('payout.paid', 'payout.failed', 'payout.canceled'))
    ),
    open_in_turn as (
        select *, row_number() over (partition by env, leg_id order by arrived) as turn from open_payouts
    ),
    nameless as (
        select env, leg_id, provider_ref, row_number() over (partition by env, leg_id order by min(row(received_at, event_id))) as turn
        from payouts where payout_id is null
        group by env, leg_id, provider_ref
    ),
    matched as (
        select env, leg_id, provider_ref, coalesce(o.payout_id, leg_id || '/' || provider_ref) as payout_id
        from nameless left join open_in_turn as o using (env, leg_id, turn)
    ),
    entries as (
        select p.* exclude (payout_id), p.payout_id as named_payout_id, coalesce(p.payout_id, m.payout_id) as payout_id
        from payouts as p
        left join matched as m
            on p.payout_id is null and p.env = m.env and p.leg_id = m.leg_id and p.provider_ref = m.provider_ref
    ),
    firsts as (
        select
            *,
            first_value(currency) over (
                partition by env, payout_id order by case when currency is null then 1 else 0 end, received_at, event_id
            ) as payout_currency
        from entries
        qualify row_number() over (partition by env, payout_id, event_name order by received_at, event_id) = 1
    )
    select
        f.event_id, f.dt, f.occurred_at, f.received_at, f.actor_key, f.identity_id, f.session_id, f.role, f.env,
        coalesce(f.city, legs.city, 'unknown') as city, f.payout_id, substr(f.event_name, 8) as kind, f.named_payout_id, f.leg_id,
        legs.lbg_id, f.payee_user_id, f.amount_cents,
        coalesce(f.currency, f.payout_currency, legs.currency, 'USD') as currency, f.provider_ref
    from firsts as f
    left join legs on f.env = legs.env and f.leg_id = legs.leg_id
) to '{out}/fact_payouts.parquet' (compression zstd);

create table amendments as
select * from order_events where event_name = 'amendment.added'
qualify row_number() over (partition by env, amendment_id order by received_at, event_id) = 1;

copy (
    with confirmed_lbgs as (
        select o.dt, coalesce(o.city, lbgs.city, 'unknown') as city, lbgs.currency
        from (
            select * from order_events where event_name = 'lbg.confirmed' and env = 'prod'
            qualify row_number() over (partition by lbg_id order by received_at, event_id) = 1
        ) as o
        join lbgs on o.env = lbgs.env and o.lbg_id = lbgs.lbg_id
    ),
    counted as (
        select dt, city, currency, 1 as leg, subtotal_cents as cents, 0 as lbg
        from fact_booking_legs where env = 'prod' and status = 'confirmed'
        union all
        select dt, city, currency, 0, 0, 1 from confirmed_lbgs
    )
    select
        dt, city, currency, cast(sum(leg) as bigint) as legs_confirmed, cast(sum(cents) as bigint) as gmv_cents,
        cast(sum(lbg) as bigint) as lbgs_confirmed, sum(cents)::double / nullif(sum(lbg), 0) as aov_cents
    from counted group by all
) to '{out}/kpi_gmv_daily.parquet' (compression zstd);

copy (
    with completed as (
        select done.*, coalesce(agreed.platform_fee_cents, done.platform_fee_cents) as fee
        from fact_booking_legs as done
        left join fact_booking_legs as agreed
            on done.env = agreed.env and done.leg_id = agreed.leg_id and agreed.status = 'confirmed'
        where done.status = 'completed' and done.env = 'prod'
    ),
    earned as (
        select any_value(c.dt) as dt, any_value(c.city) as city, any_value(c.currency) as currency,
            any_value(c.fee) + coalesce(sum(a.platform_fee_delta_cents), 0) as cents
        from completed as c
        left join amendments as a on c.env = a.env and c.leg_id = a.leg_id and a.received_at < c.received_at
        group by c.env, c.leg_id
    ),
    counted as (
        select dt, city, currency, subtotal_cents as gmv, platform_fee_cents as fee, 0 as earned
        from fact_booking_legs where env = 'prod' and status = 'confirmed'
        union all
        select dt, city, currency, 0, 0, cents from earned
    )
    select
        dt, city, currency, cast(sum(gmv) as bigint) as gmv_cents, cast(sum(fee) as bigint) as platform_fee_cents,
        cast(sum(earned) as bigint) as earned_fee_cents, sum(fee)::double / nullif(sum(gmv), 0) as take_rate
    from counted group by all
) to '{out}/kpi_take_rate.parquet' (compression zstd);

copy (
    with confirmed as (
        select dt, city, count(*) as legs from fact_booking_legs where env = 'prod' and status = 'confirmed' group by all
    ),
    cancelled as (
        select
            dt, city,
            case
                when start_at is null then 'unknown'
                when start_at < occurred_at then 'after_start'
                when start_at < occurred_at + interval 24 hours then '<24h'
                when start_at < occurred_at + interval 72 hours then '24-72h'
                else '72h+'
            end as lead_band,
            count(*) as legs
        from fact_booking_legs where env = 'prod' and status = 'cancelled'
        group by all
    ),
    bands as (
        select dt, city, unnest(['72h+', '24-72h', '<24h', 'after_start', 'unknown']) as lead_band from confirmed
        union
        select dt, city, lead_band from cancelled
    )
    select
        dt, city, lead_band, coalesce(cancelled.legs, 0) as legs_cancelled, coalesce(confirmed.legs, 0) as legs_confirmed,
        coalesce(cancelled.legs, 0)::double / nullif(coalesce(confirmed.legs, 0), 0) as cancellation_rate
    from bands
    left join cancelled using (dt, city, lead_band)
    left join confirmed using (dt, city)
) to '{out}/kpi_cancellations.parquet' (compression zstd);

copy (
    with amounts as (
        select dt, city, currency, 1 as refunds, amount_cents as refund_cents, 0 as captured_cents
        from fact_refunds where env = 'prod' and kind = 'succeeded'
        union all
        select dt, city, currency, 0, 0, amount_cents from fact_payments where env = 'prod' and kind = 'capture.succeeded'
    ),
    windows as (
        select
            a.dt + cast(age as integer) as dt, city, currency,
            cast(coalesce(sum(refunds) filter (where age = 0), 0) as bigint) as refunds,
            cast(coalesce(sum(refund_cents) filter (where age = 0), 0) as bigint) as refund_cents,
            cast(coalesce(sum(captured_cents) filter (where age = 0), 0) as bigint) as captured_cents,
            cast(sum(refund_cents) as bigint) as refund_cents_7d,
            cast(sum(captured_cents) as bigint) as captured_cents_7d
        from amounts as a cross join range(7) as ages (age)
        group by all
    )
    select
        *, refund_cents::double / nullif(captured_cents, 0) as refund_rate,
        refund_cents_7d::double / nullif(captured_cents_7d, 0) as refund_rate_7d
    from windows
    where dt <= (select dt from newest) and (refunds <> 0 or refund_cents_7d <> 0 or captured_cents_7d <> 0)
) to '{out}/kpi_refunds.parquet' (compression zstd);

copy (
    select dt, city, currency, reason, count(*) as refunds, cast(sum(amount_cents) as bigint) as refund_cents
    from fact_refunds where env = 'prod' and kind = 'succeeded' group by all
) to '{out}/kpi_refunds_by_reason.parquet' (compression zstd);

copy (
    with milestones as (
        select
            env, lbg_id,
            max(occurred_at) filter (where event_name = 'lbg.create') as created_at,
            max(occurred_at) filter (where event_name = 'checkout.start') as checkout_started_at,
            max(occurred_at) filter (where event_name = 'lbg.confirmed') as confirmed_at,
            max(received_at) filter (where event_name = 'lbg.confirmed') as confirmed_received_at,
            max(event_id) filter (where event_name = 'lbg.confirmed') as confirmed_event_id,
            max(city) filter (where event_name = 'lbg.confirmed') as confirmed_city,
            max(city) filter (where event_name = 'lbg.create') as created_city,
            coalesce(
                max(identity_id) filter (where event_name = 'lbg.confirmed'),
                max(identity_id) filter (where event_name = 'lbg.create'),
                max(identity_id) filter (where event_name = 'checkout.start')
            ) as buyer_identity_id
        from (
            select * from order_events
            where event_name in ('lbg.create', 'checkout.start', 'lbg.confirmed') and lbg_id is not null
            qualify row_number() over (partition by env, lbg_id, event_name order by received_at, event_id) = 1
        )
        group by env, lbg_id
    ),
    known as (
        select env, lbg_id, bool_or(event_name like 'payment.%') as has_payment
        from order_events where lbg_id is not null
        group by env, lbg_id
        having bool_or(event_name in ('lbg.create', 'lbg.confirmed') or event_name like 'leg.%')
    ),
    of_legs as (
        select
            env, lbg_id, count(*) as legs,
            count(*) filter (where status = 'created') as created,
            count(*) filter (where status = 'confirmed') as confirmed,
            count(*) filter (where status = 'in_progress') as in_progress,
            count(*) filter (where status = 'completed') as completed,
            count(*) filter (where status = 'cancelled') as cancelled,
            count(*) filter (where status = 'failed') as failed,
            max(occurred_at) filter (where status = 'completed') as completed_at,
            max(occurred_at) filter (where status = 'cancelled') as cancelled_at
        from fact_booking_legs_latest
        group by env, lbg_id
    ),
    deltas as (
        select
            env, leg_id,
            sum(subtotal_delta_cents) as subtotal, sum(tax_delta_cents) as tax, sum(platform_fee_delta_cents) as fee,
            sum(platform_fee_tax_delta_cents) as fee_tax
        from amendments group by env, leg_id
    ),
    money as (
        select
            l.env, l.lbg_id,
            cast(sum(l.subtotal_cents + coalesce(d.subtotal, 0)) as bigint) as subtotal_cents,
            cast(sum(l.tax_cents + coalesce(d.tax, 0)) as bigint) as tax_cents,
            cast(sum(l.platform_fee_cents + coalesce(d.fee, 0)) as bigint) as platform_fee_cents,
            cast(sum(l.platform_fee_tax_cents + coalesce(d.fee_tax, 0)) as bigint) as platform_fee_tax_cents,
            cast(sum(
                l.total_cents + coalesce(d.subtotal, 0) + coalesce(d.tax, 0) + coalesce(d.fee, 0) + coalesce(d.fee_tax, 0)
            ) as bigint) as total_cents
        from fact_booking_legs as l
        left join deltas as d using (env, leg_id)
        where l.status = 'confirmed'
        group by l.env, l.lbg_id
    ),
    refunded as (
        select env, lbg_id, currency, cast(sum(amount_cents) as bigint) as cents
        from fact_refunds where kind = 'succeeded' group by all
    ),
    orders as (
        select
            known.*, m.* exclude (env, lbg_id), l.* exclude (env, lbg_id),
            case when known.has_payment or m.checkout_started_at is not null then 'awaiting' else 'draft' end as pending,
            case when m.confirmed_event_id is not null and m.buyer_identity_id is not null then
                row_number() over (
                    partition by known.env, m.buyer_identity_id
                    order by case when m.confirmed_event_id is null then 1 else 0 end, m.confirmed_received_at, m.confirmed_event_id
                ) = 1
            end as is_first_order,
            case
                when l.legs is null and m.confirmed_event_id is not null then 'confirmed'
                when l.legs is null then pending
                when l.cancelled = l.legs then 'cancelled'
                when l.failed > 0 and l.confirmed + l.in_progress + l.completed = 0 then 'failed'
                when l.created > 0 then pending
                when l.confirmed > 0 then 'confirmed'
                when l.in_progress > 0 then 'in_progress'
                else 'completed'
            end as state
        from known
        left join milestones as m on known.env = m.env and known.lbg_id = m.lbg_id
        left join of_legs as l on known.env = l.env and known.lbg_id = l.lbg_id
    )
    select
        o.lbg_id as order_id, o.buyer_identity_id, coalesce(o.confirmed_city, b.city, o.created_city, 'unknown') as city, b.currency,
        coalesce(o.legs, 0) as legs, o.state,
        coalesce(m.subtotal_cents, 0) as subtotal_cents,
        coalesce(m.tax_cents, 0) as tax_cents,
        coalesce(m.platform_fee_cents, 0) as platform_fee_cents,
        coalesce(m.platform_fee_tax_cents, 0) as platform_fee_tax_cents,
        coalesce(m.total_cents, 0) as total_cents,
        coalesce(r.cents, 0) as refunded_cents,
        o.created_at, o.checkout_started_at, o.confirmed_at,
        case when o.state = 'completed' then o.completed_at end as completed_at,
        case when o.state = 'cancelled' then o.cancelled_at end as cancelled_at,
        case when t.first_seen_at < o.checkout_started_at then t.first_seen_at end as first_touch_at,
        o.is_first_order
    from orders as o
    join lbgs as b on o.env = b.env and o.lbg_id = b.lbg_id
    left join money as m on o.env = m.env and o.lbg_id = m.lbg_id
    left join first_seen as t on o.env = t.env and o.buyer_identity_id = t.identity_id
    left join refunded as r on o.env = r.env and o.lbg_id = r.lbg_id and r.currency = b.currency
    where o.env = 'prod'
) to '{out}/fact_orders.parquet' (compression zstd);
