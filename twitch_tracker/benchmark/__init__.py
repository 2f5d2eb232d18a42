"""The detector against known truth, on a folder of faces.

In stages, each kept on disk: `faces` says who is in which video, `plan` what is
made of it, `build` makes it, `measure` watches it with the product's own
pipeline, `score` asks every detector in `detectors`, `figures` counts, `page`
tells. `run` does all of it. The only room that knows both the simulator and
the judge; nothing but the command line may use it.
"""
