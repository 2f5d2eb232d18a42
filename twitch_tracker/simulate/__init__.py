"""Known bursts put into a face, with ground truth.

`plan` says what happens: `events` what is possible and `scenario` when (`draw` and
`distract` draw it from a seed), `kinematics` how it runs. `activation` turns that into
how much every part moves when. `picture` makes it visible: `geometry` says where those
parts are, `warp` (with `lids`, `skin`, `gaze` and `mouth`) and `scene` what the picture
then looks like, `filming` what the camera makes of it; `portrait` plays it on a still,
`inject` in a real video. `real` needs no warp: it lays real closures and pulls over
other frames, as `reopen` keeps one eye of a real blink open. `truth` is the table of
what really happened; `render` and `job` write everything to disk. More families of
truth, for judging detectors, are in `studies.truth`. Never imports detectors: truth
must not know who is tested against it.
"""
