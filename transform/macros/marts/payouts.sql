{#-
  The first event of each state of each payout, from a relation of payout events with `named_payout_id`.

  `payout.paid` may come without a payout's id: it pays the leg's only open payout. Open are the payouts that no event
  which names them calls paid, failed or canceled. Nameless payments of a leg are told apart by the provider's
  reference; in their order of arrival they take the leg's open payouts in theirs. One that finds none is a payout of its own.
-#}
{% macro payout_entries(payouts) %}
    with named as (
        select
            env,
            named_payout_id as payout_id,
            min_by(leg_id, {{ arrival() }}) as leg_id,
            min({{ arrival() }}) as arrived,
            bool_or(event_name in ('payout.paid', 'payout.failed', 'payout.canceled')) as is_closed
        from {{ payouts }}
        where named_payout_id is not null
        group by env, named_payout_id
    ),

    open_payouts as (
        select
            *,
            row_number() over (partition by env, leg_id order by arrived) as turn
        from named
        where not is_closed
    ),

    nameless as (
        select
            *,
            row_number() over (partition by env, leg_id order by arrived) as turn
        from (
            select
                env,
                leg_id,
                provider_ref,
                min({{ arrival() }}) as arrived
            from {{ payouts }}
            where named_payout_id is null
            group by env, leg_id, provider_ref
        ) as references_of_leg
    ),

    matched as (
        select
            nameless.env,
            nameless.leg_id,
            nameless.provider_ref,
            coalesce(open_payouts.payout_id, nameless.leg_id || '/' || nameless.provider_ref) as payout_id
        from nameless
        left join open_payouts
            on
                nameless.env = open_payouts.env
                and nameless.leg_id = open_payouts.leg_id
                and nameless.turn = open_payouts.turn
    ),

    entries as (
        select
            payouts.*,
            coalesce(payouts.named_payout_id, matched.payout_id) as payout_id,
            substr(payouts.event_name, 8) as kind
        from {{ payouts }} as payouts
        left join matched
            on
                payouts.env = matched.env
                and payouts.leg_id = matched.leg_id
                and payouts.provider_ref = matched.provider_ref
    )

    select * from (
        select
            *,
            row_number() over (partition by env, payout_id, kind order by received_at, event_id) as entry_no,
            first_value(currency) over (
                partition by env, payout_id
                order by case when currency is null then 1 else 0 end, received_at, event_id
            ) as payout_currency
        from entries
    ) as numbered
    where entry_no = 1 and payout_id is not null
{% endmacro %}
