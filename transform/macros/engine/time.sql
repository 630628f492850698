{%- macro utc_date(ts) -%}{{ return(adapter.dispatch('utc_date')(ts)) }}{%- endmacro -%}
{%- macro duckdb__utc_date(ts) -%} cast(({{ ts }}) at time zone 'UTC' as date) {%- endmacro -%}

{%- macro utc_minute(ts) -%}{{ return(adapter.dispatch('utc_minute')(ts)) }}{%- endmacro -%}
{%- macro duckdb__utc_minute(ts) -%} date_trunc('minute', {{ ts }}) {%- endmacro -%}

{%- macro seconds_between(a, b) -%}{{ return(adapter.dispatch('seconds_between')(a, b)) }}{%- endmacro -%}
{%- macro duckdb__seconds_between(a, b) -%} (epoch_us({{ b }}) - epoch_us({{ a }})) / 1e6 {%- endmacro -%}

{%- macro hours_between(a, b) -%} ({{ seconds_between(a, b) }} / 3600e0) {%- endmacro -%}

{%- macro add_seconds(ts, n) -%}{{ return(adapter.dispatch('add_seconds')(ts, n)) }}{%- endmacro -%}
{%- macro duckdb__add_seconds(ts, n) -%} ({{ ts }} + to_seconds({{ n }})) {%- endmacro -%}

{%- macro add_days(day, n) -%}{{ return(adapter.dispatch('add_days')(day, n)) }}{%- endmacro -%}
{%- macro duckdb__add_days(day, n) -%} ({{ day }} + cast({{ n }} as integer)) {%- endmacro -%}

{%- macro as_of() -%}{{ return(adapter.dispatch('as_of')()) }}{%- endmacro -%}
{#- Not now(): all tables of one refresh say the same moment. -#}
{%- macro duckdb__as_of() -%} getvariable('as_of') {%- endmacro -%}

{%- macro ulid_date(event_id) -%}{{ return(adapter.dispatch('ulid_date')(event_id)) }}{%- endmacro -%}
{%- macro duckdb__ulid_date(event_id) -%}
    case when regexp_full_match({{ event_id }}, 'evt_[0-7][0-9A-HJKMNP-TV-Z]{25}') then
        cast(make_timestamp_ms(
            {%- for i in range(10) %}
            {{ ' + ' if not loop.first }}(strpos('0123456789ABCDEFGHJKMNPQRSTVWXYZ', substr({{ event_id }}, {{ 5 + i }}, 1)) - 1) * {{ 32 ** (9 - i) }}
            {%- endfor %}
        ) as date)
    end
{%- endmacro -%}

{#- RFC 3339 ends with the year 9999; 'infinity' and what lies beyond would not survive on its way to a reader. -#}
{%- macro four_digit_year(ts) -%}{{ return(adapter.dispatch('four_digit_year')(ts)) }}{%- endmacro -%}
{%- macro duckdb__four_digit_year(ts) -%}
    case when {{ ts }} between timestamptz '0001-01-02 00:00:00+00' and timestamptz '9999-12-30 00:00:00+00' then {{ ts }} end
{%- endmacro -%}
