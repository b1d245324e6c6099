from pathlib import Path

import pytest

from pagefree.infra.settings import (
    Settings,
    WrongSettings,
    read_settings,
    shown,
    source_of,
)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def refusal(**arguments: object) -> list[str]:
    with pytest.raises(WrongSettings) as refused:
        read_settings(arguments)
    return refused.value.sentences


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "99999", "less than or equal to 65535"),
        ("PORT", "http", "valid integer"),
        ("DATABASE_URL", "mysql://a@b/c", "expected postgresql://user"),
        ("DATABASE_URL", "postgresql://host", "expected postgresql://user"),
        ("PUBLIC_URL", "https://x.example/pager", "expected only a scheme, a host"),
        ("PUBLIC_URL", "pager.example", "valid URL"),
        ("LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("SMTP_TLS", "maybe", "'starttls', 'tls' or 'none'"),
        ("OUTBOUND_ALLOW", "10.0.0.0/8,the office", "IPv4 or IPv6 network"),
        ("SESSION_DAYS", "0", "greater than or equal to 1"),
        ("DEMO", "perhaps", "valid boolean"),
        ("TRUSTED_PROXIES", "the proxy", "IPv4 or IPv6 network"),
        ("PROXY_HEADER", "x-real-ip", "'x-forwarded-for' or 'forwarded'"),
        ("REDIS_URL", "http://cache:6379", "expected redis://"),
        ("LIMIT_API_USER", "500", "a rate such as 1000/minute"),
        ("LIMIT_SOCKET", "0/minute", "a rate such as 1000/minute"),
        ("LIMIT_INGEST_KEY", "5/minute;9/hour", "a rate such as 1000/minute"),
        ("LIMIT_INGEST_HARD", "1", "greater than or equal to 2"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_name_value_source_and_what_is_expected(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(f"PAGEFREE_{name}", value)

    (sentence,) = refusal()

    assert sentence.startswith(f"PAGEFREE_{name} is ")
    assert value.rsplit(",", maxsplit=1)[-1] in sentence
    assert "(environment)" in sentence
    assert expected in sentence


def test_a_wrong_secret_is_refused_without_being_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PAGEFREE_SECRET_KEY", "too-short-to-be-secret")

    (sentence,) = refusal()

    assert "at least 32 characters" in sentence
    assert "too-short" not in sentence


def test_the_password_of_the_database_is_never_shown() -> None:
    url = "postgresql://ana:hunter2@db.example/pagefree"

    assert shown("database_url", url) == "postgresql://ana:…@db.example/pagefree"


def test_a_misspelt_variable_is_refused_with_the_likely_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PAGEFREE_PROT", "8000")

    assert refusal() == ["PAGEFREE_PROT is not a setting: did you mean PAGEFREE_PORT?"]


def test_everything_that_is_wrong_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PAGEFREE_PORT", "0")
    monkeypatch.setenv("PAGEFREE_DEMO", "x")

    assert len(refusal()) == 2


def test_a_password_is_not_sent_unprotected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEFREE_SMTP_USER", "pager")
    monkeypatch.setenv("PAGEFREE_SMTP_PASSWORD", "x")
    monkeypatch.setenv("PAGEFREE_SMTP_TLS", "none")

    (sentence,) = refusal()

    assert "expected starttls or tls" in sentence


def test_mail_is_taken_in_for_a_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEFREE_MAIL_IN_PORT", "25")

    (sentence,) = refusal()

    assert "PAGEFREE_MAIL_IN_DOMAIN" in sentence


def test_options_win_over_the_environment_which_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pagefree.toml").write_text(
        'port = 1001\nhost = "::1"\nsession_days = 2'
    )
    monkeypatch.setenv("PAGEFREE_PORT", "1002")
    monkeypatch.setenv("PAGEFREE_SESSION_DAYS", "3")

    settings = read_settings({"port": 1003})

    assert (settings.port, settings.session_days, settings.host) == (1003, 3, "::1")
    assert source_of("port", {"port": 1003}) == "command line"
    assert source_of("session_days") == "environment"
    assert source_of("host") == "pagefree.toml"
    assert source_of("demo") == "default"


def test_an_unknown_name_in_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pagefree.toml").write_text("prot = 1001")

    assert refusal() == ["pagefree.toml: `prot` is not a setting."]


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pagefree.toml").write_text("port: 1001")

    (sentence,) = refusal()

    assert sentence.startswith("pagefree.toml is not a TOML file")


@pytest.mark.parametrize(
    ("given", "base_url", "origins"),
    [
        (
            {},
            "http://127.0.0.1:8000",
            ("http://127.0.0.1:8000", "http://[::1]:8000", "http://localhost:8000"),
        ),
        ({"host": "0.0.0.0"}, "http://localhost:8000", None),
        (
            {"public_url": "https://pager.example/"},
            "https://pager.example",
            ("https://pager.example",),
        ),
        ({"host": "192.0.2.7", "port": 80}, "http://192.0.2.7:80", None),
    ],
)
def test_the_public_address_decides_which_pages_are_ours(
    given: dict[str, object], base_url: str, origins: tuple[str, ...] | None
) -> None:
    settings = read_settings(given)

    assert settings.base_url == base_url
    assert origins is None or settings.origins == origins


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_reference_as_it_explains_itself(name: str) -> None:
    reference = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"

    (line,) = [
        line
        for line in reference.read_text().splitlines()
        if line.startswith(f"| `PAGEFREE_{name.upper()}` |")
    ]

    assert line.endswith(f"| {Settings.model_fields[name].description} |")
