"""What is deployed is what there is: manifests meet the schemas, and names, ports and commands are the code's own.

`kubernetes/schemas.json` comes from Kubernetes' own description of its API; it says itself from which and how changed.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
import typer.main
import yaml
from jsonschema import Draft202012Validator

from bot import running
from bot.cli import app
from bot.oauth.flow import INSTALL
from bot.settings import Settings
from bot.web import SLACK
from tests.house.tree import ROOT

FOLDER = ROOT / "docs" / "deploy" / "kubernetes"
MANIFESTS = sorted(path.name for path in FOLDER.iterdir())
SCHEMAS = ROOT / "tests" / "house" / "kubernetes" / "schemas.json"
ALIASES = {str(field.validation_alias or f"TOUCHSTONE_{key.upper()}") for key, field in Settings.model_fields.items()}
ON_PATH = {"sleep"}
"""What a hook in the image may run."""


@cache
def schemas() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SCHEMAS.read_text(encoding="utf-8"))
    return found


def wrong(document: dict[str, Any]) -> list[str]:
    """What the API server would not take."""
    schema = {**schemas()["kinds"][document["kind"]], "$defs": schemas()["$defs"]}
    errors = Draft202012Validator(schema).iter_errors(document)
    return [f"{'.'.join(map(str, error.path))}: {error.message}" for error in errors]


@cache
def documents() -> tuple[dict[str, Any], ...]:
    return tuple(document for file in MANIFESTS for document in in_file(file))


def in_file(file: str) -> Iterator[dict[str, Any]]:
    yield from yaml.safe_load_all((FOLDER / file).read_text(encoding="utf-8"))


def the(kind: str) -> dict[str, Any]:
    (found,) = (document for document in documents() if document["kind"] == kind)
    return found


def pods() -> list[dict[str, Any]]:
    return [the(kind)["spec"]["template"]["spec"] for kind in ("Job", "Deployment")]


@cache
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return found["services"]  # type: ignore[no-any-return]  # as YAML says


def dockerfile(instruction: str) -> list[str]:
    return re.findall(rf"^{instruction} (.+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("file", MANIFESTS)
def test_kubernetes_would_take_the_manifest(file: str) -> None:
    for document in in_file(file):
        assert wrong(document) == []
        assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", document["metadata"]["name"])
        assert "namespace" not in document["metadata"], "kubectl --namespace says which"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda it: it["spec"].pop("selector"),
        lambda it: it["spec"].update(replicas="2"),
        lambda it: it["spec"]["template"]["spec"].update(securtyContext={}),
        lambda it: it["spec"]["template"]["spec"]["containers"][0]["ports"][0].update(containerPort="3000"),
        lambda it: it["spec"]["template"]["spec"]["containers"][0]["readinessProbe"]["httpGet"].pop("port"),
        lambda it: it["spec"]["template"]["spec"]["containers"][0]["resources"].update(limit={"memory": "1Gi"}),
        lambda it: it.update(apiVersion="extensions/v1beta1"),
    ],
)
def test_the_schema_finds_what_kubernetes_would_refuse(spoil: Callable[[dict[str, Any]], None]) -> None:
    document = copy.deepcopy(the("Deployment"))
    spoil(document)
    assert wrong(document) != []


def test_pods_get_settings_that_exist_and_are_right() -> None:
    given = {**the("ConfigMap")["data"], **the("Secret")["stringData"]}
    assert set(given) <= ALIASES
    by_field = {name.removeprefix("TOUCHSTONE_").lower() if "TOUCH" in name else name: it for name, it in given.items()}
    found = Settings(_env_file=None, **by_field)
    assert (str(found.port), found.metrics_bind) == (given["TOUCHSTONE_PORT"], given["TOUCHSTONE_METRICS_BIND"])
    offered = re.findall(r"^  # (\w+): ", "\n".join((FOLDER / file).read_text() for file in MANIFESTS), re.MULTILINE)
    assert set(offered) <= ALIASES
    assert {"SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "TOUCHSTONE_TOKEN_KEYS"} <= set(offered)


def test_no_secret_stands_where_everybody_reads() -> None:
    secrets = {
        str(field.validation_alias or f"TOUCHSTONE_{key.upper()}")
        for key, field in Settings.model_fields.items()
        if "SecretStr" in str(field.annotation)
    }
    assert not set(the("ConfigMap")["data"]) & {*secrets, "DATABASE_URL"}


def test_pods_take_their_settings_from_what_is_there_and_from_nothing_else() -> None:
    """A Service named touchstone would put TOUCHSTONE_PORT=tcp://… into every pod that has not said no."""
    for pod in pods():
        (container,) = pod["containers"]
        refs = container["envFrom"]
        assert [ref[next(iter(ref))]["name"] for ref in refs] == [
            the(kind)["metadata"]["name"] for kind in ("ConfigMap", "Secret")
        ]
        assert pod["enableServiceLinks"] is False


def test_ports_agree_from_the_process_to_the_outside() -> None:
    (serve,) = the("Deployment")["spec"]["template"]["spec"]["containers"]
    data, (of_service,) = the("ConfigMap")["data"], the("Service")["spec"]["ports"]
    ports = {port["name"]: str(port["containerPort"]) for port in serve["ports"]}
    assert ports == {"http": data["TOUCHSTONE_PORT"], "metrics": data["TOUCHSTONE_METRICS_BIND"].rpartition(":")[2]}
    annotations = the("Deployment")["spec"]["template"]["metadata"]["annotations"]
    assert annotations["prometheus.io/port"] == ports["metrics"]
    assert of_service["targetPort"] == "http", "not the figures"
    probes = [serve[f"{which}Probe"]["httpGet"] for which in ("startup", "liveness", "readiness")]
    assert [(probe["path"], probe["port"]) for probe in probes] == [
        ("/healthz", "http"), ("/healthz", "http"), ("/readyz", "http"),
    ]  # fmt: skip
    assert dockerfile("EXPOSE") == [str(Settings.model_fields["port"].default)]
    port = compose()["serve"]["environment"]["TOUCHSTONE_PORT"]
    assert f"port {port}" in (ROOT / "docs" / "deploy" / "Caddyfile").read_text(encoding="utf-8")


def test_what_is_asked_for_from_outside_is_slacks_and_no_more() -> None:
    ((rule,),) = (the("Ingress")["spec"]["rules"],)
    (path,) = rule["http"]["paths"]
    assert (path["path"], path["pathType"]) == ("/slack", "Prefix")
    assert all(ours.startswith("/slack/") for ours in (SLACK, INSTALL))
    service = the("Service")
    assert path["backend"]["service"]["name"] == service["metadata"]["name"]
    assert path["backend"]["service"]["port"]["name"] == service["spec"]["ports"][0]["name"]
    assert the("Ingress")["spec"]["tls"][0]["hosts"] == [rule["host"]]


def test_selectors_find_the_replicas_and_not_the_migration() -> None:
    labels = the("Deployment")["spec"]["template"]["metadata"]["labels"]
    assert labels != the("Job")["spec"]["template"]["metadata"]["labels"]
    assert the("Deployment")["spec"]["selector"]["matchLabels"] == labels
    assert the("Service")["spec"]["selector"] == labels
    assert the("PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == labels


def test_every_container_runs_a_command_that_exists() -> None:
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # it is a group
    run = [pod["containers"][0]["args"] for pod in pods()]
    run += [service["command"] for service in compose().values() if service["image"].startswith("touchstone")]
    run += [json.loads(line) for line in dockerfile("CMD")]
    assert sorted(map(tuple, run)) == [("migrate",), ("migrate",), ("serve",), ("serve",), ("serve",)]
    assert {word for words in run for word in words} <= set(known)
    (serve,) = the("Deployment")["spec"]["template"]["spec"]["containers"]
    assert serve["lifecycle"]["preStop"]["exec"]["command"][0] in ON_PATH


def test_pods_have_longer_to_stop_than_stopping_takes() -> None:
    pod = the("Deployment")["spec"]["template"]["spec"]
    _, pause = pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"]
    assert pod["terminationGracePeriodSeconds"] >= int(pause) + 10 > int(pause) + running.DRAIN_S


def test_pods_may_do_nothing_they_need_not() -> None:
    user, _, group = dockerfile("USER")[0].partition(":")
    for pod in pods():
        may, (container,) = pod["securityContext"], pod["containers"]
        assert may["runAsNonRoot"]
        assert (str(may["runAsUser"]), str(may["runAsGroup"])) == (user, group)
        assert not pod["automountServiceAccountToken"]
        within = container["securityContext"]
        assert within["readOnlyRootFilesystem"]
        assert not within["allowPrivilegeEscalation"]
        assert within["capabilities"] == {"drop": ["ALL"]}
        assert {"memory"} <= set(container["resources"]["limits"])
        assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}


def test_an_outage_of_the_database_that_passes_leaves_the_replicas_on_the_list() -> None:
    (serve,) = the("Deployment")["spec"]["template"]["spec"]["containers"]
    asks = serve["readinessProbe"]
    assert asks["periodSeconds"] * asks["failureThreshold"] >= 30
    assert the("Deployment")["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_the_service_of_a_server_runs_commands_that_exist_and_gets_time_to_stop() -> None:
    unit = (ROOT / "docs" / "deploy" / "touchstone.service").read_text(encoding="utf-8")
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # it is a group
    assert re.findall(r"^Exec\w+=\S+/touchstone (\w+)", unit, re.MULTILINE) == ["migrate", "serve"]
    assert {"migrate", "serve"} <= set(known)
    assert int(re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)[0]) > 10 > running.DRAIN_S


def test_every_proxy_passes_slack_on_and_nothing_else() -> None:
    """Or the figures of /metrics would be everybody's."""
    nginx, caddy = (
        (ROOT / "docs" / "deploy" / file).read_text(encoding="utf-8") for file in ("nginx.conf", "Caddyfile")
    )
    assert re.findall(r"location (\S+) \{\s+(?:proxy_pass|return 404)", nginx) == ["/slack/", "/"]
    assert f"127.0.0.1:{Settings.model_fields['port'].default}" in nginx
    assert re.findall(r"^\thandle ?(\S*) \{\s+(\w+)", caddy, re.MULTILINE) == [
        ("/slack/*", "reverse_proxy"),
        ("", "respond"),
    ]


def test_compose_lets_nothing_but_the_proxy_be_reached() -> None:
    services = compose()
    assert [name for name, service in services.items() if service.get("ports")] == ["proxy"]
    assert services["postgres"]["networks"] == ["inside"], "which has no way out"
    assert int(services["postgres"]["image"].removeprefix("postgres:")) >= 17
    assert set(services["serve"]["environment"]) <= ALIASES
    assert services["serve"]["read_only"]
