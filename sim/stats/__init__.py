"""Mathematics of small trials: exact tests, designs, intervals, survival curves; it knows nothing of patients."""
