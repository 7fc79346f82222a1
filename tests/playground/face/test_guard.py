"""Who may use the page: this machine, the page itself, with the key of this run; and what the browser may do."""

from __future__ import annotations

import pytest


def test_the_page_carries_a_strict_policy_and_is_kept_nowhere(browser):
    headers = browser.page.headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert (policy["frame-ancestors"], policy["base-uri"], policy["form-action"]) == ("'none'",) * 3
    assert headers["x-content-type-options"] == "nosniff"
    assert (headers["referrer-policy"], headers["cache-control"]) == ("no-referrer", "no-store")
    assert "access-control-allow-origin" not in headers


def test_the_page_has_no_script_or_style_of_its_own(browser):
    for word in ("<script>", "<style", " style=", " onclick", "javascript:", "http://", "https://"):
        assert word not in browser.page.text


@pytest.mark.parametrize("key", [None, "", "wrong"])
def test_without_the_key_nothing_is_told_and_nothing_is_done(slack, browser, key):
    headers = {"Origin": slack.base_url} | ({"X-Playground-Key": key} if key is not None else {})
    for answer in (
        browser.http.get("/face/scene", params={"as": "U0ALICE"}, headers=headers),
        browser.http.get("/face/stream", params={"as": "U0ALICE"}, headers=headers),
        browser.http.post("/face/act", json={"as": "U0ALICE", "verb": "say"}, headers=headers),
        browser.http.post("/face/clock", json={"as": "U0ALICE", "jump": 0}, headers=headers),
    ):
        assert answer.status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:1", "127.0.0.1.evil.example", ""])
def test_another_host_name_is_turned_away(browser, host):
    answer = browser.http.get("/", headers={"Host": host})
    assert answer.status_code in (400, 403)
    assert browser.key not in answer.text


def test_localhost_is_the_same_machine(slack, browser):
    port = slack.base_url.rpartition(":")[2]
    assert browser.http.get("/", headers={"Host": f"localhost:{port}"}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", None])
def test_a_request_from_another_page_is_turned_away_even_with_the_key(browser, origin):
    headers = {"X-Playground-Key": browser.key} | ({"Origin": origin} if origin else {})
    answer = browser.http.post("/face/act", json={"as": "U0ALICE", "verb": "home"}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["..%2fserver.py", "%2e%2e/server.py", "nothing.js", "../server.py"])
def test_only_the_pages_own_files_are_served(browser, name):
    assert browser.http.get(f"/static/{name}").status_code == 404


def test_its_files_are_served_with_their_types(browser):
    assert "javascript" in browser.http.get("/static/main.js").headers["content-type"]
    assert browser.http.get("/static/theme.css").headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"text"'])
def test_a_request_that_is_no_object_is_refused_in_a_sentence(browser, body):
    answer = browser.http.post("/face/act", content=body, headers=browser.headers)
    assert answer.json() == {"ok": False, "error": "The request is not a JSON object."}
