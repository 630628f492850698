"""Links followed at a running collector: forwarded at once, recorded once, leading nowhere else."""

from __future__ import annotations

import dataclasses
import http.client
import json
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
from tests.integration.redirect.conftest import BROWSER, CLICK, TARGET, Links

from rastup.ingest.redirect import keyring
from rastup.ingest.redirect.tokens import Click, sign, verify
from rastup.state.database import open_state

SLACK = "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"


def test_a_click_is_forwarded_and_recorded_with_its_proof(links: Links) -> None:
    token = links.mint()
    answer = links.follow(token)
    assert answer.status_code == 302 and answer.headers["location"] == TARGET
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    (record,) = links.clicks(token, 1)
    assert record["event"] == "digest.click" and record["payload"] == {"digest": "weekly"}
    assert record["user_id"] == "usr_1" and record["campaign"]["utm_campaign"] == "autumn"
    assert record["context"]["source"] == "redirect" and record["context"]["env"] == "prod"
    assert record["device"]["os"] == "Linux" and "schema_flags" not in record
    keys = keyring.believed(open_state(links.collector.settings.state_url))
    assert verify(record["campaign"]["click_token"], keys).click.user_id == "usr_1"


def test_a_replay_leads_nowhere_and_is_not_recorded(links: Links) -> None:
    token = links.mint()
    assert [links.follow(token).status_code for _ in range(6)] == [302, 409, 409, 409, 409, 409]
    assert len(links.all_clicks(token)) == 1


def test_replays_that_race_on_two_workers_are_one_click(links: Links) -> None:
    tokens = [links.mint() for _ in range(5)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: (n % 5, links.follow(tokens[n % 5]).status_code), range(80)))
    for number, token in enumerate(tokens):
        assert Counter(status for one, status in answers if one == number) == {302: 1, 409: 15}
        assert len(links.all_clicks(token)) == 1


def test_old_future_and_strange_links_have_each_their_answer(links: Links) -> None:
    good = links.mint()
    refusals = {
        links.mint(age_s=301): 410,
        links.mint(age_s=-60): 401,
        good[:-1]: 401,
        good + "A": 401,
        good.replace("ct_", "CT_"): 401,
        good.replace(".", ".A", 1): 401,
        "": 401,
        "ct_": 401,
        "x": 401,
        "%00": 401,
        "%C3%A4%F0%9F%98%80": 401,
        "A" * 20_000: 401,
        links.mint(target="https://elsewhere.example/", targets=("elsewhere.example",)): 403,
        verify(good, keyring.believed(open_state(links.collector.settings.state_url))).proof: 403,
    }
    for token, status in refusals.items():
        answer = links.follow(token)
        assert answer.status_code == status, token[:50]
        assert answer.json()["code"] == "AUTH_INVALID" and "location" not in answer.headers
    assert links.follow(good).status_code == 302


def test_dots_in_a_path_lead_to_no_other_path(links: Links) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", links.collector.port, timeout=20)
    connection.request("GET", "/r/../health/live")  # other clients resolve it
    answer = connection.getresponse()
    assert answer.status == 401 and json.loads(answer.read())["code"] == "AUTH_INVALID"
    connection.close()


def test_no_refusal_says_what_was_wrong_with_a_signature(links: Links) -> None:
    good = links.mint()
    head, place, signature = good.split(".")
    bodies = {
        links.follow(token).content
        for token in ("x", f"{head}.{place}.{'A' * 43}", f"{head}.AAAA.{signature}", links.mint(age_s=-60))
    }
    assert len(bodies) == 1


def test_a_person_is_told_in_words(links: Links) -> None:
    token = links.mint(age_s=301)
    answer = links.follow(token, accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert answer.status_code == 410 and answer.headers["content-type"].startswith("text/html")
    assert "expired" in answer.text


def test_programs_do_not_use_up_a_persons_link(links: Links) -> None:
    token = links.mint()
    assert links.follow(token, method="HEAD").status_code == 302
    assert links.follow(token, sec_purpose="prefetch;prerender").status_code == 503
    assert [links.follow(token, SLACK).status_code for _ in range(2)] == [302, 409]
    assert links.follow(token).status_code == 302
    program, person = links.clicks(token, 2)
    assert program["schema_flags"] == {"bot": True} and "schema_flags" not in person
    assert program["event_id"] != person["event_id"] and len(links.all_clicks(token)) == 2


def test_a_programs_click_on_a_paid_placement_is_not_valid(links: Links) -> None:
    ids = {"impression_id": "imp_1", "campaign_id": "pcmp_1"}
    token = links.mint(click=Click("promo.click", 1, {**ids, "valid": True}))
    links.follow(token, SLACK)
    links.follow(token)
    program, person = links.clicks(token, 2)
    assert program["payload"] == {**ids, "valid": False, "invalid_reason": "bot"}
    assert person["payload"] == {**ids, "valid": True}


def test_other_methods_are_refused(links: Links) -> None:
    token = links.mint()
    assert [links.follow(token, method=method).status_code for method in ("POST", "PUT", "DELETE")] == [
        405
    ] * 3
    assert links.follow(token).status_code == 302


def test_everything_is_counted(links: Links) -> None:
    links.follow(links.mint())
    links.follow("forged")
    wanted = {f'rastup_redirects_total{{outcome="{outcome}"}}' for outcome in ("person", "forged")}
    wanted.add('rastup_rejected_total{code="AUTH_INVALID",env="unknown",source="redirect"}')
    deadline = time.monotonic() + 10
    while any(name not in (text := httpx.get(f"{links.collector.url}/metrics").text) for name in wanted):
        assert time.monotonic() < deadline, text


def test_a_link_of_a_key_made_a_moment_ago_works_and_a_revoked_one_does_not(links: Links) -> None:
    before = links.mint()
    links.rastup("rotate")
    after = links.mint()
    assert before.split(".")[0] != after.split(".")[0]
    assert links.follow(after).status_code == 302
    assert links.follow(before).status_code == 302
    leaked = links.mint()
    links.rastup("rotate", "--revoke")
    assert "forged" in links.rastup("verify", leaked, code=1)
    assert links.follow(links.mint()).status_code == 302
    deadline = time.monotonic() + 10
    while links.follow(leaked).status_code != 401:  # each worker looks every second
        assert time.monotonic() < deadline


def test_the_command_line_makes_and_judges_links(links: Links) -> None:
    made = links.rastup(
        "mint", "--target", TARGET, "--event", "digest.click", "--set", "digest=2026", "--user", "usr_9"
    )
    assert made["path"] == f"/r/{made['token']}" and made["valid_s"] == 300
    said = links.rastup("verify", made["token"])
    assert said["status"] == "valid" and said["target"] == TARGET and said["payload"] == {"digest": "2026"}
    assert links.follow(made["token"]).status_code == 302
    assert links.rastup("verify", said["proof"])["status"] == "proof"
    assert links.rastup("verify", links.mint(age_s=301), code=1)["status"] == "expired"
    assert "secret" not in str(links.rastup("keys"))


def test_a_restart_forgets_no_click(start: Callable[..., Links]) -> None:
    links = start()
    used = links.mint()
    assert links.follow(used).status_code == 302
    assert links.clicks(used, 1)
    for worker in links.collector.workers():
        worker.send_signal(signal.SIGKILL)
    links.collector.stop(signal.SIGINT)
    again = start()
    assert again.follow(used).status_code == 409
    assert again.follow(again.mint()).status_code == 302


def test_a_store_that_does_not_answer_delays_nobody_and_counts_nothing_twice(
    start: Callable[..., Links],
) -> None:
    links = start(RASTUP_INGEST__WORKERS="1")
    token, used = links.mint(), links.mint()
    assert links.follow(used).status_code == 302
    links.clicks(used, 1)
    holder = sqlite3.connect(links.collector.home / "state" / "clicks.db", isolation_level=None)
    holder.execute("begin immediate")
    assert links.follow(token).status_code == 302  # while nobody can note it
    assert links.follow(token).status_code == 409  # this worker knows
    assert links.clicks(token) == []
    holder.execute("rollback")
    holder.close()
    assert len(links.all_clicks(token)) == 1 and len(links.clicks(used)) == 1


def test_a_full_spool_keeps_nobody_from_going_on_and_its_click_is_counted_as_unrecorded(
    start: Callable[..., Links],
) -> None:
    links = start(RASTUP_INGEST__WORKERS="1", RASTUP_SPOOL__MAX_BYTES="1")
    links.follow(links.mint())
    deadline = time.monotonic() + 20
    while links.collector.post("/collect", {}).status_code != 503:
        assert time.monotonic() < deadline
    before, token = links.count("unrecorded"), links.mint()
    assert links.follow(token).status_code == 302
    while links.count("unrecorded") == before:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert links.clicks(token) == []


def test_a_click_whose_contract_has_gone_is_kept_aside(links: Links) -> None:
    key = keyring.signing_key(open_state(links.collector.settings.state_url))
    token = sign(dataclasses.replace(CLICK, v=99), TARGET, key, time.time())
    assert links.follow(token).status_code == 302
    bad: list[str] = []
    deadline = time.monotonic() + 10
    while not bad:
        assert time.monotonic() < deadline
        bad = [
            r["_bad"]["code"]
            for r in links.collector.spooled()
            if r.get("_bad", {}).get("source") == "redirect"
        ]
    assert bad == ["EVENT_UNKNOWN"]


def test_no_user_agent_is_kept(links: Links) -> None:
    token = links.mint()
    links.follow(token)
    assert links.clicks(token, 1) and BROWSER not in str(links.collector.spooled())
