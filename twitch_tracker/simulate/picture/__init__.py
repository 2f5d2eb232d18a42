"""Make a plan visible: change pictures by drawing and warping, and film them."""
