"""How good the program is, measured: studies that come with a checkout, not the wheel.

`truth` makes what `simulate` does not, `benchmark` puts the detector to the test against known truth, `coverage` what progression
says. The commands ``benchmark`` and ``demo-patient --coverage`` run them.
"""
