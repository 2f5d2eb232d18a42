"""A third injector, which puts bursts into real videos: an exam that nothing ever learns from.

What was taught on two injectors may have learned what those two have in common. This
one shares nothing with either: `plan` draws when and how strongly, `kinetics` how a
contraction runs, `places` finds the face with its tracker's own smoothing over time,
`geometry` reads one half of it, `skin` pulls it along, `lids` draw the lids over the
eye, `folds` shade it, `face` puts it all into one picture and `film` writes films with
their truth. Networks, thresholds and certainty are never fitted to any of it (a test
looks): once they were, it would be an exam no longer.
"""
