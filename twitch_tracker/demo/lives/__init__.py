"""Simulated people whose bursts run on in time, seen by a fallible detector.

A second generator beside `demo.course`, and on purpose of another kind: there counts
are drawn and laid into a recording; here a whole day of bursts runs, a recording cuts
a window out of it, and a detector misses, invents, joins and splits before anything is
logged. They share no rates, days or effects.

    curves person  what a person is: plain values
    process days   bursts in time, and how days differ
    detector       what is logged of them
    drawn          the history that a journal would give
    truth          what is true of it
    scenarios      named people, one trouble each
    judge          which firm sentences of a page are so
    asking questions table   what is asked of whom, and how often the answer is right
    journal        into a journal, burst by burst
"""
