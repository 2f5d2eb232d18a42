"""Simulated people whose bursts run on in time, seen by a fallible detector.

A second generator beside `demo.course`, and on purpose of another kind: there counts
are drawn and laid into a recording; here a whole day of bursts runs, a recording cuts
a window out of it, and a detector misses, invents, joins and splits before anything is
logged. They share no rates, days or effects.

    curves person  what a person is: plain values
    process days   bursts in time, and how days differ
    detector       what is logged of them
    drawn          the history that a journal would give
    scenarios      named people, one trouble each
    journal        into a journal, burst by burst

What is true of them, and how often a page says so, is in `studies.coverage`.
"""
