"""A second hand that puts the same commands into a real video.

A detector taught on one injector learns that injector. This one takes the same
`Spasm`s and shares nothing else with the first: `kinematics` draws muscle-like
curves, `style` how one person's face contracts, `geometry` reads the mesh of the
face landmarker, `field` moves the skin along muscle lines, `lids` rolls the lids
over the eye, `wrinkles` shades the folds, `inject` puts it all into a frame and
`truth` says what happened.
"""
