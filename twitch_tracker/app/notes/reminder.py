"""A daily reminder as a calendar file (iCalendar, RFC 5545).

It holds no name and no address: calendars are often shared or kept elsewhere. The time
is local to wherever the phone is.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

__all__ = ["daily_reminder"]


def daily_reminder(summary: str, at: time, now: datetime) -> str:
    """Return a calendar with one event that comes back every day.

    Parameters
    ----------
    summary : str
        What is shown.
    at : time
        When, in local time.
    now : datetime
        Aware; the first reminder is on the next day.

    Returns
    -------
    str
        Lines end as the format asks for.
    """
    first = (now.astimezone() + timedelta(days=1)).date()
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    words = summary.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//twitch_tracker//diary//EN",
        "BEGIN:VEVENT",
        f"UID:{stamp}-diary@twitch-tracker",
        f"DTSTAMP:{stamp}",
        f"DTSTART:{first:%Y%m%d}T{at:%H%M}00",
        "DURATION:PT5M",
        "RRULE:FREQ=DAILY",
        f"SUMMARY:{words}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{words}",
        "TRIGGER:PT0S",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{line}\r\n" for line in lines)
