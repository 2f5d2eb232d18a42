"""Families of truth by which detectors are judged: what they share with `simulate` is little.

`second` shows the commands of `simulate` with nothing else in common, so that a detector
can be judged by a hand it was not taught by. `third` is an exam only: nothing is ever
taught by it. `held` holds a real eyelid closed (`lid_clips`, `held_track`), `halves`
pulls one half of a real smile (`pull_clips`, `half_face`); `courses` says when bursts
happen, whatever then shows them, but for `third`, which has its own. Never imports
detectors: truth must not know who is tested against it.
"""
