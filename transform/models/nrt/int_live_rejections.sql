{{ config(materialized='ephemeral') }}

with codes as (
    select
        meters.minute,
        meters.source,
        entry_key as code,
        {{ bigint_sum('entry_value') }} as requests
    from {{ ref('int_live_meters') }} as meters, {{ unnested_map('meters.rejected') }}
    group by meters.minute, meters.source, entry_key
),

final as (
    select
        minute,
        source,
        {{ to_json_text(map_of('code', 'requests')) }} as rejected
    from codes
    group by minute, source
)

select * from final
