"""The running whole: what its parts share."""

import asyncio
from pathlib import Path

from bot.app import open_app
from bot.client import ClientOptions
from bot.db.database import Handle
from bot.jobs.registry import Job, learn_agreements
from bot.settings import Settings
from tests.support.agreements import agree

ONE, OTHER = 1, 2


async def test_an_agreement_that_another_process_made_is_suggested(
    mongodb_uri: str, database_name: str, db: Handle, data_dir: Path
) -> None:
    settings = Settings.model_validate(
        {"MONGODB_URI": mongodb_uri, "database": database_name, "data_dir": data_dir, "chart_workers": 1}
    )
    learning = Job("learn agreements", learn_agreements, seconds=1)
    async with open_app(settings, ClientOptions(), jobs=(learning,)) as app:
        assert app.services.agreements.suggested(ONE) == {}
        await agree(db, ONE, OTHER)
        async with asyncio.timeout(10):
            while not app.services.agreements.suggested(ONE):
                await asyncio.sleep(0.05)
    assert set(app.services.agreements.suggested(ONE)) == {OTHER}
