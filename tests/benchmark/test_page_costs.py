"""How much of the processor an answer takes: of each page that fifty readers ask for.

    python -m pytest -m benchmark -s tests/benchmark/test_page_costs.py

In one process, without a network, the second and later times. Processor time hardly
depends on what else runs on a computer, so versions can be compared on a busy one. It
holds the cost of the client that asks, about 0.7 ms.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from read_pages import PAGES

from twitch_tracker.app.server import create_app
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.demo import course, into_journal
from twitch_tracker.journal.open import open_journal

pytestmark = pytest.mark.benchmark

TIMES = int(os.environ.get("PAGE_TIMES", "10"))


async def costs_ms(home: Path) -> dict[str, float]:
    """Ask for every page, over a connection that the system knows."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ends = listening.getsockname()
        with socket.create_connection(ends) as theirs:
            app = create_app(AppSettings(home=home, port=ends[1]))
            with closing(app.state.parts.kept_open):
                transport = httpx.ASGITransport(app, client=theirs.getsockname())
                return await asked(app, transport, f"http://127.0.0.1:{ends[1]}")


async def asked(app, transport: httpx.ASGITransport, address: str) -> dict[str, float]:
    came_from = {"Origin": address, "Sec-Fetch-Site": "same-origin"}
    found = {}
    async with httpx.AsyncClient(
        transport=transport, base_url=address, headers=came_from, follow_redirects=True
    ) as client:
        await client.get(f"/open?key={app.state.parts.door.make_key()}")
        for page in PAGES:
            assert (await client.get(page)).status_code == 200
            began_s = time.process_time()
            for _ in range(TIMES):
                await client.get(page)
            found[page] = 1000 * (time.process_time() - began_s) / TIMES
    return found


def test_processor_time_of_each_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = course.demo_plan(years=0.3, patient_id="vera")
    plan = into_journal.ended_by(plan, datetime.now(UTC).date())
    with open_journal(tmp_path / "home") as journal:
        into_journal.write_patient(journal, course.demo_patient(plan, 2), 1)
    found = asyncio.run(costs_ms(tmp_path / "home"))
    with capsys.disabled():
        print()
        for page, cost_ms in found.items():
            print(f"{cost_ms:6.1f} ms {page}")
        print(f"{sum(found.values()) / len(found):6.1f} ms on average")
