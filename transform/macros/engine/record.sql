{#- A canonical record, parsed once: one struct with the envelope typed, `ids` and `payload` as maps of text. -#}
{%- macro canonical_record(line) -%}{{ return(adapter.dispatch('canonical_record')(line)) }}{%- endmacro -%}

{%- macro duckdb__canonical_record(line) -%}
    json_transform({{ line }}, '{"event_id":"VARCHAR","event":"VARCHAR","v":"INTEGER","occurred_at":"TIMESTAMPTZ","received_at":"TIMESTAMPTZ","user_id":"VARCHAR","anon_id":"VARCHAR","session_id":"VARCHAR","city":"VARCHAR","context":{"role":"VARCHAR","env":"VARCHAR","source":"VARCHAR"},"ids":"MAP(VARCHAR,VARCHAR)","money":{"amount_cents":"BIGINT","currency":"VARCHAR"},"page":{"path":"VARCHAR","ref":"VARCHAR"},"geo":{"country":"VARCHAR","region":"VARCHAR"},"campaign":{"utm_source":"VARCHAR","utm_medium":"VARCHAR","utm_campaign":"VARCHAR","click_token":"VARCHAR"},"schema_flags":{"bot":"BOOLEAN"},"payload":"MAP(VARCHAR,VARCHAR)"}')
{%- endmacro -%}
