"""What every file of this program needs of a disk: to last, to be private, to go."""
