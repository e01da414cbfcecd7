"""A database with data is upgraded from every revision, completely or not at all."""

from __future__ import annotations

import json

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.app import open_database
from bot.chats import Destination
from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseTaken, DatabaseTooNew
from bot.storage.database.instance_lock import INSTANCE_KEY, instance_lock
from bot.storage.database.maintenance import damages
from bot.storage.database.migrate import current_revision, revisions, upgrade
from bot.storage.database.tables import metadata
from bot.storage.ledger import Deliveries
from bot.storage.stories import Stories
from bot.storage.subscriptions import Subscriptions
from briefings.scope import Viewer
from briefings.search import any_of
from tests.fakes import OpenGate, article, version
from tests.postgres import Server

BRIDGE = version(article("Bridge collapses", "The bridge at Norby fell into the river."))
MOMENT = "2025-03-14 12:00:00+00:00"

#: Rows as each revision had them; what a later one adds comes with it.
ROWS: dict[str, list[str]] = {
    "0001": [
        "INSERT INTO story (id) VALUES (7)",
        "INSERT INTO story (id, merged_into) VALUES (8, 7)",
        "INSERT INTO report (id, key, story, owner, hidden, site, current, updated)"
        f" VALUES (3, '|k', 8, '', :no, 'Gazette', '{BRIDGE.id}', '{MOMENT}')",
        "INSERT INTO version (id, report, number, received, briefing, changes)"
        f" VALUES ('{BRIDGE.id}', 3, 1, '{MOMENT}', :briefing, NULL)",
        "INSERT INTO report_tag (report, tag) VALUES (3, 'local')",
        "INSERT INTO title_term (term, report) VALUES ('bridge', 3)",
        "INSERT INTO term (term, reports) VALUES ('', 1), ('norby', 1)",
    ],
    "0002": [
        f"INSERT INTO conversation (destination, told, story, seen) VALUES ('test:1', '[]', NULL, '{MOMENT}')",
        f"INSERT INTO posted (chat, message, versions, seen) VALUES ('test:1', '5', '[]', '{MOMENT}')",
        "INSERT INTO chat (destination, language) VALUES ('test:1', 'it')",
        "INSERT INTO subscription (id, destination, created_by, settings, paused, cursor, next_due, starts)"
        f" VALUES (4, 'test:1', 'test:9', :settings, NULL, '2025-03-14T08:00:00', '{MOMENT}', '{MOMENT}')",
    ],
    "0003": [
        "INSERT INTO occasion (id, subscription, key, due, since, version, state)"
        f" VALUES (5, 4, 'slot\\:x', '{MOMENT}', '{MOMENT}', NULL, 'composed')",
        f"INSERT INTO arrival (id, version) VALUES (1, '{BRIDGE.id}')",
        "INSERT INTO told (destination, report, number, occasion, part) VALUES ('test:1', 3, 1, 5, 1)",
        "INSERT INTO delivery (id, dedup, platform, subscription, occasion, destination, op, part, parts, not_before,"
        " expires_at, state, epoch, attempts, created, resends) VALUES (6, '4:slot\\:x:1', 'test', 4, 5, 'test:1',"
        f" 'post', 1, 1, '{MOMENT}', '{MOMENT}', 'uncertain', 1, 1, '{MOMENT}', :no)",
        "INSERT INTO epoch (platform, number) VALUES ('test', 1)",
    ],
    "0004": [],  # indexes only
    "0005": [
        "INSERT INTO inbox (id, platform, number, received, state, body, reply)"
        f" VALUES (1, 'telegram', 7, '{MOMENT}', 'done', '', NULL)",
    ],
    "0006": [],
    "0007": [
        "INSERT INTO feed (id, address, title, tags, least, most, origin, interval, next_poll, failures, ended)"
        f" VALUES (1, 'https://news.example/feed', '', '[]', 600, 21600, 'command', 600, '{MOMENT}', 0, :no)",
        "INSERT INTO feed_item (id, feed, key, fingerprint, state, attempts, not_before, found, seen)"
        f" VALUES (1, 1, 'k', 'f', 'done', 0, '{MOMENT}', '{MOMENT}', '{MOMENT}')",
    ],
    "0008": [],
    "0009": [
        f"INSERT INTO attribution (version, analyser, found) VALUES ('{BRIDGE.id}', 'no model', '[null,null]')",
    ],
    "0010": ["UPDATE version SET hidden_lines = '[]'"],
    "0011": ["INSERT INTO source_chat (destination, tags) VALUES ('test:1', '[]')"],
    "0012": [],
    "0013": ["UPDATE chat SET title = 'News', zone = 'Europe/Rome'"],
    "0014": [
        f"INSERT INTO answered (chat, request, messages, asked, seen) VALUES ('test:1', '4', '[]', 'd', '{MOMENT}')",
    ],
    "0015": [f"INSERT INTO part (name, epoch, holder, since) VALUES ('tick', 1, 'host:1', '{MOMENT}')"],
    "0016": [],
    "0017": [
        f"INSERT INTO sign_in (digest, kind, operator, expires) VALUES ('d', 'session', 'test:9', '{MOMENT}')",
    ],
    "0018": [f"INSERT INTO followed (destination, story, since) VALUES ('test:1', 7, '{MOMENT}')"],
    "0019": [
        "INSERT INTO taste (destination, kind, name, score, changed)"
        f" VALUES ('test:1', 'tag', 'politics', 1, '{MOMENT}')",
    ],
    "0020": ["UPDATE inbox SET process = 3"],
    "0021": [],  # triggers only
    "0022": ["INSERT INTO job_run (task, number, deaths) VALUES ('poll', 7, 1)"],
    "0023": [],  # indexes only
    "0024": [],  # a column that is empty at first
    "0025": [],  # a column that is empty at first
    "0026": [],  # the order of a column only
}
_TEXTS = {"sqlite": "INSERT INTO report_text (rowid, terms) VALUES (3, 'bridge norby')"}
_TEXTS["postgresql"] = (
    "INSERT INTO report_text (report, terms) VALUES (3, CAST('''bridge'':1 ''norby'':2' AS tsvector))"
)


async def fill(database: Database, revision: str) -> None:
    """Writes the rows that a database of that revision has."""
    from bot.storage.briefings import briefing_row

    values = {"no": False, "briefing": briefing_row(BRIDGE)["briefing"], "settings": json.dumps({"stories": 3})}
    async with database.write() as connection:
        for known in revisions()[: revisions().index(revision) + 1]:
            for row in ROWS[known]:
                used = {name: value for name, value in values.items() if f":{name}" in row}
                await connection.execute(text(row), used)
        await connection.execute(text(_TEXTS[connection.dialect.name].replace("'':", "''\\:")))


@pytest.mark.parametrize("revision", revisions())
async def test_every_revision_is_brought_up_with_its_data(empty_database_url: str, revision: str) -> None:
    database = Database(empty_database_url)
    await upgrade(database, revision)
    assert await current_revision(database) == revision
    await fill(database, revision)
    await upgrade(database)
    assert await current_revision(database) == revisions()[-1]
    stories = Stories(database)
    [report] = await stories.newest(Viewer(), 5)
    assert report.version == await stories.get(Viewer(), BRIDGE.id)
    assert (report.version.briefing, report.story, report.scope.tags) == (BRIDGE.briefing, 7, frozenset({"local"}))
    assert [found.version for found in await stories.search(Viewer(), any_of(("norby",)), 5)] == [report.version]
    if revision >= "0002":
        [subscription] = await Subscriptions(database).of(Destination("test", "1"))
        assert subscription.settings.stories == 3
    if revision >= "0003":
        [delivery] = await Deliveries(database, OpenGate()).latest(5)
        assert (delivery.state, delivery.subscription) == ("uncertain", 4)
    await database.close()


def test_every_revision_has_rows() -> None:
    assert list(ROWS) == revisions()


async def test_the_tables_are_those_that_the_migrations_make(empty_database_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _: (
                    kind != "table" or not name.startswith(("report_text", "own_text", "procrastinate_"))
                )
            },
        )
        return list(compare_metadata(context, metadata))

    async with open_database(empty_database_url) as database, database.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_newer_database_is_refused_and_left_alone(empty_database_url: str) -> None:
    async with open_database(empty_database_url) as database:
        async with database.write() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(DatabaseTooNew) as refused:
            await upgrade(database)
        assert refused.value.detail == "9999"
        assert await current_revision(database) == "9999"


async def test_a_database_that_an_older_program_uses_is_left_alone(postgres: Server) -> None:
    url = postgres.new_database()
    database = Database(url)
    await upgrade(database, "0019")
    async with Database(url).session() as older:
        await older.execute(text("SELECT pg_advisory_lock_shared(:key)"), {"key": INSTANCE_KEY})
        with pytest.raises(DatabaseTaken):
            await upgrade(database)
        assert await current_revision(database) == "0019"
    async with instance_lock(database):  # a command that replaces the content may
        await upgrade(database)
    assert await current_revision(database) == revisions()[-1]
    await database.close()


async def test_two_processes_may_start_at_once(empty_database_url: str) -> None:
    import asyncio

    databases = [Database(empty_database_url) for _ in range(4)]
    await asyncio.gather(*map(upgrade, databases))
    for database in databases:
        assert await current_revision(database) == revisions()[-1]
        await database.close()


async def test_a_schema_that_is_not_its_revisions_is_found(empty_database_url: str) -> None:
    async with open_database(empty_database_url) as database:
        assert await damages(database) == []
        async with database.write() as connection:
            await connection.execute(text("DROP TABLE posted"))
        assert "the schema differs from its revision: add_table posted" in await damages(database)


async def test_a_schema_of_an_older_revision_is_told(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    await upgrade(database, "0001")
    [damage] = await damages(database)
    assert "nutgraf db upgrade" in damage
    await database.close()
