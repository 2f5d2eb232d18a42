"""What a rater is shown of a burst."""

from __future__ import annotations

import gettext

from twitch_tracker import language
from twitch_tracker.app.review import seeing
from twitch_tracker.language import speaking


class OneWord(gettext.NullTranslations):
    """A language with one word for certainty and kind."""

    def gettext(self, message: str) -> str:
        return "Art" if message in {"Kind", "Confidence"} else message


def test_no_word_of_a_language_decides_what_is_shown(session, monkeypatch):
    monkeypatch.setattr(language, "_sentences_of", lambda _code: OneWord())
    with speaking("xx"):
        told = seeing._facts(session.episodes[0])
    assert any(fact.startswith("Art: 0.90") for fact in told), "how sure it is"
