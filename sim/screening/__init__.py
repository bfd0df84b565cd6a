"""The screening clinic: every criterion in protocol order, and arrivals until the places are filled."""
