"""The detector against known truth, on a folder of faces.

In stages, each kept on disk: in `building`, `faces` says who is in which video, `plan`
what is made of it, and `build` makes it; in `judging`, `measure` watches it with the
product's own pipeline, `score` asks every detector in `detectors`, and `figures` counts;
in `findings`, `page` shows it. `run` does all of it. The only room that knows both the
simulator and the judge; nothing but the command line may use it.
"""
