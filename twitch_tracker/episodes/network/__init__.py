"""The learned detector: from movement to chances, from chances to bursts."""
