"""Settings as operators write them, and the messages about mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.access import Policy
from bot.settings.load import ConfigInvalid, load_config
from bot.settings.model import Config
from bot.settings.yaml import read_yaml


def mistakes(path: Path, text: str | bytes, environment: dict[str, str] | None = None) -> list[str]:
    """What is told of a file with this text."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigInvalid) as invalid:
        load_config(path, environment or {})
    return list(map(str, invalid.value.mistakes))


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    return tmp_path / "config.yaml"


def test_an_empty_file_is_the_defaults_and_they_are_closed(path: Path) -> None:
    path.write_text("# nothing yet\n")
    assert load_config(path, {}) == Config()
    assert Config().access is Policy.CLOSED


def test_every_mistake_is_told_at_once_with_its_path_and_what_to_write(path: Path) -> None:
    told = mistakes(
        path,
        """
language: no
timezone: Europe/Rom
access: opened
operators: [123, telegram:1]
throttle: {requests: 0, seconds: soon}
retention_days: 1.5
subscribe:
  times: [25:00, 8:30]
  days: [mon, foo]
  silent: perhaps
  stories: 11
  quiet: {start: 7:00}
  mode: never
log: loud
tokens: 1
""",
    )
    assert told == [
        'language: "no" is wrong: write one of en, it, de, fr, es',
        'timezone: "Europe/Rom" is wrong: write the name of a time zone, such as Europe/Rome or America/New_York',
        "access: \"opened\" is wrong: write one of 'closed', 'allow-list' or 'open'",
        'operators[0]: "123" is wrong: write a platform and an id, such as telegram:123456789',
        'throttle.requests: "0" is too small: write 1 or more',
        'throttle.seconds: "soon" is wrong: write a whole number',
        'retention_days: "1.5" is wrong: write a whole number',
        'subscribe.times[0]: "25:00" is wrong: write one time of the day, in quotes or not, such as "08:00"',
        'subscribe.days[1]: "foo" is wrong: write one day of the week, such as monday or mon',
        "subscribe.quiet.end: it is missing; write a value",
        'subscribe.stories: "11" is too large: write 10 or less',
        'subscribe.silent: "perhaps" is wrong: write yes or no',
        "subscribe.mode: \"never\" is wrong: write one of 'digest', 'arrival' or 'both'",
        "log: write settings below it, one a line, as name: value",
        "tokens: there is no such setting; config.example.yaml lists all of them",
    ]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("subscribe: {times: []}", "subscribe.times: it is empty; write at least one"),
        ("subscribe: {times: 8:00}", 'subscribe.times: "8:00" is wrong: write a list, such as [a, b]'),
        ("subscribe: {times: [6:00], quiet: {start: 22:00, end: 7:00}}", "subscribe: a time is in the quiet hours"),
        ("jobs: {in_run: no}", "the file: jobs: in_run: false needs PostgreSQL"),
        ("subscribe: {quiet: {start: 7:00, end: 7:00}}", "subscribe: quiet: start and end are the same"),
        ("database: [a]", "database: is wrong: write a text"),
        ("- a", "the file: write settings in it, one a line"),
        ("language:\n  ''en", "line 2: this is not YAML"),
        (
            "telegram:\n  token: 'x\nlog: {level: debug}\n",
            "line 4: this is not YAML (found unexpected end of stream, in what begins in line 2)",
        ),
        ("telgram: {token: x}", "telgram: there is no such setting; did you mean telegram? config.example"),
        ("log: {levle: debug}", "log.levle: there is no such setting; did you mean level?"),
        ("discord: {token_file: nowhere}", "discord.token_file: nowhere cannot be read"),
        ("telegram: {token: '${NO_TOKEN}'}", "telegram.token: the environment has no NO_TOKEN"),
        (
            "feeds: [{address: https://a.example, tag: [x]}]",
            "feeds[0].tag: there is no such setting; did you mean tags?",
        ),
        ("a: &x 1\nb: *x", "line 2: aliases (*name) are not read here"),
        ("language: en\nlanguage: it", "line 2: language stands here twice"),
        ("subscribe: {days: [1]}", 'subscribe.days[0]: "1" is wrong: write one day of the week'),
        ("subscribe: {days: [true]}", "subscribe.days[0]"),
        ('subscribe: {times: ["7:30 20:00"]}', "write one time of the day"),
        ("database: {{ DB }}", "is this a template that was not filled in?"),
        ("timezone: [a]", "timezone: write the name of a time zone"),
        ("retention_days: !!int x", "this is not YAML"),
        ("retention_days: 99999999999", "write 36500 or less"),
        ("a: [", "line 1: this is not YAML"),
        ("a:\n\t- b", "line 2: this is not YAML"),
        ("[" * 50, "line 1: it is nested too deeply"),
        ("a: !!python/object/apply:os.system [ls]", "line 1: this is not YAML"),
        ("#" * 300_000, "the file: it has more than 200000 bytes"),
        (b"language: \xff\xfe", "the file: it is not UTF-8"),
        ("a: \x00", "this is not YAML"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_each_kind_of_mistake(path: Path, text: str | bytes, advice: str) -> None:
    [told] = mistakes(path, text)
    assert advice in told


def test_yaml_means_what_it_looks_like() -> None:
    document, _ = read_yaml(
        b"a: 12:30\nb: no\nc: off\nd: 010\ne: 1_000\nf: true\ng: 5\nh: -1.5\ni: ~\nj:\nk: 2025-03-14\n"
    )
    assert document == {
        "a": "12:30",
        "b": "no",
        "c": "off",
        "d": "010",
        "e": "1_000",
        "f": True,
        "g": 5,
        "h": -1.5,
        "i": None,
        "j": None,
        "k": "2025-03-14",
    }


def test_yes_and_no_are_truth_values_where_one_is_wanted(path: Path) -> None:
    path.write_text("subscribe: {silent: yes}\nconsole: {enabled: no}\n")
    config = load_config(path, {})
    assert config.subscribe.silent
    assert not config.console.enabled


def test_days_may_be_stretches(path: Path) -> None:
    for typed, days in (("[mon-fri]", range(5)), ("[weekend]", (5, 6)), ("[mon, thu-fri]", (0, 3, 4))):
        path.write_text(f"subscribe: {{days: {typed}}}\n")
        assert load_config(path, {}).subscribe.days == tuple(days)


class TestSecrets:
    def test_of_any_characters_fit_into_a_url(self, path: Path) -> None:
        path.write_text("database: postgresql://nutgraf:${PASSWORD}@db/news\n")
        config = load_config(path, {"PASSWORD": "p@ss/wo:rd"})
        assert config.database.get_secret_value() == "postgresql://nutgraf:p%40ss%2Fwo%3Ard@db/news"
        path.write_text("database: ${URL}\n")
        assert load_config(path, {"URL": "postgresql://a@b/c"}).database.get_secret_value() == "postgresql://a@b/c"

    def test_come_from_the_environment(self, path: Path) -> None:
        path.write_text("database: postgresql://nutgraf:${PASSWORD}@db/news\n")
        config = load_config(path, {"PASSWORD": "s3cret"})
        assert config.database.get_secret_value() == "postgresql://nutgraf:s3cret@db/news"

    def test_that_the_environment_lacks_are_named(self, path: Path) -> None:
        assert mistakes(path, "operators: ['telegram:${ME}', a]\n") == [
            "operators[0]: the environment has no ME; set it, or write the value itself",
            'operators[1]: "a" is wrong: write a platform and an id, such as telegram:123456789',
        ]

    def test_come_from_a_file_beside_the_settings(self, path: Path) -> None:
        (path.parent / "secret").write_text("sqlite:///elsewhere.db\n")
        path.write_text("database_file: secret\n")
        assert load_config(path, {}).database.get_secret_value() == "sqlite:///elsewhere.db"

    def test_from_a_file_that_is_not_there_are_a_mistake(self, path: Path) -> None:
        assert mistakes(path, "database_file: nowhere\n") == [
            "database_file: nowhere cannot be read (No such file or directory); name a readable file"
        ]

    def test_from_two_places_are_a_mistake(self, path: Path) -> None:
        assert mistakes(path, "database_file: x\ndatabase: y\n") == [
            "database_file: database is set as well; keep one of the two"
        ]

    def test_are_shown_nowhere(self, path: Path) -> None:
        path.write_text("database: postgresql://nutgraf:${PASSWORD}@db/news\n")
        config = load_config(path, {"PASSWORD": "s3cret"})
        assert "s3cret" not in f"{config!r} {config}"
        told = mistakes(path, "database: [postgresql://nutgraf:${PASSWORD}@db/news]\n", {"PASSWORD": "s3cret"})
        assert "s3cret" not in " ".join(told)


class TestTelegram:
    TOKEN = "123456789:AAF0-a_test_token_of_the_right_length0"

    def test_a_token_comes_from_the_environment_or_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "config.yaml"
        path.write_text("telegram:\n  token: ${TELEGRAM_TOKEN}\n", encoding="utf-8")
        config = load_config(path, {"TELEGRAM_TOKEN": self.TOKEN})
        assert config.telegram is not None
        assert config.telegram.token.get_secret_value() == self.TOKEN
        (tmp_path / "token").write_text(f"{self.TOKEN}\n", encoding="utf-8")
        path.write_text("telegram:\n  token_file: token\n", encoding="utf-8")
        assert load_config(path, {}).secrets() == [self.TOKEN]

    def test_it_stands_in_no_text_of_the_settings(self, tmp_path: Path) -> None:
        path = tmp_path / "config.yaml"
        path.write_text(f"telegram:\n  token: {self.TOKEN}\n", encoding="utf-8")
        config = load_config(path, {})
        assert self.TOKEN not in repr(config) + str(config) + config.model_dump_json()

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("telegram:\n  token: not-a-token-at-all\n", "telegram.token: that is no token; BotFather gives one"),
            ("telegram: {}\n", "telegram.token: it is missing"),
            ("telegram:\n  token_file: nowhere\n", "telegram.token_file: nowhere cannot be read"),
            ("telegram:\n  token: ${NO_SUCH}\n", "telegram.token: the environment has no NO_SUCH"),
            (
                "telegram:\n  token: ${TOKEN}\n  webhook: { url: http://plain.example }\n",
                'telegram.webhook.url: "http://plain.example" is wrong: write an address that begins with https://',
            ),
        ],
    )
    def test_mistakes_are_told_without_the_token(self, tmp_path: Path, text: str, said: str) -> None:
        path = tmp_path / "config.yaml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigInvalid) as caught:
            load_config(path, {"TOKEN": self.TOKEN})
        told = "\n".join(map(str, caught.value.mistakes))
        assert said in told
        assert "not-a-token-at-all" not in told
        assert self.TOKEN not in told
