"""What a clinician looks for: signs, scales, questionnaire, between bursts."""
