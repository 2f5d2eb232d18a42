"""Does progression keep its word? Simulated people of known truth, asked and counted.

`stable_and_changing` counts how often intervals of the first generator (`demo.course`)
hold the truth. Of people whose bursts run in time (`demo.lives`), `truth` says what is
true on a day, `judge` which firm sentences are so, `asking` and `questions` what is asked
of whom, `table` how often the answer is right, and `first` what a person reads first.
"""
