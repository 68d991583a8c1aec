"""What is counted, and the measures derived from it, each declared with its denominator and its limits."""
