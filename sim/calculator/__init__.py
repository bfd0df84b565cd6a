"""The endpoint calculator: reads a data set from anywhere, examines it, and says what it found."""
