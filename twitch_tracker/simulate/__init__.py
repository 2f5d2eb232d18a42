"""Known spasms put into a face, with ground truth.

`scenario` says what shall happen, `kinematics` and `activation` how much every
part moves when, `geometry` where those parts are in a picture, `warp` (with
`lids` and `skin`) what the picture then looks like; `portrait` plays it on a
still, `inject` in a real video, `truth` is the table of what really happened,
`render` writes everything to disk. Never imports detectors: truth must not
know who is tested against it.
"""
