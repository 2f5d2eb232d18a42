"""Known bursts put into a face, with ground truth.

`events` says what can happen and `scenario` what shall happen (`draw` and
`distract` draw it from a seed), `kinematics` and `activation` how much every
part moves when, `geometry` where those parts are in a picture, `warp` (with
`lids`, `skin`, `gaze` and `mouth`) and `scene` what the picture then looks
like, `filming` what the camera makes of it; `portrait` plays it on a still,
`inject` in a real video. `reopen` needs no warp: it keeps one eye of a real
blink open. `second` shows the same commands with nothing else in common, so that
a detector can be judged by a hand it was not taught by. `truth` is the table of
what really happened; `render` and `job` write everything to disk. Never imports
detectors: truth must not know who is tested against it.
"""
